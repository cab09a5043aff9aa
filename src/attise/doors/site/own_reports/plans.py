"""What a report asks: its level, what it is told by, what it counts, over which days, of what. Pure but for one query.

Days are the advertiser's. A plan names a period rather than days where it can, so that a report that is kept, or sent
every week, tells of other days each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import msgspec

from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.ids import BOUND
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import queries as campaigns
from attise.management.saved_reports.errors import UNREADABLE
from attise.measurement.reports.asking.asked import NAMED_AT_ONCE, Asked, check, shown
from attise.measurement.reports.asking.dimensions import AUDIENCE, DAY, HOUR, POST
from attise.measurement.reports.asking.metrics import METRICS
from attise.measurement.reports.errors import (
    COLUMNS_MANY,
    COUNTRY_UNKNOWN,
    DIMENSION_UNKNOWN,
    LEVEL_UNKNOWN,
    METRICS_NONE,
    PERIOD_UNKNOWN,
)
from attise.records.lookups import regions

LEVELS: Final = {
    "account": "AUCTION_ADVERTISER",
    "campaign": "AUCTION_CAMPAIGN",
    "adgroup": "AUCTION_ADGROUP",
    "ad": "AUCTION_AD",
}
"""What rows are of, by the word of a plan; at ``account`` they are of nothing but what they are told by."""
OBJECTS: Final = {"account": "", "campaign": "campaign_id", "adgroup": "adgroup_id", "ad": "ad_id"}
NAMES: Final = {
    "account": (),
    "campaign": ("campaign_name",),
    "adgroup": ("adgroup_name", "campaign_name"),
    "ad": ("ad_name", "adgroup_name", "campaign_name"),
}
"""Words about the object of a row that stand beside its identifier."""
DIMENSIONS: Final = (DAY, HOUR, *(name for name in AUDIENCE if name != "placement"), POST)
"""What rows may be told by."""
BY_DAY_MOST: Final = 92
"""Days that are told by the day: three whole months."""
METRICS_MOST: Final = 40
DIMENSIONS_MOST: Final = 4
CAMPAIGNS_MOST: Final = 200
COUNTRIES_MOST: Final = 50
DATES: Final = "dates"
PERIODS: Final = (
    *("today", "yesterday", "7_days", "14_days", "28_days", "this_month", "last_month", "90_days", "365_days"),
    DATES,
)
"""Whole days of the advertiser, the present one as far as it is; ``dates``: from a first day to a last one."""
DEFAULT_PERIOD: Final = "28_days"
_ONE: Final = dt.timedelta(days=1)


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report as it is asked for and kept."""

    level: str = "campaign"
    dimensions: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ("spend", "impressions", "clicks", "ctr", "result", "cost_per_result")
    period: str = DEFAULT_PERIOD
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    """Of ``dates`` alone; likewise ``start_date``."""
    campaign_ids: tuple[int, ...] = ()
    """Rows of these alone; none: of all."""
    countries: tuple[str, ...] = ()
    """People of these alone, as ISO codes; none: of all."""
    order_field: str = ""
    """Empty: the day or, where there is none, the first metric."""
    is_rising: bool = False


def written(plan: Plan) -> str:
    """Return a plan as it is kept."""
    return msgspec.json.encode(plan).decode()


def read(text: str) -> Plan:
    """Return a plan that was kept, by whichever release. Raises: ``saved_report_unreadable``."""
    plan = find(text)
    if plan is None:
        raise Refusal(UNREADABLE, field="plan")
    return plan


def find(text: str) -> Plan | None:
    """Return a plan that was kept; None where another release kept it in a way that this one does not read."""
    try:
        return msgspec.json.decode(text, type=Plan)
    except msgspec.MsgspecError:
        return None


