"""What ``worker`` forgets of people who were erased: what was settled of them afterwards, or could not be at once.

A door, because who is there says management, and who was touched by ads says measurement.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attise.management.viewers.queries import known_pseudonyms

PEOPLE_AT_ONCE: Final = 500
LOOKS_OF_A_TURN: Final = 20
"""So ten thousand people a minute: two million in less than the four hours that erasing somebody may go on for."""


class Forgetting:
    """Looks at the people whom a room holds rows of, some at a time, again and again."""

    def __init__(self, forget_unknown: Callable[..., tuple[str, int]]) -> None:
        """Begin with the first; ``forget_unknown`` is the room's."""
        self._forget_unknown = forget_unknown
        self._after = ""

    def turn(self) -> int:
        """Look at some more people; returns how many rows went. Raises: Outage."""
        gone = 0
        for _ in range(LOOKS_OF_A_TURN):
            self._after, more = self._forget_unknown(known_pseudonyms, after=self._after, limit=PEOPLE_AT_ONCE)
            gone += more
            if not self._after:
                break
        return gone
