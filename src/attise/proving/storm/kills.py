"""Processes of the served house are killed (SIGKILL), in an order that a seed decides; its supervisor starts others.

Only children of our own supervisor are found, by what they run.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

from attise.proving.storm.told import OF_THE_SITE, Told

ROLES: Final = {
    "edge": ("attise.doors.edge",),
    "settle": ("attise.doors.worker", "settle"),
    "site": ("attise.doors.cli.supervisor_site",),
    "worker": ("attise.doors.worker", "worker"),
}
"""What each runs, as its command line ends after ``-m``."""
PAUSE_S: Final = (0.3, 2.0)
"""Before each kill."""
WORK: Final = 5
"""Answers between two kills of a role, so that there is something to lose."""


class Kills(threading.Thread):
    """Kills one process after the other, of those that have done something since: the one killed least."""

    def __init__(self, supervisor: int, told: Told, ending: threading.Event, seed: int) -> None:
        """Kill children of this process until the end; ``told`` says what they have done meanwhile."""
        super().__init__(name="kills", daemon=True)
        self._supervisor = supervisor
        self._told = told
        self._ending = ending
        self._chance = random.Random(f"{seed}/kills")  # noqa: S311 - a drill is to be repeatable
        self.kills: Counter[str] = Counter()

    def run(self) -> None:
        """Kill until the end."""
        before: Counter[str] = Counter()
        while not self._ending.wait(self._chance.uniform(*PAUSE_S)):
            done = {role: self._told.done(OF_THE_SITE if role == "site" else {"events"}) for role in ROLES}
            pids = {role: pids_of(self._supervisor, role) for role in ROLES}
            # What only starts has nothing to lose.
            ready = [role for role in ROLES if pids[role] and done[role] >= before[role] + WORK]
            if not ready:
                continue
            fewest = min(self.kills[role] for role in ready)
            role = self._chance.choice([role for role in ready if self.kills[role] == fewest])
            with suppress(ProcessLookupError):
                os.kill(self._chance.choice(pids[role]), signal.SIGKILL)
                self.kills[role] += 1
                before[role] = done[role]
                sys.stderr.write(f"drill: killed {role} ({sum(self.kills.values())} kills)\n")


def pids_of(supervisor: int, role: str) -> list[int]:
    """Return the process ids of a role, of those that this supervisor has started. Cost: a look at its children."""
    module, *more = ROLES[role]
    found = []
    for pid in children_of(supervisor):
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
            if "-m" in words:
                at = words.index("-m") + 1
                if words[at : at + 1] == [module] and words[at + 1 : at + 1 + len(more)] == more:
                    found.append(pid)
    return sorted(found)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and not collected."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(one) for one in file.read_text().split()]
    return found


def wait_until_whole(supervisor: int, *, patience_s: float) -> float | None:
    """Wait until every role runs; returns how many seconds that took, None where it does not come."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < patience_s:
        if all(pids_of(supervisor, role) for role in ROLES):
            return time.monotonic() - began_s
        time.sleep(0.1)
    return None
