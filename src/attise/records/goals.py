"""What counts as a result of an ad group, by its goal: what is seen or clicked, an act of a viewer, or neither.

Of the goals that stand in neither table it is a kind of event on a page or in an app (``web_events``), which the ad
group may name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COUNTS: Final[Mapping[str, str]] = {
    "REACH": "impressions",
    "CLICK": "clicks",
    **dict.fromkeys(("VIDEO_VIEW", "ENGAGED_VIEW", "ENGAGED_VIEW_FIFTEEN"), "goal_views"),
}
"""By goal, the column of facts that counts its results. ``goal_views`` were long enough to be paid for."""
ACTS: Final[Mapping[str, str]] = {"FOLLOWERS": "follow", "PAGE_VISIT": "profile_visit"}
"""By goal, the type of event that is its result."""
