"""Lift: whether intervals hold what is true, alike arms rarely differ, and what an ad brought is found.

A world of viewers who are more or less active: the active are reached more and do more by themselves, so that who was
shown an ad did more than who was not, whatever the ad did. Of those whom it would reach, a fifth is held out by chance.
A thousand replicates a seed, as arrays, of four outcomes: a *follow* (yes or no, rare), *visits* (counts that scatter
more than chance), *completions* by impressions (a ratio of sums), and *value* (money of the few who buy).

- *rejects*: of replicates whose ad does nothing, those whose arms are told to differ;
- *covers*: of replicates whose ad brings a quarter more, intervals that hold the truth;
- *found*: the mean of what is found, by the truth; *naive*: the same where those reached are set beside all others;
- *one more*: intervals of what one more follow costs that hold its true cost, where the ad brings as much again;
- *narrowed*: by how much what viewers did before narrows the interval of visits and of value (CUPED).

Passes, in the mean over seeds: rejects 3.6 to 6.4 %, covers 93 to 97 %, found within a twentieth.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from attise.measurement.lift.arms import Floats, ratios
from attise.measurement.lift.comparing import intervals, intervals_of_rates
from attise.measurement.lift.costs import cost_of
from attise.measurement.lift.covariates import adjust
from attise.proving.result import Row
from attise.proving.science.cases import told

REPLICATES: Final = 1_000
"""Of a seed; of a seed alone twice as many, since a thousand leave a share of 5 % uncertain by 1.4."""
VIEWERS: Final = 8_000
AT_ONCE: Final = 100
"""Replicates of one pass, so that its arrays stay small."""
HELD_PART: Final = 0.2
LIFT: Final = 0.25
MOST_MORE: Final = 2.0
"""By how much completions may rise: nobody completes more than they are shown."""
PRICE: Final = 0.05
"""Spent on a viewer who is shown the ad."""
REJECTS: Final = (0.036, 0.064)
COVERS: Final = (0.93, 0.97)
FOUND: Final = (0.95, 1.05)
FOLLOW, VISITS, COMPLETIONS, VALUE = OUTCOMES = ("follow", "visits", "completions", "value")


class Drawn(NamedTuple):
    """Some replicates; float64[replicates, viewers], or bool."""

    would: NDArray[np.bool_]
    """Whether the ad would reach them; below, whether they are held out of it."""
    is_held: NDArray[np.bool_]
    outcomes: dict[str, tuple[Floats, Floats]]
    """What each did, and how many units that is of."""
    before: dict[str, Floats]
    expected: dict[str, tuple[Floats, Floats]]
    """What each does without the ad in the mean, and with it."""


def run(seeds: Sequence[int], *, quick: bool, replicates: int | None = None) -> Row:
    """Measure the case."""
    replicates = replicates or (2 * REPLICATES if quick else REPLICATES)
    figures: dict[str, list[float]] = {}
    began = time.perf_counter()
    for seed in seeds:
        for name, value in measured(seed, replicates).items():
            figures.setdefault(name, []).append(value)
    took = time.perf_counter() - began
    means = {name: float(np.mean(values)) for name, values in figures.items()}
    is_right = all(
        REJECTS[0] <= means[f"{name}_rejects"] <= REJECTS[1]
        and COVERS[0] <= means[f"{name}_covers"] <= COVERS[1]
        and FOUND[0] <= means[f"{name}_found"] <= FOUND[1]
        for name in OUTCOMES
    )
    is_right &= COVERS[0] <= means["one_more_covers"] <= COVERS[1]
    many = 2 * replicates * len(seeds)
    return Row(
        name="science/lift",
        scale=f"{replicates} replicates of {VIEWERS} viewers, {len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(many / took, 1),
        ratio=None,
        p50_ms=round(took / many * 1_000, 3),
        p99_ms=round(took / many * 1_000, 3),
        checks={name: told(values, 3) for name, values in figures.items()},
        ok=is_right,
    )


def measured(seed: int, replicates: int) -> dict[str, float]:
    """Return what one seed came to."""
    nothing = _judged(drawn(seed, replicates, lift=0.0))
    more = _judged(drawn(seed + 1_000_000, replicates, lift=LIFT))
    found = {f"{name}_rejects": nothing[name]["differs"] for name in OUTCOMES}
    for name in OUTCOMES:
        found |= {f"{name}_{what}": more[name][what] for what in ("covers", "found", "naive")}
    return found | _costs(seed, replicates) | _narrowed(seed)


def drawn(seed: int, replicates: int, *, lift: float) -> Iterator[Drawn]:
    """Yield replicates, some at a time."""
    rng = np.random.default_rng(seed)
    for begin in range(0, replicates, AT_ONCE):
        size = (min(AT_ONCE, replicates - begin), VIEWERS)
        active = rng.gamma(1.5, 1 / 1.5, size)
        would = rng.random(size) < 1 - np.exp(-0.8 * active)
        is_held = would & (rng.random(size) < HELD_PART)
        more = np.where(would & ~is_held, 1 + lift, 1.0)
        rate = np.minimum(0.04 * active, 0.5)
        seen = 1 + rng.poisson(3 * active)
        ends = rng.beta(2.0, 4.0, size)
        buys = np.minimum(0.06 * active, 0.5)
        spends = rng.lognormal(0.0, 0.8, size)
        outcomes = {
            FOLLOW: ((rng.random(size) < rate * more).astype(np.float64), np.ones(size)),
            VISITS: (rng.poisson(0.8 * active * more).astype(np.float64), np.ones(size)),
            COMPLETIONS: (rng.binomial(seen, ends * more / MOST_MORE).astype(np.float64), seen.astype(np.float64)),
            VALUE: ((rng.random(size) < buys * more) * spends, np.ones(size)),
        }
        least = ends / MOST_MORE * seen
        worth = buys * float(np.exp(0.32))
        expected = {
            FOLLOW: (rate, rate * (1 + lift)),
            VISITS: (0.8 * active, 0.8 * active * (1 + lift)),
            COMPLETIONS: (least, least * (1 + lift)),
            VALUE: (worth, worth * (1 + lift)),
        }
        before = {
            VISITS: rng.poisson(8 * active).astype(np.float64),
            VALUE: (rng.random(size) < buys) * rng.lognormal(0.0, 0.8, size),
        }
        yield Drawn(would, is_held, outcomes, before, expected)


def _judged(parts: Iterator[Drawn]) -> dict[str, dict[str, float]]:
    """Return of each outcome how often arms differ, intervals hold the truth, and what is found by the truth."""
    lows, highs, found, naive = ({name: [] for name in OUTCOMES} for _ in range(4))
    gains, units = dict.fromkeys(OUTCOMES, 0.0), dict.fromkeys(OUTCOMES, 0.0)
    for part in parts:
        masks = (part.would & ~part.is_held, part.is_held, ~part.would)
        for name in OUTCOMES:
            events, each = part.outcomes[name]
            arms = [(events * mask, each * mask, mask.sum(axis=-1)) for mask in masks]
            (first, one), (second, other), (rest, _) = (_ratios(*arm) for arm in arms)
            if name == FOLLOW:
                low, high = intervals_of_rates(*((done.sum(axis=-1), many) for done, _, many in arms[:2]))
            else:
                low, high = intervals(first - second, one + other)
            lows[name].append(low)
            highs[name].append(high)
            found[name].append(first - second)
            naive[name].append(first - rest)
            without, withal = part.expected[name]
            gains[name] += float(((withal - without) * part.would).sum())
            units[name] += float((each * part.would).sum())
    return {
        name: _told(gains[name] / units[name], *(np.concatenate(one[name]) for one in (lows, highs, found, naive)))
        for name in OUTCOMES
    }


def _told(truth: float, low: Floats, high: Floats, found: Floats, naive: Floats) -> dict[str, float]:
    return {
        "differs": float(np.mean((low > 0) | (high < 0))),
        "covers": float(np.mean((low <= truth) & (truth <= high))),
        "found": float(found.mean() / (truth or 1.0)),
        "naive": float(naive.mean() / (truth or 1.0)),
    }


def _ratios(events: Floats, units: Floats, viewers: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return ratios and variances of arms that are parts of rows: what is outside of an arm is 0, and no viewer."""
    ratio, variance = ratios(events, units)
    everybody = events.shape[-1]
    return ratio, variance * ((everybody - 1) / everybody) * viewers / np.maximum(viewers - 1, 1)


