"""Shapes of split tests: two sides that are compared, and what that came to."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Name, Word, one_of
from attise.doors.native_api.schemas.common import Currency, Given, GivenId, Micros, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.lift import Estimate, LiftBalance, Rate
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.site.split_results import SplitResult, day_of
from attise.kernel.clock import rfc3339
from attise.kernel.limits import NAME_CHARACTERS, SPLIT_DAYS_MOST
from attise.management.campaigns.rules.splitting import LEVELS, USUAL_DAYS
from attise.management.campaigns.views import SplitView
from attise.measurement.lift.kept import Plan
from attise.measurement.lift.splitting import SUMS, Compared, Day, Line
from attise.measurement.lift.splitting import Rate as DayRate

Length = Annotated[int, Field(ge=1, le=SPLIT_DAYS_MOST, description="For how long it runs once it is launched.")]
Measure = Literal["completion_rate", "cost_per_cart", "follow_rate", "comment_rate", "click_rate", "conversion_rate"]


class SplitTestDraft(Given):
    """A test of two ad groups, or of two campaigns."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Spark against standard",
                    "level": "adgroup",
                    "first_id": "7507931062747136000",
                    "second_id": "7507931062747136001",
                    "days": 28,
                }
            ]
        }
    )
    name: Name
    level: Annotated[Word, one_of(LEVELS)] = "adgroup"
    first_id: GivenId
    second_id: GivenId
    days: Length = USUAL_DAYS


class FormatPair(Given):
    """The same video in two formats: a Spark ad, and a standard ad of a video of the advertiser's library."""

    name: Annotated[Name, Field(description="Of the test, and of the ad group that is made.")]
    ad_id: Annotated[GivenId, Field(description="The Spark ad.")]
    video_id: Annotated[str, Field(min_length=1, max_length=80, description="The same video in the library.")]
    display_name: Annotated[
        str, Field(max_length=4 * NAME_CHARACTERS, description="That the standard ad is shown under.")
    ]
    days: Length = USUAL_DAYS


class SplitSideAnswer(Told):
    """One side."""

    id: ToldId
    name: str
    kinds: list[Literal["spark", "push", "standard"]]
    may_run: Annotated[
        bool, Field(description="Whether an ad of it is approved and switched on, in a campaign that is on.")
    ]
    is_on: Annotated[bool, Field(description="Whether it is switched on itself; a launch switches both sides on.")]
    is_deleted: bool


class SplitTestAnswer(Told):
    """A split test as it is now."""

    split_id: ToldId
    advertiser_id: ToldId
    name: str
    level: Annotated[str, one_of(LEVELS)]
    state: Literal["draft", "running", "over"]
    first: SplitSideAnswer
    second: SplitSideAnswer
    days: int
    differing: Annotated[
        list[str],
        Field(description="Settings beside the ads in which the sides differ; what is measured may come of these too."),
    ]
    created_at: ToldMoment
    starts_at: ToldMoment | None
    ends_at: Annotated[ToldMoment | None, Field(description="When it ends, or did.")]


class SplitLacking(Told):
    """What a comparison still lacks."""

    of: Literal["impressions", "carts", "conversions"]
    more: Annotated[int, Field(description="On the side that has less.")]
    days: Annotated[int | None, Field(description="About how many more at the pace so far.")]


class SplitMeasure(Told):
    """One measure of both sides."""

    measure: Measure
    first: Annotated[float, Field(description="A rate, 0 to 1; what a cart costs in whole units of the currency.")]
    second: float
    difference: Annotated[Estimate, Field(description="What the first has more than the second.")]
    relative: Annotated[Estimate | None, Field(description="0.1: the first has a tenth more.")]
    verdict: Annotated[
        Literal["more", "less", "not_told", "too_little", "broken"],
        Field(
            description="Of the first. not_told: the interval leaves nothing out, which is not *no difference*. "
            "too_little: not enough data yet. broken: the sides are not as large as chance makes them."
        ),
    ]
    lacking: Annotated[SplitLacking | None, Field(description="Null: there is enough for a verdict.")]
    more_viewers_of_each_side: Annotated[
        int, Field(description="About how many more would tell it from nothing, if it is what it seems; 0: it is told.")
    ]


class SplitSums(Told):
    """What one side came to."""

    viewers: Annotated[int, Field(description="Whom the test met and who are shown this side.")]
    viewers_reached: Annotated[int, Field(description="Of them, who had an ad of it on screen.")]
    impressions: int
    completions: int
    clicks: int
    follows: Annotated[int, Field(description="Those taken back are taken off.")]
    comments: int
    carts: int
    conversions: int
    charged_micros: Micros


class SplitPlanAnswer(Told):
    """What the test could tell of one signal before it is launched."""

    signal: Literal["completions", "follows", "comments"]
    viewers: int
    rate: Rate
    detectable: Annotated[float, Field(description="The least difference of the two rates seen four times of five.")]


class SplitResultAnswer(Told):
    """What a split test came to."""

    split_id: ToldId
    state: Literal["draft", "running", "over"]
    currency: Currency
    data_until: Annotated[
        ToldMoment | None,
        Field(
            description="All that happened before is in it: it is worked out now and then, not while you wait. Null: "
            "it is a draft, or was launched so lately that nothing was worked out yet."
        ),
    ]
    balance: Annotated[LiftBalance | None, Field(description="Null: it was not launched, or met nobody.")]
    first: SplitSums | None
    second: SplitSums | None
    measures: list[SplitMeasure]
    plans: list[SplitPlanAnswer]
    planned_by: Annotated[
        Literal["own_reach", "example"],
        Field(description="Whether viewers and rates are the first side's of the last 28 days, or just an example."),
    ]


