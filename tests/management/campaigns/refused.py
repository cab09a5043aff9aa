"""What a rule refuses, as codes and fields."""

from __future__ import annotations

from attise.kernel.errors import Refusal, Refusals


def codes(act, *args, **kwargs) -> list[tuple[str, str | None]]:
    """Return the codes and fields of what is refused; empty when it is not."""
    try:
        act(*args, **kwargs)
    except Refusal as refusal:
        return [(refusal.code, refusal.field)]
    except Refusals as several:
        return [(one.code, one.field) for one in several.items]
    return []
