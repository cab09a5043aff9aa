"""The means of this process, opened once at first use."""

from __future__ import annotations

import threading

from django.conf import settings

from attise.doors.site.setup import Process, open_process
from attise.kernel.house import Mode
from attise.kernel.means import Means

_lock = threading.Lock()
_process: Process | None = None


def install(process: Process) -> None:
    """Use an opened process (a worker's, a command's, a test's) instead of opening one as the site."""
    global _process  # noqa: PLW0603 - one process, one set of means
    _process = process


def process() -> Process:
    """Return this process, opening it as the site the first time."""
    global _process  # noqa: PLW0603 - as above
    if _process is None:
        with _lock:
            if _process is None:
                _process = open_process(settings.HOUSE, "site")
    return _process


def means() -> Means:
    """Return the means that doors hand to actions."""
    return process().means


def follow_world_clock() -> None:
    """Bring world time up to its row; only a sandbox or a demo moves it, so only they pay the query."""
    if settings.HOUSE.mode is not Mode.LIVE:
        from attise.management.processes.actions import read_world_clock

        process().clock.offset_ms, _ = read_world_clock()
