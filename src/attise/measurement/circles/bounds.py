"""The numbers that circles are made and judged by. Why they are so: decision 0061."""

from __future__ import annotations

from typing import Final

from attise.kernel.limits import DAY_MS, HOUR_MS

GROWS: Final = 6.0
"""How many times as many people a circle is as the one before."""
EXPLORED: Final = 0.08
"""Of the feed's impressions, those that new posts are tested with; the feed sets as much aside (``serving.feed``)."""
LAST_GROWS: Final = 2.0
"""The last circle before everyone may be as little as so many times the one before."""
FIRST_LEAST, FIRST_MOST = 30.0, 300.0
"""Impressions of the first batch."""
ITEMS_A_DAY: Final = 20.0
"""What one viewer watches in a day, about: so many impressions a day are so many viewers."""
REACH_PART: Final = 0.3
"""A batch meets no more than this part of a day's viewers: beyond it the circle is everyone."""
BATCH_LEAST: Final = 8.0
"""Of the smallest house."""
MOST_CIRCLES: Final = 8

PASSED_MOST: Final = 0.6
"""Of posts judged, those that pass where few are published: somebody who watches needs something to watch."""
NEEDED_A_DAY: Final = ITEMS_A_DAY
"""Posts a day that should come to everyone."""
TELLS_NOTHING: Final = 6.0
"""Impressions that say nothing of a post yet: what a batch tells is the logarithm of how many times as many it is."""

PROMOTE, STOP = 0.8, 0.05
"""A post is taken on at once when it is as likely as this to be above the bar, stopped when as unlikely as this."""
HELD: Final = 2.0
"""A post about which a full batch left doubt is shown to so many batches before its mean decides."""
SURE: Final = 0.3
"""Below it the doubt is small enough to stop at a full batch; above ``1 - SURE`` to take on."""
JUDGED_FROM: Final = 0.25
"""Of a batch, what must have been met before it may be cut short."""
PATIENCE_MS: Final = 7 * DAY_MS
"""A batch that is not full after so long is judged by what there is."""
BACK_AFTER_MS: Final = DAY_MS
"""A stopped post is not looked at again before."""
BACK: Final = 0.95
"""How likely above the bar a stopped post must be to come back: those who still meet it are nearer than a test's."""

RESULTS_LEAST: Final = 20
"""Posts judged at a circle before its bar is made of them."""
RESULTS_MOST: Final = 400
"""The newest so many make it."""
SPREAD_COLD, SPREAD_LEAST = 0.25, 0.02
"""How far apart posts are in quality (standard deviation), before it is known, and at least."""
LIKE_SHRINK: Final = 4.0
"""Posts that the mean of all weighs beside those of a creator, or of a category."""

PLAN_EVERY_MS: Final = HOUR_MS
"""How often batches and bars are made anew (world time)."""
REMEMBERED_MS: Final = 7 * DAY_MS
"""Half of what was counted of videos of a length is forgotten in so long."""
TRAFFIC_MS: Final = DAY_MS
"""Over what impressions a day are told."""
OPEN_EVERY_MS: Final = 3 * HOUR_MS
"""How often a post that everyone may be shown is asked whether it still grows."""
STOPPED_EVERY_MS: Final = 6 * HOUR_MS
"""How often a stopped one is, at most, while it is still met."""
WINDOW_MS: Final = 6 * HOUR_MS
WINDOWS: Final = 3
"""Windows compared: each of the last two with the one before it."""
FALLS_BELOW: Final = 0.9
"""A rate that holds is at least so much of the rate before."""
GROWS_LEAST: Final = 0.1
"""A post no longer grows when that is less likely than this, twice in a row."""
