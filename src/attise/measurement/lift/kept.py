"""Results of split tests as they are kept for whoever reads a page: when one is worked out anew. Pure.

A large test is a row for each of whom it met and a pass over the facts of its time: seconds, which nobody waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import DAY_MS
from attise.measurement.lift.splitting import Compared
from attise.records.windows import LONGEST_DAYS

LATE_MS: Final = (LONGEST_DAYS + 1) * DAY_MS
"""After a test's end conversions of its decisions may still come for so long (world time); then it is final."""
REST_MS: Final = 30_000
"""Between two turns at one test at least (wire time), and ``REST_TIMES`` what the last one took."""
REST_TIMES: Final = 20
OVER_REST_MS: Final = 900_000
"""The same of one that is over: what still comes is little."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a test could tell of one signal, before it runs."""

    signal: str
    viewers: int
    """Of both sides, whom it is expected to reach."""
    rate: float
    """How many of them do it, 0..1."""
    effect: float
    """The least difference of the two rates that would be seen four times of five."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A result as it is kept."""

    as_of_ms: int
    """World time: all that happened before is in it."""
    is_final: bool
    result: Compared
    plans: list[Plan]
    is_planned_by_own: bool


def is_final(*, ends_ms: int, complete_to_ms: int) -> bool:
    """Tell whether nothing can come any more that counts for a test (world time)."""
    return complete_to_ms >= ends_ms + LATE_MS


def rest_ms(*, took_ms: int, is_over: bool) -> int:
    """Return for how long a test is let be after a turn at it that took so long (both wire time)."""
    return max(OVER_REST_MS if is_over else REST_MS, took_ms * REST_TIMES)
