"""The fields of an ad group in the dialect: read from a body, told in an answer. Targeting has a module of its own.

What the dialect knows and the house has no use for may come, but empty: it is refused by its name rather than ignored,
since whoever sends it counts on it. A field that is not sent leaves what it was.
"""

from __future__ import annotations

from typing import Annotated, Any

from attise.doors.marketing_api.targeting_fields import SPELLED as TARGETING_SPELLED
from attise.doors.marketing_api.targeting_fields import TargetingFields, read_targeting, tell_targeting
from attise.doors.marketing_api.wire import numbers
from attise.doors.marketing_api.wire.kinds import (
    LARGEST,
    Amount,
    Between,
    Id,
    Items,
    Length,
    NotOffered,
    NotOfferedMark,
    Time,
)
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.limits import DAYPARTS
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.objectives import CPV
from attise.management.campaigns.rules.schedules import end_as_told
from attise.management.campaigns.views import AdGroupView

SPELLED = {
    **TARGETING_SPELLED,
    "name": "adgroup_name",
    "budget_micros": "budget",
    "bid_micros": "bid_price",
    "conversion_bid_micros": "conversion_bid_price",
    "starts_at_ms": "schedule_start_time",
    "ends_at_ms": "schedule_end_time",
    "frequency_days": "frequency_schedule",
    "click_window": "click_attribution_window",
    "view_window": "view_attribution_window",
    "engaged_view_window": "engaged_view_attribution_window",
}
"""The room's field names as the dialect has them; for an endpoint's ``spelled``."""
PLAIN = {
    "adgroup_name": "name",
    "optimization_goal": "optimization_goal",
    "billing_event": "billing_event",
    "bid_type": "bid_type",
    "promotion_type": "promotion_type",
    "placement_type": "placement_type",
    "pixel_id": "pixel_id",
    "app_id": "app_id",
    "optimization_event": "optimization_event",
    "pacing": "pacing",
    "budget_mode": "budget_mode",
    "schedule_type": "schedule_type",
    "schedule_start_time": "starts_at_ms",
    "schedule_end_time": "ends_at_ms",
    "dayparting": "dayparting",
    "frequency": "frequency",
    "frequency_schedule": "frequency_days",
    "click_attribution_window": "click_window",
    "view_attribution_window": "view_window",
    "engaged_view_attribution_window": "engaged_view_window",
    "attribution_event_count": "attribution_event_count",
    "comment_disabled": "comment_disabled",
    "share_disabled": "share_disabled",
    "video_download_disabled": "video_download_disabled",
    "brand_safety_type": "brand_safety_type",
    "operation_status": "operation_status",
}
"""Fields that need no more than another name."""
AMOUNTS = {"budget": "budget_micros", "bid_price": "bid_micros", "conversion_bid_price": "conversion_bid_micros"}
Number = Annotated[int, Between(0, LARGEST, broken=True)]


