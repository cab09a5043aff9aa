"""For how long after a click or a view an event counts for an ad: as ad groups have it."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from attise.doors.consoles.visit import AdvertiserVisit
from attise.management.campaigns import queries
from attise.records.windows import CLICK_DAYS, ENGAGED_VIEW_DAYS, VIEW_DAYS, days_of

LOOKED_AT = 100


class Windows(NamedTuple):
    """Days after each kind of touch; 0: never."""

    click: int
    engaged: int
    view: int
    name: str = ""
    """Of the ad group, and its page."""
    url: str = ""


USUAL = Windows(CLICK_DAYS, ENGAGED_VIEW_DAYS, VIEW_DAYS)
"""Where an ad group says nothing."""


def of_pixel(visit: AdvertiserVisit, pixel_id: int) -> list[Windows]:
    """Return the windows of the newest ad groups that name a pixel, or an app, and have others than the usual ones."""
    wish = queries.AdGroupWish()
    groups = queries.page_adgroups(visit.means, advertiser_id=visit.advertiser.id, wish=wish, limit=LOOKED_AT).items
    found = [
        Windows(
            days_of(one.click_window, default=CLICK_DAYS),
            days_of(one.engaged_view_window, default=ENGAGED_VIEW_DAYS),
            days_of(one.view_window, default=VIEW_DAYS),
            one.name,
            reverse("adgroup", args=[one.id]),
        )
        for one in groups
        if pixel_id in {one.pixel_id, one.app_id}
    ]
    return [one for one in found if one[:3] != USUAL[:3]]
