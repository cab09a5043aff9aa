"""The same video in two formats: an ad group like another, and a standard ad beside a Spark ad. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from attise.kernel.text import find_emoji
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.creative import AD_TEXT_CHARACTERS, CUSTOM, Creative
from attise.management.campaigns.rules.splitting import USUAL_DAYS
from attise.management.campaigns.views import AdGroupView, AdView

COVER: Final = "{video_id}-1.1"
"""The one picture that is suggested for a video where one is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairWish:
    """The same video in two formats, as it is wished."""

    name: str
    """Of the test, and of the ad group that is made."""
    ad_id: int
    """The Spark ad."""
    video_id: str
    """The same video in the advertiser's library."""
    display_name: str
    """That the standard ad is shown under."""
    days: int = USUAL_DAYS


def adgroup_like(group: AdGroupView, *, name: str, now_ms: int) -> AdGroupDraft:
    """Return an ad group like another, off until it is switched on; what began already begins now."""
    found: dict[str, Any] = {one.name: getattr(group, one.name) for one in fields(AdGroupDraft)}
    found |= {"name": name, "operation_status": "DISABLE", "starts_at_ms": max(group.starts_at_ms, now_ms)}
    return AdGroupDraft(**found)


def text_of(caption: str) -> str:
    """Return a caption as a standard ad's text may be: on one line, without emoji, cut where it is too long."""
    plain = caption
    while (emoji := find_emoji(plain)) is not None:
        plain = plain.replace(emoji, "")
    return " ".join(plain.split())[:AD_TEXT_CHARACTERS].rstrip()


def standard_of(spark: AdView, wish: PairWish, *, identity_id: str) -> Creative:
    """Return a standard ad that leads where a Spark ad does, with the same button and its caption as its text."""
    return Creative(
        name=wish.name,
        identity_type=CUSTOM,
        identity_id=identity_id,
        video_id=wish.video_id,
        image_ids=(COVER.format(video_id=wish.video_id),),
        ad_text=text_of(spark.ad_text),
        call_to_action=spark.call_to_action,
        portfolio_id=spark.portfolio_id,
        landing_page_url=spark.landing_page_url,
        deeplink=spark.deeplink,
        deeplink_type=spark.deeplink_type,
        utm_params=tuple((one["key"], one["value"]) for one in spark.utm_params),
        impression_tracking_url=spark.impression_tracking_url,
        click_tracking_url=spark.click_tracking_url,
        tracking_pixel_id=spark.tracking_pixel_id,
        tracking_app_id=spark.tracking_app_id,
    )
