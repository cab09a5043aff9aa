"""Exploration: what is lost to never trying, and what trying costs, while new ads keep coming.

Requests come one after the other; each has twenty ads to choose from, the same ones whatever the policy. A policy shows
the ad whose bid times predicted rate of clicks is highest, and learns from what came of it, in turns. *greedy* goes by
the mean; *house* draws rates for new ads within the stated budget, as decisions do. Both begin with what came of the
world's first half. Regret is what an oracle who knows true rates would have earned more, as a share of what it earns.

Two worlds: in *usual* newcomers are as newcomers were before; in *surprise* those of the second half are clicked at
odds e times as high, which nothing before could tell. Theory expects nothing of trying in the first: viewers who
differ, and ads that are not always all there, make the mean itself try ads (Bastani and others, 2021), and what is
believed of newcomers is true. There trying is an insurance, to be had for next to nothing; in the other it has
something to find.

Chance is the same for both: what comes of an ad's n-th showing is drawn once for the ad and n, so that an ad which has
bad luck at first has it under either policy; and each world is lived with several draws of luck, whose mean is a seed's
figure. Ads live long in relation to their number, some 750 impressions each, and all are paid by clicks.

The budget is of impressions that a draw won and the mean would not have. Passes: never above the budget; in surprise
less regret than greedy on average, and on the worst seed: trying is an insurance, which pays much and seldom, so that
on how many seeds it pays says little (decision 0094); in usual at most ``MOST_PRICE`` of greedy's regret more, on
average.
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
from attise.serving.prediction.heads import CLICK, HEADS, WIDTH
from attise.serving.prediction.history import Counts
from attise.serving.prediction.model import Model
from attise.serving.prediction.predictor import NOBODY, Predictor
from attise.serving.prediction.table import AdTable, make_table
from attise.serving.training.facts import Facts, facts_of
from attise.serving.training.trainer import Trainer

CANDIDATES: Final = 20
TURN: Final = 1_000
FULL = Size(rows=60_000, viewers=8_000, ads=40, days=10, new_share=0.6, spark_share=0.0)
QUICK = Size(rows=12_000, viewers=3_000, ads=40, days=10, new_share=0.6, spark_share=0.0)
WORLDS: Final = ("usual", "surprise")
BETTER: Final = 1.0
"""By how many logits newcomers of the second half of *surprise* are better than nature made them."""
LIVES: Final = 3
"""Draws of luck for each world and seed."""
SHOWINGS: Final = 8_192
"""Draws that an ad has; a later showing has the luck of an earlier one."""
MOST_PRICE: Final = 0.02
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
    bids: NDArray[np.float64]
    ads: Facts
    before: Facts
    """What the house has learned from when the first request comes."""


def run(seeds: Sequence[int], *, quick: bool, size: Size | None = None, lives: int = LIVES) -> Row:
    """Measure the case. With fewer than five seeds only the budget is judged: one alone is luck."""
    kernels.use(compiles=True)
    chosen = size or (QUICK if quick else FULL)
    regrets: dict[str, list[float]] = {f"{name}_{policy}": [] for name in WORLDS for policy in ("greedy", "house")}
    tried: list[float] = []
    began, decisions = time.perf_counter(), 0
    for seed in seeds:
        for name in WORLDS:
            market = make_market(world_of(name, chosen, seed), seed)
            found = []
            for life in range(lives):
                decisions += 2 * len(market.viewers)
                luck = luck_of(market, seed, life)
                greedy, _ = follow(market, luck, seed=seed, explores=False)
                house, guessed = follow(market, luck, seed=seed, explores=True)
                found.append((greedy, house))
                tried.append(100 * guessed)
            for policy, regret in zip(("greedy", "house"), np.mean(found, axis=0).tolist(), strict=True):
                regrets[f"{name}_{policy}"].append(100 * regret)
    took = time.perf_counter() - began
    pairs = {name: (np.array(regrets[f"{name}_house"]), np.array(regrets[f"{name}_greedy"])) for name in WORLDS}
    wins = {name: int((house < greedy).sum()) for name, (house, greedy) in pairs.items()}
    checks: dict[str, float | int | str] = {f"{name}_percent": told(found, 2) for name, found in regrets.items()}
    checks |= {f"{name}_difference": told((house - greedy).tolist(), 2) for name, (house, greedy) in pairs.items()}
    checks |= {f"{name}_below_greedy": f"{won}/{len(seeds)}" for name, won in wins.items()}
    checks |= {f"{name}_worst": f"{house.max():.2f} {greedy.max():.2f}" for name, (house, greedy) in pairs.items()}
    checks["tried_percent"] = round(max(tried), 2)
    is_right = max(tried) <= 100 * thompson.MOST_SHARE
    if len(seeds) >= FEW_SEEDS:
        usual, usual_greedy = pairs["usual"]
        is_right &= usual.mean() <= (1 + MOST_PRICE) * usual_greedy.mean()
        surprise, surprise_greedy = pairs["surprise"]
        is_right &= surprise.mean() < surprise_greedy.mean() and surprise.max() < surprise_greedy.max()
    return Row(
        name="science/exploration",
        scale=f"{len(market.viewers)} requests, {lives} lives, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(decisions / took, 1),
        ratio=None,
        p50_ms=round(took / decisions * 1000, 4),
        p99_ms=round(took / decisions * 1000, 4),
        checks=checks,
        ok=bool(is_right),
    )


def world_of(name: str, size: Size, seed: int) -> World:
    """Return one of ``WORLDS``."""
    world = World(size, seed)
    if name == "surprise":
        world.quality[world.begins_ms > middle_of(world)] += BETTER
    return world


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
    ads = facts_of(world.ad_columns(np.arange(world.size.ads)))
    return Market(
        columns=columns,
        viewers=_contexts(columns),
        candidates=candidates,
        truth=truth,
        bids=np.random.default_rng([seed, 7]).lognormal(0, 0.3, world.size.ads),
        ads=replace(ads, ads=replace(ads.ads, goal=np.full(len(ads), CLICK, dtype=np.uint8))),
        before=before,
    )


def luck_of(market: Market, seed: int, life: int) -> NDArray[np.float32]:
    """Return what comes of each ad's showings, float32[ads, SHOWINGS, 6]: an event below its rate happens."""
    shape = (len(market.ads), SHOWINGS, market.truth.shape[2])
    return np.random.default_rng([seed, 9, life]).random(shape, dtype=np.float32)


