"""One writer at a time: the kernel's lock on an open file, let go of when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

LOCK: Final = "lock"
"""The file of a folder that its writers hold; it stays when they are gone."""


def take(file: IO[Any]) -> bool:
    """Hold an open file against other processes until it is closed; False, at once, when one of them holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold a folder against other writers; False when one of them holds it."""
    with (folder / LOCK).open("a") as file:
        yield take(file)
