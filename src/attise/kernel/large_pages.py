"""Files that are mapped in pages of two megabytes, where the system can: few pages hold a table of a million rows.

A page of four kilobytes has to be found anew at nearly every row that a decision reads. A system keeps a file in large
pages when it is read from the disk for a mapping that asks for them, and not when it is at hand in small ones already:
so whoever wrote a file lets go of it. Everybody who maps it shares the same pages. Where a system knows none of this, a
file is mapped as ever.
"""

from __future__ import annotations

import mmap
import os
from contextlib import suppress


def ask_for(mapping: mmap.mmap) -> mmap.mmap:
    """Return a mapping that nothing was read of yet, after asking for large pages."""
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a system without them
            mapping.madvise(mmap.MADV_HUGEPAGE)
    return mapping


def let_go(descriptor: int) -> None:
    """Have the system forget a file that is wholly on the disk, so that whoever maps it reads it in large pages."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
