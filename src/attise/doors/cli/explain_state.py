"""What decisions are taken on, loaded once for a command: the newest snapshot, deltas, stops, what may be spent.

The code that loads it is that of an edge; nothing of it is kept, and the house counts no edge more for it.
"""

from __future__ import annotations

import time

from attise.doors.edge.changes import Follower, State
from attise.doors.edge.serving.loading import Loading
from attise.kernel.clock import SystemClock
from attise.kernel.house import House, HouseError
from attise.serving.delivery import state as delivery

PATIENCE_S = 120.0
"""An index that is not there is made, which takes some ten seconds for a million ads."""
PAUSE_S = 0.05


def state_now(house: House) -> delivery.State:
    """Return the state as an edge would have it now. Raises: HouseError, when it cannot be loaded."""
    clock, changes = SystemClock(), State()
    loading = Loading(house, changes, clock, node=lambda: follower.node)
    follower = Follower(house, changes, clock, holder="explain", role="command", begin=lambda: loading.begin_version)
    follower.start()
    loading.start()
    until_s = clock.monotonic_s() + PATIENCE_S
    try:
        while clock.monotonic_s() < until_s:
            loaded = loading.loaded
            if loaded.state is not None and loaded.is_whole:
                return loaded.state
            time.sleep(PAUSE_S)
    finally:
        loading.end()
        follower.end()
    raise HouseError("What may run could not be loaded: is the worker running, and has settle published totals?")
