"""Those who watch: what they like, when and how long they come, what they bear, and whether they are people at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.simulator.truth.tastes import Floats, draw_near, unit_rows

Ints = NDArray[np.int64]

ACTIVITY_TAIL: Final = 1.6
"""Of the Pareto law that sessions a day follow: few come very often."""
MOST_SESSIONS: Final = 12.0
SESSIONS_A_DAY: Final = 1.1
"""In the mean, of all."""
STAY: Final = 16.0
"""Items of a session in the mean."""
DRIFT: Final = 0.06
"""What a day moves a taste by."""
BOTS: Final = 0.01
HOURS: Final = np.array(
    (
        *(0.35, 0.2, 0.12, 0.08, 0.07, 0.12, 0.35, 0.7, 0.85, 0.75, 0.7, 0.8),
        *(1.15, 1.1, 0.85, 0.8, 0.9, 1.1, 1.35, 1.6, 1.9, 2.0, 1.6, 0.85),
    ),
    np.float64,
)
"""How much goes on at each hour of a day in Paris, beside the mean of the day."""


@dataclass(slots=True)
class People:
    """Viewers by number; every array has one entry for each."""

    taste: Floats
    """float32[n, DIMENSIONS]."""
    favourites: Ints
    """int64[n, 3]: the categories that they like best, the first most."""
    sessions_a_day: NDArray[np.float64]
    stay: NDArray[np.float64]
    """Items of a session in the mean; one at least."""
    patience: Floats
    """How much of what they do not like they bear; around 0."""
    warmth: Floats
    """How readily they like, comment, share; around 0."""
    herding: Floats
    """How much the likes that they see make them stay and like."""
    dislike_of_ads: Floats
    thrift: Floats
    """How little they buy; around 0."""
    is_bot: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.taste)


def draw_people(
    rng: Generator, count: int, directions: Floats, *, herding: float, sessions_a_day: float = SESSIONS_A_DAY
) -> People:
    """Return so many people. ``herding``: what visible likes weigh in the mean; 0: nothing."""
    weights = rng.dirichlet((2.2, 1.2, 0.6), count).astype(np.float32)
    favourites = np.stack([rng.permutation(len(directions))[:3] for _ in range(count)]).astype(np.int64)
    taste = draw_near(rng, unit_rows(np.einsum("nk,nkd->nd", weights, directions[favourites])), 0.5)
    activity = np.minimum(rng.pareto(ACTIVITY_TAIL, count) + 0.15, MOST_SESSIONS)
    normal = rng.standard_normal((4, count), dtype=np.float32)
    return People(
        taste=taste,
        favourites=favourites,
        sessions_a_day=activity * (sessions_a_day / activity.mean()),
        stay=np.maximum(STAY * rng.gamma(4.0, 0.25, count), 1.0),
        patience=0.35 * normal[0],
        warmth=0.6 * normal[1],
        herding=np.float32(herding) * rng.gamma(2.0, 0.5, count).astype(np.float32),
        dislike_of_ads=np.float32(0.35) + np.float32(0.35) * normal[2],
        thrift=np.float32(0.7) * normal[3],
        is_bot=rng.random(count) < BOTS,
    )


def drift(rng: Generator, people: People) -> None:
    """Let a day pass over tastes."""
    people.taste = draw_near(rng, people.taste, DRIFT)


def draw_comers(rng: Generator, people: People, hour: float, turn_hours: float) -> Ints:
    """Return who opens the feed in a turn of some hours, by number, in the order in which they come.

    ``hour``: of the day, in Paris, with its fraction. Nobody twice.
    """
    begin = int(hour)
    of_day = float(np.interp(hour - begin, (0.0, 1.0), (HOURS[begin % 24], HOURS[(begin + 1) % 24]))) / HOURS.mean()
    due = people.sessions_a_day * (of_day * turn_hours / 24.0)
    comers = np.flatnonzero(rng.random(len(people)) < -np.expm1(-due))
    found: Ints = rng.permutation(comers)
    return found
