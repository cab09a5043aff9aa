"""What was refused, as a test compares it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attise.kernel.errors import Refusal, Refusals


def refusals_of(call: Callable[..., Any], *args: Any, **kwargs: Any) -> list[tuple[str | None, str]]:
    """Return ``(field, code)`` of everything a call refuses; a call that refuses nothing fails the test."""
    try:
        call(*args, **kwargs)
    except Refusal as one:
        return [(one.field, one.code)]
    except Refusals as several:
        return [(one.field, one.code) for one in several.items]
    raise AssertionError("nothing was refused")
