"""What others see of the scout's rows: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.measurement.scout.bounds import ANALYSE_EVERY_MS
from attise.measurement.scout.judging import score_of
from attise.measurement.scout.models import Standing, Trial
from attise.measurement.scout.reasons import Reason


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """When posts were last ranked, and how many. World time."""

    at_ms: int
    posts: int
    learnt_from: int

    @property
    def next_at_ms(self) -> int:
        """When they will be ranked again."""
        return self.at_ms + ANALYSE_EVERY_MS


@dataclass(frozen=True, slots=True)
class StandingView:
    """What was last said of a post. Growth, signals and reasons are as ``ranking.Scored`` tells them."""

    post_id: int
    creator_id: int
    at_ms: int
    published_at_ms: int
    score: float
    low: float
    high: float
    verdict: str
    from_ms: int | None
    until_ms: int | None
    no_growth_at_ms: int | None
    views: int
    growth: tuple[float, float, float]
    grows: float
    organic_per_paid: tuple[float, float, float]
    signals: dict[str, float]
    reasons: tuple[Reason, ...]


def view_standing(row: Standing) -> StandingView:
    """Return the view of a row."""
    body: dict[str, Any] = row.body
    return StandingView(
        post_id=row.post_id,
        creator_id=row.creator_id,
        at_ms=row.at_ms,
        published_at_ms=row.published_at_ms,
        score=row.score,
        low=row.low,
        high=row.high,
        verdict=row.verdict,
        from_ms=row.from_ms,
        until_ms=row.until_ms,
        no_growth_at_ms=row.no_growth_at_ms,
        views=row.views,
        growth=tuple(body["growth"]),  # type: ignore[arg-type]
        grows=body["grows"],
        organic_per_paid=tuple(body["organic_per_paid"]),  # type: ignore[arg-type]
        signals=body["signals"],
        reasons=tuple(Reason(**one) for one in body["reasons"]),
    )


@dataclass(frozen=True, slots=True)
class TrialView:
    """A post that was put to trial, and what came of it."""

    at_ms: int
    post_id: int
    score: float
    low: float
    high: float
    verdict: str
    views: int
    """Organic ones, then; likes as well."""
    likes: int
    last_growth: float
    picked_by: tuple[str, ...]
    """Of ``board.MEANS``: whose best fifth it was of."""
    growth: float | None
    """None: its two days are not over."""
    is_fastest: bool | None
    """Whether it was of the fifth that grew most; None: not known of all posts of its trial."""

    @property
    def is_covered(self) -> bool | None:
        """Whether what came lies within its interval."""
        return None if self.growth is None else self.low <= score_of(self.growth) <= self.high


def view_trial(row: Trial, *, picked_by: tuple[str, ...], is_fastest: bool | None) -> TrialView:
    """Return the view of a row, with what its trial says of it."""
    return TrialView(
        at_ms=row.at_ms,
        post_id=row.post_id,
        score=row.score,
        low=row.low,
        high=row.high,
        verdict=row.verdict,
        views=row.views,
        likes=row.likes,
        last_growth=row.last_growth,
        picked_by=picked_by,
        growth=row.growth,
        is_fastest=is_fastest,
    )
