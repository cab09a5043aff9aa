"""How often a process that works through batches looks for garbage that refers to itself."""

from __future__ import annotations

import gc
from typing import Final

AFTER: Final = 100_000
"""Objects made and not let go of since the last look: more than a large batch of events has at once. What refers to
itself is rare here, and all the rest goes without any look."""


def look_seldom() -> None:
    """Look for garbage seldom, and never through what the process began with: both took a tenth of settling."""
    gc.freeze()
    gc.set_threshold(AFTER, 50, 5)
