"""How many people an ad group would be meant for: viewers are of management, whom an ad may be shown to of serving."""

from __future__ import annotations

from attise.kernel.limits import AUDIENCE_SAMPLE
from attise.kernel.means import Means
from attise.management.viewers.queries import sample_records
from attise.records.feed import context_of
from attise.records.lookups import categories
from attise.records.targeting import Targeting
from attise.serving.targeting.audience import Asked, Estimate, estimate


def reach_of(
    means: Means, targeting: Targeting, *, objective: str, category: str, special_industries: tuple[str, ...] = ()
) -> Estimate:
    """Return the estimate of an audience; ``category``: the advertiser's.

    Cost: two statements, and some ten milliseconds for the sample, however many viewers there are.
    """
    records, total = sample_records(AUDIENCE_SAMPLE)
    now_ms = means.clock.world_ms()
    row = categories.find(category)
    asked = Asked(targeting, objective, "none" if row is None else row.gate, special_industries)
    return estimate(asked, [context_of(one, now_ms=now_ms) for one in records], total)
