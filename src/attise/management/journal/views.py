"""What the journal tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act: who, when, from where, on what; before and after, as far as the act changed values."""

    id: int
    """In the order of all acts, whatever they are on."""
    at_ms: int
    """World time."""
    actor: str
    """``person:12``, ``host:3``, ``token:7``, ``command`` or ``clock``."""
    origin: str
    """A truncated address; empty when there was none, or where it is not kept."""
    object_kind: str
    object_id: int
    action: str
    before: dict[str, Any]
    after: dict[str, Any]
    advertiser_id: int | None = None
    """Whose it is, where the journal knows."""
