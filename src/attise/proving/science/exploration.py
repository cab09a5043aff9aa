"""Exploration: what is lost to never trying, and what trying costs, while new ads keep coming.

Requests come one after the other; each has twenty ads to choose from, the same ones whatever the policy. A policy shows
the ad whose bid times predicted rate of clicks is highest, and learns from what came of it, in turns. *greedy* goes by
the mean; *house* draws rates for new ads within the stated budget, as decisions do. Both begin with what came of the
world's first half. Regret is what an oracle who knows true rates would have earned more, as a share of what it earns.

Two worlds: in *usual* newcomers are as newcomers were before; in *surprise* those of the second half are clicked at
odds e times as high, which nothing before could tell. Trying is an insurance: it pays in the second and has its price
in the first, since viewers who differ make the mean itself try many ads. The budget is of impressions that a draw won
and the mean would not have. Passes: never above the budget; in surprise less regret than greedy on average and on four
seeds of five; in usual at most ``MOST_PRICE`` of greedy's regret more, on average.
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
from attise.proving.science.world import DAY_MS, START_MS, Size, World, rows_of
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
FULL = Size(rows=60_000, viewers=8_000, ads=160, days=10, new_share=0.6, spark_share=0.0)
QUICK = Size(rows=12_000, viewers=3_000, ads=100, days=10, new_share=0.6, spark_share=0.0)
WORLDS: Final = {"usual": 0.0, "surprise": 1.0}
"""By how many logits newcomers of the second half are better than nature made them."""
MOST_PRICE: Final = 0.05
FEW_SEEDS: Final = 5


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
    before: Facts
    """What the house has learned from when the first request comes."""


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None) -> Row:
    """Measure the case. With fewer than five seeds only the budget is judged: one alone is luck."""
    kernels.use(compiles=True)
    chosen = size or (QUICK if quick else FULL)
    regrets: dict[str, list[float]] = {f"{name}_{policy}": [] for name in WORLDS for policy in ("greedy", "house")}
    tried: list[float] = []
    began, decisions = time.perf_counter(), 0
    for seed in seeds:
        for name, surprise in WORLDS.items():
            world = World(chosen, seed)
            world.quality[world.begins_ms > middle_of(world)] += surprise
            market = make_market(world, seed)
            decisions += 2 * len(market.viewers)
            regrets[f"{name}_greedy"].append(100 * follow(market, 0.0, seed=seed)[0])
            regret, guessed = follow(market, thompson.MOST_SHARE, seed=seed)
            regrets[f"{name}_house"].append(100 * regret)
            tried.append(100 * guessed)
    took = time.perf_counter() - began
    pairs = {name: (np.array(regrets[f"{name}_house"]), np.array(regrets[f"{name}_greedy"])) for name in WORLDS}
    wins = {name: int((house < greedy).sum()) for name, (house, greedy) in pairs.items()}
    checks: dict[str, float | int | str] = {f"{name}_percent": told(found, 2) for name, found in regrets.items()}
    checks |= {f"{name}_below_greedy": f"{won}/{len(seeds)}" for name, won in wins.items()}
    checks["tried_percent"] = round(max(tried), 2)
    is_right = max(tried) <= 100 * thompson.MOST_SHARE
    if len(seeds) >= FEW_SEEDS:
        changes = {name: float(house.mean() / greedy.mean() - 1) for name, (house, greedy) in pairs.items()}
        is_right &= changes["usual"] <= MOST_PRICE
        is_right &= changes["surprise"] < 0 and wins["surprise"] >= 0.8 * len(seeds)
    return Row(
        name="science/exploration",
        scale=f"{decisions // len(seeds) // 4} requests, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(decisions / took, 1),
        ratio=None,
        p50_ms=round(took / decisions * 1000, 4),
        p99_ms=round(took / decisions * 1000, 4),
        checks=checks,
        ok=bool(is_right),
    )


def middle_of(world: World) -> int:
    """Return the middle of a world's time: before it a log is learned from, after it policies choose."""
    return START_MS + world.size.days * DAY_MS // 2


def make_market(world: World, seed: int) -> Market:
    """Return the requests of a world's second half: who comes, which twenty ads may be shown, what is true of each.

    What came of the first half, by budgets and nobody's model, is what the house knows when it begins.
    """
    draw = np.random.default_rng([seed, 6])
    middle_ms = middle_of(world)
    columns, _ = world.log(seed)
    before = facts_of(rows_of(columns, slice(int(np.searchsorted(columns["decided_at_ms"], middle_ms)))))
    at, viewers = world.moments(world.size.rows, seed)
    at, viewers = at[at >= middle_ms], viewers[at >= middle_ms]
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
    return Market(
        columns=columns,
        viewers=_contexts(columns),
        candidates=candidates,
        truth=truth,
        luck=draw.random((len(at), truth.shape[2])),
        bids=np.random.default_rng([seed, 7]).lognormal(0, 0.3, world.size.ads),
        ads=facts_of(world.ad_columns(np.arange(world.size.ads))),
        before=before,
    )


def follow(market: Market, share: float, *, seed: int) -> tuple[float, float]:
    """Return a policy's regret as a share of the oracle's value, and its share of impressions won by a draw.

    Args: share: of requests that may explore at first, then kept to the budget (``thompson.next_share``); 0: greedy.
    """
    trainer = Trainer(slots_log2=18, conversions_come_late=False)
    trainer.learn(market.before)
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
        if share:
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