def _costs(seed: int, replicates: int) -> dict[str, float]:
    """Return how often the interval of what one more follow costs holds its true cost, where the ad brings much."""
    ends, gains, reached = [], 0.0, 0
    for part in drawn(seed + 2_000_000, replicates, lift=4 * LIFT):
        for would, is_held, did in zip(part.would, part.is_held, part.outcomes[FOLLOW][0], strict=True):
            shown, out = did[would & ~is_held], did[is_held]
            ends.append(cost_of((shown, np.full(len(shown), PRICE)), (out, np.zeros(len(out)))))
        without, withal = part.expected[FOLLOW]
        gains += float(((withal - without) * part.would).sum())
        reached += int(part.would.sum())
    true = PRICE / (gains / reached)
    held = [one.low is not None and one.low <= true and (one.high is None or true <= one.high) for one in ends]
    return {"one_more_covers": sum(held) / len(held)}


def _narrowed(seed: int) -> dict[str, float]:
    """Return by which part what viewers did before narrows intervals."""
    part = next(drawn(seed + 3_000_000, 1, lift=LIFT))
    found = {}
    for name in (VISITS, VALUE):
        did, did_before = part.outcomes[name][0][0], part.before[name][0]
        arms = (part.would[0] & ~part.is_held[0], part.is_held[0])
        changed = adjust(*((did[arm], did_before[arm]) for arm in arms))
        found[f"{name}_narrowed"] = 1 - (1 - changed.explained) ** 0.5 if changed.is_used else 0.0
    return found
