"""Whose notices a person reads, and when a digest is due. Pure."""

from __future__ import annotations

from typing import Final

from attise.kernel.limits import HOUR_MS

Audience = tuple[str, int]
"""``creator``, ``advertiser``, ``business_center``, ``operator`` or ``viewer``, and the id."""
VIEWER: Final = "viewer"
OPERATOR: Final[Audience] = ("operator", 0)


def is_due(mailed_at_ms: int, now_ms: int) -> bool:
    """Tell whether a digest may be sent: an hour after the one before (wire time)."""
    return now_ms - mailed_at_ms >= HOUR_MS
