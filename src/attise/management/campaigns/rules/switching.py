"""Switches: on, off, or deleted for good, for a few rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attise.kernel.errors import Refusal
from attise.kernel.limits import SWITCHED_AT_ONCE
from attise.management.campaigns.errors import TOO_MANY_AT_ONCE
from attise.management.campaigns.rules.choices import check_choice

ENABLE, DISABLE, DELETE = "ENABLE", "DISABLE", "DELETE"
OPERATIONS = (ENABLE, DISABLE, DELETE)


def clean_switch(to: str) -> str:
    """Return what rows are switched to. Raises: ``choice_unknown``."""
    return check_choice(to, OPERATIONS, field="operation_status")


def clean_ids(ids: Iterable[int], *, field: str) -> tuple[int, ...]:
    """Return ids once each, in the order given; from 1 to 20 of them. Raises: ``too_many_at_once``."""
    wanted = tuple(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= SWITCHED_AT_ONCE:
        raise Refusal(TOO_MANY_AT_ONCE, field=field, limit=SWITCHED_AT_ONCE, got=len(wanted))
    return wanted


def values_of(to: str, *, now_ms: int) -> dict[str, Any]:
    """Return the columns that a switch sets; what is deleted keeps the switch it had."""
    return {"deleted_at_ms": now_ms} if to == DELETE else {"operation_status": to}
