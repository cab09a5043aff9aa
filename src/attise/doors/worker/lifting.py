"""Who is compared for each campaign with a holdout, and what they did since: the worker's turn at it.

Beside *an event comes back*, behind settling. A door, because management says whose a post is.
"""

from __future__ import annotations

from typing import Final

from attise.doors.site.means import means
from attise.kernel.house import House
from attise.management.posts.queries import creators_of
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.lift.actions import take_in

TURN_S: Final = 0.4
"""For how long the log is taken in before other jobs have their turn."""


class Lifting:
    """What its jobs remember between their turns; all of them run in one thread."""

    def __init__(self, house: House) -> None:
        """Follow the log of a house."""
        self._log = SqliteLog(house.folder, may_write=False)

    def take_in(self) -> None:
        """Take the log in to where it is settled, or for a while. Raises: Outage."""
        until_s = means().clock.monotonic_s() + TURN_S
        while not take_in(self._log, creators_of=creators_of).is_end and means().clock.monotonic_s() < until_s:
            continue
