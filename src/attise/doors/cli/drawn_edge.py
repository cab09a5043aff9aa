"""``python -m attise.doors.cli.drawn_edge FD ADS``: an edge of a house with any number of drawn ads, and nothing else.

The edge is the real one: server, guard, credentials, viewers, running states, models, caps, tokens, records. What is
drawn (``simulator.targeted_ads``) is what loading would have mapped, and a snapshot file with the bytes of every record
(``simulator.drawn_file``), read as a house's is. Ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import uvicorn
import uvloop

from attise.doors.edge.app import Edge
from attise.doors.edge.changes import Follower
from attise.doors.edge.changes import State as Changes
from attise.doors.edge.feed.opening import Calls
from attise.doors.edge.guard import GuardedProtocol
from attise.doors.edge.limits import KEEP_ALIVE_S
from attise.doors.edge.server import settle_down
from attise.doors.edge.serving.stopping import stop_ads, stop_posts
from attise.kernel.chance import NamingChance
from attise.kernel.clock import SystemClock
from attise.kernel.house import House, Settings, open_house
from attise.proving.drawn import SEED, tell_drawn
from attise.records.change import STOPS, Change, ChangeKind
from attise.records.snapshot.reader import SnapshotFile
from attise.records.totals import Totals, TotalsHead
from attise.serving import kernels
from attise.serving.delivery.pacing.traffic import Traffic
from attise.serving.delivery.policy import SANDBOX
from attise.serving.delivery.state import State, remembered
from attise.serving.feed.posts import PostIndex, from_snapshot
from attise.simulator.drawn_file import file_of
from attise.simulator.drawn_house import DrawnHouse, draw_house

RICH = 1 << 50
"""What each envelope holds: money is not what this measures."""
TOLD_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What decisions read."""

    state: State | None
    posts: PostIndex
    snapshot: int = 1


class DrawnLoads:
    """Keeps drawn ads as loading keeps a house's: heeds stops, and hears every now and then that there is money."""

    def __init__(self, house: DrawnHouse, file: SnapshotFile, clock: SystemClock) -> None:
        """Serve a drawn house by the records of its snapshot, and its posts."""
        self.money = threading.Lock()
        self.traffic = Traffic()
        self._clock = clock
        state = house.state
        part = state.parts[0]
        self._segment, self._allowances = part.segment, state.allowances
        posts = from_snapshot(
            {entry.name: file.array(entry.name) for entry in file.header.arrays if entry.name.startswith("posts.")},
            file.words, version=file.header.version, decode=file.post, now_ms=clock.world_ms(),
        )  # fmt: skip
        self.loaded = Loaded(replace(state, parts=(replace(part, record=remembered(file.ad)),)), posts)

    def heed(self, changes: Sequence[Change]) -> None:
        """Take out what stopped."""
        stops: dict[ChangeKind, dict[int, int]] = {}
        for change in changes:
            if change.kind in STOPS and change.kind is not ChangeKind.VIEWER_CHANGED:
                stops.setdefault(change.kind, {})[change.object_id] = change.version
        if stops:
            stop_ads(self._segment, {kind: ids for kind, ids in stops.items() if kind is not ChangeKind.KEY_STOPPED})
            stop_posts(self.loaded.posts, stops)

    def report(self) -> dict[str, int]:
        """Return how many ads were drawn."""
        return {"ads": len(self._segment)}

    def forget(self) -> None:
        """Nothing was read that could be of another database."""

    def tell_totals(self, ending: threading.Event) -> None:
        """Say every now and then that nothing was spent, until the end."""
        while not ending.wait(TOLD_EVERY_S):
            now_ms = self._clock.wire_ms()
            with self.money:
                self._allowances.heed(Totals(TotalsHead(now_ms, now_ms, now_ms), ()), processes=1)


def main() -> int:
    """Serve until standard input ends."""
    listener, ads = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    house = open_house(Settings.from_environ(os.environ))
    kernels.use(compiles=True)
    clock = SystemClock()
    now_ms = clock.world_ms()
    tell_drawn(house, now_ms)
    drawn = draw_house(ads, SEED, now_ms=now_ms, policy=SANDBOX)
    loads = DrawnLoads(drawn, file_of(drawn.ads, house.folder), clock)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(house, listener, clock, loads))
    return 0


async def _serve(house: House, listener: socket.socket, clock: SystemClock, loads: DrawnLoads) -> None:
    changes, ending = Changes(loads), threading.Event()
    follower = Follower(house, changes, clock, holder="bench")
    chance = NamingChance()
    calls = Calls(house, clock, chance, changes, loads, node=lambda: follower.node, proto="http")
    edge = Edge(
        proxy=None,  # type: ignore[arg-type]  # there is no site
        own=calls.own,
        within=calls.within,
        chance=chance,
        at_once=calls.at_once,
    )
    config = uvicorn.Config(
        edge, http=GuardedProtocol, ws="none", loop="none", lifespan="off", log_config=None, access_log=False,
        proxy_headers=False, server_header=False, timeout_keep_alive=KEEP_ALIVE_S,
    )  # fmt: skip
    server = uvicorn.Server(config)
    settle_down()
    follower.start()
    calls.start()
    threading.Thread(target=loads.tell_totals, args=(ending,), daemon=True).start()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), lambda: setattr(server, "should_exit", True))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with contextlib.suppress(asyncio.CancelledError):
        await server.serve(sockets=[listener])
    ending.set()
    follower.end()
    await calls.close()


if __name__ == "__main__":
    sys.exit(main())
