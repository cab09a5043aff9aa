"""Which parts become one. Pure.

Parts come small and often. As soon as ``FAN`` of the newest are of one size, they become one: so a fact is written
again some log₄(n) times in all, and n parts of one period are a few times log₄(n) files. Beyond ``LARGEST_ROWS``
nothing is won by it. Parts of two periods stay apart, since the facts of a whole period are let go of at once, and a
roll-up without facts cannot be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attise.kernel.limits import DAY_MS
from attise.measurement.reports.rollups.manifest import Part

PERIOD_MS: Final = 28 * DAY_MS
"""Of wire time, when facts were written."""
FAN: Final = 4
LARGEST_ROWS: Final = 1 << 24
"""Facts of a part."""
ADDED_UP_ROWS: Final = 1_000_000
"""Facts of parts that are added up as they become one. Larger ones are of hours that hardly meet."""


def period_of(written_at_ms: int) -> int:
    """Return the period in which facts were written."""
    return written_at_ms // PERIOD_MS


def tail_to_merge(parts: Sequence[Part]) -> int:
    """Return how many of the newest parts are to become one; 1: none."""
    many, rows = 1, parts[-1].rows
    while True:
        older = _no_larger(parts[:-many], parts[-1], size_of(rows))
        together = rows + sum(part.rows for part in older)
        if len(older) + 1 < FAN or together > LARGEST_ROWS:
            return many
        many, rows = many + len(older), together


def size_of(rows: int) -> int:
    """Return a size that grows by one where rows become four times as many."""
    return (max(1, rows).bit_length() - 1) // 2


def _no_larger(parts: Sequence[Part], like: Part, size: int) -> list[Part]:
    """Return the last of some parts that are no larger than a size, and may be one with another."""
    found = []
    for part in reversed(parts):
        if part.period != like.period or part.kinds != like.kinds or size_of(part.rows) > size:
            break
        found.append(part)
    return found
