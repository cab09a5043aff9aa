"""What an advertiser usually bids: a hint for its next ad group, from its own figures alone."""

from __future__ import annotations

from statistics import median_low

from attise.management.accounts import queries as accounts
from attise.management.campaigns.models import AdGroup
from attise.management.campaigns.rules.objectives import OBJECTIVES
from attise.records.lookups import currencies

LOOKED_AT = 100
"""Ad groups that are looked at, the newest."""


def suggest_bid(advertiser_id: int, objective_type: str) -> int:
    """Return a bid for the usual goal of an objective, in micros of the advertiser's currency.

    It is the median of the advertiser's own latest bids for that goal, always one of them; of somebody who has never
    bid for it, the smallest bid that is taken. What others bid is nobody's to know.
    Raises: ``not_found`` for the advertiser; KeyError for an objective that was to be checked before.
    """
    advertiser = accounts.get_advertiser(advertiser_id)
    goal = OBJECTIVES[objective_type].goals[0]
    rows = AdGroup.objects.filter(
        advertiser_id=advertiser_id,
        campaign__objective_type=objective_type,
        optimization_goal=goal.name,
        deleted_at_ms__isnull=True,
        **{f"{goal.bid}__isnull": False},
    )
    bids = list(rows.order_by("-id").values_list(goal.bid, flat=True)[:LOOKED_AT])
    return median_low(bids) if bids else currencies.get(advertiser.currency).smallest_micros
