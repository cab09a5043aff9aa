"""What the house answered to the load: every promise that it made, and every answer that it should not have given."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

OF_THE_SITE: Final = frozenset({"comments", "conversions", "budgets", "switches", "revocations"})
KINDS: Final = OF_THE_SITE | {"feed", "events", "clicks"}
"""What the load asks for."""
SERVER_ERROR: Final = 500
AWAY: Final = 503
WRONG_KEPT: Final = 20


@dataclass(frozen=True)
class Pause:
    """A stop that was promised: no decision on the ads after ``answered_ms`` and a while, until ``ended_ms``."""

    what: str
    ad_ids: frozenset[int]
    answered_ms: int
    ended_ms: int | None = None
    """Wire time at which the end of it was asked for; None: it holds."""


@dataclass
class Told:
    """Filled by many threads, read when they have ended."""

    events: set[str] = field(default_factory=set)
    """Names of events that were accepted; below, of conversions."""
    conversions: set[str] = field(default_factory=set)
    comments: dict[int, str] = field(default_factory=dict)
    """Text by id."""
    said: set[str] = field(default_factory=set)
    """Texts of comments that were asked for, answered or not."""
    stops: list[Pause] = field(default_factory=list)
    budgets: dict[int, int] = field(default_factory=dict)
    """By campaign, the last that was acknowledged."""
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By what was asked and status; 0: no answer."""
    wrong: list[str] = field(default_factory=list)
    """Answers of a server's fault, but for 503 that says when to come again; the first of them."""
    wrong_count: int = 0
    invalid_taken: list[str] = field(default_factory=list)
    """Invalid events that were not rejected."""
    results: Counter[str] = field(default_factory=Counter)
    """Of events, by status."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, what: str, status: int, *, comes_again: bool, body: bytes = b"") -> None:
        """Note an answer; ``comes_again``: whether it had ``Retry-After``."""
        with self._lock:
            self.statuses[what, status] += 1
            if status >= SERVER_ERROR and not (status == AWAY and comes_again):
                self.wrong_count += 1
                if len(self.wrong) < WRONG_KEPT:
                    self.wrong.append(f"{what}: {status} {body[:200].decode(errors='replace')}")

    def event(self, name: str, status: str, *, is_invalid: bool) -> None:
        """Note what became of an event."""
        with self._lock:
            self.results[status] += 1
            if is_invalid and status != "rejected":
                self.invalid_taken.append(name)
            elif status == "accepted":
                self.events.add(name)

    def conversion(self, name: str, status: str) -> None:
        """Note what became of a conversion."""
        with self._lock:
            if status == "accepted":
                self.conversions.add(name)

    def stop(self, stop: Pause) -> None:
        """Note a stop that was answered."""
        with self._lock:
            self.stops.append(stop)

    def done(self, kinds: Collection[str]) -> int:
        """Return how often something of these kinds was done."""
        with self._lock:
            return sum(count for (what, status), count in self.statuses.items() if what in kinds and _is_done(status))

    def by_status(self) -> dict[str, dict[str, int]]:
        """Return how many answers there were, by what was asked and status; for the report."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for (what, status), count in sorted(self.statuses.items()):
            found[what]["none" if status == 0 else str(status)] = count
        return dict(found)


def _is_done(status: int) -> bool:
    return 200 <= status < 400  # noqa: PLR2004 - what was asked was done, or shown the way to
