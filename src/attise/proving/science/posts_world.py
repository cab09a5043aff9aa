"""A world of posts whose future is known, and richer than any forecast here can say.

Posts of creators and categories with habits of their own are pushed in widening circles while a noisy gate lets them;
what is shared brings further views, hour after hour, by a kernel of word of mouth, until who is left has seen it;
hours of the day, bursts from outside that nothing follows, likes that were bought, a trickle that never ends. Only what
a counter shows leaves: cumulative hourly counts. The truth stays here: views of the next 48 hours in one course of
chance, and what a paid view brings (the difference of two expected futures, one with a thousand paid views a day).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout.bounds import ADDED_VIEWS
from attise.measurement.scout.observed import SIGNALS, Observed, observe

START_MS: Final = 1_790_000_000_000 // HOUR_MS * HOUR_MS
HOURS: Final = 240
NOW: Final = 140
"""The hour at which the scout is asked."""
HORIZON: Final = 48
RESPONSE_H: Final = 72
PAID: Final = 1_000.0
CIRCLES: Final = 6

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """What one world is like."""

    reach: float = 1.0
    """How far word of mouth carries, beside the usual world's."""
    memory: float = 0.7
    """How soon a view's followers come: the kernel falls by age to the power of 1 + this."""
    fading: float = 1.0
    burst: float = 0.08
    """Share of posts with a burst from outside."""
    gate: float = 1.0
    """How strict circles are."""
    watched: bool = False
    """Whether completion and retention can be known, as in a house of one's own."""


KINDS: Final = {
    "usual": Rules(),
    "ladder": Rules(reach=0.55, burst=0.02),
    "word of mouth": Rules(reach=1.5, gate=0.5),
    "bursts": Rules(burst=0.25),
    "evergreen": Rules(memory=0.35, fading=0.3),
    "house": Rules(watched=True),
}


@dataclass(frozen=True)
class Posts:
    """A world at hour ``NOW``: what can be seen, and what is true."""

    hourly: Floats
    """float64[n, HOURS]: organic views."""
    signals: Floats
    """float64[len(SIGNALS), n, HOURS]."""
    start: NDArray[np.int64]
    creator: NDArray[np.int64]
    category: NDArray[np.int64]
    seconds: Floats
    completion: Floats
    retention: Floats
    response: Floats
    """Truth: organic views that one paid view brings within three days."""
    watched: bool

    @property
    def growth(self) -> Floats:
        """Truth: views of the next two days as a share of those there are."""
        views = self.hourly[:, :NOW].sum(axis=1)
        found: Floats = self.hourly[:, NOW : NOW + HORIZON].sum(axis=1) / (views + ADDED_VIEWS)
        return found

    def seen(self, step_h: int | None) -> list[Observed]:
        """Return the posts as looks every ``step_h`` hours show them; None: one look."""
        cumulative, acts = self.hourly.cumsum(axis=1), self.signals.cumsum(axis=2)
        found = []
        for post, start in enumerate(self.start):
            hours = np.array([NOW]) if step_h is None else np.arange(NOW, start, -step_h)[::-1]
            counts = dict(zip(SIGNALS, acts[:, post, hours - 1], strict=True))
            found.append(
                observe(
                    str(post),
                    START_MS + hours * HOUR_MS,
                    cumulative[post, hours - 1],
                    **counts,
                    published_at_ms=int(START_MS + start * HOUR_MS),
                    duration_s=float(self.seconds[post]),
                    creator=f"creator {self.creator[post]}",
                    category=f"category {self.category[post]}",
                    completion=float(self.completion[post]) if self.watched else None,
                    retention=float(self.retention[post]) if self.watched else None,
                )
            )
        return found


def drawn_rules(seed: int) -> Rules:
    """Return a world of any sort: what weights are learnt in is none of ``KINDS``."""
    chance = np.random.default_rng([seed, 21])
    return Rules(
        reach=float(np.exp(chance.normal(0, 0.4))),
        memory=float(chance.uniform(0.3, 1.0)),
        fading=float(np.exp(chance.normal(-0.3, 0.5))),
        burst=float(chance.uniform(0, 0.25)),
        gate=float(chance.uniform(0.5, 1.2)),
        watched=bool(chance.random() < 0.35),
    )


