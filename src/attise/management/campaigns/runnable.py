"""Which ads their advertisers, reviewers and creators let run, whole and many at once: what snapshots are made of.

Reads alone, each table by itself: a join of a thousand keys is planned as anybody's guess. Runnable is what needs
nobody's act any more: nothing is deleted or switched off, the review is passed, the creator did not refuse. What time
or money decides is no part of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import msgspec
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from attise.management.campaigns.models import Ad, AdGroup, Campaign, Switch
from attise.records.targeting import Targeting


@dataclass(frozen=True, slots=True)
class RunnableAd:
    """An ad's own facts."""

    id: int
    adgroup_id: int
    advertiser_id: int
    kind: str
    identity_type: str
    identity_id: str
    creator_id: int | None
    post_id: int | None
    video_id: int | None
    image_ids_text: str
    custom_identity_id: int | None
    ad_format: str
    ad_text: str
    call_to_action: str
    landing_page_url: str
    deeplink: str
    deeplink_type: str
    utm_params_text: str
    impression_tracking_url: str
    click_tracking_url: str
    tracking_pixel_id: int | None
    tracking_app_id: int | None
    dark_post: bool
    music_disabled: bool
    duet_allowed: bool
    stitch_allowed: bool
    creative_version: int
    creator_word: str

    @property
    def image_ids(self) -> tuple[str, ...]:
        """Images of the library that it shows."""
        return () if self.image_ids_text == "[]" else _IMAGE_IDS.decode(self.image_ids_text)

    @property
    def utm_params(self) -> tuple[tuple[str, str], ...]:
        """What is added to the landing page's address."""
        if self.utm_params_text == "[]":
            return ()
        return tuple((param["key"], param["value"]) for param in _UTM_PARAMS.decode(self.utm_params_text))


@dataclass(frozen=True, slots=True)
class RunnableCampaign:
    """A campaign's facts."""

    id: int
    objective_type: str
    special_industries: list[str]
    budget_optimize_on: bool
    budget_mode: str
    budget_micros: int | None
    envelope_id: int | None
    week_envelope_id: int | None
    holdout_ppm: int
    split_id: int | None
    split_side: int


@dataclass(frozen=True, slots=True)
class RunnableGroup:
    """An ad group's facts."""

    id: int
    advertiser_id: int
    campaign_id: int
    promotion_type: str
    placements: list[str]
    optimization_goal: str
    optimization_event: str
    billing_event: str
    bid_type: str
    bid_micros: int | None
    conversion_bid_micros: int | None
    pacing: str
    budget_mode: str
    budget_micros: int | None
    starts_at_ms: int
    ends_at_ms: int | None
    dayparting: str
    frequency: int | None
    frequency_days: int | None
    click_window: str
    view_window: str
    engaged_view_window: str
    attribution_event_count: str
    pixel_id: int | None
    app_id: int | None
    comment_disabled: bool
    share_disabled: bool
    video_download_disabled: bool
    brand_safety_type: str
    targeting: Any
    envelope_id: int | None
    week_envelope_id: int | None
    split_id: int | None
    split_side: int

    @property
    def audience(self) -> Targeting:
        """Whom it is meant for."""
        return msgspec.convert(self.targeting, Targeting)


_IMAGE_IDS = msgspec.json.Decoder(tuple[str, ...])
_UTM_PARAMS = msgspec.json.Decoder(list[dict[str, str]])
_LISTS = frozenset({"image_ids_text", "utm_params_text"})
_AD = tuple(field.name for field in fields(RunnableAd))
_GROUP = tuple(field.name for field in fields(RunnableGroup))
_CAMPAIGN = tuple(field.name for field in fields(RunnableCampaign))
OWNERS = {
    "adgroup": "adgroup_id",
    "campaign": "adgroup__campaign_id",
    "advertiser": "advertiser_id",
    "post": "post_id",
    "creator": "creator_id",
    "name": "custom_identity_id",
}
"""What an ad belongs to or shows, by the column that says so."""


def page_runnable(*, after: int, limit: int) -> list[RunnableAd]:
    """Return the next ads above the id ``after`` that are runnable as far as their own rows say, by rising id.

    Cost: one query on one table, in the order of its key; about 25 µs an ad.
    """
    return _read(_runnable().filter(id__gt=after).order_by("id")[:limit])


def find_runnable(ad_ids: Collection[int]) -> list[RunnableAd]:
    """Return those of some ads that are, likewise, by rising id. Cost: one query, none for no ids."""
    return _read(_runnable().filter(id__in=ad_ids).order_by("id")) if ad_ids else []


def _read(rows: QuerySet[Ad]) -> list[RunnableAd]:
    # Lists come as text: nearly all are empty, and the rest is decoded when it is asked for.
    columns = (Cast(name.removesuffix("_text"), TextField()) if name in _LISTS else name for name in _AD)
    return [RunnableAd(*values) for values in rows.values_list(*columns)]


def find_groups(adgroup_ids: Collection[int]) -> dict[int, tuple[RunnableGroup, RunnableCampaign]]:
    """Return those of some ad groups that are on, with their campaigns, which are too, by id.

    Cost: two queries, none for no ids.
    """
    if not adgroup_ids:
        return {}
    on = {"deleted_at_ms__isnull": True, "operation_status": Switch.ENABLE}
    groups = AdGroup.objects.filter(id__in=adgroup_ids, **on).values_list(*_GROUP)
    rows = [RunnableGroup(*values) for values in groups]
    above = Campaign.objects.filter(id__in={row.campaign_id for row in rows}, **on).values_list(*_CAMPAIGN)
    campaigns = {values[0]: RunnableCampaign(*values) for values in above}
    return {row.id: (row, campaigns[row.campaign_id]) for row in rows if row.campaign_id in campaigns}


def ids_of(owner: str, owner_ids: Collection[int], *, after: int, limit: int) -> list[int]:
    """Return the next ads, by rising id, that are not deleted and belong to or show some of ``OWNERS``.

    Of ``house``, whatever the ids, all. Whatever is off may have run before. Cost: one query on an index.
    """
    if owner == "house":
        rows = Ad.objects.filter(id__gt=after, deleted_at_ms__isnull=True)
        return list(rows.order_by("id").values_list("id", flat=True)[:limit])
    rows = Ad.objects.filter(**{f"{OWNERS[owner]}__in": owner_ids}, id__gt=after, deleted_at_ms__isnull=True)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def _runnable() -> QuerySet[Ad]:
    """Return ads by their own columns alone: what is above them is read once for many, and no page sorts them all."""
    rows = Ad.objects.filter(deleted_at_ms__isnull=True, operation_status=Switch.ENABLE, review=Ad.Review.APPROVED)
    return rows.exclude(creator_word=Ad.Word.REFUSED)
