"""A process of the house as its supervisor sees it: started, told to go, started again when it dies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from attise.kernel.lifeline import GO, VARIABLE

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
SETTLED_S = 30.0
"""A process that lived this long is started again at once when it dies."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a process is for and how it is started."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        """The command line that runs the role."""
        return [sys.executable, "-m", self.module, *self.arguments]


class Child:
    """One role's process, and the pipes to it."""

    def __init__(self, role: Role, *, fds: Sequence[int] = ()) -> None:
        """Prepare a role that inherits ``fds``; nothing is started yet."""
        self.role = role
        self._fds = tuple(fds)
        self._process: subprocess.Popen[bytes] | None = None
        self._line = -1
        self.report = -1
        """Where the child's words can be read."""
        self.told: set[str] = set()
        """What the process of now has told."""
        self._started_at_s = 0.0
        self._pause_s = FIRST_PAUSE_S
        self.start_at_s = 0.0
        """When the child is to be started, on the monotonic clock."""

    @property
    def is_running(self) -> bool:
        """Whether there is a process that has not been collected."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The process id, None when none is running."""
        return self._process.pid if self._process else None

    def start(self, now_s: float) -> None:
        """Start the process in a group of its own, so that a terminal's signals reach the supervisor alone."""
        reading, self._line = os.pipe()
        self.report, writing = os.pipe()
        os.set_blocking(self.report, False)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own modules
                self.role.command,
                stdin=subprocess.DEVNULL,
                env={**os.environ, VARIABLE: f"{reading},{writing}"},
                pass_fds=(reading, writing, *self._fds),
                process_group=0,
            )
        finally:
            os.close(reading)
            os.close(writing)
        self._started_at_s = now_s
        self.told.clear()

    def go(self) -> None:
        """Tell the child that it may begin."""
        if self._line >= 0:
            with contextlib.suppress(BrokenPipeError):
                os.write(self._line, GO)

    def words(self) -> list[str]:
        """Return what the child has told since the last call."""
        try:
            words = os.read(self.report, 4096).decode().split()
        except BlockingIOError:
            return []
        self.told.update(words)
        return words

    def collect(self, now_s: float) -> int | None:
        """Return the exit code if the process has ended, once, and set when it is to be started again."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        self.kill()  # what it started must not outlive it
        self._process = None
        for descriptor in (self._line, self.report):
            os.close(descriptor)
        self._line = self.report = -1
        if now_s - self._started_at_s >= SETTLED_S:
            self._pause_s = FIRST_PAUSE_S
        self.start_at_s = now_s + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        return code

    def stop(self) -> None:
        """Ask the process to end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process and all that it started."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
