"""The log's events as settling takes them: cut into batches of its own size, each with where it begins and ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec

from attise.kernel.errors import Outage
from attise.kernel.limits import SETTLE_EVENTS
from attise.measurement.ingest.log import Entry, EntryKind, EventLog
from attise.records.conversion import Conversion, RefusedEvent, decode_conversion, decode_refused
from attise.records.event import Event, decode_event

_DECODERS: Final[dict[str, Callable[[bytes], Any]]] = {
    EntryKind.EVENT: decode_event,
    EntryKind.CONVERSION: decode_conversion,
    EntryKind.REFUSED: decode_refused,
}
"""What settling takes of the log, in the order of a cut's lists."""
_COUNTED: Final = frozenset({EntryKind.EVENT, EntryKind.CONVERSION})
"""What a batch's measure is of."""
BATCHES_AT_ONCE: Final = 20
"""Of the log, that one reading brings."""
PASSED_AT_ONCE: Final = 20_000
"""Entries that one batch passes over at most, whether they are events or not."""


class Mark(NamedTuple):
    """A place in the log: after ``entries`` of the entries that follow ``position``."""

    position: int
    entries: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Some events that follow each other in the log."""

    begin: Mark
    end: Mark
    events: list[Event]
    conversions: list[Conversion]
    """What pages and servers told between them."""
    refused: list[RefusedEvent]
    """What they told and was refused."""
    at_ms: int
    """Wire time at which the newest batch of the log that it touches was committed; 0: nothing was there."""
    is_end: bool
    """Whether nothing was in the log beyond it when it was read."""

    @property
    def reaches(self) -> int:
        """Return a position that no batch it takes from lies beyond, and that is behind every later cut's.

        So whoever knows that all is settled up to a position knows that nothing of it is still to come.
        """
        return self.end.position + (self.end.entries > 0)


class Reader:
    """Reads a log on from a place; what was read ahead is kept."""

    def __init__(self, log: EventLog) -> None:
        """Read this log."""
        self._log = log
        self._ahead: deque[tuple[int, int, tuple[Entry, ...]]] = deque()
        self._mark = Mark(0, 0)

    def cut(self, after: Mark, *, limit: int = SETTLE_EVENTS, upto: Mark | None = None) -> Cut:
        """Return up to ``limit`` events and conversions after a place, none beyond ``upto``.

        Raises: Outage, also for what a newer release wrote.
        """
        if after != self._mark:
            self._ahead.clear()
            self._mark = after
        taken: dict[str, list[Any]] = {kind: [] for kind in _DECODERS}
        left, passed, at_ms = limit, 0, 0
        while left and passed < PASSED_AT_ONCE:
            if not self._ahead and not self._read():
                return Cut(after, self._mark, *taken.values(), at_ms, is_end=True)
            position, batch_ms, entries = self._ahead[0]
            if upto is not None and self._mark >= upto:
                break
            at_ms = batch_ms
            done = self._mark.entries
            for place in range(done, _last(position, entries, upto)):
                if not left:
                    break
                entry = entries[place]
                if entry.kind in taken:
                    taken[entry.kind].append(_read_as(_DECODERS[entry.kind], entry, position))
                    left -= entry.kind in _COUNTED
                passed += 1
                done += 1
            self._mark = Mark(self._mark.position, done)
            if self._mark.entries >= len(entries):
                self._mark = Mark(position, 0)
                self._ahead.popleft()
        return Cut(after, self._mark, *taken.values(), at_ms, is_end=False)

    def _read(self) -> bool:
        batches = self._log.read(self._mark.position, limit=BATCHES_AT_ONCE)
        self._ahead.extend((batch.position, batch.at_ms, batch.entries) for batch in batches)
        return bool(batches)


def _last(position: int, entries: tuple[Entry, ...], upto: Mark | None) -> int:
    """Return up to which of a batch's entries may be taken."""
    return len(entries) if upto is None or position <= upto.position else min(len(entries), upto.entries)


def _read_as(decode: Callable[[bytes], Any], entry: Entry, position: int) -> Any:
    try:
        return decode(entry.body)
    except msgspec.MsgspecError as error:
        # Passing over it would lose what was promised to be counted.
        raise Outage(f"what stands at position {position} of the log cannot be read ({error})") from error
