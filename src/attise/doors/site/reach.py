"""How many people an ad group would be meant for: viewers are of management, whom an ad may be shown to of serving."""

from __future__ import annotations

from collections.abc import Sequence

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

    Cost: two statements, of which the one that counts viewers reads an index whole, and some ten milliseconds for the
    sample, however many viewers there are.
    """
    return reaches_of(means, [asked_of(targeting, objective, category, special_industries)])[0]


def asked_of(targeting: Targeting, objective: str, category: str, special_industries: tuple[str, ...] = ()) -> Asked:
    """Return what an ad group of an advertiser's category says of whom it is for."""
    row = categories.find(category)
    return Asked(targeting, objective, "none" if row is None else row.gate, special_industries)


def reaches_of(means: Means, asked: Sequence[Asked]) -> list[Estimate]:
    """Return the estimates of several audiences, by one sample. Cost: as of one, and some milliseconds for each."""
    records, total = sample_records(AUDIENCE_SAMPLE)
    now_ms = means.clock.world_ms()
    sample = [context_of(one, now_ms=now_ms) for one in records]
    return [estimate(one, sample, total) for one in asked]
