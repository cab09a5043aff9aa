"""Verdicts and deadlines: what a forecast means for somebody who may boost. Pure.

==========  ===========================================================================================================
too_early   younger than the window (24 to 72 hours after publication): look again when it opens
boost_now   within it, and growing: score at 50 or more, and surely not stalled
watch       within it, and neither; or past it and growing by half in two days; or not to be told (too few views, too
            old a look, no time of publication)
too_late    past the window, or no longer progressing: growing by less than a twentieth in two days, most likely
==========  ===========================================================================================================

The deadline is the end of the window, or the moment from which the post no longer progresses if that is before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout.bounds import (
    BOOST_SCORE,
    HALF_SCORE_GROWTH,
    STALE_H,
    STALLED_GROWTH,
    SURE,
    VIEWS_LEAST,
    WINDOW_FROM_H,
    WINDOW_TO_H,
)

TOO_EARLY, BOOST_NOW, WATCH, TOO_LATE = "too_early", "boost_now", "watch", "too_late"
VERDICTS: Final = (TOO_EARLY, BOOST_NOW, WATCH, TOO_LATE)
FADING: Final = 1.5
"""Growth of the next two days falls by (age + 24 hours) to this power."""


@dataclass(frozen=True, slots=True)
class Case:
    """One post as it is judged. Times are epoch ms, shares 0..1."""

    now_ms: int
    seen_at_ms: int
    published_at_ms: int | None
    views: float
    growth: float
    """Forecast of two days, a share of the views there are."""
    grows: float
    """How likely it still progresses."""
    grows_late: float
    """How likely it grows by enough to be watched after its window."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, the moments that go with it, and the facts that decided it, the first first."""

    verdict: str
    from_ms: int | None
    until_ms: int | None
    no_growth_at_ms: int | None
    """From when on the post no longer progresses, as forecast; None: not to be told."""
    facts: tuple[str, ...]


def score_of(growth: float) -> float:
    """Return 0..100: 50 is half as many views again in two days, 75 is one and a half times as many more."""
    return 100 * growth / (growth + HALF_SCORE_GROWTH)


def judge(case: Case) -> Judged:
    """Return the verdict on a post."""
    ends_ms = _no_growth_at(case)
    if case.published_at_ms is None:
        verdict, facts = _of_unknown_age(case)
        until = ends_ms if verdict == WATCH and ends_ms is not None and ends_ms > case.now_ms else None
        return Judged(verdict, None, until, ends_ms, facts)
    opens, closes = (case.published_at_ms + hours * HOUR_MS for hours in (WINDOW_FROM_H, WINDOW_TO_H))
    verdict, facts = _of_known_age(case, opens, closes)
    if verdict == TOO_LATE or case.now_ms > closes:
        return Judged(verdict, None, None, ends_ms, facts)
    until = closes if ends_ms is None else min(closes, max(ends_ms, opens))
    return Judged(verdict, opens, until if until > case.now_ms else None, ends_ms, facts)


def _of_known_age(case: Case, opens: int, closes: int) -> tuple[str, tuple[str, ...]]:
    if case.now_ms > closes:
        return (WATCH, ("still_growing",)) if case.grows_late >= SURE else (TOO_LATE, ("too_old",))
    if case.now_ms < opens:
        return TOO_EARLY, ("opens",)
    return _within(case)


def _of_unknown_age(case: Case) -> tuple[str, tuple[str, ...]]:
    verdict, facts = _within(case)
    return (verdict, facts) if verdict == TOO_LATE else (WATCH, ("no_publication", *facts))


def _within(case: Case) -> tuple[str, tuple[str, ...]]:
    if case.now_ms - case.seen_at_ms > STALE_H * HOUR_MS:
        return WATCH, ("stale",)
    if case.views < VIEWS_LEAST:
        return WATCH, ("few_views",)
    if case.grows <= 1 - SURE:
        return TOO_LATE, ("stalled",)
    sure = score_of(case.growth) >= BOOST_SCORE and case.grows >= SURE
    return (BOOST_NOW if sure else WATCH), ()


def _no_growth_at(case: Case) -> int | None:
    """Return from when on growth is forecast below what counts as progress."""
    if case.growth <= 0:
        return case.seen_at_ms
    began = case.seen_at_ms if case.published_at_ms is None else case.published_at_ms
    age_h = (case.seen_at_ms - began) / HOUR_MS + 24
    more_h = age_h * ((case.growth / STALLED_GROWTH) ** (1 / FADING) - 1)
    return case.seen_at_ms + int(max(0.0, min(more_h, 10_000.0)) * HOUR_MS)
