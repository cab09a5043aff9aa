"""In which order an ad is tested: one that several reasons keep from a viewer is counted under the first.

Bitsets first, the most telling of them foremost, since a block that is empty after two of them is done; then what must
be looked up ad by ad. Interests are the last of the bitsets: what comes before them is alike for thousands of viewers,
and is worked out once for all of them.
"""

from __future__ import annotations

from typing import Final

from attise.records.drops import Drop

BITSETS: Final = (
    Drop.LOCATION,
    Drop.LANGUAGE,
    Drop.AGE,
    Drop.GENDER,
    Drop.OPERATING_SYSTEM,
    Drop.PROFILING,
    Drop.CATEGORY_GATE,
    Drop.GRANT_COUNTRY,
    Drop.GRANT_OBJECTIVE,
    Drop.GRANT_CATEGORY,
    Drop.INTERESTS,
)
LOOKED_UP: Final = (
    Drop.SCHEDULE,
    Drop.GRANT_WINDOW,
    Drop.DAYPART,
    Drop.DEVICE_PRICE,
    Drop.FOLLOWERS,
    Drop.EXCLUDED_AUDIENCE,
    Drop.AUDIENCE,
    Drop.BEHAVIOURS,
)
TESTS: Final = (Drop.NOT_LIVE, *BITSETS, *LOOKED_UP)
"""Every test of targeting, in its order."""
