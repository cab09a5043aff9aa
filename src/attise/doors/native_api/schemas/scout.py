"""Shapes of the scout: what is said of a post, and what came of what was said before."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import Words
from attise.doors.site.tongues import in_both
from attise.kernel.clock import rfc3339
from attise.management.authorizations.views import Usable
from attise.measurement.scout import words
from attise.measurement.scout.board import Board
from attise.measurement.scout.judging import VERDICTS
from attise.measurement.scout.views import AnalysisView, StandingView, TrialView

Verdict = Annotated[Literal["too_early", "boost_now", "watch", "too_late"], Field(description="What to do now.")]
Share = Annotated[float, Field(ge=0)]


class Between(Told):
    """A forecast: what comes lies between low and high, four times of five."""

    low: Share
    middle: Share
    high: Share


class ScoutReason(Told):
    """One of the three strongest reasons."""

    code: Annotated[str, Field(examples=["pace", "comments", "stalled"])]
    effect: Annotated[float, Field(description="What it adds to the logarithm of growth; 0 for a fact.")]
    figures: dict[str, Any]
    words: Words


class ScoutIdentity(Told):
    """By which identity the advertiser may use the post."""

    identity_id: str
    identity_type: str
    ends_at: ToldMoment | None


class ScoutPost(Told):
    """What was last said of a young public post, from its organic counters."""

    post_id: ToldId
    creator_id: ToldId
    score: Annotated[float, Field(ge=0, le=100, description="50: half as many views again within 48 hours.")]
    interval: Annotated[list[float], Field(min_length=2, max_length=2)]
    verdict: Verdict
    boost_from: ToldMoment | None
    until: Annotated[ToldMoment | None, Field(description="Boost before.")]
    no_growth_at: ToldMoment | None
    published_at: ToldMoment
    views: Annotated[int, Field(description="Organic ones.")]
    growth_48h: Annotated[Between, Field(description="Shares of the views there are.")]
    organic_per_paid: Annotated[Between, Field(description="Organic views within three days for a paid one.")]
    signals: Annotated[dict[str, float], Field(description="Each beside what is usual of its creator and category.")]
    reasons: list[ScoutReason]
    analysed_at: ToldMoment


class ScoutPostForAdvertiser(ScoutPost):
    """The same, with the identity by which one advertiser may use the post."""

    identity: Annotated[ScoutIdentity | None, Field(description="None: its creator's authorization is needed.")]


Picker = Literal["score", "last_growth", "likes", "chance"]


class ScoreboardLine(Told):
    """What came of the fifth that one means picked."""

    means: Picker
    picked: int
    growth: Annotated[float, Field(description="Mean growth of what was picked, within 48 hours.")]
    precision: Annotated[float, Field(description="Which share of what was picked was of the fastest fifth.")]


class ScoreboardDay(Told):
    """One trial alone."""

    tried_at: ToldMoment
    posts: int
    growth: Annotated[float, Field(description="Mean growth of all of its posts.")]
    lines: list[ScoreboardLine]


class ScoutPick(Told):
    """A post that the scout picked at a trial, and what came of it."""

    post_id: ToldId
    tried_at: ToldMoment
    score: Annotated[float, Field(ge=0, le=100)]
    interval: Annotated[list[float], Field(min_length=2, max_length=2)]
    verdict: Verdict
    views: Annotated[int, Field(description="Organic ones, then.")]
    likes: int
    last_growth: Annotated[float, Field(description="Views of the last six hours beside those there were.")]
    picked_by: Annotated[list[Picker], Field(description="Whose best fifth it was of.")]
    growth: Annotated[float | None, Field(description="Within the 48 hours after; null: they are not over.")]
    within_interval: bool | None
    of_the_fastest: Annotated[bool | None, Field(description="Whether it was of the fifth that grew most.")]


class Scoreboard(Told):
    """What came of past picks, beside what people use instead. Organic views alone."""

    analysed_at: ToldMoment | None
    next_analysis_at: ToldMoment | None
    trials: int
    posts: Annotated[int, Field(description="Posts that were tried and judged.")]
    growth: Annotated[float, Field(description="Mean growth of all of them.")]
    lines: list[ScoreboardLine]
    covered: Annotated[float, Field(description="Outcomes that lay within their interval; 0.8 is promised.")]
    boost_now: int
    boost_now_growth: float
    days: Annotated[list[ScoreboardDay], Field(description="Each trial alone, the newest first.")]


def tell_standing(one: StandingView) -> ScoutPost:
    """Return what is said of a post as callers see it."""
    return ScoutPost(**_plain(one))


def tell_for(one: StandingView, usable: Usable | None) -> ScoutPostForAdvertiser:
    """Return the same, with by what an advertiser may use it."""
    identity = None
    if usable is not None:
        ends_at_ms = None if usable.authorization is None else usable.authorization.ends_at_ms
        identity = ScoutIdentity(
            identity_id=usable.identity_id, identity_type=usable.identity_type, ends_at=_moment(ends_at_ms)
        )
    return ScoutPostForAdvertiser(**_plain(one), identity=identity)


def tell_board(board: Board, days: list[tuple[int, Board]], analysis: AnalysisView | None) -> Scoreboard:
    """Return the scoreboard as callers see it."""
    return Scoreboard(
        analysed_at=None if analysis is None else rfc3339(analysis.at_ms),
        next_analysis_at=None if analysis is None else rfc3339(analysis.next_at_ms),
        trials=board.trials,
        posts=board.posts,
        growth=round(board.growth, 4),
        lines=_lines(board),
        covered=round(board.covered, 4),
        boost_now=board.boosts,
        boost_now_growth=round(board.boost_growth, 4),
        days=[
            ScoreboardDay(tried_at=rfc3339(at_ms), posts=one.posts, growth=round(one.growth, 4), lines=_lines(one))
            for at_ms, one in days
        ],
    )


def tell_pick(one: TrialView) -> ScoutPick:
    """Return a pick as callers see it."""
    return ScoutPick(
        post_id=str(one.post_id),
        tried_at=rfc3339(one.at_ms),
        score=one.score,
        interval=[one.low, one.high],
        verdict=one.verdict,  # type: ignore[arg-type]
        views=one.views,
        likes=one.likes,
        last_growth=round(one.last_growth, 4),
        picked_by=list(one.picked_by),  # type: ignore[arg-type]
        growth=None if one.growth is None else round(one.growth, 4),
        within_interval=one.is_covered,
        of_the_fastest=one.is_fastest,
    )


def _lines(board: Board) -> list[ScoreboardLine]:
    return [
        ScoreboardLine(
            means=line.means,  # type: ignore[arg-type]
            picked=line.picked,
            growth=round(line.growth, 4),
            precision=round(line.precision, 4),
        )
        for line in board.lines
    ]


def _plain(one: StandingView) -> dict[str, Any]:
    reasons = [
        ScoutReason(
            code=reason.code,
            effect=reason.effect,
            figures=reason.figures,
            words=Words(**in_both(lambda tongue, reason=reason: words.sentence(reason, tongue))),
        )
        for reason in one.reasons
    ]
    return {
        "post_id": str(one.post_id),
        "creator_id": str(one.creator_id),
        "score": one.score,
        "interval": [one.low, one.high],
        "verdict": one.verdict,
        "boost_from": _moment(one.from_ms),
        "until": _moment(one.until_ms),
        "no_growth_at": _moment(one.no_growth_at_ms),
        "published_at": rfc3339(one.published_at_ms),
        "views": one.views,
        "growth_48h": _between(one.growth),
        "organic_per_paid": _between(one.organic_per_paid),
        "signals": one.signals,
        "reasons": reasons,
        "analysed_at": rfc3339(one.at_ms),
    }


def _between(values: tuple[float, float, float]) -> Between:
    low, middle, high = values
    return Between(low=low, middle=middle, high=high)


def _moment(at_ms: int | None) -> str | None:
    return None if at_ms is None else rfc3339(at_ms)


assert set(VERDICTS) == {"too_early", "boost_now", "watch", "too_late"}
