"""Whoever writes now and then is let through by who writes all the time: for a store that takes one writer at a time.

Such a store has no queue. Who finds it taken sleeps and looks again, the longer the longer it waits, and mostly misses
the gap between two transactions of one who goes on at once. So whoever waits says so, by a lock that any number may
hold on one file; and who goes on at once looks first whether anybody holds it. Who goes on at once holds another lock
for as long as a batch takes: whoever waits begins when it ends, where the store's own waiting would sleep on for 25 ms
and more. A process that dies holds nothing, and one that stands still is waited for no longer than the store would.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

FILE: Final = "writers.lock"
BATCH: Final = "batch.lock"
LOOK_S: Final = 0.001
LOOKS: Final = 200
"""How often whoever waits looks whether a batch is over; then the store's own waiting is left to decide."""


@contextmanager
def waiting(folder: Path, pause: Callable[[float], None]) -> Iterator[None]:
    """Say that somebody waits to write, until the block ends: it holds as little as the beginning of a transaction.

    It begins when the batch that is being written is over. ``pause`` lets some seconds pass.
    """
    descriptor = _open(folder, FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        for _ in range(LOOKS):
            if not _is_held(folder, BATCH):
                break
            pause(LOOK_S)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def working(folder: Path) -> Iterator[None]:
    """Say that a batch is being written, until the block ends."""
    descriptor = _open(folder, BATCH)
    try:
        with suppress(BlockingIOError):  # somebody looks, or another writes a batch of its own: the store decides
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def is_awaited(folder: Path) -> bool:
    """Tell whether anybody waits to write. Cost: some microseconds."""
    return _is_held(folder, FILE)


def _is_held(folder: Path, name: str) -> bool:
    descriptor = _open(folder, name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _open(folder: Path, name: str) -> int:
    """Return a descriptor of one's own: a lock belongs to the opening, not to the process."""
    return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