class AdGroupFields(TargetingFields, kw_only=True):
    """What a new ad group and a change of one have in common; which values they may have is the room's to say."""

    adgroup_name: str | None = None
    bid_type: str | None = None
    bid_price: Amount | None = None
    conversion_bid_price: Amount | None = None
    promotion_type: str | None = None
    placement_type: str | None = None
    placements: Annotated[list[str], Items(0, 20)] | None = None
    pixel_id: Id | None = None
    app_id: Id | None = None
    optimization_goal: str | None = None
    billing_event: str | None = None
    optimization_event: str | None = None
    pacing: str | None = None
    budget_mode: str | None = None
    budget: Amount | None = None
    schedule_type: str | None = None
    schedule_start_time: Time | None = None
    schedule_end_time: Time | None = None
    dayparting: Annotated[str, Length(0, 4 * DAYPARTS)] | None = None
    frequency: Number | None = None
    frequency_schedule: Number | None = None
    click_attribution_window: str | None = None
    view_attribution_window: str | None = None
    engaged_view_attribution_window: str | None = None
    attribution_event_count: str | None = None
    comment_disabled: bool | None = None
    share_disabled: bool | None = None
    video_download_disabled: bool | None = None
    brand_safety_type: str | None = None

    tiktok_subplacements: Annotated[None, NotOfferedMark(("IN_FEED", "UNSET"))] = None
    search_result_enabled: NotOffered = None
    search_keywords: NotOffered = None
    automated_keywords_enabled: NotOffered = None
    targeting_expansion: NotOffered = None
    blocked_pangle_app_ids: NotOffered = None
    catalog_id: NotOffered = None
    store_id: NotOffered = None
    shopping_ads_type: Annotated[None, NotOfferedMark(("UNSET",))] = None
    product_source: Annotated[None, NotOfferedMark(("UNSET",))] = None
    creative_material_mode: Annotated[None, NotOfferedMark(("CUSTOM",))] = None
    deep_bid_type: Annotated[None, NotOfferedMark(("DEFAULT",))] = None
    deep_cpa_bid: NotOffered = None
    roas_bid: NotOffered = None
    secondary_optimization_event: NotOffered = None
    custom_conversion_id: NotOffered = None
    brand_safety_partner: NotOffered = None
    category_exclusion_ids: NotOffered = None
    vertical_sensitivity_id: NotOffered = None
    contextual_tag_ids: NotOffered = None


def read_draft(fields: AdGroupFields, currency: str, **defaults: Any) -> AdGroupDraft:
    """Return a new ad group as it is asked for. Raises: what amounts and prices of devices raise."""
    return AdGroupDraft(**{**defaults, **_read(fields, currency), "targeting": read_targeting(fields)})


def read_changes(fields: AdGroupFields, before: AdGroupView) -> dict[str, Any]:
    """Return the changes of an ad group that a body asks for; its targeting if anything of it was sent."""
    changes = _read(fields, before.currency)
    targeting = read_targeting(fields, before.targeting)
    return changes if targeting == before.targeting else {**changes, "targeting": targeting}


