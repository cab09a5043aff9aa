"""Shapes of what a viewer was shown, and of whom they want to see no more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.site.shown_ads import ShownAd, named
from attise.kernel.clock import rfc3339
from attise.management.viewers.hiding import HiddenBrand


class ShownAdAnswer(Told):
    """An ad that a viewer was shown once; `GET /v1/decisions/{decision_id}` says why."""

    decision_id: ToldId
    shown_at: ToldMoment
    ad_id: ToldId
    advertiser_id: ToldId
    advertiser: str
    post_id: ToldId | None
    creator: Annotated[str, Field(description="The handle of whose post it is; empty for a standard ad.")]
    clicked: bool


class HiddenAdvertiser(Told):
    """An advertiser of whom a viewer hid something."""

    advertiser_id: ToldId
    advertiser: str
    all_ads: bool
    ads: Annotated[int, Field(description="How many single ads are hidden; 0 where all are.")]
    since: ToldMoment


class HiddenAdvertisers(Told):
    """Whom a viewer hid, the latest first."""

    viewer_id: ToldId
    items: list[HiddenAdvertiser]


def tell_shown(one: ShownAd) -> ShownAdAnswer:
    """Return an ad that was shown as callers see it."""
    return ShownAdAnswer(
        decision_id=str(one.decision_id),
        shown_at=rfc3339(one.at_ms),
        ad_id=str(one.ad_id),
        advertiser_id=str(one.advertiser_id),
        advertiser=one.brand,
        post_id=str(one.post_id) if one.post_id else None,
        creator=one.handle,
        clicked=one.was_clicked,
    )


def tell_hidden(viewer_id: int, hidden: tuple[HiddenBrand, ...]) -> HiddenAdvertisers:
    """Return whom a viewer hid as callers see it."""
    return HiddenAdvertisers(
        viewer_id=str(viewer_id),
        items=[
            HiddenAdvertiser(
                advertiser_id=str(one.advertiser_id),
                advertiser=name,
                all_ads=one.is_whole,
                ads=one.ads,
                since=rfc3339(one.since_ms),
            )
            for one, name in named(hidden)
        ],
    )
