"""How moments are written in the dialect: one spelling for entities, one for files, both UTC and to the second."""

from __future__ import annotations

from attise.kernel.clock import to_datetime


def entity_time(epoch_ms: int | None) -> str | None:
    """Return ``2026-11-22 08:30:00``, or None."""
    return None if epoch_ms is None else f"{to_datetime(epoch_ms):%Y-%m-%d %H:%M:%S}"


def iso_time(epoch_ms: int | None) -> str | None:
    """Return ``2026-11-22T08:30:00Z``, or None."""
    return None if epoch_ms is None else f"{to_datetime(epoch_ms):%Y-%m-%dT%H:%M:%SZ}"
