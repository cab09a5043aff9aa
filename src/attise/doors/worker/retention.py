"""What ``worker`` lets go of in the log of events: the old, when everybody who reads it on has read it.

A door, because who reads the log on are rooms that do not know each other. Whoever begins to joins ``READERS`` in the
same change.
"""

from __future__ import annotations

import logging
from typing import Final

from attise.doors.site.means import means
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS, EVENT_LOG_LIFE_MS
from attise.management.viewers.queries import get_profile_place
from attise.measurement.attribution.queries import get_mark
from attise.measurement.ingest import retention
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.lift.queries import get_place
from attise.measurement.reports.queries import get_watermark

log = logging.getLogger("attise.worker")

READERS: Final[retention.Readers] = {
    "settle": lambda: get_mark().position,
    "facts": lambda: get_watermark().position,
    "profiles": lambda: get_profile_place()[0],
    "lift": get_place,
}
"""By name, up to where each has read the log, from its own row."""
STEPS_AT_ONCE: Final = 500
"""Steps of one turn: at four MiB each, more than an edge can write between two turns."""
GIVE_WAY_S: Final = 0.02
"""Between two steps, for whoever waits to append."""
SAID_EVERY_S: Final = 3_600.0


class Retention:
    """Lets go of what is old, and says who holds what is older; belongs to one thread."""

    def __init__(self, house: House, *, readers: retention.Readers = READERS) -> None:
        """Work on the log of a house, which is opened for each turn."""
        self._folder = house.folder
        self._readers = readers
        self._said_at_s = float("-inf")

    def let_go(self) -> int:
        """Let go of some of what is older than ``EVENT_LOG_LIFE_MS``; returns how many batches. Raises: Outage."""
        clock = means().clock
        before_ms = clock.wire_ms() - EVENT_LOG_LIFE_MS
        opened = SqliteLog(self._folder, may_write=True)
        gone = 0
        try:
            for step, batches in enumerate(retention.let_go(opened, self._readers, before_ms=before_ms), start=1):
                gone += batches
                if step == STEPS_AT_ONCE:
                    break
                clock.pause(GIVE_WAY_S)
            self._say_held(retention.held_by(opened, self._readers, before_ms=before_ms))
        finally:
            opened.close()
        return gone

    def _say_held(self, held: retention.Held | None) -> None:
        clock = means().clock
        if held is None or clock.monotonic_s() - self._said_at_s < SAID_EVERY_S:
            return
        self._said_at_s = clock.monotonic_s()
        days = (clock.wire_ms() - held.oldest_ms) // DAY_MS
        log.warning(
            "the log of events holds %d days for %s, which has read up to %d: it grows until that goes on",
            *(days, held.reader, held.upto),
        )