def world_of(seed: int, rules: Rules, posts: int = 400) -> Posts:
    """Return a world. The same seed and rules make the same world."""
    chance = np.random.default_rng([seed, 22])
    creators = max(8, posts // 8)
    creator = chance.integers(0, creators, posts)
    category = chance.integers(0, 6, creators)[creator]
    size = np.exp(chance.normal(0, 1.2, creators))[creator]
    good = chance.normal(0, 1, posts) + 0.4 * chance.normal(0, 1, creators)[creator]
    habits = np.exp(chance.normal(0, 0.35, (4, creators))[:, creator] + chance.normal(0, 0.35, (4, 6))[:, category])
    rates = np.array([0.06, 0.004, 0.004, 0.006])[:, None] * habits
    rates *= np.exp(np.array([0.25, 0.4, 0.55, 0.4])[:, None] * good + chance.normal(0, 0.35, (4, posts)))
    branching = 0.4 * rules.reach * np.sqrt(rates[2] / 0.004) * np.exp(0.45 * good + chance.normal(0, 0.55, posts))
    world = _World(
        rules=rules,
        start=NOW - chance.integers(20, 90, posts),
        branching=np.clip(branching, 0.02, 1.05),
        crowd=6e5 * np.sqrt(size) * np.exp(chance.normal(0, 0.8, posts)),
        fresh_h=144 * np.exp(chance.normal(0, 0.5, posts)) / rules.fading,
        plan=np.zeros((posts, HOURS)),
    )
    _push(world, size, good, chance)
    hourly, acts = _lived(world, rates, chance)
    for post in np.nonzero(chance.random(posts) < 0.06)[0]:  # likes that were bought
        begin = world.start[post] + 4
        acts[0, post, begin : begin + 6] += chance.poisson(0.04 * hourly[post, :NOW].sum() / 6, 6)
    seconds = np.clip(np.exp(chance.normal(np.log(18), 0.6, posts)), 4, 180)
    length = np.log(seconds / 18)
    views = np.maximum(hourly[:, :NOW].sum(axis=1), 1)
    return Posts(
        hourly=hourly,
        signals=acts,
        start=world.start,
        creator=creator,
        category=category,
        seconds=seconds,
        completion=_share(-0.4 - 0.9 * length + 0.45 * good + chance.normal(0, 0.25, posts), views, chance),
        retention=_share(0.4 + 0.4 * good + chance.normal(0, 0.3, posts), views, chance),
        response=_response(world, hourly),
        watched=rules.watched,
    )


@dataclass(frozen=True)
class _World:
    rules: Rules
    start: NDArray[np.int64]
    branching: Floats
    """Views that one view brings, while it is fresh and nobody has seen it."""
    crowd: Floats
    fresh_h: Floats
    plan: Floats
    """float64[n, HOURS]: views that come whatever came before."""

    def due(self, hour: int, hourly: Floats, views: Floats) -> Floats:
        """Return what is expected of an hour."""
        kernel = (np.arange(1, 97) + 1.0) ** -(1 + self.rules.memory)
        low = max(0, hour - len(kernel))
        brought = hourly[:, low:hour][:, ::-1] @ (kernel / kernel.sum())[: hour - low]
        left = np.clip(1 - views / self.crowd, 0, 1) * np.exp(-np.maximum(0, hour - self.start) / self.fresh_h)
        found: Floats = (self.plan[:, hour] + self.branching * left * brought) * _daily(hour)
        return np.where(hour < self.start, 0, found)


def _daily(hour: int) -> float:
    return 1 + 0.6 * float(np.sin((hour - 9) / 24 * 2 * np.pi))


def _push(world: _World, size: Floats, good: Floats, chance: np.random.Generator) -> None:
    """Plan the circles of each post, its trickle, and bursts from outside."""
    posts = len(size)
    speed = np.exp(chance.normal(np.log(6), 0.4, (posts, CIRCLES)))
    luck = chance.normal(0, 0.5, (posts, CIRCLES)) / np.sqrt(np.arange(1, CIRCLES + 1))
    bar = (0.2 + 0.3 * np.arange(CIRCLES)) * world.rules.gate
    burst = chance.random(posts) < world.rules.burst
    burst_at, burst_size = chance.integers(4, 80, posts), np.exp(chance.normal(6.5, 0.8, posts)) * np.sqrt(size)
    for post in range(posts):
        begin = int(world.start[post])
        for circle in range(CIRCLES):
            several = int(np.ceil(speed[post, circle] * 1.3**circle))
            end = min(HOURS, begin + several)
            world.plan[post, begin:end] += 200 * size[post] ** 0.5 * 5.0**circle / several
            begin = end
            if good[post] + luck[post, circle] < bar[circle]:
                break
        if burst[post]:
            since = np.arange(HOURS - world.start[post] - burst_at[post])
            world.plan[post, HOURS - len(since) :] += burst_size[post] * np.exp(-since / 5) / 5
        world.plan[post, world.start[post] :] += 1.5 * size[post] ** 0.5


def _lived(world: _World, rates: Floats, chance: np.random.Generator) -> tuple[Floats, Floats]:
    posts = len(world.start)
    hourly, views = np.zeros((posts, HOURS)), np.zeros(posts)
    acts = np.zeros((len(SIGNALS), posts, HOURS))
    for hour in range(HOURS):
        lam = world.due(hour, hourly, views) * np.exp(chance.normal(0, 0.25, posts)) * chance.gamma(8, 1 / 8, posts)
        hourly[:, hour] = chance.poisson(lam)
        views += hourly[:, hour]
        acts[:, :, hour] = chance.poisson(rates * hourly[:, hour])
    return hourly, acts


def _response(world: _World, hourly: Floats) -> Floats:
    """Return the organic views that a paid one brings: two futures without chance, one of them with paid views."""

    def future(paid: float) -> Floats:
        organic, every = hourly.copy(), hourly.copy()
        organic[:, NOW:] = every[:, NOW:] = 0
        views = every.sum(axis=1)
        for hour in range(NOW, NOW + RESPONSE_H):
            organic[:, hour] = world.due(hour, every, views)
            every[:, hour] = organic[:, hour] + (paid / 24 if hour < NOW + 24 else 0)
            views = views + every[:, hour]
        found: Floats = organic[:, NOW : NOW + RESPONSE_H].sum(axis=1)
        return found

    return (future(PAID) - future(0.0)) / PAID


def _share(logit: Floats, views: Floats, chance: np.random.Generator) -> Floats:
    """Return a share as counted over so many views."""
    return chance.binomial(views.astype(np.int64), 1 / (1 + np.exp(-logit))) / views
