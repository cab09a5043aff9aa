"""What people do with what they are shown: how long they stay, whether they like, follow, click and buy.

Who watches leaves by a hazard: in the first three seconds by how the work begins, afterwards by how much it is theirs.
Seen likes draw (herding), what was seen before tires (fatigue), an ad is forgiven less than a post, and a brand's video
less than a creator's. All of it for whole arrays at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.simulator.truth.people import People
from attise.simulator.truth.tastes import Floats
from attise.simulator.truth.works import Works

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HOOK_S: Final = 3.0
LOOPS: Final = 3.0
"""Nobody watches a work more often in a row."""
FATIGUE: Final = 0.35
"""What each time an ad was seen before takes away, by the logarithm."""
BOT_WATCH_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Draws:
    """What makes a creator's post draw more than a copy of it under a brand's name; each may be turned off alone.

    The likes that people see are the third: how much those weigh is drawn for each of them (``People.herding``).
    """

    native: float = 0.45
    """What a video under a brand's name is forgiven less than a creator's: the native author."""
    comments: float = 0.02
    """What comments under it weigh, by the logarithm of how many there are."""


USUAL: Final = Draws()


@dataclass(frozen=True, slots=True)
class Moments:
    """Items as they come before people, one entry for each."""

    person: Ints
    work: Ints
    is_ad: Bools
    is_standard: Bools
    has_page: Bools
    likes: Ints
    """How many everybody sees."""
    seen_before: Ints
    """Of an ad: how often they saw it."""
    comments: Ints | None = None
    """How many everybody sees; None: none."""

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Reactions:
    """What became of each."""

    watch_ms: Ints
    like: Bools
    comment: Bools
    share: Bools
    save: Bools
    follow: Bools
    hide: Bools
    click: Bools
    cart: Bools
    """Puts something into a cart after the click."""
    buy: Bools
    delay_ms: Ints
    """From the click to the cart; what is bought is paid as long after."""


def react(rng: Generator, people: People, works: Works, moments: Moments, draws: Draws = USUAL) -> Reactions:
    """Return what people do with what comes before them."""
    count = len(moments)
    appeal = appeal_of(people, works, moments, draws)
    hook, duration_s = works.hook[moments.work], works.duration_s[moments.work]
    is_ad = moments.is_ad
    chance = rng.random((8, count))
    stays = chance[0] < _sigmoid(0.75 + 0.55 * hook + 0.9 * appeal + people.patience[moments.person])
    early_s = HOOK_S * rng.beta(1.3, 1.6, count)
    hazard = np.exp(-2.75 - 0.75 * appeal)  # a second
    watched_s = np.where(stays, HOOK_S + rng.standard_exponential(count) / hazard, early_s)
    watched_s = np.minimum(watched_s, LOOPS * duration_s)
    is_bot = people.is_bot[moments.person]
    watched_s = np.where(is_bot, BOT_WATCH_S, watched_s)
    warm = people.warmth[moments.person] + 0.9 * appeal
    talk = works.talk[moments.work]
    seen = (watched_s >= 2.0) & ~is_bot  # noqa: PLR2004 - who left before saw too little to act on it
    herd = people.herding[moments.person] * np.log1p(moments.likes)
    click = seen & is_ad & moments.has_page & (chance[5] < _sigmoid(-4.3 + 0.8 * warm))
    cart = click & (chance[6] < _sigmoid(-1.4 + 0.5 * appeal - people.thrift[moments.person]))
    hours = rng.exponential(2.0, count)
    days = rng.exponential(2.0 * 24, count)
    return Reactions(
        watch_ms=np.maximum((1000 * watched_s).astype(np.int64), 50),
        like=seen & (chance[1] < _sigmoid(-3.9 + warm + 0.5 * herd)),
        comment=seen & (chance[2] < _sigmoid(-7.3 + warm + 0.8 * talk)),
        share=seen & (chance[3] < _sigmoid(-7.0 + warm + 0.5 * talk)),
        save=seen & (chance[4] < _sigmoid(-5.4 + warm)),
        follow=seen & ~moments.is_standard & (chance[7] < _sigmoid(-6.0 + 1.2 * warm)),
        hide=~is_bot & is_ad & (rng.random(count) < _sigmoid(-6.0 - 0.8 * appeal)),
        click=click,
        cart=cart,
        buy=cart & (rng.random(count) < _sigmoid(-0.6 - people.thrift[moments.person])),
        delay_ms=(3_600_000 * np.where(rng.random(count) < 0.6, hours, days)).astype(np.int64) + 60_000,  # noqa: PLR2004
    )


def appeal_of(people: People, works: Works, moments: Moments, draws: Draws = USUAL) -> Floats:
    """Return how much each item is what its viewer wants at this moment: about 0, above it the better."""
    person, work = moments.person, moments.work
    match = np.einsum("nd,nd->n", people.taste[person], works.topic[work])
    herd = people.herding[person] * np.log1p(moments.likes)
    if moments.comments is not None:
        herd = herd + draws.comments * np.log1p(moments.comments)
    against = people.dislike_of_ads[person] + draws.native * moments.is_standard
    against = moments.is_ad * (against + FATIGUE * np.log2(1 + moments.seen_before))
    found: Floats = (1.5 * match - 0.25 + 0.65 * works.quality[work] + herd - against).astype(np.float32)
    return found


def _sigmoid(values: NDArray[np.floating]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-values.astype(np.float64)))
