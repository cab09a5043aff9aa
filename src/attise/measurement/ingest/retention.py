"""What is old is let go of, and nothing that somebody has still to read.

Whoever reads the log on keeps their own place in it, wherever they keep what they make of it; whoever lets go of
batches asks each of them first. A place only rises, so one that was read a while ago is safe. A reader that stands
still has the log grow, and is named: nothing that was promised to be counted goes because somebody was late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from attise.measurement.ingest.log import EventLog

Place = Callable[[], int]
"""Says up to which position all is read, as it is stored and durable. Raises: Outage."""
Readers = Mapping[str, Place]
"""Everybody who reads the log on, by name. One who does not know yet what they will need says 0."""


@dataclass(frozen=True, slots=True)
class Held:
    """A reader for whom batches are kept that are old enough to go."""

    reader: str
    upto: int
    """Where it stands."""
    oldest_ms: int
    """Wire time of the oldest batch."""


def least(readers: Readers) -> tuple[int, str]:
    """Return the least place, and whose it is: nothing beyond it may go. Raises: Outage, when one cannot be asked."""
    if not readers:
        raise AssertionError("nobody was asked up to where the log is read")
    return min((place(), name) for name, place in readers.items())


def let_go(log: EventLog, readers: Readers, *, before_ms: int) -> Iterator[int]:
    """Let go of batches of before ``before_ms`` (wire time) that all have read; yields how many, step by step.

    May be left at any step, and run by several. Raises: Outage; then nothing more went.
    """
    upto, _ = least(readers)
    while gone := log.prune(before_ms=before_ms, upto=upto):
        yield gone


def held_by(log: EventLog, readers: Readers, *, before_ms: int) -> Held | None:
    """Return the reader that old batches are kept for, or None where there are none. Raises: Outage."""
    oldest = log.oldest()
    if oldest is None or oldest[1] >= before_ms:
        return None
    upto, name = least(readers)
    return Held(name, upto, oldest[1]) if oldest[0] > upto else None
