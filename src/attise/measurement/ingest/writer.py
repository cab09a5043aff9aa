"""The thread between answers and the log: an answer leaves its record here and waits for nothing.

Why records may be dropped and counted: the token that an item carries is enough to count and charge what comes of it;
a viewer who waited for a disk would be gone.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable

import msgspec

from attise.kernel.clock import Clock
from attise.kernel.errors import Outage
from attise.measurement.ingest.log import Entry, EventLog

log = logging.getLogger("attise.ingest")

QUEUE_ENTRIES = 20_000
"""What may wait for the disk; a few dozen megabytes."""
GATHER_S = 0.05
"""How long records gather before they are committed together: fewer commits, and no thread woken for each answer."""
APPENDED_AT_ONCE = 5_000
CLOSE_S = 5.0

_encode = msgspec.msgpack.Encoder().encode


class LogWriter(threading.Thread):
    """Appends what is offered, in order, in groups. Any thread may offer."""

    def __init__(
        self,
        open_log: Callable[[], EventLog],
        clock: Clock,
        *,
        queue_entries: int = QUEUE_ENTRIES,
    ) -> None:
        """Write to the log that ``open_log`` opens, in this thread."""
        super().__init__(name="event-log", daemon=True)
        self._open_log = open_log
        self._clock = clock
        self._most = queue_entries
        self._offered: deque[tuple[str, int, object]] = deque()
        self._waiting: list[Entry] = []
        self._ending = threading.Event()
        self._log: EventLog | None = None
        self._is_away = False
        self.dropped = 0
        """Records that were not kept: there was no room, or they could not be encoded."""
        self.written = 0
        self.commits = 0

    @property
    def depth(self) -> int:
        """How many records wait."""
        return len(self._offered) + len(self._waiting)

    @property
    def is_away(self) -> bool:
        """Whether the log refused what was last brought to it: that waits, and the next turn tries again."""
        return self._is_away

    def offer(self, kind: str, records: Iterable[tuple[int, object]]) -> bool:
        """Leave records, each with the id it is found by, to be kept; True when there was room for all of them.

        Never waits; without room they are dropped.
        """
        left, has_room = self._most - self.depth, True
        for id_, record in records:
            if left <= 0:
                self.dropped += 1
                has_room = False
            else:
                left -= 1
                self._offered.append((kind, id_, record))
        return has_room

    def end(self) -> None:
        """Write what waits, for a few seconds at most, and stop."""
        self._ending.set()
        if self.is_alive():
            self.join(timeout=CLOSE_S)

    def run(self) -> None:
        """Write every now and then until the end, and once more then."""
        while not self._ending.wait(GATHER_S):
            self.turn()
        while self.depth and not self._is_away:
            self.turn()
        self.dropped += self.depth
        if self._log is not None:
            self._log.close()

    def turn(self) -> None:
        """Write what waits. An outage keeps it waiting; the next turn tries again."""
        self._encode()
        try:
            if self._log is None:
                self._log = self._open_log()
            if self._waiting:
                self._log.append(self._waiting, at_ms=self._clock.wire_ms())
                self.written += len(self._waiting)
                self.commits += 1
                self._waiting = []
        except Outage as outage:
            self._say_away(outage)
            return
        if self._is_away:
            log.info("the event log takes records again")
            self._is_away = False

    def _encode(self) -> None:
        """Turn what was offered into entries, as many as one append takes."""
        while self._offered and len(self._waiting) < APPENDED_AT_ONCE:
            kind, id_, record = self._offered.popleft()
            try:
                body = record if isinstance(record, bytes) else _encode(record)
            except (TypeError, ValueError, msgspec.MsgspecError):
                self.dropped += 1
                log.exception("a record cannot be written")
                continue
            self._waiting.append(Entry(kind, id_, body))

    def _say_away(self, outage: Outage) -> None:
        """Log an outage once, and open anew on the next turn."""
        if not self._is_away:
            log.warning("the event log does not take records: %s", outage)
            self._is_away = True
        if self._log is not None:
            self._log.close()
            self._log = None
