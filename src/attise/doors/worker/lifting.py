"""Who is compared for each campaign with a holdout, and what they did since: the worker's turn at it.

Beside *an event comes back*, behind settling. A door, because management says whose a post is, and who is still there.
"""

from __future__ import annotations

from typing import Final

from attise.doors.site.means import means
from attise.kernel.house import House
from attise.management.posts.queries import creators_of
from attise.management.viewers.queries import known_pseudonyms
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.lift.actions import forget_unknown, take_in

TURN_S: Final = 0.4
"""For how long the log is taken in before other jobs have their turn."""
PEOPLE_AT_ONCE: Final = 500
LOOKS_OF_A_TURN: Final = 20


class Lifting:
    """What its jobs remember between their turns; all of them run in one thread."""

    def __init__(self, house: House) -> None:
        """Follow the log of a house."""
        self._log = SqliteLog(house.folder, may_write=False)
        self._after = ""

    def take_in(self) -> None:
        """Take the log in to where it is settled, or for a while. Raises: Outage."""
        until_s = means().clock.monotonic_s() + TURN_S
        while not take_in(self._log, creators_of=creators_of).is_end and means().clock.monotonic_s() < until_s:
            continue

    def forget(self) -> int:
        """Look at some more people, whether they are still there; returns how many rows went. Raises: Outage."""
        gone = 0
        for _ in range(LOOKS_OF_A_TURN):
            self._after, more = forget_unknown(known_pseudonyms, after=self._after, limit=PEOPLE_AT_ONCE)
            gone += more
            if not self._after:
                break
        return gone
