"""Memory that loading let go of goes back to the machine, and is not kept for the next time.

Why: the C library keeps what was freed for later, and more of it the larger the arrays are that a process frees. Each
turn of pacing and each swap frees arrays of some mebibytes, at moments that nobody waits for; kept, they were half of
what an edge with a million ads held for itself.
"""

from __future__ import annotations

import ctypes
from typing import Final

LARGE_BYTES: Final = 1 << 20
"""Arrays from here on are mapped one by one: none of them is made for a decision."""
KEPT_BYTES: Final = 8 << 20
"""What is kept of small memory that was freed, so that an answer finds that of the one before."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def give_back_large() -> bool:
    """Have this process give large arrays back as soon as they go; tells whether its C library can be told to.

    Source: mallopt(3).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all((mallopt(_MMAP_THRESHOLD, LARGE_BYTES), mallopt(_TRIM_THRESHOLD, KEPT_BYTES)))
