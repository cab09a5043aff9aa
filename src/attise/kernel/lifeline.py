"""The line between a parent process and its child: the child dies when it breaks, and each can tell the other a word.

Two pipes. On the first only the parent holds the writing end, so its end of file means that the parent is gone,
however it went; before that, one byte on it says "go". On the second the child tells the parent what it has reached.
A process started by hand has no line: it is told to go at once, and what it tells is told to nobody.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import MutableMapping

VARIABLE = "ATTISE_LIFELINE"
"""Where a child finds its two descriptors, as ``reading,writing``; taken out of the environment when found."""

GO = b"g"


class Lifeline:
    """The child's end."""

    def __init__(self, reading: int | None, writing: int | None) -> None:
        """Take descriptors that this process inherited, or None for a process without a parent."""
        self._reading = reading
        self._writing = writing
        self._go = threading.Event()

    @classmethod
    def from_environ(cls, environ: MutableMapping[str, str]) -> Lifeline:
        """Take the line out of the environment, so that this process's own children do not mistake it for theirs."""
        text = environ.pop(VARIABLE, "")
        if not text:
            return cls(None, None)
        reading, writing = (int(part) for part in text.split(","))
        os.set_inheritable(reading, False)
        os.set_inheritable(writing, False)
        return cls(reading, writing)

    @property
    def is_supervised(self) -> bool:
        """Whether there is a parent at the other end."""
        return self._reading is not None

    def hold(self) -> None:
        """Watch the line from a thread of its own, from now on; a forked process must hold it again."""
        if self._reading is None:
            self._go.set()
            return
        threading.Thread(target=self._watch, name="lifeline", daemon=True).start()

    def wait_for_go(self, timeout_s: float | None = None) -> bool:
        """Wait until the parent says go; at once without a parent."""
        return self._go.wait(timeout_s)

    def tell(self, word: str) -> None:
        """Tell the parent a word of letters; nothing happens if it is not listening."""
        if self._writing is not None:
            try:
                os.write(self._writing, f"{word}\n".encode())
            except OSError:
                return

    def _watch(self) -> None:
        """Read until the line breaks, then end this process and all that it started."""
        reading = self._reading
        if reading is None:
            raise AssertionError("only a supervised process watches its line")
        while os.read(reading, 1):
            self._go.set()
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