def days_of(plan: Plan, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of a plan whose period is known; None for one that is not said."""
    month = today.replace(day=1)
    if plan.period == DATES:
        return plan.start_date, plan.end_date
    if plan.period == "yesterday":
        return today - _ONE, today - _ONE
    if plan.period == "this_month":
        return month, today
    if plan.period == "last_month":
        return (month - _ONE).replace(day=1), month - _ONE
    many = 1 if plan.period == "today" else int(plan.period.partition("_")[0])
    return today - (many - 1) * _ONE, today


def asked_of(plan: Plan, advertiser: AdvertiserView, today: dt.date) -> Asked:
    """Return what is asked of the roll-ups. Raises: Refusals of all that is wrong with a plan, each naming its field.

    A campaign that is another's is ``not_found``, as one that is nobody's. Cost: a query where campaigns are named.
    """
    wrong = [*_of_words(plan), *_of_filters(plan, advertiser)]
    known = _known(plan)
    first, last = days_of(known, today)
    own = OBJECTS[known.level]
    metrics = tuple(dict.fromkeys((*NAMES[known.level], *known.metrics)))
    asked = Asked(
        report_type="AUDIENCE",
        level=LEVELS[known.level],
        advertiser_ids=(advertiser.id,),
        dimensions=(*([own] if own else []), *known.dimensions),
        metrics=metrics,
        first=first,
        last=last,
        among={"campaign_id": frozenset(plan.campaign_ids)} if plan.campaign_ids else {},
        countries=frozenset(plan.countries) if plan.countries else None,
        order=_order(known),
        is_rising=plan.is_rising if plan.order_field else _order(known) in (DAY, HOUR),
        by_day_most=BY_DAY_MOST,
    )
    try:
        check(asked)
    except Refusals as several:
        wrong += several.items
    if wrong:
        raise Refusals(wrong)
    return replace(asked, with_totals=True)


def _known(plan: Plan) -> Plan:
    """Return a plan with what its words cannot mean taken out, so that the rest of it can be looked at."""
    return msgspec.structs.replace(
        plan,
        level=plan.level if plan.level in LEVELS else "campaign",
        period=plan.period if plan.period in PERIODS else DEFAULT_PERIOD,
        dimensions=tuple(name for name in plan.dimensions if name in DIMENSIONS),
    )


def _of_words(plan: Plan) -> Iterator[Refusal]:
    if plan.level not in LEVELS:
        yield Refusal(LEVEL_UNKNOWN, field="level", name=shown(plan.level), choices=", ".join(LEVELS))
    if plan.period not in PERIODS:
        yield Refusal(PERIOD_UNKNOWN, field="period", name=shown(plan.period), choices=", ".join(PERIODS))
    strange = dict.fromkeys(name for name in plan.dimensions if name not in DIMENSIONS)
    for name in list(strange)[:NAMED_AT_ONCE]:
        yield Refusal(DIMENSION_UNKNOWN, field="dimensions", name=shown(name), choices=", ".join(DIMENSIONS))
    if not plan.metrics:
        yield Refusal(METRICS_NONE, field="metrics")
    for field, names, most in (
        ("dimensions", plan.dimensions, DIMENSIONS_MOST),
        ("metrics", plan.metrics, METRICS_MOST),
        ("campaign_ids", plan.campaign_ids, CAMPAIGNS_MOST),
        ("countries", plan.countries, COUNTRIES_MOST),
    ):
        if len(names) > most:
            yield Refusal(COLUMNS_MANY, field=field, most=most, got=len(names))


def _of_filters(plan: Plan, advertiser: AdvertiserView) -> Iterator[Refusal]:
    for code in plan.countries[:COUNTRIES_MOST]:
        region = regions.by_iso(code)
        if region is None or region.iso != region.country:
            yield Refusal(COUNTRY_UNKNOWN, field="countries", name=shown(code))
            break
    if plan.campaign_ids and len(plan.campaign_ids) <= CAMPAIGNS_MOST:
        ids = {one for one in plan.campaign_ids if 0 < one < BOUND}
        mine = campaigns.describe("campaign_id", advertiser_ids=(advertiser.id,), ids=ids)
        if len(mine) < len(set(plan.campaign_ids)):
            yield Refusal(NOT_FOUND, field="campaign_ids")


def _order(plan: Plan) -> str:
    if plan.order_field:
        return plan.order_field
    return next((name for name in (DAY, HOUR) if name in plan.dimensions), "") or next(iter(_numbers(plan)), "")


def _numbers(plan: Plan) -> Iterator[str]:
    return (name for name in plan.metrics if name in METRICS and METRICS[name].is_number)
