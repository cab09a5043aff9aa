"""The order of an index: what each ad may be worth to a viewer of whom nothing is known.

Made once for an index, aside, from the arrays of a snapshot and the rates that the model gives every ad by itself; a
search then brings the best by it. It is an estimate, not a ceiling: ``attise bench decide`` measures how seldom the
winner of the whole contest is not among the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attise.serving.delivery.offers import ceilings_of
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.units import UNITS
from attise.serving.delivery.value import EVENT_TABLE, factors, full_bids, rates_of, user_values
from attise.serving.targeting.codes import BILLING_EVENTS, GOALS, currency_codes


def static_bound(
    arrays: Mapping[str, NDArray[Any]], words: Sequence[str], rates: NDArray[np.float32], policy: Policy
) -> NDArray[np.float32]:
    """Return the bound of every ad, float32[n_ads], in the order of the arrays; finite.

    Args: arrays, words: of ``records.snapshot.tables``; rates: float32[n_ads, 6] of each ad by itself, in the same
    order (``prediction.table``). Cost: some 0.2 µs an ad.
    """
    billing = BILLING_EVENTS.of_words(words, arrays["groups.billing_event"])
    event = EVENT_TABLE[billing, GOALS.of_words(words, arrays["groups.optimization_goal"])]
    unit = UNITS[currency_codes().of_words(words, arrays["groups.currency"])]
    ceilings = ceilings_of(event, unit, arrays["groups.campaign_budget_micros"], arrays["groups.budget_micros"], policy)
    bids = full_bids(
        event,
        arrays["groups.bid_micros"],
        arrays["groups.conversion_bid_micros"],
        billing == BILLING_EVENTS["OCPM"],
        ceilings,
    )
    factor = factors(event, bids, np.ones(len(event)), unit)
    group = arrays["ads.group"]
    offer = factor[group] * rates_of(event[group], rates, arrays["ads.duration_ms"])
    found = offer + user_values(rates, policy.user_value)
    bound: NDArray[np.float32] = np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
    return bound
