"""The sandbox: world time moved by hand, and a clean start that keeps the credentials. Elsewhere it is not there."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from attise.doors.native_api import wire
from attise.doors.native_api.emptying import empty_house
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.errors import NOT_A_SANDBOX
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.sandbox import ClockAnswer, ClockMove, ResetAnswer, Traffic, TrafficAnswer
from attise.doors.site.means import follow_world_clock
from attise.kernel.clock import rfc3339
from attise.kernel.errors import FIELD_INVALID, N_, Outage, Refusal
from attise.kernel.house import House, Mode
from attise.kernel.limits import HOUR_MS
from attise.management.outbox.queries import get_version
from attise.management.processes.actions import advance_world_clock
from attise.management.processes.queries import is_alive, list_behind, list_unlevel
from attise.management.snapshots.actions import is_told
from attise.management.snapshots.queries import get_position
from attise.measurement.attribution.queries import get_head, get_mark, get_untold
from attise.measurement.attribution.queries import is_told as is_all_told
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.process import Applied

group = Group("Sandbox")
FOLLOWERS = ("edge", "worker", "settle")
"""Roles that must have done, at the new time, all that falls due by it. The site reads the clock at each request."""
LATEST_MS = 4_102_444_800_000
"""1 January 2100: world time goes no further, so that every date derived from it is one."""
PAUSE_S = 0.02
TRAFFIC = "attise.doors.cli.traffic"
TRAFFIC_S, TRAFFIC_MOST_S = 40, 55
"""For how long viewers watch at most, and when the process that brings them is ended whatever it does (wall time)."""
TURNS = 1_500
"""Together 30 s, well within the time an answer may take."""
_traffic = threading.Lock()


@group.post("/sandbox/v1/clock", gives=ClockAnswer, refuses=(404,), once=False, atomic=False)
def move_clock(call: Call, body: ClockMove) -> ClockAnswer:
    """Move world time forward.

    The answer comes when every process has followed, reminders and expiries up to the new time are done, every event
    that was accepted before the call is settled, and every process that decides knows what all this led to. Time does
    not go back.
    """
    _only_in_sandbox(call)
    if call.now_ms + body.advance_s * 1000 > LATEST_MS:
        rule = wire.say(N_("world time does not go past %(latest)s"), {"latest": rfc3339(LATEST_MS)})
        raise Refusal(FIELD_INVALID, field="advance_s", rule=rule)
    _advance(call, body.advance_s * 1000)
    return ClockAnswer(now=rfc3339(call.now_ms))


def _advance(call: Call, step_ms: int) -> None:
    """Move world time forward, and wait until the house has come there. Raises: Outage."""
    _, version = advance_world_clock(step_ms)
    follow_world_clock()
    clock, turns = call.means.clock, iter(range(TURNS))
    accepted = _end_of_log(call.house)
    _wait(turns, lambda: not list_behind(clock, roles=FOLLOWERS, clock_version=version))
    upto = get_version()
    if is_alive(clock, "worker"):
        _wait(turns, lambda: is_told(call.means, version=upto))
    if is_alive(clock, "settle"):
        _wait(turns, lambda: get_mark().position >= accepted)
        untold = get_untold()
        _wait(turns, lambda: is_all_told(untold))
    told = Applied(upto, get_position().number, get_head().version)
    _wait(turns, lambda: not list_unlevel(clock, role="edge", applied=told))


def _end_of_log(house: House) -> int:
    """Return the position of the newest batch of the log: what was accepted before this call is in it."""
    log = SqliteLog(house.folder, may_write=False)
    try:
        return log.end()
    finally:
        log.close()


def _wait(turns: Iterator[int], is_done: Callable[[], bool]) -> None:
    """Wait until something is done, for as many turns as are left. Raises: Outage."""
    pause = threading.Event()
    while not is_done():
        if next(turns, None) is None:
            raise Outage("a process does not follow the world clock", retry_after_s=5)
        pause.wait(PAUSE_S)


@group.post("/sandbox/v1/traffic", gives=TrafficAnswer, refuses=(404,), once=False, atomic=False)
def bring_traffic(call: Call, body: Traffic) -> TrafficAnswer:
    """Have simulated viewers watch the feed, and world time go on meanwhile.

    What they are shown is decided as for anybody, from your posts and ads; what they do of it is counted and charged
    before the answer comes, which takes a minute at most. Nobody beyond France sees an ad that is for France alone:
    viewers are of several countries, ages and interests, some consent to profiling and some do not.
    """
    _only_in_sandbox(call)
    if call.now_ms + int(body.hours * HOUR_MS) > LATEST_MS:
        rule = wire.say(N_("world time does not go past %(latest)s"), {"latest": rfc3339(LATEST_MS)})
        raise Refusal(FIELD_INVALID, field="hours", rule=rule)
    if not is_alive(call.means.clock, "settle"):
        raise Outage("nobody settles what viewers do", retry_after_s=5)
    with _one_at_a_time():
        told = _run_traffic(body)
    _advance(call, 0)
    return TrafficAnswer(**told, now=rfc3339(call.now_ms))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one call bring traffic while others are told to come back. Raises: Outage."""
    if not _traffic.acquire(blocking=False):
        raise Outage("viewers are watching already", retry_after_s=TRAFFIC_S)
    try:
        yield
    finally:
        _traffic.release()


def _run_traffic(body: Traffic) -> dict[str, Any]:
    """Run the viewers in a process of their own, and return what it told. Raises: Outage."""
    command = [sys.executable, "-m", TRAFFIC, str(body.viewers), str(body.hours), str(TRAFFIC_S)]
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=TRAFFIC_MOST_S)  # noqa: S603 - ours
    except (subprocess.SubprocessError, OSError) as error:
        raise Outage(f"traffic: {type(error).__name__}", retry_after_s=5) from error
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@group.post("/sandbox/v1/reset", gives=ResetAnswer, refuses=(404,), once=False, atomic=False)
def reset(call: Call) -> ResetAnswer:
    """Delete everything but credentials, and whom they belong to.

    Host keys, apps, tokens, people, Business Centers and advertisers stay; creators, posts with their files, viewers,
    grants and all that came of them go. World time stays where it is.
    """
    _only_in_sandbox(call)
    return ResetAnswer(deleted_rows=empty_house(call.means, call.house), now=rfc3339(call.now_ms))


def _only_in_sandbox(call: Call) -> None:
    if call.house.mode is not Mode.SANDBOX:
        raise Refusal(NOT_A_SANDBOX)
