"""Exploration: what is lost to never trying, and what trying costs, while new ads keep coming.

Requests come one after the other; each has twenty ads to choose from, and the same ones whatever the policy. A policy
shows the ad whose bid times predicted rate of clicks is highest, and learns from what came of it, in turns. Policies:
*greedy* goes by the mean; *house* draws rates for new ads within the stated budget, as decisions do; *free* does so in
every request. Regret is what an oracle who knows true rates would have earned more, as a share of what it earns. The
budget is of impressions that a draw won and the mean would not have. Passes: house below greedy on every seed, and
never more than the budget.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.proving.result import Row
from attise.proving.science.cases import told
from attise.proving.science.world import Size, World
from attise.records.feed import ViewerContext
from attise.serving import kernels
from attise.serving.prediction import thompson
from attise.serving.prediction.heads import CLICK, HEADS
from attise.serving.prediction.history import Counts
from attise.serving.prediction.predictor import Predictor
from attise.serving.prediction.table import make_table
from attise.serving.training.facts import Facts, facts_of
from attise.serving.training.trainer import Trainer

CANDIDATES: Final = 20
TURN: Final = 1_000
FULL = Size(rows=25_000, viewers=8_000, ads=160, days=10, new_share=0.7)
QUICK = Size(rows=8_000, viewers=3_000, ads=100, days=10, new_share=0.7)
POLICIES: Final = {"greedy": 0.0, "house": thompson.MOST_SHARE, "free": 1.0}


@dataclass(frozen=True)
class Market:
    """Requests with their candidates, and the truth about each: the same for every policy."""

    columns: dict[str, Any]
    viewers: tuple[ViewerContext, ...]
    candidates: NDArray[np.int64]
    """int64[n, 20], places of ads."""
    truth: NDArray[np.float64]
    """float64[n, 20, 6]."""
    luck: NDArray[np.float64]
    """float64[n, 6]: what comes of whatever is shown."""
    bids: NDArray[np.float64]
    ads: Facts


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case."""
    kernels.use(compiles=True)
    chosen = size or (QUICK if quick else FULL)
    regrets: dict[str, list[float]] = {name: [] for name in POLICIES}
    tried: list[float] = []
    began = time.perf_counter()
    for seed in seeds:
        market = make_market(World(chosen, seed), seed)
        for name, share in POLICIES.items():
            regret, guessed = follow(market, share, seed=seed, holds=name == "house")
            regrets[name].append(100 * regret)
            if name == "house":
                tried.append(100 * guessed)
    took = time.perf_counter() - began
    decisions = len(seeds) * len(POLICIES) * chosen.rows
    wins = sum(house < greedy for house, greedy in zip(regrets["house"], regrets["greedy"], strict=True))
    checks: dict[str, float | int | str] = {f"{name}_regret_percent": told(found, 3) for name, found in regrets.items()}
    checks |= {"house_below_greedy": f"{wins}/{len(seeds)}", "tried_percent": told(tried, 2)}
    return Row(
        name="science/exploration",
        scale=f"{chosen.rows} requests, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(decisions / took, 1),
        ratio=None,
        p50_ms=round(took / decisions * 1000, 4),
        p99_ms=round(took / decisions * 1000, 4),
        checks=checks,
        ok=wins == len(seeds) and max(tried) <= 100 * thompson.MOST_SHARE,
    )


