"""What ads on creators' posts brought them: parts of what was charged, by advertiser and post.

The ledger knows envelopes and no posts: where a grant is of a whole account, only what was settled says which post it
was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum

from attise.measurement.attribution.models import Ad, AdHour, Outcome
from attise.measurement.conversions.evidence import parts
from attise.records.charge import EVENT
from attise.records.event import KEY_BYTES, decision_of_key

_DIGITS: Final = 2 * KEY_BYTES


@dataclass(frozen=True, slots=True)
class Share:
    """What one post's ads of one advertiser brought its creator."""

    advertiser_id: int
    post_id: int
    events: int
    """Those that were charged."""
    shared_micros: int


def list_shares(creator_id: int, currency: str) -> list[Share]:
    """Return what a creator's posts brought in a currency, by advertiser and post; nothing given back is taken off.

    Cost: two statements; reads every hour of the creator's ads.
    """
    place_of = {
        ad_id: (advertiser_id, post_id)
        for ad_id, advertiser_id, post_id in Ad.objects.filter(creator_id=creator_id, currency=currency)
        .exclude(post_id=0)
        .values_list("ad_id", "advertiser_id", "post_id")
    }
    sums: dict[tuple[int, int], list[int]] = {}
    for ids in parts(sorted(place_of)):
        rows = AdHour.objects.filter(ad_id__in=ids).values("ad_id").order_by()
        for row in rows.annotate(events=Sum("charged"), micros=Sum("shared_micros")):
            found = sums.setdefault(place_of[row["ad_id"]], [0, 0])
            found[0] += int(row["events"])
            found[1] += int(row["micros"])
    return [Share(*place, *found) for place, found in sorted(sums.items()) if any(found)]


def posts_of_charges(keys: Collection[str]) -> dict[str, int]:
    """Return, by key of a charge, the post whose ad's decision it is of; none where no event made it."""
    decision_of = {
        key: decision_of_key(bytes.fromhex(digits))
        for key in keys
        if key.startswith(EVENT) and len(digits := key.removeprefix(EVENT)) == _DIGITS
    }
    post_of: dict[int, int] = {}
    for ids in parts(sorted(set(decision_of.values()))):
        post_of.update(Outcome.objects.filter(decision_id__in=ids).values_list("decision_id", "post_id"))
    return {key: post_of[decision_id] for key, decision_id in decision_of.items() if post_of.get(decision_id)}
