"""What happened, one flat row each: measurement → reports, training. Versioned by its columns.

Two sorts of rows. An *outcome* is what was added, in a stretch of the log, to what came of one decision that chose an
ad; a decision that many events followed at different times has several, and their sums are what came of it. A
*conversion* is what was added to or taken back from what a conversion says (``conversions`` is 1 or -1, and its value
has that sign): sums are what holds now.

Columns are added at the end with a default and never moved, removed or given another meaning; where a file of before
lacks one, a reader finds null there. So there is no number of a version: the names say what a file knows. Sums of a
column over any rows are right whatever files they lie in. Times are epoch milliseconds of world time; amounts micros.

Of the person there is a pseudonym, which leads back to nobody once the person's key is gone. Age, gender, interests and
price of the device stand only where they agreed to be profiled; country, region, language and system are those of the
request. Acts on a state (like, save, follow) are counted as acts, on and off apart, by the ad that they came through.
"""

from __future__ import annotations

from typing import Final, get_type_hints

import msgspec

OUTCOME, CONVERSION = "outcome", "conversion"
"""Sorts."""
SEPARATOR: Final = " "
"""Between the interests of one row."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row. Grows at its end only; every value is plain: text, whole number, fraction, or yes and no."""

    sort: str
    position: int
    """Of the log: no batch beyond it was read for this row. What ``facts-{from}-{to}`` and training count by."""
    decision_id: int
    """Of a conversion the one it is credited to; 0: none."""
    decided_at_ms: int = 0
    at_ms: int = 0
    """When it happened: the decision, or the conversion."""
    received_at_ms: int = 0
    """When the newest of it was received."""
    ad_id: int = 0
    adgroup_id: int = 0
    campaign_id: int = 0
    advertiser_id: int = 0
    post_id: int = 0
    """The original post, on which all of it landed; 0: a standard ad, or a conversion of none."""
    creator_id: int = 0
    is_spark: bool = False
    is_paid: bool = True
    """Whether an ad brought it; False: a conversion that none is credited with."""
    viewer: str = ""
    """Pseudonym; empty for somebody without memory."""
    surface: str = ""
    billing_event: str = ""
    currency: str = ""
    """Of the advertiser's money: of the price and of what was charged."""
    price_micros: int = 0
    model_version: int = 0
    snapshot_version: int = 0

    # What happened, each as often as it was counted
    impressions: int = 0
    views: int = 0
    views_2s: int = 0
    views_6s: int = 0
    p25: int = 0
    p50: int = 0
    p75: int = 0
    completions: int = 0
    loops: int = 0
    goal_views: int = 0
    """Views that were long enough to be paid for, where views are."""
    clicks: int = 0
    likes: int = 0
    unlikes: int = 0
    saves: int = 0
    unsaves: int = 0
    follows: int = 0
    unfollows: int = 0
    comments: int = 0
    shares: int = 0
    profile_visits: int = 0
    sound_clicks: int = 0
    duets: int = 0
    stitches: int = 0
    hides: int = 0
    reports: int = 0
    skips: int = 0
    negatives: int = 0
    watch_ms: int = 0
    doubted: int = 0
    """Events that are not believed, and counted as nothing else."""
    doubt: str = ""
    """Why one of them is not: of several reasons, the first in the alphabet."""
    charged_micros: int = 0
    charge: str = ""
    """``charged``, ``free``, or empty: none was asked for."""
    charge_reason: str = ""
    """Why it is free."""

    # Of a conversion
    conversions: int = 0
    """1: added, -1: taken back."""
    is_counted: bool = False
    """Whether it counts for its ad: False where the ad group counts the first of an event alone."""
    is_result: bool = False
    """Whether its event is the one that the ad group is there for."""
    conversion_id: int = 0
    event: str = ""
    source: str = ""
    pixel_id: int = 0
    value_micros: int = 0
    value_currency: str = ""
    """Empty where no value was told."""
    touch: str = ""
    """What it is credited to: ``click``, ``engaged``, ``view``; empty: nothing."""
    touch_at_ms: int = 0

    # As known at the decision
    has_decision: bool = False
    """Whether the decision's record was found in the log: else all that follows is unknown."""
    may_profile: bool = False
    is_minor: bool = False
    age_group: str = ""
    gender: str = ""
    country: str = ""
    region: str = ""
    language: str = ""
    os: str = ""
    device_price: int = -1
    """Whole US dollars."""
    interests: str = ""
    """Ids of ``records.lookups.interests``, parted by a space."""
    place: int = 0
    videos_since_ad: int = -1
    exposures: int = 0
    ms_since_exposure: int = -1
    is_exploration: bool = False
    propensity: float = 1.0
    p_click: float = 0.0
    """What was predicted; below, of the other heads."""
    p_view_6s: float = 0.0
    p_complete: float = 0.0
    p_engage: float = 0.0
    p_convert: float = 0.0
    p_negative: float = 0.0
    price_ecpm: float = 0.0
    bid_micros: int = -1
    pace: float = 1.0
    optimization_goal: str = ""
    objective: str = ""
    category: str = ""
    kind: str = ""
    post_language: str = ""
    duration_ms: int = 0
    organic_impressions: int = 0
    """Here and below: what the feed had brought the post, without ads, when this row was written."""
    organic_view_6s: int = 0
    organic_complete: int = 0
    organic_engage: int = 0
    organic_negative: int = 0
    decided_offset_ms: int = 0
    """What the advertiser's clock showed beyond UTC at ``decided_at_ms``: by it the fact lies in their local day."""
    at_offset_ms: int = 0
    """The same at ``at_ms``."""


COLUMNS: Final[dict[str, type]] = get_type_hints(Fact)
"""Names and types, in order."""