class SplitStanding(Told):
    """A split test, and where it stands."""

    split_test: SplitTestAnswer
    result: SplitResultAnswer


class SplitStandings(Told):
    """The split tests that run, or that ended lately."""

    items: list[SplitStanding]


class SplitRate(Told):
    """A measure of one side on one day."""

    value: float
    low: Annotated[float | None, Field(description="With high, the truth 95 times of 100; null: too few did it.")]
    high: float | None


class SplitDayRates(Told):
    """A measure of both sides on one day; null where there is nothing that it is a rate of."""

    measure: Measure
    first: SplitRate | None
    second: SplitRate | None


class SplitDaySums(Told):
    """What one side came to on one day."""

    impressions: int
    completions: int
    clicks: int
    follows: int
    comments: int
    carts: int
    conversions: int
    charged_micros: Micros


class SplitDay(Told):
    """One day of a split test: of the decisions that were taken on it."""

    day: Annotated[str, Field(json_schema_extra={"format": "date"}, description="Of the advertiser's calendar.")]
    first: SplitDaySums
    second: SplitDaySums
    measures: list[SplitDayRates]


class SplitDays(Told):
    """A split test day by day, from the first on which an ad of it was shown to the last."""

    split_id: ToldId
    currency: Currency
    data_until: Annotated[ToldMoment | None, Field(description="As of the result.")]
    days: list[SplitDay]


def tell_days(view: SplitView, found: SplitResult) -> SplitDays:
    """Return a test day by day as callers see it."""
    days = [] if found.result is None else found.result.days
    return SplitDays(
        split_id=str(view.id),
        currency=view.currency,
        data_until=tell_moment(found.as_of_ms),
        days=[
            SplitDay(
                day=day_of(one.day).isoformat(),
                first=_tell_day_sums(one, 0),
                second=_tell_day_sums(one, 1),
                measures=[
                    SplitDayRates(measure=name, first=_tell_rate(first), second=_tell_rate(second))
                    for name, (first, second) in one.rates.items()
                ],
            )
            for one in days
        ],
    )


def _tell_day_sums(one: Day, side: int) -> SplitDaySums:
    return SplitDaySums(**{name: one.sums[name][side] for name in SUMS})


def _tell_rate(one: DayRate | None) -> SplitRate | None:
    return None if one is None else SplitRate(value=one.ratio, low=one.low, high=one.high)


def tell_split(view: SplitView) -> SplitTestAnswer:
    """Return a test as callers see it."""
    first, second = (
        SplitSideAnswer(
            id=str(one.object_id),
            name=one.name,
            kinds=list(one.kinds),
            may_run=one.may_run,
            is_on=one.is_on,
            is_deleted=one.is_deleted,
        )
        for one in view.sides
    )
    return SplitTestAnswer(
        split_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        name=view.name,
        level=view.level,
        state=view.state,
        first=first,
        second=second,
        days=view.days,
        differing=list(view.differing),
        created_at=rfc3339(view.created_at_ms),
        starts_at=tell_moment(view.starts_at_ms),
        ends_at=tell_moment(view.ends_at_ms),
    )


def tell_result(view: SplitView, found: SplitResult) -> SplitResultAnswer:
    """Return what a test came to as callers see it."""
    result = found.result
    balance = None if result is None or not sum(result.viewers) else result.balance
    return SplitResultAnswer(
        split_id=str(view.id),
        state=view.state,
        currency=view.currency,
        data_until=tell_moment(found.as_of_ms),
        balance=None
        if balance is None
        else LiftBalance(
            expected=balance.expected, found=balance.found, p_value=balance.p_value, is_right=balance.is_right
        ),
        first=None if result is None else _tell_sums(result, 0),
        second=None if result is None else _tell_sums(result, 1),
        measures=[] if result is None else [_tell_measure(one) for one in result.lines],
        plans=[_tell_plan(one) for one in found.plans if math.isfinite(one.effect)],
        planned_by="own_reach" if found.is_planned_by_own else "example",
    )


def _tell_sums(result: Compared, side: int) -> SplitSums:
    counted = {name: result.sums[name][side] for name in SUMS}
    return SplitSums(viewers=result.viewers[side], viewers_reached=result.seen[side], **counted)


def _tell_measure(one: Line) -> SplitMeasure:
    effect, part, lacking = one.difference, one.relative, one.lacking
    return SplitMeasure(
        measure=one.measure.name,
        first=one.first.ratio,
        second=one.second.ratio,
        difference=Estimate(value=effect.difference, low=effect.low, high=effect.high),
        relative=None if part is None else Estimate(value=part.part, low=part.low, high=part.high),
        verdict=one.verdict.value,
        lacking=None if lacking is None else SplitLacking(of=lacking.counted, more=lacking.more, days=lacking.days),
        more_viewers_of_each_side=effect.more_viewers,
    )


def _tell_plan(one: Plan) -> SplitPlanAnswer:
    return SplitPlanAnswer(signal=one.signal, viewers=one.viewers, rate=one.rate, detectable=one.effect)
