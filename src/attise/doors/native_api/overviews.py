"""Overviews: what the first pages of advertisers and creators draw, as figures."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.overviews import (
    DAYS,
    AdvertiserOverview,
    CreatorOverviewAnswer,
    Period,
    tell_creator_overview,
    tell_overview,
)
from attise.management.accounts import queries as accounts
from attise.management.earnings import queries as earnings
from attise.measurement.attribution.overview import get_overview
from attise.measurement.counters.overview import get_creator_overview
from attise.measurement.counters.spans import span_of

group = Group("Overviews")
CREATORS_ZONE = "UTC"
"""A creator declares no zone."""


@group.get("/v1/advertisers/{advertiser_id}/overview", gives=AdvertiserOverview)
def get_advertiser_overview(call: Call, advertiser_id: PathId, period: Period = "28_days") -> AdvertiserOverview:
    """Get what all ads of an advertiser came to over some days of its zone, day by day or hour by hour."""
    advertiser = accounts.get_advertiser(advertiser_id)
    span = span_of(advertiser.timezone, call.means.clock.world_ms(), DAYS[period])
    told = get_overview(advertiser.id, currency=advertiser.currency, span=span)
    return tell_overview(advertiser.id, period, advertiser.timezone, told)


@group.get("/v1/creators/{creator_id}/overview", gives=CreatorOverviewAnswer)
def get_overview_of_creator(call: Call, creator_id: PathId, period: Period = "28_days") -> CreatorOverviewAnswer:
    """Get what happened on all posts of a creator over some days of UTC, organic and paid apart."""
    creator = accounts.get_creator(creator_id)
    span = span_of(CREATORS_ZONE, call.means.clock.world_ms(), DAYS[period])
    told = get_creator_overview(creator.id, span=span)
    earned = earnings.list_earned_in_all(creator.id, from_ms=span.from_ms, to_ms=span.to_ms)
    return tell_creator_overview(creator.id, period, CREATORS_ZONE, told, earned)
