"""Posts whose course is known, for tests of the scout."""

from __future__ import annotations

import numpy as np

from attise.measurement.scout.observed import Observed, observe

HOUR = 3_600_000
NOON = 1_790_000_000_000 // HOUR * HOUR


def grown(
    post: str,
    *,
    age_h: float = 40,
    step_h: float = 1,
    views: float = 5_000,
    power: float = 0.6,
    creator: str = "",
    rates: tuple[float, ...] = (0.05, 0.004, 0.004, 0.006),
    dated: bool = True,
) -> Observed:
    """Return a post whose views grow as its age to a power, seen every ``step_h`` hours up to ``NOON``."""
    hours = np.arange(age_h, 0, -step_h)[::-1]
    seen = views * (hours / age_h) ** power
    acts = {
        name: np.round(seen * rate) for name, rate in zip(("likes", "comments", "shares", "saves"), rates, strict=True)
    }
    published = int(NOON - age_h * HOUR)
    return observe(
        post,
        published + hours * HOUR,
        np.round(seen),
        **acts,
        published_at_ms=published if dated else None,
        duration_s=15,
        creator=creator,
    )


def many(several: int = 30, **changed: float) -> list[Observed]:
    """Return posts of unlike sizes and ages that nothing sets apart."""
    return [
        grown(
            f"usual {place}", views=400 + 150 * place, age_h=26 + place, power=0.35, creator=f"c{place % 4}", **changed
        )
        for place in range(several)
    ]
