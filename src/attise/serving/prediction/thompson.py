"""What is tried: new ads get, now and then, the rate that they may have rather than the one that is expected.

A request explores by a keyed hash of its seed. In a new house a share of requests does that is the stated budget, so
that no more than that share of ad impressions can be won by a guess, without any counter; most of them would have been
won without it, and ``next_share`` lets more requests explore until what guesses win comes near the budget. Training
counts that in its facts, and each model says the share that goes with it (``Header.explore_share``).

In such a request an ad that is still new is ranked by what its next hundred impressions may make of it, for each head
``score + m max(z, 0)``: z is a standard normal number, and m² is what those impressions take off the variance of the
ad's own level, ``v - 1 / (1/v + 100 p (1 - p))`` with ``v = 1 / (1/u² + Σ p (1 - p))``, where u is how far ads lie
beside what is believed of them and the sum runs over the ad's impressions. So what cannot be learned soon is not tried,
and nothing is shown less for being new. Everything else, prices and pacing above all, goes by the mean.
An ad leaves after 500 impressions or 20 events of the kind it is paid for, whichever is first, and no advertiser has
more than a few tickets in one request, so that a thousand new ads are not a way to win.

Source: draws as in Chapelle and Li (2011), with the variance of an ad's own weight alone (those that ads share are
known far better), as wide as a knowledge gradient says (Frazier, Powell and Dayanik, 2008) and never below the mean, as
in optimistic Bayesian sampling (May and others, 2012). Why, by what was measured: ``docs/decisions/0094``.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.hashing import A, B, mix, mix_one
from attise.serving.prediction.heads import CONVERT, COUNT, IMPRESSIONS

MOST_SHARE: Final = 0.03
"""Of ad impressions: what an operator can at most give to trials; also what they get by default."""
AIM: Final = 0.8
MOST_REQUESTS: Final = 0.25
"""That may explore at all: a draw costs a request some time."""
MOST_IMPRESSIONS: Final = 500
MOST_EVENTS: Final = 20
LEAST_EXPLORED: Final = 100.0
"""Ad impressions of exploring requests that say how often a draw wins."""
TICKETS: Final = 3
"""New ads of one advertiser that may be tried in one request."""
UNKNOWN: Final = 0.7
"""By how many logits ads lie beside what is believed of them before they were shown: one standard deviation."""
AHEAD: Final = np.float32(100)
"""Impressions that a draw looks ahead by."""

GATE: Final = np.uint64(0x7A7E)
DRAW: Final = np.uint64(0xD4A3)
TICKET: Final = np.uint64(0x71C7)
MOST_SEED: Final = (1 << 64) - 1
HEAD_KEYS: Final = np.arange(COUNT, dtype=np.uint64) * B
UNIT: Final = 2.0**-53
QUANTILE_SHIFT: Final = np.uint64(52)
"""Leaves the twelve highest bits of a hash."""


def does_explore(seed: int, share: float) -> bool:
    """Tell whether a request explores. Args: seed: 64 bits; share: of requests (``next_share``)."""
    return (mix_one(int(GATE), seed & MOST_SEED, 0) >> 11) * UNIT < share


def is_new(counts: NDArray[np.float32], goals: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which ads are still tried. Args: counts: float32[n, 8] of the ads themselves; goals: the heads paid for.

    Conversions come late and seldom: an ad paid for them leaves with its impressions.
    """
    events = counts[np.arange(len(counts)), np.minimum(goals, CONVERT)]
    return (counts[:, IMPRESSIONS] < MOST_IMPRESSIONS) & (events < MOST_EVENTS)


def spread_of(seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the variance of what ads' own levels may be beside what is believed of them, in logits².

    Args: seen: float32[n, 8], Σ p (1 - p) of each ad and head: how much was learned of it by itself.
    """
    return np.float32(1) / (np.float32(1 / UNKNOWN**2) + seen)


def reach_of(spread: NDArray[np.float32], rates: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return by how much the next ``AHEAD`` impressions may move the mean of levels: standard deviations, in logits.

    Args: spread: what levels may be, variances in logits² (``spread_of``); rates: what is expected, of the same shape.
    """
    left = np.float32(1) / (np.float32(1) / spread + AHEAD * rates * (np.float32(1) - rates))
    found: NDArray[np.float32] = np.sqrt(np.maximum(spread - left, np.float32(0)))
    return found


def normals(seed: int, ad_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return standard normal numbers, float64[n, 6], one for each ad and head: quantiles by keyed hashes."""
    key = np.array([seed & MOST_SEED], dtype=np.uint64) * A + HEAD_KEYS
    mixed = mix(DRAW, key, ad_ids.astype(np.uint64)[:, None])
    found: NDArray[np.float64] = quantiles()[(mixed >> QUANTILE_SHIFT).astype(np.int64)]
    return found


@cache
def quantiles() -> NDArray[np.float64]:
    """Return the middles of 4,096 equally likely parts of the normal distribution, rising: a look-up is a draw.

    Why: no logarithm and no cosine, which take most of a draw's time and differ in their last bit between a compiled
    loop and numpy. What lies beyond 3.7 standard deviations is not drawn.
    """
    usual, many = NormalDist(), 1 << 12
    return np.array([usual.inv_cdf((number + 0.5) / many) for number in range(many)])


@cache
def rises() -> NDArray[np.float64]:
    """Return ``quantiles`` with nothing below the mean: what draws of rates are made of."""
    return np.maximum(quantiles(), 0.0)


def tickets(seed: int, ad_ids: NDArray[np.int64], advertisers: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Tell which of some new ads are tried in a request: ``TICKETS`` of each advertiser, drawn anew for each seed."""
    drawn = mix(GATE, np.array([seed & MOST_SEED], dtype=np.uint64), ad_ids.astype(np.uint64))
    order = np.lexsort((drawn, advertisers))
    ranked = advertisers[order]
    first = np.searchsorted(ranked, ranked, side="left")
    found = np.zeros(len(ad_ids), dtype=bool)
    found[order] = np.arange(len(ad_ids)) - first < TICKETS
    return found


def next_share(share: float, *, tried: float, explored: float) -> float:
    """Return the share of requests that may explore next, so that impressions won by a draw come near ``MOST_SHARE``.

    Why: most requests that explore are won by the same ad as without; the budget is of impressions that were not. What
    is counted is told late, of decisions under shares of before: so it is how often an exploring request's draw wins
    that is looked at, which does not depend on the share.
    Args: tried: ad impressions that a draw won and the mean would not have; explored: ad impressions of requests that
    explored, of those that ``tried`` are among.
    Aimed at ``AIM`` of the budget, and at most doubled, so that a turn that overshoots stays below it as a rule.
    Invariants: never above ``MOST_REQUESTS``; as it is while fewer than ``LEAST_EXPLORED`` are known of.
    """
    if explored < LEAST_EXPLORED:
        return share
    return min(AIM * MOST_SHARE * explored / max(tried, 1.0), 2 * share, MOST_REQUESTS)
