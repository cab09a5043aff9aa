"""What a house decides of its ads as a whole: prices, caps, what showing an ad costs a viewer, how far a search goes.

Amounts are micros of the common unit (the euro, ``units``) for 1,000 impressions where they end in ``ecpm``, per event
otherwise. Nothing here is of a person: a reserve is never one viewer's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.serving.delivery.value import CLICK, CONVERSION, ENGAGEMENT, IMPRESSION, VIEW_6S, VIEW_15S

WEEK_MS: Final = 7 * DAY_MS
ADS_PER_CANDIDATE: Final = 6_000
ADS_PER_SEARCHED: Final = 1_250
LEAST_SEARCHED: Final = 256


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``most`` impressions within any span of ``span_ms``."""

    most: int
    span_ms: int


@dataclass(frozen=True, slots=True)
class Caps:
    """The house's caps of one viewer. An ad group's own frequency stands in the place of the first two."""

    ad: Cap = Cap(2, DAY_MS)
    campaign: Cap = Cap(4, DAY_MS)
    advertiser: Cap = Cap(10, WEEK_MS)
    advertiser_gap_ms: int = 10 * MINUTE_MS
    """World time between two ads of one advertiser."""
    quiet_videos: int = 20
    """Videos without any ad after one was hidden or reported."""


@dataclass(frozen=True, slots=True)
class UserValue:
    """What an ad is worth to who watches, in micros of the common unit for each event that is likely.

    Chosen so that the whole moves an ordinary offer by a tenth to two fifths, either way; published, and logged apart.
    """

    watch_micros: float = 3_000.0
    """For watching 6 seconds, as far as it is likelier than ``usual_view``."""
    usual_view: float = 0.35
    """How often an organic video in the slot's place is watched that long."""
    engagement_micros: float = 10_000.0
    negative_micros: float = 50_000.0
    """What hiding, reporting or skipping at once takes away."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One house's choices."""

    reserve_ecpm: float = 0.0
    """No offer below it takes part, and nobody pays less."""
    attention_ecpm: float = 0.0
    """An ad is shown only if its whole value is at least this."""
    reach: tuple[float, ...] = (1.0, 0.8)
    """How likely the first, second… slot of an answer is to be reached, falling; the last one goes on for more."""
    caps: Caps = Caps()
    user_value: UserValue = UserValue()
    candidates: int = 256
    """How many ads are predicted and contest at most, the best by bound and pacing together: K. See ``breadth``."""
    least_candidates: int = 96
    most_searched: int = 1_024
    most_blocks: int = 8_192
    """Blocks of 64 ads that a search reads of each segment at most."""
    ceilings_micros: dict[int, int] = field(
        default_factory=lambda: {
            IMPRESSION: 15_000_000,
            CLICK: 1_000_000,
            VIEW_6S: 50_000,
            VIEW_15S: 100_000,
            CONVERSION: 20_000_000,
            ENGAGEMENT: 1_000_000,
        }
    )
    """What maximum delivery offers at most, by event (impressions by the thousand): pacing says how much of it."""
    budget_parts: int = 20
    """Maximum delivery never offers more for one event than this part of its budget."""
    holdout_ppm: int = 0
    """Share of viewers, of every campaign, who are not shown its ads; a campaign's own counts where it is more."""
    salt: bytes = b"attise"
    """Of the holdout's keyed hash: the house's own secret."""

    def breadth(self, live: int) -> tuple[int, int]:
        """Return how many ads a search brings, and how many of them contest, where there are ``live`` of them.

        Why: of more ads more are nearly as good as the best, and more of them must be looked at to find it. Measured
        (``attise bench decide``): the winner of a contest of thousands is among these in 98 of 100, at any size.
        """
        contest = min(self.candidates, self.least_candidates + live // ADS_PER_CANDIDATE)
        return min(self.most_searched, max(contest, LEAST_SEARCHED + live // ADS_PER_SEARCHED)), contest


LIVE: Final = Policy(reserve_ecpm=500_000.0, attention_ecpm=0.0)
"""Of a live house: a floor of 0.50 € for 1,000 impressions."""
SANDBOX: Final = Policy()
"""Of a sandbox: neither reserve nor price of attention."""
