"""A database that answers slowly: keeps the readers of an SQLite file in WAL mode out, and lets them in for a moment.

In a process of its own, ended by whoever started it: the kernel gives a process's locks back when it closes the file
anywhere. What a reader does in SQLite is to lock one of a few bytes of the index of the write-ahead log.
"""

from __future__ import annotations

import fcntl
import sys
import time
from pathlib import Path
from typing import Final

SLOW_S: Final = 0.6
"""How long readers wait, again and again."""
OPEN_S: Final = 0.05
START, LENGTH = 123, 5
"""Where readers lock (``WAL_READ_LOCK``)."""


def hold_readers(database: Path) -> None:
    """Keep readers waiting, for ever."""
    with Path(f"{database}-shm").open("r+b") as file:
        while True:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LENGTH, START)
            except OSError:  # somebody reads
                time.sleep(0.000_5)
                continue
            time.sleep(SLOW_S)
            fcntl.lockf(file, fcntl.LOCK_UN, LENGTH, START)
            time.sleep(OPEN_S)


if __name__ == "__main__":
    hold_readers(Path(sys.argv[1]))
