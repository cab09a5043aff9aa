"""How large circles are in a house of this size, and how many there are. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attise.measurement.circles.bounds import (
    BATCH_LEAST,
    EXPLORED,
    FIRST_LEAST,
    FIRST_MOST,
    GROWS,
    ITEMS_A_DAY,
    LAST_GROWS,
    MOST_CIRCLES,
    NEEDED_A_DAY,
    PASSED_MOST,
    REACH_PART,
    TELLS_NOTHING,
)


def batches_of(impressions_a_day: float, published_a_day: float) -> tuple[int, ...]:
    """Return the impressions of each circle that tests, the smallest first; the one after the last is everyone.

    Args: impressions_a_day: organic ones; published_a_day: posts. The first batch is what the feed can set aside for
    each new post; none asks for more than a part of those who watch in a day.
    Invariants: at least one, at most ``MOST_CIRCLES``; rising; a larger house never has fewer.
    """
    most = max(REACH_PART * impressions_a_day / ITEMS_A_DAY, BATCH_LEAST)
    batch = min(max(EXPLORED * impressions_a_day / max(published_a_day, 1.0), FIRST_LEAST), FIRST_MOST)
    found = [min(batch, most)]
    while len(found) < MOST_CIRCLES and found[-1] * LAST_GROWS <= most:
        found.append(min(found[-1] * GROWS, most))
    return tuple(map(round, found))


def passes_of(published_a_day: float, batches: Sequence[int]) -> tuple[float, ...]:
    """Return the share of the posts judged in each circle that is to pass it, for circles of such batches.

    Of all posts, one in ``GROWS`` to the power of circles comes to everyone where there is much to choose from; more
    where so few would that people had nothing left to watch. What is to be taken away is shared out by what a batch
    tells: a small one tells good posts from others badly, so that it takes few away, and a large one most.
    Invariants: shares fall where batches rise; their product is the same whatever the batches.
    """
    circles = len(batches)
    share = min(max((NEEDED_A_DAY / max(published_a_day, 1.0)), GROWS**-circles), PASSED_MOST**circles)
    tells = [math.log(batch / TELLS_NOTHING) for batch in batches]
    return tuple(share ** (one / sum(tells)) for one in tells)
