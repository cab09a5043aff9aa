"""The scout as a library: posts in, a ranking out. Pure, on plain arrays, without a house (``examples/``).

posts = [observe("a", hours * 3_600_000, views, shares=shares, published_at_ms=0) for …]
for one in rank(posts).posts:
print(one.post, one.score, one.interval, one.verdict)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout.bounds import (
    HORIZON_H,
    INTERVAL,
    LATE_GROWTH,
    POSTS_MOST,
    STALE_H,
    STALLED_GROWTH,
    VIEWS_LEAST,
    WINDOW_TO_H,
)
from attise.measurement.scout.features import Rows, rows_of
from attise.measurement.scout.forecast import ADDED, Forecasts, between, chance_above, forecast
from attise.measurement.scout.judging import Case, Judged, judge, score_of
from attise.measurement.scout.observed import Observed, until
from attise.measurement.scout.reasons import Reason, is_likes_alone, moved_by, strongest

Range = tuple[float, float, float]
"""Low, middle, high."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scout says of one post. Times are epoch ms."""

    post: str
    title: str
    creator: str
    category: str
    score: float
    """0..100, from the growth forecast: 50 is half as many views again in two days."""
    interval: tuple[float, float]
    """Scores between which what comes lies, four times of five."""
    verdict: str
    from_ms: int | None
    until_ms: int | None
    no_growth_at_ms: int | None
    reasons: tuple[Reason, ...]
    age_h: float | None
    views: float
    growth: Range
    """Views of the next two days, as a share of those there are."""
    grows: float
    """How likely the post still progresses, 0..1."""
    organic_per_paid: Range
    """Organic views within three days that one paid view brings: a guess within a factor of several."""
    signals: dict[str, float]
    """Each signal's rate beside the usual one of the post's creator and category: 1.8 is 1.8 times."""
    seen_at_ms: int
    """The last look at it."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Posts, the best first. ``mode`` is *growth* where any was seen twice, else *level*."""

    mode: str
    now_ms: int
    posts: tuple[Scored, ...]
    learnt_from: int = 0
    """Posts whose own past moved the forecast's weights."""


def rank(posts: Sequence[Observed], *, now_ms: int | None = None) -> Ranking:
    """Return posts ranked by how much they will still grow.

    Args: posts made by ``observe``, each once; ``now_ms`` when the question is asked, epoch ms: the last look at any
    of them where it is not said. What was seen after it is left out.
    Raises: ValueError beyond ``POSTS_MOST``.
    Cost: 0.1 ms a post and 1 kB; no I/O.
    """
    if len(posts) > POSTS_MOST:
        raise ValueError(f"more than {POSTS_MOST} posts")
    if not posts:
        return Ranking("level", now_ms or 0, ())
    if now_ms is None:
        now_ms = max(int(one.at_ms[-1]) for one in posts)
    posts = [then for then in (until(one, now_ms) for one in posts) if then is not None]
    if not posts:
        return Ranking("level", now_ms, ())
    rows = rows_of(posts)
    told = _told(posts, rows)
    found = [_scored(place, one, now_ms, rows, told) for place, one in enumerate(posts)]
    mode = "growth" if any(len(one.at_ms) > 1 for one in posts) else "level"
    found.sort(key=lambda one: (-one.score, one.post))
    return Ranking(mode, now_ms, tuple(found), told.forecasts.learnt_from)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is foretold of posts, in their order."""

    forecasts: Forecasts
    growth: list[Range]
    response: list[Range]
    grows: Any
    """float64[posts], as the next: how likely a post still progresses, and how likely it does so late."""
    grows_late: Any


def _told(posts: Sequence[Observed], rows: Rows) -> _Told:
    forecasts = forecast(posts, rows)
    return _Told(
        forecasts,
        _ranges(forecasts.growth, forecasts.offsets, ADDED),
        _ranges(forecasts.response, forecasts.response_offsets, 0.0),
        chance_above(STALLED_GROWTH, forecasts),
        chance_above(LATE_GROWTH, forecasts),
    )


def _scored(place: int, one: Observed, now_ms: int, rows: Rows, told: _Told) -> Scored:
    """Return what is said of the post at a place."""
    growth = told.growth[place]
    case = Case(
        now_ms=now_ms,
        seen_at_ms=int(one.at_ms[-1]),
        published_at_ms=one.published_at_ms,
        views=float(rows.views[place]),
        growth=growth[1],
        grows=float(told.grows[place]),
        grows_late=float(told.grows_late[place]),
    )
    judged = judge(case)
    low, middle, high = (round(score_of(share), 1) for share in growth)
    return Scored(
        post=one.post,
        title=one.title,
        creator=one.creator,
        category=one.category,
        score=middle,
        interval=(low, high),
        verdict=judged.verdict,
        from_ms=judged.from_ms,
        until_ms=judged.until_ms,
        no_growth_at_ms=judged.no_growth_at_ms,
        reasons=_reasons(place, case, judged, one, rows, told.forecasts),
        age_h=None if one.published_at_ms is None else round((now_ms - one.published_at_ms) / HOUR_MS, 1),
        views=case.views,
        growth=growth,
        grows=round(case.grows, 3),
        organic_per_paid=told.response[place],
        signals=_signals(place, rows),
        seen_at_ms=case.seen_at_ms,
    )


def _ranges(forecast_ln: Any, offsets: Any, added: float) -> list[Range]:
    low, high = between(forecast_ln, offsets, INTERVAL)
    middle = forecast_ln
    values = [np.maximum(np.exp(np.minimum(one, 20.0)) - added, 0.0) for one in (low, middle, high)]
    return [(round(float(a), 4), round(float(b), 4), round(float(c), 4)) for a, b, c in zip(*values, strict=True)]


def _signals(place: int, rows: Rows) -> dict[str, float]:
    own, usual = rows.levels.own[place], rows.levels.usual[place]
    ratios = {name: own[column] / usual[column] for column, name in enumerate(rows.levels.names)}
    return {name: float(f"{ratio:.3g}") for name, ratio in ratios.items() if not math.isnan(ratio)}


def _reasons(
    place: int, case: Case, judged: Judged, post: Observed, rows: Rows, forecasts: Forecasts
) -> tuple[Reason, ...]:
    figures: dict[str, dict[str, Any]] = {
        "too_old": {"window_h": WINDOW_TO_H},
        "still_growing": {"growth": case.growth, "window_h": WINDOW_TO_H},
        "opens": {"at_ms": judged.from_ms},
        "stalled": {"growth": case.growth, "hours": HORIZON_H},
        "few_views": {"views": int(case.views), "least": VIEWS_LEAST},
        "stale": {"at_ms": case.seen_at_ms, "hours": STALE_H},
        "no_publication": {},
    }
    if case.published_at_ms is not None:
        figures["too_old"]["hours"] = round((case.now_ms - case.published_at_ms) / HOUR_MS)
    facts = [Reason(code, 0.0, figures[code]) for code in judged.facts]
    if is_likes_alone(place, rows):
        facts.append(Reason("likes_alone", 0.0, {"ratio": _signals(place, rows)["likes"]}))
    if post.fell:
        facts.append(Reason("fell", 0.0, {"counters": list(post.fell)}))
    return strongest(facts, moved_by(place, rows, forecasts))
