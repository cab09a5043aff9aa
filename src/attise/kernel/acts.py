"""What histories are asked by, whatever they are of: who acted, what was done, on what, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsWish:
    """Which acts are asked for; all parts hold together, None asks nothing. Newest first, beneath the id ``after``."""

    actor: str | None = None
    """``person:12``, or ``person`` for anybody of that kind."""
    actions: Collection[str] | None = None
    object_id: int | None = None
    from_ms: int | None = None
    """World time, included."""
    to_ms: int | None = None
    """World time, not included."""
    after: int | None = None
    limit: int = 50
