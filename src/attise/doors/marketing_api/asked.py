"""What lists of campaigns, ad groups and ads are asked by: the words of filters, whether or not there are such rows.

A word that the dialect knows and that nothing here has finds nothing; a word that it does not know is 40002.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Any, Literal, TypeVar

from attise.doors.marketing_api.endpoint import Data, Params
from attise.doors.marketing_api.wire import lists
from attise.doors.marketing_api.wire.kinds import Between, Id, Items, Length, Time
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE
from attise.kernel.paging import NumberedPage
from attise.management.campaigns.status import (
    AD_STATUSES,
    ADGROUP_STATUSES,
    CAMPAIGN_STATUSES,
    PRIMARY,
    StatusWish,
)

Objective = Literal[
    *("REACH", "TRAFFIC", "VIDEO_VIEWS", "ENGAGEMENT", "LEAD_GENERATION", "APP_PROMOTION", "WEB_CONVERSIONS"),
    *("PRODUCT_SALES", "RF_REACH", "TOPVIEW_REACH", "BRAND_CONSIDERATION", "CONVERSIONS", "APP_INSTALL"),
    *("CATALOG_SALES", "SHOP_PURCHASES", "RF_TRAFFIC", "RF_VIDEO_VIEW", "RF_ENGAGEMENT"),
]
Goal = Literal[
    *("REACH", "SHOW", "CLICK", "TRAFFIC_LANDING_PAGE_VIEW", "DESTINATION_VISIT", "VIDEO_VIEW", "ENGAGED_VIEW"),
    *("ENGAGED_VIEW_FIFTEEN", "FOLLOWERS", "PAGE_VISIT", "PROFILE_VIEWS", "CONVERT", "VALUE"),
    *("AUTOMATIC_VALUE_OPTIMIZATION", "LEAD_GENERATION", "CONVERSATION", "CONVERSION_LEADS", "PREFERRED_LEAD"),
    *("INSTALL", "IN_APP_EVENT", "MT_LIVE_ROOM", "PRODUCT_CLICK_IN_LIVE", "GMV", "PURCHASES", "INITIATE_CHECKOUTS"),
]
BillingEvent = Literal["CPM", "CPC", "CPV", "OCPM", "OCPC", "GD"]
BuyingType = Literal["AUCTION", "RESERVATION_RF", "RESERVATION_TOP_VIEW"]
BidStrategy = Literal[
    *("BID_STRATEGY_COST_CAP", "BID_STRATEGY_BID_CAP", "BID_STRATEGY_MAX_CONVERSION", "BID_STRATEGY_LOWEST_COST"),
]
PromotionType = Literal[
    *("WEBSITE", "APP_ANDROID", "APP_IOS", "LEAD_GENERATION", "EXTERNAL_OR_DISPLAY", "WEBSITE_OR_DISPLAY"),
    *("TIKTOK_SHOP", "VIDEO_SHOPPING", "LIVE_SHOPPING", "PSA_PRODUCT", "GAME"),
    *("LEAD_GEN_CLICK_TO_TT_DIRECT_MESSAGE", "LEAD_GEN_CLICK_TO_SOCIAL_MEDIA_APP_MESSAGE", "LEAD_GEN_CLICK_TO_CALL"),
]
MaterialMode = Literal["CUSTOM", "DYNAMIC", "SMART_CREATIVE"]
PrimaryStatus = Literal[PRIMARY]
CampaignStatus = Literal["CAMPAIGN_STATUS_ALL", "CAMPAIGN_STATUS_NOT_DELETE", *CAMPAIGN_STATUSES]
AdGroupStatus = Literal[
    "ADGROUP_STATUS_ALL",
    "ADGROUP_STATUS_NOT_DELETE",
    *(name for name in ADGROUP_STATUSES if "AUTHORIZATION" not in name),
]
AdStatus = Literal[
    "AD_STATUS_ALL",
    "AD_STATUS_NOT_DELETE",
    "AD_STATUS_ADGROUP_AUDIT_DENY",
    *(name for name in AD_STATUSES if "AUTHORIZATION" not in name),
]
"""The dialect lists what lost an authorization, and does not filter by it."""

Ids = Annotated[list[Id], Items(0, 100)]
Name = Annotated[str, Length(0, 512)]
PageNumber = Annotated[int, Between(1, LARGEST_PAGE)]
PageSize = Annotated[int, Between(1, 1000)]
View = TypeVar("View")


class ListParams(Params, kw_only=True):
    """Whose rows of a level are asked for, which page of them, and which of their fields."""

    advertiser_id: Id
    fields: list[str] | None = None
    exclude_field_types_in_response: list[Literal["NULL_FIELD"]] = []
    page: PageNumber = 1
    page_size: PageSize = 10


def answer(
    params: ListParams, page: NumberedPage[View], row_of: Callable[[View], dict[str, Any]], *, known: Collection[str]
) -> Data:
    """Return a page of a level's rows with the fields that were asked for, of those ``known``."""
    rows = lists.select(
        [row_of(view) for view in page.items],
        known=known,
        fields=params.fields,
        without_nulls=bool(params.exclude_field_types_in_response),
    )
    return {"list": rows, "page_info": lists.page_info(page)}


class CommonFilter(Params, kw_only=True):
    """What every level is asked by."""

    primary_status: PrimaryStatus | None = None
    objective_type: Objective | None = None
    optimization_goal: Goal | None = None
    buying_types: list[BuyingType] | None = None
    split_test_enabled: bool | None = None
    creation_filter_start_time: Time | None = None
    creation_filter_end_time: Time | None = None

    @property
    def finds_nothing(self) -> bool:
        """Whether it asks for what nothing here is: bought by reservation, or part of a split test."""
        return self.split_test_enabled is True or "AUCTION" not in (self.buying_types or ["AUCTION"])


def common(filtering: CommonFilter, secondary_status: str | None) -> dict[str, Any]:
    """Return the parts of a wish that every level has."""
    return {
        "objective_type": filtering.objective_type,
        "optimization_goal": filtering.optimization_goal,
        "created_from_ms": filtering.creation_filter_start_time,
        "created_to_ms": _to_the_second(filtering.creation_filter_end_time),
        "status": StatusWish(filtering.primary_status, secondary_status),
    }


def ids_or_none(ids: list[int] | None, *, nothing: bool) -> list[int] | None:
    """Return the ids that are asked for: none at all when nothing can be found, any when none are named."""
    return [] if nothing else ids or None


def _to_the_second(moment_ms: int | None) -> int | None:
    """Return the last millisecond of a second, since times are told to the second."""
    return None if moment_ms is None else moment_ms + 999
