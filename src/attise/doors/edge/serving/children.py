"""Slow work in child processes: an index is made, kernels are compiled. One of each sort at a time, begun by need.

A child gives way to what people wait for. It dies with this process's group, and may be killed at any time: it is begun
again, after a pause that grows while it fails.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Sequence

from attise.kernel.clock import Clock

log = logging.getLogger("attise.edge.serving")

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


class Child:
    """A sort of work that a child process does."""

    def __init__(self, what: str, clock: Clock) -> None:
        """Do nothing yet."""
        self._what = what
        self._clock = clock
        self._process: subprocess.Popen[str] | None = None
        self._not_before_s = float("-inf")
        self._pause_s = FIRST_PAUSE_S

    @property
    def is_running(self) -> bool:
        """Whether a child works that has not been collected."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The process id of the child that works."""
        return None if self._process is None else self._process.pid

    def begin(self, command: Sequence[str]) -> bool:
        """Start the child unless one works, or one failed a moment ago; tells whether it was started."""
        if self._process is not None or self._clock.monotonic_s() < self._not_before_s:
            return False
        self._process = subprocess.Popen(  # noqa: S603 - our own modules
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        return True

    def collect(self, *, fine: Sequence[int] = (0,)) -> str | None:
        """Return what the child printed once it has ended well; None while it works, or when it failed.

        ``fine`` are the exit codes that are not a failure.
        """
        if self._process is None or (code := self._process.poll()) is None:
            return None
        printed = "" if self._process.stdout is None else self._process.stdout.read()
        self._release()
        if code in fine:
            self._pause_s = FIRST_PAUSE_S
            return printed
        log.warning("%s ended with code %d; it is begun again in %.0f s", self._what, code, self._pause_s)
        self._not_before_s = self._clock.monotonic_s() + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        return None

    def end(self) -> None:
        """Kill the child, if one works."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._release()

    def _release(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None


def build_command(snapshots: object, models: object, index: object) -> list[str]:
    """Return the command that makes the newest index."""
    return [sys.executable, "-m", "attise.doors.edge.serving.build", str(snapshots), str(models), str(index)]
