"""Whose notices a person reads."""

from __future__ import annotations

from typing import Final

Audience = tuple[str, int]
"""``creator``, ``advertiser``, ``business_center``, ``operator`` or ``viewer``, and the id."""
VIEWER: Final = "viewer"
OPERATOR: Final[Audience] = ("operator", 0)
