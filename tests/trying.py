"""Past picks of the scout: posts that were put to trial on some days, and what came of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.management.posts.models import Post
from attise.measurement.scout.judging import score_of
from attise.measurement.scout.models import Trial


def tried(means: Means, posts: Sequence[Post], *, days: int = 5) -> list[int]:
    """Put posts to trial on some days up to today; returns the moments, the newest first.

    The scout is mostly right, the last growth sometimes, likes never; what came of the last two days is not known yet.
    """
    chance = random.Random(9)
    now_ms = means.clock.world_ms()
    moments = [now_ms - day * DAY_MS for day in range(days)]
    rows = []
    for day, at_ms in enumerate(moments):
        for post in posts:
            growth = chance.lognormvariate(-0.5, 1.0)
            seen = growth * chance.lognormvariate(0, 0.3)
            score = score_of(seen)
            rows.append(
                Trial(
                    at_ms=at_ms,
                    post_id=post.id,
                    score=score,
                    low=max(score - 20, 0),
                    high=min(score + 20, 100),
                    verdict="boost_now" if score > 60 else "watch",
                    views=chance.randrange(100, 5_000),
                    likes=chance.randrange(0, 400),
                    last_growth=growth * chance.lognormvariate(0, 1.2),
                    chance=chance.random(),
                    growth=None if day < 2 else growth,
                )
            )
    Trial.objects.bulk_create(rows)
    return moments
