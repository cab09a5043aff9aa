"""Whoever writes now and then is let through by who writes all the time: for a store that takes one writer at a time.

Such a store has no queue. Who finds it taken sleeps and looks again, the longer the longer it waits, and mostly misses
the gap between two transactions of one who goes on at once. So whoever waits says so, by a lock that any number may
hold on one file; and who goes on at once looks first whether anybody holds it. A process that dies holds nothing.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE: Final = "writers.lock"


@contextmanager
def waiting(folder: Path) -> Iterator[None]:
    """Say that somebody waits to write, until the block ends: it holds as little as the beginning of a transaction."""
    descriptor = _open(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def is_awaited(folder: Path) -> bool:
    """Tell whether anybody waits to write. Cost: some microseconds."""
    descriptor = _open(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _open(folder: Path) -> int:
    """Return a descriptor of one's own: a lock belongs to the opening, not to the process."""
    return os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
