"""Which type of event moves which counter: the one table of it. Pure.

=================  ==================  =================================================================================
type               signal              counted
=================  ==================  =================================================================================
impression         impressions         once a decision; any later valid event of the decision implies it
play               views               once a decision; a later view (``VIEWS``) implies it
view_2s, view_6s   views_2s, views_6s  once a decision
p25, p50, p75      p25, p50, p75       once a decision
complete           completions         once a decision
loop               loops               each
click              clicks              once a decision, and once in 30 s for a person and an ad
like, unlike       likes               while the person's state is on; likewise saves and follows: ``folding``
comment            comments            each; likewise shares, profile_visits, sound_clicks, duets, stitches
hide               hides, negatives    hides: each; negatives: once a decision, whichever comes first
report             reports, negatives  as above
skip               skips, negatives    skips: each; negative only within the first second
any, watched       watch_ms            of each decision the longest that any of its events told
any, doubted       doubted             once for what it would have counted once by, and nothing else of it
=================  ==================  =================================================================================

Without a token an event is of no decision: what is counted once a decision is then counted once for its person and id,
nothing is implied, and no watch time is believed. It counts on a post that is there, and on no other.
"""

from __future__ import annotations

from typing import Final

SIGNALS: Final = (
    *("impressions", "views", "views_2s", "views_6s", "p25", "p50", "p75", "completions", "loops", "clicks"),
    *("likes", "comments", "shares", "saves", "follows", "profile_visits", "sound_clicks", "duets", "stitches"),
    *("hides", "reports", "skips", "negatives", "watch_ms", "doubted"),
)
"""Columns of counters, in the order in which a tally keeps them. One is added at the end."""
AT: Final = {name: place for place, name in enumerate(SIGNALS)}
WIDTH: Final = len(SIGNALS)

OF_TYPE: Final = {
    "impression": "impressions",
    "play": "views",
    "view_2s": "views_2s",
    "view_6s": "views_6s",
    "p25": "p25",
    "p50": "p50",
    "p75": "p75",
    "complete": "completions",
    "loop": "loops",
    "click": "clicks",
    "comment": "comments",
    "share": "shares",
    "profile_visit": "profile_visits",
    "sound_click": "sound_clicks",
    "duet": "duets",
    "stitch": "stitches",
    "hide": "hides",
    "report": "reports",
    "skip": "skips",
}
"""The signal of every type that is no state."""
OF_STATE: Final = {"like": "likes", "save": "saves", "follow": "follows"}
VIEWS: Final = frozenset({"view_2s", "view_6s", "p25", "p50", "p75", "complete", "loop"})
"""Types that nobody reaches without having begun to play."""
SHOWN: Final = ("views", "likes", "comments", "shares", "saves", "follows")
"""What everybody sees of a post."""
