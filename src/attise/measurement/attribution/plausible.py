"""Whether an event can be true, by what it says and when it came. Pure; knows nothing of other events.

Lives begin where the token was sealed, in wire time, and end where the event was received: a client's clock has no say.
Nobody sees more than time went by for; ``SLACK`` and ``WATCH_FACTOR`` are what is left for clocks and rounding.
"""

from __future__ import annotations

from typing import Final

from attise.records.event import Doubt, Event

LEAST_MS: Final = {"view_2s": 1_900, "view_6s": 5_800}
"""What must have passed since the decision."""
LEAST_PART: Final = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "complete": 1.0, "loop": 1.0}
"""Of the video's length, of which ``SLACK`` must have passed."""
SLACK: Final = 0.95
WATCH_FACTOR: Final = 1.1


def doubt_of(event: Event) -> str:
    """Return why an event is not believed, or nothing: what its receipt found, else what time says."""
    if event.doubt or event.claims is None:
        return event.doubt
    passed_ms = event.received_ms - event.claims.sealed_at_ms
    if event.watch_ms > WATCH_FACTOR * passed_ms:
        return Doubt.TOO_LONG.value
    least_ms = LEAST_MS.get(event.type, 0)
    if event.type in LEAST_PART:
        least_ms = LEAST_PART[event.type] * SLACK * event.claims.duration_ms
    return Doubt.TOO_SOON.value if passed_ms < least_ms else ""
