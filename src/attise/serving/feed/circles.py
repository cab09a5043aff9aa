"""Whom a post is shown to so far: circles as a threshold on nearness that falls with each of them.

A viewer is near a post by what ranking adds for them: an interest in its category, its language, its country, a creator
whom they follow. In the first circle an interest is asked for, or following; then less and less; nothing in the last,
which is everyone. Outside of its circle a post is shown where nothing else is left, so that no stock is too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

INTEREST_WORTH, LANGUAGE_WORTH, COUNTRY_WORTH, FOLLOW_WORTH = 0.25, 0.15, 0.05, 0.3
"""What a match adds to a rank, which lies about 0.5: how near a viewer is to a post."""
FIRST_WALL: Final = INTEREST_WORTH
"""How near the people of the first circle are at least."""
OUTSIDE: Final = 2.0
"""What is taken from a post outside of its circle: more than everything else adds together."""
CIRCLE_WORTH: Final = 0.03
"""What each circle a post has come through adds to its rank, while it progresses."""
NEW_IMPRESSIONS: Final = 100
"""The first batch of a post of which nothing was told yet."""
NEW_MS: Final = 7 * 86_400_000
"""Such a post is new for so long at most; an older one is everyone's."""


@dataclass(frozen=True)
class Circles:
    """Of posts by place, one entry each."""

    wall: NDArray[np.float32]
    """How near whoever is shown the post must be; 0: it is everyone's."""
    worth: NDArray[np.float32]
    left: NDArray[np.float32]
    """Of the batch that the post is tested with, the share that has not met it yet; 0: it is not tested."""


def circles_of(
    told: NDArray[np.int64], impressions: NDArray[np.float64], published_at_ms: NDArray[np.int64], *, now_ms: int
) -> Circles:
    """Return the circles of posts.

    Args: told: int64[n, 4], as ``Record.circles_of``; impressions: organic ones; now_ms: world time.
    Invariants: ``wall`` never rises with the circle; nothing is left of what is not tested.
    """
    circle, last, progresses, ends = told.T
    is_told = last > 0
    is_new = ~is_told & (published_at_ms > now_ms - NEW_MS)
    inner = np.where(is_told, 1 - circle / np.maximum(last, 1), is_new)
    # A little less than the worth of an interest: both are sums of small numbers.
    wall = np.maximum(FIRST_WALL * inner - 1e-3, 0.0)
    ends = np.where(is_told, ends, NEW_IMPRESSIONS * is_new)
    left = np.where(ends > 0, 1 - impressions / np.maximum(ends, 1), 0.0)
    return Circles(
        wall.astype(np.float32),
        (CIRCLE_WORTH * circle * progresses).astype(np.float32),
        np.clip(left, 0.0, 1.0).astype(np.float32),
    )
