"""Ingest and settling beside one another, as in a house under load: case *balance* of ``attise bench settle``.

An edge and a process that settles are started on the house, as its supervisor starts them. Devices send events at a
fixed rate over HTTP, in batches of fifty, each event with a token of its own; meanwhile management writes, a verb every
``WRITE_EVERY_S``, in this process. What is measured is how many events a second were answered and settled, from the
first that was sent to the last that was settled: a rate that settling does not keep up with makes that time longer.

Checked: every event that was told to be accepted is settled, once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from attise.kernel.house import House
from attise.kernel.means import Means
from attise.proving.ingest import BATCH, serve_edge
from attise.proving.load import Load, at_rate, request_of
from attise.proving.processor import spending
from attise.proving.result import Row, quantile
from attise.records.token import sealer_of

if TYPE_CHECKING:
    from attise.proving.settle import World

PER_S: Final = 6_000
"""Events; what is promised on two cores."""
SECONDS, SECONDS_QUICK = 20, 4
WARM: Final = 1_000
"""Events that are sent before, and not measured."""
CONNECTIONS: Final = 16
WRITE_EVERY_S: Final = 0.1
OLD_MS: Final = 60_000
"""How long before they are sent the events' tokens were sealed, so that nothing comes too soon."""
SETTLED_WITHIN_S: Final = 300.0
LOOK_S: Final = 0.02


@dataclass
class _Writes:
    """What management did meanwhile."""

    ms: list[float] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)


def balance(means: Means, house: House, world: World, *, quick: bool) -> Row:
    """Send for a while, wait until all is settled, and tell what that came to. The house has one log, its own."""
    from attise.management.accounts import actions as accounts
    from attise.measurement.attribution.queries import count_settled

    _, key = accounts.make_host_key(means, name="balance")
    seconds = SECONDS_QUICK if quick else SECONDS
    many = PER_S * seconds
    before, _, doubted_before = count_settled()
    with serve_edge(house) as (port, edge), _settling(house) as settle:
        requests = iter(_requests(means, house, world, key, port, WARM + many))
        at_rate(port, requests, per_s=WARM / BATCH, connections=1, seconds=1.0)
        _wait(before, WARM)  # both have begun, and read what they begin with
        before += WARM
        spent = {edge: 0.0, settle: 0.0}
        writes = _Writes()
        writer = threading.Thread(target=_write, args=(means, writes))
        began_s = time.perf_counter()
        with spending(edge, spent), spending(settle, spent):
            writer.start()
            load = at_rate(
                port,
                requests,
                per_s=PER_S / BATCH,
                connections=CONNECTIONS,
                seconds=seconds,
                check=lambda body: body.count(b'"status":"accepted"') == BATCH,
            )
            behind = many - _settled(before)
            settled = _wait(before, many)
            took_s = time.perf_counter() - began_s
            writes.is_over.set()
            writer.join()
    doubted = count_settled().doubted - doubted_before
    checks = {"wrong_answers": load.wrong, "missing": many - settled, "doubted": doubted}
    figures = {
        "behind": behind,
        "edge_cpu_us": round(spent[edge] / many * 1e6, 1),
        "settle_cpu_us": round(spent[settle] / many * 1e6, 1),
    }
    return _row(load, writes, settled / took_s, figures, checks)


def _row(load: Load, writes: _Writes, per_s: float, figures: dict[str, float], checks: dict[str, int]) -> Row:
    return Row(
        "settle/balance",
        f"{PER_S} events/s sent, a write every {round(WRITE_EVERY_S * 1000)} ms",
        None,
        round(per_s, 1),
        None,
        round(quantile(writes.ms, 0.5), 2),
        round(quantile(writes.ms, 0.99), 2),
        {
            "writes": len(writes.ms),
            "write_p95_ms": round(quantile(writes.ms, 0.95), 1),
            "answer_p95_ms": round(quantile(load.ms, 0.95), 1),
            **figures,
            **checks,
        },
        not any(checks.values()),
        client_bound=load.is_client_bound,
    )


def _requests(means: Means, house: House, world: World, key: str, port: int, many: int) -> list[bytes]:
    """Return whole requests: nothing is left to make while the cores are wanted by what is measured."""
    sealer = sealer_of(house.secrets)
    world.begin_at(means.clock.wire_ms() - OLD_MS)
    events = world.happen(many)
    tokens: dict[int, bytes] = {}
    found = []
    for begin in range(0, many, BATCH):
        items = []
        for event in events[begin : begin + BATCH]:
            claims = event.claims
            if claims is None:
                raise AssertionError("every event of this world has a token")
            token = tokens.get(claims.decision_id)
            if token is None:
                token = tokens[claims.decision_id] = sealer.seal(claims).encode()
            items.append(
                b'{"event_id":"%b","type":"%b","at_ms":%d,"watch_ms":%d,"token":"%b"}'
                % (event.event_id.encode(), event.type.encode(), event.at_ms, max(event.watch_ms, 0), token)
            )
        body = b'{"events":[' + b",".join(items) + b"]}"
        found.append(request_of("/v1/events", body, port=port, authorization=f"Bearer {key}"))
    return found


def _write(means: Means, writes: _Writes) -> None:
    """Have management write, at its times whatever became of those before, until it is over."""
    from django.db import connection

    from attise.kernel.actor import COMMAND
    from attise.management.accounts import actions as accounts

    due_s = time.perf_counter()
    try:
        while not writes.is_over.wait(max(0.0, due_s - time.perf_counter())):
            accounts.create_business_center(
                means, COMMAND, name="Beside", company="Beside", country="FR", currency="EUR", timezone="Europe/Paris"
            )
            writes.ms.append((time.perf_counter() - due_s) * 1000)
            due_s = max(due_s + WRITE_EVERY_S, time.perf_counter())
    finally:
        connection.close()


def _settled(before: int) -> int:
    from attise.measurement.attribution.queries import count_settled

    return count_settled().events - before


def _wait(before: int, many: int) -> int:
    """Return how many events are settled once all are, or none was for a long time."""
    until_s = time.monotonic() + SETTLED_WITHIN_S
    while (found := _settled(before)) < many and time.monotonic() < until_s:
        time.sleep(LOOK_S)
    return found


@contextmanager
def _settling(house: House) -> Iterator[int]:
    """Settle in a process of its own until the block ends; yields its process id."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATTISE_")}
    environment["ATTISE_DATA"] = str(house.folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "attise.doors.worker", "settle"], env=environment, stdin=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
