"""What a world is drawn as, before anybody is declared: how large it is, who publishes what and when, what people name.

Knows no database: a life of the feed alone begins with it too (``spread``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.lookups import interests
from attise.simulator.truth.people import SESSIONS_A_DAY
from attise.simulator.truth.reactions import USUAL
from attise.simulator.words import CAPTIONS, CRAFTS

CATEGORIES: Final = tuple(CRAFTS)
BEFORE_DAYS: Final = 3
"""What was published before the story begins was so within so many days."""
BEFORE_PART: Final = 0.5
"""Of the posts, those that are there when it begins; the others come as it goes on."""
UNDECLARED: Final = 0.3
"""Of viewers, those who name no interest; others name what they like, and now and then something else."""
UNKNOWN_AGE, MINORS, UNWILLING = 0.05, 0.06, 0.25
COUNTRIES: Final = (("FR", "fr", 0.72), ("BE", "fr", 0.1), ("CH", "fr", 0.05), ("GB", "en", 0.08), ("CA", "en", 0.05))
CREATORS_TALENT: Final = 1.0


def place_of(chance: float) -> tuple[str, str]:
    """Return the country and the language of somebody, by a draw of 0..1."""
    place = int(np.searchsorted(np.cumsum([part for _, _, part in COUNTRIES]), chance))
    country, language, _ = COUNTRIES[min(place, len(COUNTRIES) - 1)]
    return country, language


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is, and how long it is drawn for."""

    viewers: int = 3_000
    creators: int = 60
    posts: int = 600
    advertisers: int = 8
    days: float = 14.0
    sessions_a_day: float = SESSIONS_A_DAY
    """Of a viewer, in the mean."""
    herding: float = 0.06
    """What the likes that somebody sees weigh; 0: nothing, as below."""
    comments: float = USUAL.comments
    """The same of comments under a post."""
    native: float = USUAL.native
    """What a creator's name is worth above a brand's."""


@dataclass(slots=True)
class Planned:
    """A post, and when it is to be published."""

    work: int
    creator: int
    category: int
    clip: int
    caption: str
    at_ms: int
    post_id: int = 0
    """0: not yet."""


def planned_posts(
    rng: Generator, size: Size, of_creator: NDArray[np.int64], clips: int, *, begin_ms: int
) -> list[Planned]:
    """Return what is to be published, by time: some creators publish much, most little."""
    shares = rng.dirichlet(np.full(size.creators, 1.5))
    creator = np.concatenate([np.arange(size.creators), rng.choice(size.creators, size.posts, p=shares)])[: size.posts]
    is_before = rng.random(size.posts) < BEFORE_PART
    after_ms = np.where(
        is_before, -rng.random(size.posts) * BEFORE_DAYS * DAY_MS, rng.random(size.posts) * size.days * DAY_MS
    )
    return _planned(rng, creator, of_creator, clips, begin_ms + after_ms.astype(np.int64) // 1000 * 1000, first_work=0)


def later_posts(
    rng: Generator,
    size: Size,
    of_creator: NDArray[np.int64],
    clips: int,
    *,
    begin_ms: int,
    days: float,
    first_work: int,
) -> list[Planned]:
    """Return what is to be published in some further days, as often as before; their works are numbered from one on."""
    count = max(1, round(size.posts * (1 - BEFORE_PART) * days / size.days))
    creator = rng.choice(size.creators, count, p=rng.dirichlet(np.full(size.creators, 1.5)))
    at_ms = begin_ms + (rng.random(count) * days * DAY_MS).astype(np.int64) // 1000 * 1000
    return _planned(rng, creator, of_creator, clips, at_ms, first_work=first_work)


def _planned(
    rng: Generator,
    creator: NDArray[np.int64],
    of_creator: NDArray[np.int64],
    clips: int,
    at_ms: NDArray[np.int64],
    *,
    first_work: int,
) -> list[Planned]:
    """Return posts by time, one for each entry of ``creator`` and ``at_ms``, with a clip and a caption drawn."""
    found = []
    for of, moment_ms in zip(creator.tolist(), at_ms.tolist(), strict=True):
        category = int(of_creator[of])
        texts = CAPTIONS[CATEGORIES[category]]
        caption = texts[int(rng.integers(len(texts)))]
        found.append(Planned(0, of, category, int(rng.integers(clips)), caption, moment_ms))
    found.sort(key=lambda one: one.at_ms)
    for number, one in enumerate(found, first_work):
        one.work = number
    return found


def named_interests(rng: Generator, favourites: NDArray[np.int64]) -> list[str]:
    """Return the interests that somebody names: what they like best, and now and then anything."""
    named = [int(one) for one in favourites[: int(rng.integers(1, 4))]]
    if rng.random() < 0.2:  # noqa: PLR2004 - a part of them
        named[-1] = int(rng.integers(len(CATEGORIES)))
    slugs = dict.fromkeys(CATEGORIES[one] for one in named)
    return [slug for slug in slugs if interests.find(slug) is not None]
