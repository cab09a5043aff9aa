"""Shapes of overviews: what an advertiser's ads, or a creator's posts, came to over some days, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Currency, Micros, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.earnings import SignedMicros
from attise.doors.native_api.schemas.posts import Counter
from attise.kernel.clock import rfc3339
from attise.measurement.attribution.figures import SEEN, Figures
from attise.measurement.attribution.overview import Overview
from attise.measurement.counters.overview import CreatorOverview
from attise.measurement.counters.queries import CountsView
from attise.measurement.counters.spans import Span

DAYS: dict[str, int] = {"today": 1, "7_days": 7, "28_days": 28}
"""By period, its days: the present one is the last."""
COUNTED = ("impressions", "views", "completions", "likes", "comments", "shares", "saves", "follows")
"""Signals that a creator's overview tells, beside how long was watched."""
Period = Annotated[
    Literal["today", "7_days", "28_days"],
    Field(description="Whole local days, the present one as far as it is; compared with as much of the days before."),
]
ZoneName = Annotated[str, Field(description="Whose days these are.", examples=["Europe/Paris"])]


class OverviewSpan(Told):
    """What is told over, and what it is compared with; ends are not included."""

    period: Period
    timezone: ZoneName
    begins_at: ToldMoment
    ends_at: ToldMoment
    before_begins_at: ToldMoment
    before_ends_at: ToldMoment


class ConversionsTold(Told):
    """Conversions of one kind, or acts of viewers that ad groups are there for."""

    event: Annotated[str, Field(examples=["SHOPPING", "follow"])]
    conversions: int
    results: Annotated[int, Field(description="Those that the ad groups are there for.")]
    value_micros: Micros


class AdFigures(Told):
    """What ads came to. Money and conversions are of the hour of their decision, acts of their own."""

    spent_micros: Micros
    impressions: int
    views: int
    views_6s: int
    completions: int
    clicks: int
    likes: int
    comments: int
    shares: int
    saves: int
    follows: int
    results: Annotated[
        int, Field(description="What the ad groups are there for: impressions, clicks, views, acts or conversions.")
    ]
    value_micros: Annotated[Micros, Field(description="What the kinds among which results are are worth.")]
    cost_per_result_micros: Annotated[Micros | None, Field(description="null: there was no result.")]
    events: list[ConversionsTold]


class AdStep(Told):
    """A day, or an hour of a single day."""

    begins_at: ToldMoment
    figures: AdFigures
    spark: AdFigures
    standard: AdFigures


class AdPost(Told):
    """A post that ads show, and what they came to."""

    post_id: ToldId
    figures: AdFigures


class AdvertiserOverview(Told):
    """What all ads of an advertiser came to; the steps make up the whole, Spark and standard ads too."""

    advertiser_id: ToldId
    currency: Currency
    span: OverviewSpan
    figures: AdFigures
    before: AdFigures
    spark: AdFigures
    standard: AdFigures
    steps: list[AdStep]
    posts: Annotated[list[AdPost], Field(description="The posts that most was spent on, five at most.")]


class PostCounters(Told):
    """Signals of posts and profile, each in its parts: total = organic + paid."""

    impressions: Counter
    views: Counter
    completions: Counter
    likes: Counter
    comments: Counter
    shares: Counter
    saves: Counter
    follows: Counter
    watch_time: Annotated[Counter, Field(description="Milliseconds.")]


class CreatorStep(Told):
    """A day, or an hour of a single day."""

    begins_at: ToldMoment
    counters: PostCounters


class Earned(Told):
    """What was earned in a currency, less what was given back."""

    currency: Currency
    net_micros: SignedMicros


class CreatorOverviewAnswer(Told):
    """What happened on all that is a creator's; the steps make up the whole."""

    creator_id: ToldId
    span: OverviewSpan
    counters: PostCounters
    before: PostCounters
    in_all: Annotated[PostCounters, Field(description="Since the beginning.")]
    steps: list[CreatorStep]
    earned: list[Earned]


def tell_overview(advertiser_id: int, period: str, timezone: str, told: Overview) -> AdvertiserOverview:
    """Return the shape of an advertiser's overview."""
    parts = zip(told.steps, told.spark_steps, told.standard_steps, strict=True)
    return AdvertiserOverview(
        advertiser_id=str(advertiser_id),
        currency=told.now.currency,
        span=_span(period, timezone, told.span),
        figures=_figures(told.now),
        before=_figures(told.before),
        spark=_figures(told.spark),
        standard=_figures(told.standard),
        steps=[
            AdStep(
                begins_at=rfc3339(begins_ms),
                figures=_figures(whole),
                spark=_figures(spark),
                standard=_figures(standard),
            )
            for begins_ms, (whole, spark, standard) in zip(told.span.starts, parts, strict=False)
        ],
        posts=[AdPost(post_id=str(post_id), figures=_figures(figures)) for post_id, figures in told.posts],
    )


def tell_creator_overview(
    creator_id: int, period: str, timezone: str, told: CreatorOverview, earned: Sequence[tuple[str, int]]
) -> CreatorOverviewAnswer:
    """Return the shape of a creator's overview; ``earned`` are currencies with micros."""
    return CreatorOverviewAnswer(
        creator_id=str(creator_id),
        span=_span(period, timezone, told.span),
        counters=_counters(told.now),
        before=_counters(told.before),
        in_all=_counters(told.in_all),
        steps=[
            CreatorStep(begins_at=rfc3339(begins_ms), counters=_counters(one))
            for begins_ms, one in zip(told.span.starts, told.steps, strict=False)
        ],
        earned=[Earned(currency=currency, net_micros=micros) for currency, micros in earned],
    )


def _span(period: str, timezone: str, span: Span) -> OverviewSpan:
    return OverviewSpan(
        period=period,  # type: ignore[arg-type]  # one of the words, as the address was read
        timezone=timezone,
        begins_at=rfc3339(span.from_ms),
        ends_at=rfc3339(span.to_ms),
        before_begins_at=rfc3339(span.before_from_ms),
        before_ends_at=rfc3339(span.before_to_ms),
    )


def _figures(one: Figures) -> AdFigures:
    return AdFigures(
        **{name: getattr(one, name) for name in SEEN},
        results=one.results,
        value_micros=one.value_micros,
        cost_per_result_micros=one.cost_per_result_micros,
        events=[
            ConversionsTold(
                event=kind, conversions=told.conversions, results=told.results, value_micros=told.value_micros
            )
            for kind, told in sorted(one.by_kind.items())
        ],
    )


def _counters(view: CountsView) -> PostCounters:
    return PostCounters(**{name: _counter(view, name) for name in COUNTED}, watch_time=_counter(view, "watch_ms"))


def _counter(view: CountsView, signal: str) -> Counter:
    one = view.of(signal)
    return Counter(total=one.total, organic=one.organic, paid=one.paid)
