"""The fields of an ad in the dialect: read from a creative of a body, told in an answer.

What the dialect knows and the house has no use for may come, but empty: it is refused by its name rather than ignored,
since whoever sends it counts on it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Params
from attise.doors.marketing_api.wire.kinds import Id, Items, Length, NotOffered, NotOfferedMark, NumberId
from attise.doors.marketing_api.wire.times import entity_time
from attise.management.campaigns.rules.creative import UTM_PARAMETERS
from attise.management.campaigns.views import AdView

OnOff = Literal["ON", "OFF"]
Allowed = Literal["ENABLE", "DISABLE"]
AI_DECLARED, AI_NOT_DECLARED = "SELF_DISCLOSURE", "NOT_DECLARED"
SPELLED = {
    f"creatives[].{inside}": f"creatives[].{outside}"
    for inside, outside in (
        ("name", "ad_name"),
        ("post_id", "tiktok_item_id"),
        ("business_center_id", "identity_authorized_bc_id"),
        ("portfolio_id", "call_to_action_id"),
        ("dark_post", "dark_post_status"),
    )
}
"""The room's field names as the dialect has them; for an endpoint's ``spelled``."""


class _Utm(Params):
    key: Annotated[str, Length(0, 2_048)]
    value: Annotated[str, Length(0, 2_048)] = ""


class CreativeFields(Params, kw_only=True):
    """What may be said of one ad; None: not said."""

    ad_name: str | None = None
    identity_type: str | None = None
    identity_id: Annotated[str, Length(0, 80)] | None = None
    identity_authorized_bc_id: Id | None = None
    tiktok_item_id: Id | None = None
    video_id: Annotated[str, Length(0, 80)] | None = None
    image_ids: Annotated[list[Annotated[str, Length(0, 80)]], Items(0, 20)] | None = None
    ad_format: str | None = None
    ad_text: Annotated[str, Length(0, 4_000)] | None = None
    call_to_action: str | None = None
    call_to_action_id: Id | None = None
    landing_page_url: Annotated[str, Length(0, 4_000)] | None = None
    deeplink: Annotated[str, Length(0, 4_000)] | None = None
    deeplink_type: str | None = None
    utm_params: Annotated[list[_Utm], Items(0, UTM_PARAMETERS)] | None = None
    impression_tracking_url: Annotated[str, Length(0, 4_000)] | None = None
    click_tracking_url: Annotated[str, Length(0, 4_000)] | None = None
    tracking_pixel_id: NumberId | None = None
    tracking_app_id: NumberId | None = None
    dark_post_status: OnOff | None = None
    promotional_music_disabled: bool | None = None
    item_duet_status: Allowed | None = None
    item_stitch_status: Allowed | None = None
    creative_authorized: bool | None = None
    aigc_disclosure_type: Literal[AI_DECLARED, AI_NOT_DECLARED] | None = None
    ad_texts: NotOffered = None
    auto_message_id: NotOffered = None
    brand_safety_postbid_partner: Annotated[None, NotOfferedMark(("UNSET",))] = None
    brand_safety_vast_url: NotOffered = None
    card_id: NotOffered = None
    catalog_id: NotOffered = None
    cpp_url: NotOffered = None
    creative_type: NotOffered = None
    deeplink_format_type: Annotated[None, NotOfferedMark(("UNSET", "NORMAL"))] = None
    deeplink_utm_params: NotOffered = None
    disclaimer_clickable_texts: NotOffered = None
    disclaimer_text: NotOffered = None
    disclaimer_type: Annotated[None, NotOfferedMark(("UNSET",))] = None
    dynamic_destination: Annotated[None, NotOfferedMark(("UNSET",))] = None
    dynamic_format: Annotated[None, NotOfferedMark(("UNSET",))] = None
    end_card_cta: NotOffered = None
    fallback_type: Annotated[None, NotOfferedMark(("UNSET", "WEBSITE"))] = None
    instant_product_page_used: NotOffered = None
    item_group_ids: NotOffered = None
    music_id: NotOffered = None
    page_id: Annotated[None, NotOfferedMark(("0",))] = None
    phone_number: NotOffered = None
    playable_url: NotOffered = None
    product_set_id: NotOffered = None
    product_specific_type: Annotated[None, NotOfferedMark(("UNSET",))] = None
    schedule_id: NotOffered = None
    shopping_ads_deeplink_type: Annotated[None, NotOfferedMark(("NONE",))] = None
    shopping_ads_fallback_type: Annotated[None, NotOfferedMark(("DEFAULT",))] = None
    shopping_ads_video_package_id: NotOffered = None
    showcase_products: NotOffered = None
    sku_ids: NotOffered = None
    tracking_message_event_set_id: NotOffered = None
    tracking_offline_event_set_ids: NotOffered = None
    vehicle_ids: NotOffered = None
    vertical_video_strategy: Annotated[None, NotOfferedMark(("UNSET",))] = None
    video_view_tracking_url: NotOffered = None
    viewability_postbid_partner: Annotated[None, NotOfferedMark(("UNSET",))] = None
    viewability_vast_url: NotOffered = None


def read_fields(sent: CreativeFields) -> dict[str, Any]:
    """Return what was said of a creative, by the room's field names; zero and an empty text take something away."""
    given: dict[str, Any] = {
        "name": sent.ad_name,
        "identity_type": sent.identity_type,
        "identity_id": sent.identity_id,
        "image_ids": sent.image_ids,
        "ad_format": sent.ad_format,
        "ad_text": sent.ad_text,
        "call_to_action": sent.call_to_action,
        "landing_page_url": sent.landing_page_url,
        "deeplink": sent.deeplink,
        "deeplink_type": sent.deeplink_type,
        "impression_tracking_url": sent.impression_tracking_url,
        "click_tracking_url": sent.click_tracking_url,
        "dark_post": _is(sent.dark_post_status, "ON"),
        "music_disabled": sent.promotional_music_disabled,
        "duet_allowed": _is(sent.item_duet_status, "ENABLE"),
        "stitch_allowed": _is(sent.item_stitch_status, "ENABLE"),
        "creative_authorized": sent.creative_authorized,
        "ai_generated": _is(sent.aigc_disclosure_type, AI_DECLARED),
    }
    if sent.utm_params is not None:
        given["utm_params"] = tuple((one.key, one.value) for one in sent.utm_params)
    taken = {name: value for name, value in given.items() if value is not None}
    nullable = {
        "business_center_id": sent.identity_authorized_bc_id,
        "post_id": sent.tiktok_item_id,
        "video_id": sent.video_id,
        "portfolio_id": sent.call_to_action_id,
        "tracking_pixel_id": sent.tracking_pixel_id,
        "tracking_app_id": sent.tracking_app_id,
    }
    return taken | {name: value or None for name, value in nullable.items() if value is not None}


