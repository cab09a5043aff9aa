"""What the benchmark of the feed and the edge that it asks agree on: which ads are drawn, and for when."""

from __future__ import annotations

from typing import Final

from attise.kernel.house import House

SEED: Final = 1
MODULE: Final = "attise.doors.cli.drawn_edge"
"""The edge, started as a process of its own: a door, which nothing beneath it imports."""
_FILE: Final = "drawn-at"


def tell_drawn(house: House, now_ms: int) -> None:
    """Say for which moment (world time) the ads were drawn."""
    (house.folder / _FILE).write_text(str(now_ms))


def drawn_at_ms(house: House) -> int:
    """Return that moment."""
    return int((house.folder / _FILE).read_text())
