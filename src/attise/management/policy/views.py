"""What others are given of this room's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of one setting; values as JSON has them."""

    id: int
    name: str
    before: Any
    after: Any
    note: str
    actor: str
    at_ms: int
