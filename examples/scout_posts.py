"""Rank posts by their early counters: plain arrays in, verdicts and reasons out. It needs no house and no file."""

import numpy as np

from attise.kernel.tongue import ENGLISH
from attise.measurement.scout import words
from attise.measurement.scout.observed import observe
from attise.measurement.scout.ranking import rank

HOUR_MS = 3_600_000
NOW_MS = 1_790_000_000_000
hours = np.arange(1, 37)  # hourly looks at the first 36 hours of each post
at_ms = NOW_MS - (36 - hours) * HOUR_MS

# Cumulative counts, as a counter shows them: views, then what people did.
VIEWS = {
    "takes off": 40 * hours**1.6,
    "steady": 150 * hours**0.8,
    "had its day": 2_000 * (1 - np.exp(-hours / 4)),
}
SHARES = {"takes off": 0.011, "steady": 0.004, "had its day": 0.003}

posts = [
    observe(name, at_ms, views, shares=views * SHARES[name], published_at_ms=NOW_MS - 36 * HOUR_MS, creator="lea")
    for name, views in VIEWS.items()
]
for one in rank(posts, now_ms=NOW_MS).posts:
    low, high = one.interval
    print(f"{one.post}: {one.score:.0f} [{low:.0f}-{high:.0f}] {words.verdict(one.verdict, ENGLISH)}")
    for reason in one.reasons:
        print(f"  {reason.effect:+.2f} {words.sentence(reason, ENGLISH)}")
