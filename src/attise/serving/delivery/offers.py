"""What a contest asks of ad groups beside their rows, worked out beforehand: offers, pacing, envelopes, holdouts.

Made aside for each segment whenever pacing takes a turn or a segment is new, and swapped in with the state; a decision
gathers from it. All arrays are by place of a group in its segment unless told otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel import lines
from attise.records.drops import Drop
from attise.serving.delivery.allowance import Allowances
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.units import UNITS
from attise.serving.delivery.value import EVENT_TABLE, factors, full_bids
from attise.serving.targeting.codes import BILLING_EVENTS
from attise.serving.targeting.segment import Segment

ENVELOPES: Final = (
    ("campaign_envelope_id", Drop.BUDGET_CAMPAIGN),
    ("campaign_week_envelope_id", Drop.BUDGET_CAMPAIGN),
    ("envelope_id", Drop.BUDGET_ADGROUP),
    ("week_envelope_id", Drop.BUDGET_ADGROUP),
    ("balance_envelope_id", Drop.BALANCE),
)
"""Fields of a group's row that name envelopes, and the reason when one has no room; a grant's comes after them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What pacing says of a segment's groups."""

    multiplier: NDArray[np.float32]
    """λ, 0..1: the share of its bid that each may offer."""
    entry: NDArray[np.float32]
    """0..1: the share of contests that each takes part in."""


OFFER_ROW: Final = np.dtype(
    [
        ("factor", "<f8"),  # offer for 1,000 impressions at a rate of 1, in micros of the common unit
        ("unit", "<f8"),  # common units that one unit of its currency is taken for
        ("full_bid_micros", "<i8"),  # for one event (1,000 impressions for ``IMPRESSION``), in its currency
        ("adgroup_id", "<i8"),
        ("campaign_id", "<i8"),
        ("advertiser_id", "<i8"),
        ("split_id", "<i8"),  # the split test that it is a side of; 0: none
        ("multiplier", "<f4"),
        ("entry", "<f4"),
        ("holdout_ppm", "<u4"),  # share of viewers who are held out of its campaign
        ("frequency", "<u4"),
        ("envelopes", "<i4", (5,)),  # places in ``Allowances``, in the order of ``ENVELOPES``
        ("frequency_days", "<u2"),
        ("event", "<u1"),  # what is bid for: ``value``
        ("billing_event", "<u1"),
        ("optimization_goal", "<u1"),
        ("currency", "<u1"),
        ("brand_safety", "<u1"),
        ("has_bid", "<u1"),  # whether the bid is its own; else the house's ceiling stands for it
        ("split_side", "<u1"),
    ],
    align=True,
)
"""What a contest asks of a group: two lines of a processor's cache."""
COPIED: Final = (
    *("adgroup_id", "campaign_id", "advertiser_id", "frequency", "frequency_days", "billing_event"),
    *("optimization_goal", "currency", "brand_safety", "split_id", "split_side"),
)
"""Fields that are the group's own."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything by group, and two columns by ad."""

    rows: NDArray[Any]
    """``OFFER_ROW[n_groups]``."""
    grant_envelope: NDArray[np.int32]
    """int32[n_ads]: place in ``Allowances`` of the creator's spending cap."""
    promise: NDArray[np.float32]
    """float32[n_ads]: bound and pacing together, by which the foremost of what a search found are taken."""
    has_holdouts: bool = False
    """Whether any group has viewers held out from it."""
    has_splits: bool = False
    """Whether any group is a side of a split test."""


def even_pace(segment: Segment) -> Pace:
    """Return the pace of groups that nothing holds back."""
    ones = np.ones(len(segment.groups), dtype=np.float32)
    return Pace(ones, ones)


def offers_of(
    segment: Segment,
    pace: Pace,
    allowances: Allowances,
    policy: Policy,
) -> Offers:
    """Return what a segment's groups offer. Cost: some 0.3 µs a group, and a sort of the ids of envelopes."""
    groups = segment.groups
    event = EVENT_TABLE[groups["billing_event"], groups["optimization_goal"]]
    unit = UNITS[groups["currency"]]
    ceilings = ceilings_of(event, unit, groups["campaign_budget_micros"], groups["budget_micros"], policy)
    is_target = groups["billing_event"] == BILLING_EVENTS["OCPM"]
    bids = full_bids(event, groups["bid_micros"], groups["conversion_bid_micros"], is_target, ceilings)
    rows = lines.zeros(len(groups), OFFER_ROW)
    for name in COPIED:
        rows[name] = groups[name]
    rows["event"], rows["unit"], rows["full_bid_micros"] = event, unit, bids
    rows["has_bid"] = np.where(is_target, groups["conversion_bid_micros"], groups["bid_micros"]) > 0
    rows["multiplier"], rows["entry"] = _multiplier(pace), pace.entry
    rows["factor"] = factors(event, bids, rows["multiplier"], unit)
    rows["envelopes"] = allowances.places_of(np.stack([groups[name] for name, _ in ENVELOPES], axis=1))
    rows["holdout_ppm"] = np.maximum(groups["holdout_ppm"], policy.holdout_ppm)
    return Offers(
        rows=rows,
        grant_envelope=allowances.places_of(np.ascontiguousarray(segment.ads["grant_envelope_id"])),
        promise=segment.ads["bound"] * rows["multiplier"][segment.ads["group"]],
        has_holdouts=bool(rows["holdout_ppm"].any()),
        has_splits=bool(rows["split_id"].any()),
    )


def paced(segment: Segment, offers: Offers, pace: Pace) -> Offers:
    """Return a segment's offers at another pace; everything else of them stays. Cost: 20 ns a group and 5 ns an ad."""
    rows = lines.copied(offers.rows)
    rows["multiplier"], rows["entry"] = _multiplier(pace), pace.entry
    rows["factor"] = factors(rows["event"], rows["full_bid_micros"], rows["multiplier"], rows["unit"])
    promise = segment.ads["bound"] * rows["multiplier"][segment.ads["group"]]
    return Offers(rows, offers.grant_envelope, promise, offers.has_holdouts, offers.has_splits)


def _multiplier(pace: Pace) -> NDArray[np.float32]:
    """Return multipliers between 0 and 1; one that is no number bids nothing: a search counts by finite promises."""
    return np.nan_to_num(np.clip(pace.multiplier, 0.0, 1.0), copy=False, nan=0.0)


def ceilings_of(
    event: NDArray[np.uint8],
    unit: NDArray[np.float64],
    campaign_budget_micros: NDArray[np.int64],
    budget_micros: NDArray[np.int64],
    policy: Policy,
) -> NDArray[np.int64]:
    """Return what stands for the bid of groups without one, int64[n], in their currencies.

    The house's ceiling of the event, and never more than a part of the least of their budgets (-1: none).
    """
    table = np.zeros(int(event.max(initial=0)) + 1)
    for number, micros in policy.ceilings_micros.items():
        if number < len(table):
            table[number] = micros
    worth = np.divide(table[event], unit, out=np.zeros(len(event)), where=unit > 0)
    budgets = np.minimum(_or_endless(campaign_budget_micros), _or_endless(budget_micros))
    found: NDArray[np.int64] = np.minimum(worth, budgets / policy.budget_parts).astype(np.int64)
    return found


def _or_endless(budget_micros: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(budget_micros > 0, budget_micros.astype(np.float64), np.inf)