def make_market(world: World, seed: int) -> Market:
    """Return the requests of a world: who comes, which twenty ads may be shown, and what is true of each."""
    draw = np.random.default_rng([seed, 6])
    at, viewers = world.moments(world.size.rows, seed)
    candidates = np.empty((len(at), CANDIDATES), dtype=np.int64)
    for rows in np.array_split(np.arange(len(at)), max(len(at) // 500, 1)):
        active = np.flatnonzero(world.begins_ms <= at[rows[0]])
        keys = draw.random((len(rows), len(active)))
        candidates[rows] = active[np.argsort(keys, axis=1)[:, :CANDIDATES]]
    flat = candidates.reshape(-1)
    nothing = np.zeros(len(flat), dtype=np.int64)
    truth = world.rates(
        np.repeat(at, CANDIDATES), np.repeat(viewers, CANDIDATES), flat, nothing, nothing.astype(bool)
    ).reshape(len(at), CANDIDATES, -1)
    columns = world.columns(at, viewers, candidates[:, 0])
    everything = np.arange(world.size.ads)
    return Market(
        columns=columns,
        viewers=_contexts(columns),
        candidates=candidates,
        truth=truth,
        luck=draw.random((len(at), truth.shape[2])),
        bids=np.random.default_rng([seed, 7]).lognormal(0, 0.3, world.size.ads),
        ads=facts_of(world.ad_columns(everything)),
    )


def follow(market: Market, share: float, *, seed: int, holds: bool) -> tuple[float, float]:
    """Return a policy's regret as a share of the oracle's value, and its share of impressions won by a draw.

    Args: share: of requests that may explore; holds: keep the budget (``thompson.next_share``).
    """
    trainer = Trainer(slots_log2=16, conversions_come_late=False)
    shown = np.empty(len(market.viewers), dtype=np.int64)
    value = market.truth[:, :, CLICK] * market.bids[market.candidates]
    requests = np.array(facts_of(market.columns).viewers)
    records = Counts(market.ads.ads.post_id, market.ads.organic)
    order = np.argsort(records.ids, kind="stable")
    records = Counts(records.ids[order], records.rows[order])
    lost, guessed, segment = 0.0, 0, np.zeros(CANDIDATES, dtype=np.uint8)
    for begin in range(0, len(shown), TURN):
        rows = np.arange(begin, min(begin + TURN, len(shown)))
        model = trainer.model()
        predictor = Predictor(model, (make_table(model, market.ads.ads, records),), explore_share=share)
        recent = 0
        for row in rows.tolist():
            places = market.candidates[row]
            found = predictor.predict(
                market.viewers[row],
                now_ms=int(market.columns["decided_at_ms"][row]),
                segment=segment,
                place=places,
                seed=seed << 32 | row,
            )
            bids = market.bids[places]
            best = int(np.argmax(found.mean[:, CLICK] * bids))
            if found.sampled is not None:
                drawn = int(np.argmax(found.sampled[:, CLICK] * bids))
                recent += drawn != best
                best = drawn
            shown[row] = best
            lost += value[row].max() - value[row, best]
        guessed += recent
        trainer.learn(_outcomes(market, requests, rows, shown))
        if holds:
            share = thompson.next_share(share, tried=recent, impressions=len(rows))
    return lost / value.max(axis=1).sum(), guessed / len(shown)


def _outcomes(market: Market, requests: NDArray[np.uint64], rows: NDArray[np.int64], shown: NDArray[np.int64]) -> Facts:
    """Return what came of the ads that were shown."""
    ads = market.ads.take(market.candidates[rows, shown[rows]])
    labels = (market.luck[rows] < market.truth[rows, shown[rows]]).astype(np.int8)
    conversions = labels[:, HEADS.index("convert")]
    conversions[labels[:, CLICK] == 0] = -1
    return replace(ads, viewers=requests[rows], labels=labels, decided_at_ms=market.columns["decided_at_ms"][rows])


def _contexts(columns: dict[str, Any]) -> tuple[ViewerContext, ...]:
    """Return who asks, as decisions are told of them."""
    starts = columns["viewer_interests.starts"].tolist()
    liked = columns["viewer_interests"].tolist()
    ages = columns["viewer_age"].tolist()
    return tuple(
        ViewerContext(
            pseudonym="",
            age=ages[row] if ages[row] >= 0 else None,
            gender=str(columns["viewer_gender"][row]),
            country=str(columns["viewer_country"][row]),
            language=str(columns["viewer_language"][row]),
            os=str(columns["viewer_os"][row]),
            device_price=int(columns["viewer_device_price"][row]),
            interests=tuple(liked[starts[row] : starts[row + 1]]),
            may_profile=True,
        )
        for row in range(len(ages))
    )
