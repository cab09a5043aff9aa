"""What a signal handler may set, and the process waits for.

Why no ``threading.Event``: a signal may come while the same thread holds the event's own lock, or between its last look
at the flag and its sleep, and the process then never ends. Writing to a pipe is safe at any point, and the sleep ends
now and then to look.
"""

from __future__ import annotations

import contextlib
import os
import select
from typing import Protocol


class Ending(Protocol):
    """What says that something is to end: an ``Interrupt``, or an event where no signal sets it."""

    def is_set(self) -> bool:
        """Tell whether it is to end."""
        ...

    def set(self) -> None:
        """Have it end."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Return once it is to end, or after some seconds; tells whether it is."""
        ...


class Interrupt:
    """A flag and a pipe, in place of a ``threading.Event`` that a signal handler sets; any thread may set it too."""

    LOOK_S = 0.5

    def __init__(self) -> None:
        """Start unset."""
        self._is_set = False
        self._reading, self._writing = os.pipe()
        for descriptor in (self._reading, self._writing):
            os.set_blocking(descriptor, False)

    def is_set(self) -> bool:
        """Tell whether somebody called ``set`` since the last ``clear``."""
        return self._is_set

    def set(self) -> None:
        """Wake whoever waits; may be called from a signal handler."""
        self._is_set = True
        with contextlib.suppress(BlockingIOError):  # full of earlier calls: whoever waits is awake
            os.write(self._writing, b"!")

    def clear(self) -> None:
        """Forget earlier calls of ``set``."""
        self._is_set = False
        with contextlib.suppress(BlockingIOError):
            while os.read(self._reading, 64):
                pass

    def wait(self, timeout: float | None = None) -> bool:
        """Return once set; after ``timeout`` seconds, about, at the latest."""
        left_s = float("inf") if timeout is None else timeout
        while not self._is_set and left_s > 0:
            select.select([self._reading], [], [], min(self.LOOK_S, left_s))
            left_s -= self.LOOK_S
        return self._is_set
