"""The edge as a process: it opens the house, listens, and drains when it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import uvicorn
import uvloop

from attise.doors.edge import limits
from attise.doors.edge.app import Edge
from attise.doors.edge.changes import Follower, State
from attise.doors.edge.ending import end_side_by_side
from attise.doors.edge.feed.opening import Calls
from attise.doors.edge.giving_back import give_back_large
from attise.doors.edge.guard import GuardedProtocol
from attise.doors.edge.health import Health
from attise.doors.edge.media import Media
from attise.doors.edge.proxy import Proxy
from attise.doors.edge.serving.compiling import Compiling
from attise.doors.edge.serving.files import Folders
from attise.doors.edge.serving.loading import Loading
from attise.kernel.chance import NamingChance
from attise.kernel.clock import SystemClock
from attise.kernel.house import House
from attise.kernel.lifeline import Lifeline
from attise.records.media_link import PREFIX, PURPOSE, MediaLinks

log = logging.getLogger("attise.edge")

DESCRIPTORS = 4 * limits.CONNECTIONS


class Server(uvicorn.Server):
    """The server, with the signals left to ``serve``: it drains first and ends with 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve(house: House, listener: socket.socket, lifeline: Lifeline) -> None:
    """Serve ``house`` on a listening socket until SIGTERM or SIGINT.

    Tells its parent ``listening`` once it takes requests, and ``well`` once it finds that the whole house does.
    """
    _raise_descriptors()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(house, listener, lifeline))


async def _serve(house: House, listener: socket.socket, lifeline: Lifeline) -> None:
    clock = SystemClock()
    chance, state = NamingChance(), State()
    loading = Loading(house, state, clock, node=lambda: follower.node)
    compiling = Compiling(
        Folders.of(house).kernels, clock, is_needed=lambda: any(len(one.segment) for one in loading.loaded.pieces)
    )
    follower = Follower(
        house,
        state,
        clock,
        holder=f"{socket.gethostname()[:40]}:{os.getpid()}",
        begin=lambda: loading.begin_version,
        others=loading.applied,
    )
    public = house.settings.public_url
    proto = "https" if house.settings.is_secure else "http"
    proxy = Proxy(house.run / "site.sock", uploads=house.uploads, proto=proto)
    media = Media(house.media, MediaLinks(house.secrets.key(PURPOSE)), clock)
    host = (urlsplit(public).hostname if public else None) or "localhost"
    health = Health(site=proxy, state=state, follower=follower, loading=loading, clock=clock, host=host)
    calls = Calls(house, clock, chance, state, loading, node=lambda: follower.node, proto=proto)
    own = {**dict.fromkeys(Health.PATHS, health), **calls.own}
    edge = Edge(proxy=proxy, own=own, within={PREFIX: media, **calls.within}, chance=chance, at_once=calls.at_once)
    server = Server(
        uvicorn.Config(
            edge,
            http=GuardedProtocol,
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.KEEP_ALIVE_S,
            timeout_graceful_shutdown=limits.DRAIN_S,
        )
    )
    _drain_on_signals(server, health)
    settle_down()
    follower.start()
    loading.start()
    compiling.start()
    calls.start()
    lifeline.tell("listening")
    telling = asyncio.create_task(_tell_when_well(health, lifeline))
    try:
        await server.serve(sockets=[listener])
    finally:
        telling.cancel()
        await end_side_by_side(loading.end, compiling.end, follower.end)
        await calls.close()
        await proxy.close()
        media.close()
    log.info("the edge has ended")


def settle_down() -> None:
    """Have this process do nothing but answer from now on: what it has made until then stays for good."""
    sys.setswitchinterval(limits.SWITCH_S)
    give_back_large()
    gc.freeze()  # what was imported lives as long as this process: no collection need look at it again


async def _tell_when_well(health: Health, lifeline: Lifeline) -> None:
    """Tell ``well`` the first time that everything answers: of several edges each knows it at a moment of its own."""
    while lifeline.is_supervised and not (await health.report())["ok"]:  # noqa: ASYNC110 - other processes are asked: none of them calls back
        await asyncio.sleep(limits.HEALTH_LIFE_S)
    lifeline.tell("well")


def _drain_on_signals(server: Server, health: Health) -> None:
    """On the first signal say that the house is not ready, then stop listening; on a second one wait for nothing."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        if health.is_draining:
            server.should_exit = server.force_exit = True
            return
        health.is_draining = True
        log.info("draining")
        loop.call_later(limits.NOTICE_S, setattr, server, "should_exit", True)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)


def _raise_descriptors() -> None:
    """Ask for as many open files as the connections may need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
