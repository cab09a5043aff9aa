"""Which parts are added up into one. Pure.

Parts come small and often. The newest are added up as soon as they weigh half as much as the one before them: so a
fact is written again some log₂(n) times in all, and n parts of one period are log₂(n) files. Parts of two periods stay
apart, since the facts of a whole period are let go of at once, and a roll-up without facts cannot be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attise.kernel.limits import DAY_MS
from attise.measurement.reports.rollups.manifest import Part

PERIOD_MS: Final = 28 * DAY_MS
"""Of wire time, when facts were written."""


def period_of(written_at_ms: int) -> int:
    """Return the period in which facts were written."""
    return written_at_ms // PERIOD_MS


def tail_to_merge(parts: Sequence[Part]) -> int:
    """Return how many of the newest parts are to become one; 1: none."""
    many, rows = 1, parts[-1].rows
    for part in reversed(parts[:-1]):
        if part.period != parts[-1].period or part.kinds != parts[-1].kinds or part.rows > 2 * rows:
            break
        many, rows = many + 1, rows + part.rows
    return many
