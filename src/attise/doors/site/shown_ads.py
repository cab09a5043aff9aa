"""Which ads somebody was shown, and whose they hid: what both doors tell a viewer of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.kernel.paging import Page
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.viewers.hiding import HiddenBrand
from attise.measurement.conversions.queries import list_seen


@dataclass(frozen=True, slots=True)
class ShownAd:
    """One ad that somebody was shown once."""

    decision_id: int
    at_ms: int
    """World time."""
    ad_id: int
    advertiser_id: int
    brand: str
    post_id: int
    """0: a standard ad."""
    handle: str
    """Of whose post it is; empty for a standard ad."""
    was_clicked: bool


def list_shown(pseudonym: str, *, after: int | None = None, limit: int = 50) -> Page[ShownAd]:
    """Return the ads that somebody was shown, the latest first, as long as that is kept. Cost: three statements."""
    found = list_seen(pseudonym, after=after, limit=limit + 1)
    names = brands_of(one.advertiser_id for one in found)
    shown = posts.find_posts([one.post_id for one in found if one.post_id])
    ads = [
        ShownAd(
            one.decision_id,
            one.decided_at_ms,
            one.ad_id,
            one.advertiser_id,
            names.get(one.advertiser_id, ""),
            one.post_id,
            shown[one.post_id].creator_handle if one.post_id in shown else "",
            one.clicked_at_ms > 0,
        )
        for one in found[:limit]
    ]
    return Page(ads, ads[-1].decision_id if len(found) > limit else None)


def brands_of(advertiser_ids: Iterable[int]) -> dict[int, str]:
    """Return what viewers know advertisers by. Cost: one statement, none for none."""
    ids = set(advertiser_ids)
    return {one.id: one.company for one in accounts.list_advertisers(ids)} if ids else {}


def named(hidden: Iterable[HiddenBrand]) -> list[tuple[HiddenBrand, str]]:
    """Return hidden brands with their names."""
    rows = list(hidden)
    names = brands_of(one.advertiser_id for one in rows)
    return [(one, names.get(one.advertiser_id, "")) for one in rows]
