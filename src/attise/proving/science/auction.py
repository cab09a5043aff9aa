"""The auction: prices within bids, no slot lost by a higher bid, and nothing gained by another than the honest one.

A market of advertisers whose ads are worth something else in each contest (their rates differ), some liked and some
not, some drawn for exploration; two slots in each answer, the second reached in four cases of five. Each in turn
says another multiple of what an event is worth to it, in every contest, while the others stay honest; ``gain`` is what
the best such lie brings over honesty, in per cent of its utility. ``gain_slot_by_slot`` is the same in auctions where
each slot's winner pays the next one's value, ``efficiency`` what winners are worth of the most there was.

Passes: no price above its offer or below 0; no slot lost by a higher bid; at most 1 % gained by any lie.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.serving.delivery.auction import Place, run_auction

REACH: Final = (1.0, 0.8)
LIES: Final = (0.5, 0.7, 0.85, 0.95, 1.05, 1.2, 1.5, 2.0)
BIDDERS: Final = 12
MOST_GAIN_PERCENT: Final = 1.0
DRAWN: Final = 0.1
"""Share of ads in a contest that are ranked by a drawn rate."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Market:
    """Contests of the same bidders; all arrays float64[contests, bidders]."""

    offer: Floats
    """What 1,000 impressions are worth to each, by the mean: its honest offer."""
    liked: Floats
    drawn: Floats
    """The drawn rate as a multiple of the mean; 1 where nothing was drawn."""


def draw_market(contests: int, seed: int) -> Market:
    """Return a market."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(1.5, 0.5, BIDDERS)
    offer = level * rng.lognormal(0.0, 0.6, (contests, BIDDERS))
    liked = rng.normal(0.0, 0.8, (contests, BIDDERS))
    is_drawn = rng.random((contests, BIDDERS)) < DRAWN
    return Market(offer, liked, np.where(is_drawn, rng.lognormal(0.0, 0.5, (contests, BIDDERS)), 1.0))


Rule = Callable[[Floats, Floats, Floats, int], Sequence[Place]]


def ours(offer: Floats, liked: Floats, drawn: Floats, seed: int) -> Sequence[Place]:
    """Hold one contest."""
    ids = np.arange(len(offer))
    return run_auction(offer, liked, ids, ids, reach=REACH, rank_offer=offer * drawn, seed=seed).places


def slot_by_slot(offer: Floats, liked: Floats, drawn: Floats, seed: int) -> Sequence[Place]:
    """Hold one contest in which the winner of each slot pays what the next one in rank is worth."""
    ids = np.arange(len(offer))
    left, found = list(ids), []
    for _ in REACH:
        some = np.array(left)
        (place,) = run_auction(
            offer[some], liked[some], some, some, rank_offer=(offer * drawn)[some], seed=seed
        ).places or (None,)
        if place is None:
            break
        winner = left.pop(place.winner)
        found.append(Place(int(winner), -1, place.price, place.share))
    return found


def utility(market: Market, rule: Rule, who: int, lie: float) -> float:
    """Return what a bidder's impressions are worth to it beyond their price, over all contests, if it bids ``lie``."""
    total = 0.0
    for number in range(len(market.offer)):
        said = market.offer[number].copy()
        said[who] *= lie
        places = rule(said, market.liked[number], market.drawn[number], number)
        worth = market.offer[number, who]
        total += sum(REACH[slot] * (worth - one.price) for slot, one in enumerate(places) if one.winner == who)
    return total


def gain_percent(market: Market, rule: Rule, bidders: Sequence[int]) -> float:
    """Return what the best lie of any of these bidders brings it over honesty."""
    found = 0.0
    for who in bidders:
        honest = utility(market, rule, who, 1.0)
        best = max(utility(market, rule, who, lie) for lie in LIES)
        if honest > 0:
            found = max(found, 100 * (best - honest) / honest)
    return found


def faults(market: Market) -> tuple[int, int]:
    """Return in how many contests a price left its bounds, and how often a higher bid lost a slot."""
    out_of_bounds = lost = 0
    for number, offer in enumerate(market.offer):
        places = ours(offer, market.liked[number], market.drawn[number], number)
        out_of_bounds += any(not 0 <= one.price <= offer[one.winner] for one in places)
        for slot, one in enumerate(places):
            more = offer.copy()
            more[one.winner] *= 1.3
            after = [p.winner for p in ours(more, market.liked[number], market.drawn[number], number)]
            lost += one.winner not in after[: slot + 1]
    return out_of_bounds, lost


def efficiency(market: Market) -> float:
    """Return what winners are worth, by the mean, of the most that two could have been."""
    ours_worth = best_worth = 0.0
    weights = np.array(REACH)
    for number, offer in enumerate(market.offer):
        value = offer + market.liked[number]
        places = ours(offer, market.liked[number], market.drawn[number], number)
        ours_worth += sum(REACH[slot] * float(value[one.winner]) for slot, one in enumerate(places))
        best_worth += float((np.sort(value)[::-1][: len(REACH)] * weights).sum())
    return ours_worth / best_worth


def run(seeds: Sequence[int], *, quick: bool) -> Row:
    """Measure the case."""
    contests = 150 if quick else 400
    bidders = range(3) if quick else range(BIDDERS)
    figures: dict[str, list[float]] = {}
    began, held = time.perf_counter(), 0
    for seed in seeds:
        market = draw_market(contests, seed)
        out_of_bounds, lost = faults(market)
        found = {
            "out_of_bounds": float(out_of_bounds),
            "lost_by_raising": float(lost),
            "gain_percent": gain_percent(market, ours, bidders),
            "gain_slot_by_slot_percent": gain_percent(market, slot_by_slot, bidders),
            "efficiency": efficiency(market),
        }
        held += contests
        for name, value in found.items():
            figures.setdefault(name, []).append(value)
    took = time.perf_counter() - began
    ok = not sum(figures["out_of_bounds"]) and not sum(figures["lost_by_raising"])
    return Row(
        name="science/auction",
        scale=f"{contests} contests of {BIDDERS}, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(held / took, 1),
        ratio=None,
        p50_ms=round(took / held * 1000, 4),
        p99_ms=round(took / held * 1000, 4),
        checks={name: told(values) for name, values in figures.items()},
        ok=bool(ok and max(figures["gain_percent"]) <= MOST_GAIN_PERCENT),
    )
