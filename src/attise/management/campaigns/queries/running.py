"""What runs on a creator's grants, and until when: what a creator is told before they revoke one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.management.authorizations.coverage import Cover, covers_of
from attise.management.campaigns.models import Ad, Switch
from attise.management.campaigns.standing import use_of

ENDLESS_DAYS = 30
"""How long an ad group without an end may go on once its creator ends the grant when what runs ends."""


@dataclass(frozen=True, slots=True)
class Running:
    """What runs on a grant, or will: how many ads, and when the last of them ends."""

    ads: int
    ends_at_ms: int


def running_on_creator(means: Means, *, creator_id: int) -> dict[int, Running]:
    """Return what runs on each of a creator's grants; one on which nothing runs is not there. Cost: two queries.

    What counts is on at all three levels, not refused, and its schedule is not over. An ad group without an end counts
    for thirty days from now, as nothing else would ever end it; no ad outlives its grant.
    """
    now = means.clock.world_ms()
    on = {f"{level}operation_status": Switch.ENABLE for level in ("", "adgroup__", "adgroup__campaign__")}
    on |= {f"{level}deleted_at_ms__isnull": True for level in ("", "adgroup__", "adgroup__campaign__")}
    rows = (
        Ad.objects.select_related("adgroup")
        .filter(Q(adgroup__ends_at_ms__isnull=True) | Q(adgroup__ends_at_ms__gt=now), creator_id=creator_id, **on)
        .exclude(review=Ad.Review.REJECTED)
        .only(*("advertiser_id", "kind", "identity_id", "post_id", "adgroup__ends_at_ms"))
    )
    uses = [(row, use) for row in rows if (use := use_of(row)) is not None]
    covers = covers_of(means, (use for _, use in uses))
    ends: dict[int, list[int]] = defaultdict(list)
    for row, use in uses:
        cover = covers.get(use)
        if cover is not None and cover.is_live:
            ends[cover.authorization_id].append(_end(row, cover, now))
    return {grant: Running(len(found), max(found)) for grant, found in ends.items()}


def end_of_ads_on(means: Means, *, creator_id: int, authorization_id: int) -> int | None:
    """Return when the last of what runs on a grant ends; None when nothing runs on it. Cost: two queries."""
    found = running_on_creator(means, creator_id=creator_id).get(authorization_id)
    return None if found is None else found.ends_at_ms


def campaigns_on(*, advertiser_id: int, post_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return how an advertiser's campaigns with ads of some posts are called, by post, the newest first; not deleted.

    Cost: one query.
    """
    rows = Ad.objects.filter(advertiser_id=advertiser_id, post_id__in=set(post_ids), deleted_at_ms__isnull=True)
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for post_id, name in rows.order_by("-id").values_list("post_id", "adgroup__campaign__name"):
        found[post_id][name] = None
    return {post_id: list(names) for post_id, names in found.items()}


def _end(row: Ad, cover: Cover, now_ms: int) -> int:
    end = row.adgroup.ends_at_ms
    end = now_ms + ENDLESS_DAYS * DAY_MS if end is None else end
    return end if cover.live_until_ms is None else min(end, cover.live_until_ms)
