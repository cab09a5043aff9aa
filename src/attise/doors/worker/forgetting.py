"""What ``worker`` forgets of people who were erased: what was settled of them afterwards, or could not be at once.

A door, because who is there says management, and who was touched by ads says measurement.
"""

from __future__ import annotations

from typing import Final

from attise.management.viewers.queries import known_pseudonyms
from attise.measurement.attribution.actions import forget_unknown

PEOPLE_AT_ONCE: Final = 500
LOOKS_OF_A_TURN: Final = 20
"""So ten thousand people a minute: two million in less than the four hours that erasing somebody may go on for."""


class Forgetting:
    """Looks at people with touches, some at a time, again and again."""

    def __init__(self) -> None:
        """Begin with the first."""
        self._after = ""

    def turn(self) -> int:
        """Look at some more people; returns how many touches went. Raises: Outage."""
        gone = 0
        for _ in range(LOOKS_OF_A_TURN):
            self._after, more = forget_unknown(known_pseudonyms, after=self._after, limit=PEOPLE_AT_ONCE)
            gone += more
            if not self._after:
                break
        return gone
