"""What was derived of one viewer: measurement/profiles → management/viewers, which keeps it on the viewer's own rows.

Times are epoch milliseconds of world time. Grows at its end only.
"""

from __future__ import annotations

import msgspec

from attise.records.viewer import Behaved


class Derived(msgspec.Struct, frozen=True):
    """A profile as of one moment, and what it rests on."""

    interests: tuple[tuple[int, int], ...] = ()
    """Ids of ``records.lookups.interests``, rising, each with since when it holds."""
    behaviours: tuple[Behaved, ...] = ()
    """By category and action."""
    evidence: bytes = b""
    """What it was derived from; its shape is measurement's own. Empty: nothing is left."""
    next_at_ms: int | None = None
    """When part of it ends by itself, if nothing more is done; None: never."""
