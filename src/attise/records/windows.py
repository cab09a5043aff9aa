"""How long after a touch a conversion may be credited to it, by the names that ad groups give.

Place: management takes them, an ad's token carries them, measurement credits by them.
"""

from __future__ import annotations

from typing import Final

WINDOW_DAYS: Final = {"OFF": 0, "ONE_DAY": 1, "SEVEN_DAYS": 7, "FOURTEEN_DAYS": 14, "TWENTY_EIGHT_DAYS": 28}
LONGEST_DAYS: Final = max(WINDOW_DAYS.values())
CLICK_DAYS: Final = 7
"""Where an ad group says nothing; below, for impressions and for engaged views."""
VIEW_DAYS: Final = 1
ENGAGED_VIEW_DAYS: Final = 1


def days_of(window: str, *, default: int) -> int:
    """Return the days of a window, ``default`` where none is said. Raises: KeyError for what is none."""
    return WINDOW_DAYS[window] if window else default
