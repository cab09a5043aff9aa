"""Kernels are brought: compiled once for the machine by a child process, then loaded by each edge in a thread.

Nothing waits for them; numpy answers meanwhile. ``python -m attise.doors.edge.serving.compiling FOLDER`` is the child.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from attise.doors.edge.serving.children import Child
from attise.doors.edge.serving.files import alone
from attise.kernel.clock import Clock
from attise.serving import kernels

NICENESS = 10
LOOK_S = 0.5


class Compiling(threading.Thread):
    """Ends once the kernels are loaded, or when it is told to."""

    def __init__(self, folder: Path, clock: Clock, *, is_needed: Callable[[], bool]) -> None:
        """Bring the kernels of a folder, once they are needed: where there is nothing to search, nobody misses them."""
        super().__init__(name="compiling", daemon=True)
        self._folder = folder
        self._is_needed = is_needed
        self._child = Child("compiling kernels", clock)
        self._ending = threading.Event()

    def run(self) -> None:
        """Have them compiled where they are not, and load them."""
        while not self._is_needed() and not self._ending.wait(LOOK_S):
            continue
        while not self._ending.is_set() and not kernels.use(self._folder):
            self._child.begin(_command(self._folder))
            while self._child.is_running and not self._ending.wait(LOOK_S):
                self._child.collect()
            self._ending.wait(LOOK_S)
        self._child.end()

    def end(self) -> None:
        """Stop, and end the child."""
        self._ending.set()
        if self.is_alive():  # whoever failed before it was started ends it too
            self.join(timeout=5)


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "attise.doors.edge.serving.compiling", str(folder)]


def main() -> int:
    """Compile into a folder, unless another one has while this one waited."""
    os.nice(NICENESS)
    folder = Path(sys.argv[1])
    folder.mkdir(mode=0o700, exist_ok=True)
    with alone(folder):
        return 0 if kernels.use(folder, compiles=True) else 1


if __name__ == "__main__":
    sys.exit(main())
