"""How far the life of an example house has come: one small file, written by whoever lives it, read by pages and doors.

Only an example house has one: nobody in a live house is simulated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from attise.kernel.limits import DAY_MS

BOOK: Final = "life.json"
STATE: Final = "life.state"
"""In the data folder: what is told of a life, and what its next turn draws on (``simulator.keeping``)."""
LIVES_MS: Final = 15_000
"""Nobody lives it any more when nothing was written for longer (wire time)."""

Phase = Literal["making", "begun", "lived", "behind", "on"]


class Life(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is told of a life. Moments of it are world time."""

    seed: int
    days: float
    """That are lived before the house is served for the first time."""
    begin_ms: int
    phase: Phase
    """``making``: its people are being made; nothing is kept that could be gone on with. ``begun``: those days are
    being lived. ``lived``: they were, and nothing since. ``behind``: further days are lived as fast as may be while
    the house is served. ``on``: it goes on at its speed."""
    until_ms: int = 0
    """Where the days end that are lived behind."""
    now_ms: int = 0
    """Up to where it is lived."""
    at_ms: int = 0
    """When this was written (wire time)."""
    speed: float = 1.0
    """World seconds in a second, once it goes on."""
    reached: float = 0.0
    """The same, as it was lately."""
    impressions: int = 0
    paid: int = 0

    @property
    def day(self) -> int:
        """Return the day of the life that it is in, 1 for the first."""
        return max(self.now_ms - self.begin_ms, 0) // DAY_MS + 1

    @property
    def behind_percent(self) -> int:
        """Return how much of the days that are lived behind is lived, 0 to 100."""
        begin_ms = self.begin_ms + int(self.days * DAY_MS)
        if self.phase == "on" or self.until_ms <= begin_ms:
            return 100
        return max(0, min(99, 100 * (self.now_ms - begin_ms) // (self.until_ms - begin_ms)))

    def is_going_on(self, *, wire_ms: int) -> bool:
        """Tell whether somebody lives it at this moment."""
        return self.phase in {"behind", "on"} and wire_ms - self.at_ms <= LIVES_MS


def is_kept(folder: Path) -> bool:
    """Tell whether a life of this folder can be gone on with: the days before its first serving were lived."""
    life = read_life(folder)
    return life is not None and life.phase not in {"making", "begun"} and (folder / STATE).exists()


def read_life(folder: Path) -> Life | None:
    """Return what is told of the life of a data folder; None: there is none, or nothing that can be read."""
    try:
        return msgspec.json.decode((folder / BOOK).read_bytes(), type=Life)
    except (OSError, msgspec.MsgspecError):
        return None


def write_life(folder: Path, life: Life) -> None:
    """Tell it, whole or not at all."""
    draft = folder / f".{BOOK}"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(life)))
    draft.replace(folder / BOOK)
