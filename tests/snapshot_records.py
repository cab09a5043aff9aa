"""Records of snapshots to tell stories with, and strategies that draw any of them."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from attise.records.snapshot.shapes import (
    SnapshotAd,
    SnapshotCreative,
    SnapshotGrant,
    SnapshotGroup,
    SnapshotMedia,
    SnapshotPicture,
    SnapshotPost,
)
from attise.records.targeting import Behaviour, Targeting
from attise.records.terms import Terms

NOON_MS = 1_790_000_000_000
MEDIA = SnapshotMedia("k" * 26, "video.mp4", "video", True, "", 12_000, 360, 640)
PICTURES = SnapshotMedia(
    "i" * 26, "image.jpg", "image", False, "", 0, 1_080, 1_350, (SnapshotPicture("image2.jpg", 1_080, 1_350),)
)


def a_post_record(post_id: int = 50, **fields: Any) -> SnapshotPost:
    values: dict[str, Any] = {
        "post_id": post_id,
        "creator_id": 5,
        "handle": "lea.peau",
        "display_name": "Léa",
        "country": "FR",
        "language": "fr",
        "format": "video",
        "of_post_id": None,
        "caption": "Je l’ai testé un mois, sans filtre.",
        "visibility": "public",
        "ads_only": False,
        "sound": "Pluie",
        "tags": ("routine", "peau"),
        "category": "beauty_care",
        "allow_comments": True,
        "allow_duet": True,
        "allow_stitch": False,
        "partnership": True,
        "published_at_ms": NOON_MS,
        "media": MEDIA,
        **fields,
    }
    return SnapshotPost(**values)


def a_grant_record(grant_id: int = 70, **fields: Any) -> SnapshotGrant:
    values: dict[str, Any] = {
        "grant_id": grant_id,
        "kind": "post",
        "starts_at_ms": NOON_MS,
        "ends_at_ms": NOON_MS + 30 * 86_400_000,
        "terms": Terms(spend_cap_micros=200_000_000, currency="EUR", countries=("FR", "BE"), share_ppm=100_000),
        "terms_version": 2,
        "envelope_id": 71,
        **fields,
    }
    return SnapshotGrant(**values)


def a_group_record(adgroup_id: int = 30, **fields: Any) -> SnapshotGroup:
    values: dict[str, Any] = {
        "advertiser_id": 1,
        "business_center_id": 2,
        "currency": "EUR",
        "timezone": "Europe/Paris",
        "category": "beauty_care",
        "category_gate": "none",
        "on_behalf_of": "Maison Aubrée",
        "paid_by": "Groupe Aubrée",
        "campaign_id": 20,
        "objective": "TRAFFIC",
        "special_industries": (),
        "budget_optimize_on": False,
        "campaign_budget_mode": "BUDGET_MODE_INFINITE",
        "campaign_budget_micros": None,
        "adgroup_id": adgroup_id,
        "promotion_type": "WEBSITE",
        "placements": ("PLACEMENT_TIKTOK",),
        "optimization_goal": "CLICK",
        "optimization_event": "",
        "billing_event": "CPC",
        "bid_type": "BID_TYPE_CUSTOM",
        "bid_micros": 400_000,
        "conversion_bid_micros": None,
        "pacing": "PACING_MODE_SMOOTH",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget_micros": 50_000_000,
        "starts_at_ms": NOON_MS,
        "ends_at_ms": None,
        "dayparting": b"",
        "frequency": 0,
        "frequency_days": 0,
        "click_window": "SEVEN_DAYS",
        "view_window": "ONE_DAY",
        "engaged_view_window": "",
        "attribution_event_count": "UNSET",
        "pixel_id": 0,
        "app_id": 0,
        "comment_disabled": False,
        "share_disabled": False,
        "video_download_disabled": True,
        "brand_safety_type": "NO_BRAND_SAFETY",
        "targeting": Targeting(
            locations=(3017382,),
            languages=("fr",),
            age_groups=("AGE_18_24", "AGE_25_34"),
            operating_systems=("IOS",),
            device_price_least=300,
            interests=(11, 12),
            behaviours=(Behaviour("VIDEO_RELATED", (101, 102), ("LIKED",), 7),),
            audiences=(900,),
            excluded_audiences=(901, 902),
            followers="only",
        ),
        "campaign_envelope_id": 0,
        "campaign_week_envelope_id": 0,
        "envelope_id": 31,
        "week_envelope_id": 0,
        "balance_envelope_id": 3,
        **fields,
    }
    return SnapshotGroup(**values)


def a_creative_record(ad_id: int = 40, **fields: Any) -> SnapshotCreative:
    values: dict[str, Any] = {
        "ad_id": ad_id,
        "kind": "spark",
        "identity_type": "AUTH_CODE",
        "identity_id": "f" * 32,
        "identity_key": 60,
        "display_name": "",
        "picture": None,
        "video": None,
        "images": (PICTURES,),
        "ad_format": "SINGLE_VIDEO",
        "ad_text": "",
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://aubree.example/creme",
        "deeplink": "",
        "deeplink_type": "",
        "utm_params": (("utm_source", "attise"),),
        "impression_tracking_url": "",
        "click_tracking_url": "",
        "tracking_pixel_id": 0,
        "tracking_app_id": 0,
        "dark_post": False,
        "music_disabled": False,
        "duet_allowed": True,
        "stitch_allowed": True,
        "creator_word": "not_needed",
        "creative_version": 1,
        **fields,
    }
    return SnapshotCreative(**values)


def an_ad_record(ad_id: int = 40, **parts: Any) -> SnapshotAd:
    values: dict[str, Any] = {
        "creative": a_creative_record(ad_id),
        "group": a_group_record(),
        "grant": a_grant_record(),
        "post": a_post_record(),
        **parts,
    }
    return SnapshotAd(**values)


def a_standard_ad_record(ad_id: int = 41, **parts: Any) -> SnapshotAd:
    creative = a_creative_record(
        ad_id,
        kind="standard",
        identity_type="CUSTOMIZED_USER",
        display_name="Maison Aubrée",
        picture=SnapshotMedia("p" * 26, "image.jpg", "image", False, "", 0, 98, 98),
        video=SnapshotMedia("v" * 26, "video.mp4", "video", True, "", 9_000, 540, 960),
        ad_text="La crème qui tient sa promesse",
    )
    return an_ad_record(ad_id, **{"creative": creative, "grant": None, "post": None, **parts})


_IDS = st.integers(1, 2**63 - 1)
_WORDS = st.text("abcé_", min_size=0, max_size=4)
_AMOUNTS = st.none() | st.integers(0, 10**15)
_TIMES = st.integers(0, 4_102_444_800_000)
_SMALL = st.integers(0, 2**31 - 1)

medias = st.builds(
    SnapshotMedia, _WORDS, _WORDS, st.sampled_from(["video", "image"]), st.booleans(), _WORDS, _SMALL, _SMALL, _SMALL
)
terms = st.builds(
    Terms,
    spend_cap_micros=_AMOUNTS,
    countries=st.lists(_WORDS, max_size=3).map(tuple),
    refused_objectives=st.lists(_WORDS, max_size=2).map(tuple),
    refused_categories=st.lists(_WORDS, max_size=2).map(tuple),
    share_ppm=st.integers(0, 1_000_000),
    fee_micros=st.integers(0, 10**12),
)
behaviours = st.builds(
    Behaviour,
    _WORDS,
    st.lists(st.integers(0, 2**31), max_size=3).map(tuple),
    st.lists(_WORDS, max_size=2).map(tuple),
    st.integers(1, 90),
)
targetings = st.builds(
    Targeting,
    locations=st.lists(st.integers(0, 2**31), max_size=3).map(tuple),
    languages=st.lists(_WORDS, max_size=3).map(tuple),
    age_groups=st.lists(_WORDS, max_size=3).map(tuple),
    device_price_least=st.none() | st.integers(0, 1_000),
    device_price_most=st.none() | st.integers(0, 1_000),
    interests=st.lists(st.integers(0, 2**31), max_size=3).map(tuple),
    behaviours=st.lists(behaviours, max_size=2).map(tuple),
    audiences=st.lists(_IDS, max_size=2).map(tuple),
    excluded_audiences=st.lists(_IDS, max_size=2).map(tuple),
    followers=st.sampled_from(["any", "only", "excluded"]),
)


@st.composite
def ads(draw: st.DrawFn) -> list[SnapshotAd]:
    """Ads by rising id that share groups and posts as those of a house do: what bears one id is one thing."""
    groups = [
        msgspec.structs.replace(
            a_group_record(adgroup_id),
            timezone=draw(_WORDS),
            bid_micros=draw(_AMOUNTS),
            conversion_bid_micros=draw(_AMOUNTS),
            starts_at_ms=draw(_TIMES),
            ends_at_ms=draw(st.none() | _TIMES),
            dayparting=draw(st.just(b"") | st.binary(min_size=42, max_size=42)),
            frequency=draw(_SMALL),
            budget_optimize_on=draw(st.booleans()),
            share_disabled=draw(st.booleans()),
            targeting=draw(targetings),
            balance_envelope_id=draw(_IDS),
        )
        for adgroup_id in draw(st.lists(_IDS, unique=True, min_size=1, max_size=3))
    ]
    posts = [
        a_post_record(
            post_id,
            media=draw(medias),
            visibility=draw(st.sampled_from(["public", "followers", "private"])),
            ads_only=draw(st.booleans()),
            allow_duet=draw(st.booleans()),
            caption=draw(st.text(max_size=20)),
            circle=draw(st.integers(0, 12)),
        )
        for post_id in draw(st.lists(_IDS, unique=True, min_size=1, max_size=3))
    ]
    found = []
    for ad_id in sorted(draw(st.lists(_IDS, unique=True, max_size=6))):
        group = draw(st.sampled_from(groups))
        if draw(st.booleans()):
            found.append(a_standard_ad_record(ad_id, group=group))
        else:
            grant = a_grant_record(draw(_IDS), ends_at_ms=draw(st.none() | _TIMES), terms=draw(terms))
            found.append(an_ad_record(ad_id, group=group, grant=grant, post=draw(st.sampled_from(posts))))
    return found