def _read(fields: AdGroupFields, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {inside: getattr(fields, outside, None) for outside, inside in PLAIN.items()}
    for outside, inside in AMOUNTS.items():
        found[inside] = numbers.micros_of(getattr(fields, outside), currency, outside)
    for name in ("pixel_id", "app_id"):
        found[name] = found[name] or None  # clients send 0 for none
    if fields.placements is not None:
        found["placements"] = tuple(fields.placements)
    sent = {inside: value for inside, value in found.items() if value is not None}
    return {**sent, **{name: None for name in ("frequency", "frequency_days") if sent.get(name) == 0}}


def row_of(view: AdGroupView) -> dict[str, Any]:
    """Return an ad group as the dialect tells it; amounts are numbers, never null."""
    none = numbers.amount(0, view.currency)
    return {
        "advertiser_id": str(view.advertiser_id),
        "campaign_id": str(view.campaign_id),
        "campaign_name": view.campaign_name,
        "adgroup_id": str(view.id),
        "adgroup_name": view.name,
        "is_new_structure": True,
        "promotion_type": view.promotion_type or None,
        "placement_type": view.placement_type,
        "placements": list(view.placements),
        "tiktok_subplacements": [],
        "search_result_enabled": False,
        "pixel_id": None if view.pixel_id is None else str(view.pixel_id),
        "optimization_event": view.optimization_event or None,
        "app_id": None if view.app_id is None else str(view.app_id),
        "app_type": None,
        "app_download_url": None,
        "catalog_id": None,
        "shopping_ads_type": None,
        "comment_disabled": view.comment_disabled,
        "video_download_disabled": view.video_download_disabled,
        "share_disabled": view.share_disabled,
        "budget_mode": view.budget_mode,
        "budget": numbers.amount(view.budget_micros, view.currency),
        "scheduled_budget": numbers.amount(view.scheduled_budget_micros, view.currency),
        "schedule_type": view.schedule_type,
        "schedule_start_time": entity_time(view.starts_at_ms),
        "schedule_end_time": entity_time(end_as_told(view.starts_at_ms, view.ends_at_ms)),
        "dayparting": view.dayparting or "1" * DAYPARTS,
        "optimization_goal": view.optimization_goal,
        "secondary_optimization_event": None,
        "billing_event": view.billing_event,
        "bid_type": view.bid_type,
        "bid_price": numbers.amount(view.bid_micros, view.currency),
        "bid_display_mode": CPV if view.billing_event == CPV else None,
        "conversion_bid_price": numbers.amount(view.conversion_bid_micros, view.currency),
        "deep_bid_type": "DEFAULT",
        "deep_cpa_bid": none,
        "roas_bid": none,
        "pacing": view.pacing,
        "frequency": view.frequency,
        "frequency_schedule": view.frequency_days,
        "click_attribution_window": view.click_window,
        "view_attribution_window": view.view_window,
        "engaged_view_attribution_window": view.engaged_view_window or None,
        "attribution_event_count": view.attribution_event_count,
        **tell_targeting(view.targeting),
        "auto_targeting_enabled": False,
        "brand_safety_type": view.brand_safety_type,
        "brand_safety_partner": None,
        "category_exclusion_ids": [],
        "inventory_filter_enabled": False,
        "creative_material_mode": "CUSTOM",
        "is_hfss": False,
        "is_lhf_compliance": False,
        "skip_learning_phase": False,
        "feed_type": None,
        "statistic_type": None,
        "split_test_group_id": None,
        "split_test_status": None,
        "operation_status": view.operation_status,
        "secondary_status": view.secondary_status,
        "create_time": entity_time(view.created_at_ms),
        "modify_time": entity_time(view.modified_at_ms),
    }


FIELDS = (
    *("advertiser_id", "campaign_id", "campaign_name", "adgroup_id", "adgroup_name", "is_new_structure"),
    *("promotion_type", "placement_type", "placements", "tiktok_subplacements", "search_result_enabled", "pixel_id"),
    *("optimization_event", "app_id", "app_type", "app_download_url", "catalog_id", "shopping_ads_type"),
    *("comment_disabled", "video_download_disabled", "share_disabled", "budget_mode", "budget", "scheduled_budget"),
    *("schedule_type", "schedule_start_time", "schedule_end_time", "dayparting", "optimization_goal"),
    *("secondary_optimization_event", "billing_event", "bid_type", "bid_price", "bid_display_mode"),
    *("conversion_bid_price", "deep_bid_type", "deep_cpa_bid", "roas_bid", "pacing", "frequency"),
    *("frequency_schedule", "click_attribution_window", "view_attribution_window", "engaged_view_attribution_window"),
    *("attribution_event_count", "location_ids", "zipcode_ids", "languages", "gender", "age_groups"),
    *("interest_category_ids", "interest_keyword_ids", "purchase_intention_keyword_ids", "actions"),
    *("included_custom_actions", "excluded_custom_actions", "audience_ids", "excluded_audience_ids"),
    *("saved_audience_id", "operating_systems", "min_android_version", "min_ios_version", "ios14_targeting"),
    *("device_model_ids", "device_price_ranges", "network_types", "carrier_ids", "isp_ids", "spending_power"),
    *("household_income", "smart_audience_enabled", "smart_interest_behavior_enabled", "auto_targeting_enabled"),
    *("brand_safety_type", "brand_safety_partner", "category_exclusion_ids", "inventory_filter_enabled"),
    *("creative_material_mode", "is_hfss", "is_lhf_compliance", "skip_learning_phase", "feed_type", "statistic_type"),
    *("split_test_group_id", "split_test_status", "operation_status", "secondary_status", "create_time"),
    *("modify_time",),
)