def _is(word: str | None, meant: str) -> bool | None:
    return None if word is None else word == meant


def row_of(view: AdView) -> dict[str, Any]:
    """Return an ad as the dialect tells it."""
    return {
        "advertiser_id": str(view.advertiser_id),
        "campaign_id": str(view.campaign_id),
        "campaign_name": view.campaign_name,
        "adgroup_id": str(view.adgroup_id),
        "adgroup_name": view.adgroup_name,
        "ad_id": str(view.id),
        "ad_name": view.name,
        "ad_format": view.ad_format,
        "ad_text": view.ad_text,
        "ad_texts": None,
        "identity_type": view.identity_type,
        "identity_id": view.identity_id,
        "identity_authorized_bc_id": _id(view.business_center_id),
        "display_name": view.display_name,
        "profile_image_url": "",
        "tiktok_item_id": None if view.post is None else str(view.post.id),
        "video_id": view.video_id,
        "image_ids": list(view.image_ids),
        "call_to_action": view.call_to_action or None,
        "call_to_action_id": _id(view.portfolio_id),
        "card_id": None,
        "landing_page_url": view.landing_page_url or None,
        "landing_page_urls": None,
        "deeplink": view.deeplink,
        "deeplink_type": view.deeplink_type,
        "page_id": None,
        "dark_post_status": "ON" if view.dark_post else "OFF",
        "promotional_music_disabled": view.music_disabled,
        "item_duet_status": "ENABLE" if view.duet_allowed else "DISABLE",
        "item_stitch_status": "ENABLE" if view.stitch_allowed else "DISABLE",
        "creative_authorized": view.creative_authorized,
        "aigc_disclosure_type": AI_DECLARED if view.ai_generated else AI_NOT_DECLARED,
        "creative_type": None,
        "branded_content_disabled": False,
        "operation_status": view.operation_status,
        "secondary_status": view.secondary_status,
        "is_aco": False,
        "is_new_structure": True,
        "optimization_event": view.optimization_event or None,
        "tracking_pixel_id": view.tracking_pixel_id or 0,
        "tracking_app_id": _id(view.tracking_app_id),
        "tracking_offline_event_set_ids": None,
        "viewability_postbid_partner": "UNSET",
        "brand_safety_postbid_partner": "UNSET",
        "brand_safety_vast_url": None,
        "viewability_vast_url": None,
        "impression_tracking_url": view.impression_tracking_url or None,
        "click_tracking_url": view.click_tracking_url or None,
        "playable_url": "",
        "app_name": "",
        "avatar_icon_web_uri": "",
        "vast_moat_enabled": False,
        "fallback_type": "UNSET",
        "utm_params": [dict(one) for one in view.utm_params],
        "music_id": None,
        "create_time": entity_time(view.created_at_ms),
        "modify_time": entity_time(view.modified_at_ms),
    }


FIELDS = (
    *("advertiser_id", "campaign_id", "campaign_name", "adgroup_id", "adgroup_name", "ad_id", "ad_name", "ad_format"),
    *("ad_text", "ad_texts", "identity_type", "identity_id", "identity_authorized_bc_id", "display_name"),
    *("profile_image_url", "tiktok_item_id", "video_id", "image_ids", "call_to_action", "call_to_action_id"),
    *("card_id", "landing_page_url", "landing_page_urls", "deeplink", "deeplink_type", "page_id"),
    *("dark_post_status", "promotional_music_disabled", "item_duet_status", "item_stitch_status"),
    *("creative_authorized", "aigc_disclosure_type", "creative_type", "branded_content_disabled"),
    *("operation_status", "secondary_status", "is_aco", "is_new_structure", "optimization_event"),
    *("tracking_pixel_id", "tracking_app_id", "tracking_offline_event_set_ids", "viewability_postbid_partner"),
    *("brand_safety_postbid_partner", "brand_safety_vast_url", "viewability_vast_url", "impression_tracking_url"),
    *("click_tracking_url", "playable_url", "app_name", "avatar_icon_web_uri", "vast_moat_enabled", "fallback_type"),
    *("utm_params", "music_id", "create_time", "modify_time"),
)


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