def follow(market: Market, luck: NDArray[np.float32], *, seed: int, explores: bool) -> tuple[float, float]:
    """Return a policy's regret as a share of the oracle's value, and its share of impressions won by a draw.

    Args: explores: whether the share of requests that each model says explores; False: greedy.
    """
    trainer = Trainer(slots_log2=18, conversions_come_late=False)
    trainer.learn(market.before)
    shown = np.empty(len(market.viewers), dtype=np.int64)
    times = np.zeros(len(market.ads), dtype=np.int64)
    value = market.truth[:, :, CLICK] * market.bids[market.candidates]
    requests = np.array(facts_of(market.columns).viewers)
    records = Counts(market.ads.ads.post_id, market.ads.organic)
    order = np.argsort(records.ids, kind="stable")
    records = Counts(records.ids[order], records.rows[order])
    lost, guessed, segment = 0.0, 0, np.zeros(CANDIDATES, dtype=np.uint8)
    for begin in range(0, len(shown), TURN):
        rows = np.arange(begin, min(begin + TURN, len(shown)))
        model = trainer.model()
        table = make_table(model, market.ads.ads, records)
        share = model.header.explore_share if explores else 0.0
        predictor = Predictor(model, (table,), explore_share=share)
        worth = _clicks(model, table, requests[rows], market.candidates[rows]) * market.bids[market.candidates[rows]]
        shown[rows] = worth.argmax(axis=1)
        is_trial = np.zeros(len(rows), dtype=bool)
        for row in [row for row in rows.tolist() if thompson.does_explore(seed << 32 | row, share)]:
            places = market.candidates[row]
            found = predictor.predict(
                market.viewers[row],
                now_ms=int(market.columns["decided_at_ms"][row]),
                segment=segment,
                place=places,
                seed=seed << 32 | row,
            )
            if found.sampled is not None:
                drawn = int(np.argmax(found.sampled[:, CLICK] * market.bids[places]))
                is_trial[row - begin] = drawn != shown[row]
                shown[row] = drawn
        guessed += int(is_trial.sum())
        lost += (value[rows].max(axis=1) - value[rows, shown[rows]]).sum()
        facts = _outcomes(market, luck, times, requests, rows, shown)
        if explores:
            version = np.full(len(rows), model.version)
            facts = replace(facts, model_version=version, is_exploration=is_trial.astype(np.int64))
        trainer.learn(facts)
    return lost / value.max(axis=1).sum(), guessed / len(shown)


def _clicks(
    model: Model, table: AdTable, requests: NDArray[np.uint64], candidates: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the expected rates of clicks of requests' candidates, float32[n, 20]: ``Predictor.predict`` by its kernel.

    Why: what surrounds the kernel, and does nothing here, takes a life's time ten times over.
    """
    from attise.serving.prediction.compiled import predict

    found = np.empty(candidates.shape, dtype=np.float32)
    scores = np.empty((CANDIDATES, WIDTH), dtype=np.float32)
    mean = np.empty((CANDIDATES, len(HEADS)), dtype=np.float32)
    shown, since = np.zeros(CANDIDATES, dtype=np.int32), np.full(CANDIDATES, -1, dtype=np.int64)
    places = candidates.astype(np.int32)
    for row in range(len(found)):
        predict(
            requests[row], table.alone, table.keys, places[row], NOBODY, shown, since,
            model.weights, model.grid, scores, mean,
        )  # fmt: skip
        found[row] = mean[:, CLICK]
    return found


def _outcomes(
    market: Market,
    luck: NDArray[np.float32],
    times: NDArray[np.int64],
    requests: NDArray[np.uint64],
    rows: NDArray[np.int64],
    shown: NDArray[np.int64],
) -> Facts:
    """Return what came of the ads that were shown, as facts, and count their showings."""
    places = market.candidates[rows, shown[rows]]
    showing = np.empty(len(rows), dtype=np.int64)
    for number, place in enumerate(places.tolist()):
        showing[number] = times[place]
        times[place] += 1
    labels = (luck[places, showing % SHOWINGS] < market.truth[rows, shown[rows]]).astype(np.int8)
    conversions = labels[:, HEADS.index("convert")]
    conversions[labels[:, CLICK] == 0] = -1
    ads = market.ads.take(places)
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
