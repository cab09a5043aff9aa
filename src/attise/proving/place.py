"""The served house as a drill sees it; and what a drill does in its own process, done again where it loses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from attise.kernel.conflicts import is_conflict
from attise.kernel.house import House
from attise.kernel.means import Means

PATIENCE_S: Final = 120.0
PAUSE_S: Final = 0.2
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Place:
    """A house, the port it is served at, a key of its host, and the process id of its supervisor."""

    means: Means
    house: House
    port: int
    key: str
    supervisor: int


def again(act: Callable[[], Answer]) -> Answer:
    """Return what ``act`` returns, which is one transaction: done again as often as it loses to another's.

    Why beside what verbs do: a drill hurts the database that it writes to itself, for longer than any request waits.
    """
    until_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return act()
        except Exception as error:
            if not is_conflict(error) or time.monotonic() > until_s:
                raise
            time.sleep(PAUSE_S)
