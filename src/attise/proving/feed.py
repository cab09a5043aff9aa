"""``attise bench feed``: a whole answer of ten items with two slots for ads, over HTTP.

The ceiling is a bare ASGI callable on the same server that decodes the same request and gives back as many bytes that
were made before; rounds of both are interleaved and medians quoted. Latency is open loop, at half of what was measured.

Checked on every decision of the run, read back from the durable log: no cap passed, nobody shown what is not for them
by the plain rules, no decision on a grant two seconds after its end; and every token of a sample of answers opens.
"""

from __future__ import annotations

import json
import os
import random
import socket
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import msgspec
from django.db import connection, transaction

from attise.kernel.house import House
from attise.kernel.limits import STATE_LIFE_MS
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.management.outbox.actions import unit, verb
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.proving.decide import passes_a_cap
from attise.proving.drawn import MODULE, SEED, drawn_at_ms
from attise.proving.load import at_rate, closed, request_of
from attise.proving.processor import spending
from attise.proving.result import Row, quantile
from attise.records.change import ChangeKind
from attise.records.decision import Contender, Decision, decode_decision
from attise.records.feed import ViewerContext, context_of
from attise.records.token import TokenFault, sealer_of
from attise.records.viewer import Viewer
from attise.serving.delivery.policy import SANDBOX
from attise.serving.targeting.matching import matches
from attise.simulator.drawn_house import draw_house
from attise.simulator.targeted_ads import FIRST_ID, draw_viewers

ROUNDS = 3
VIEWERS = 1_000
FIRST_VIEWER = 7_000_000_000_000_000_000
COUNT = 10
CONNECTIONS = 16
SAMPLED = 40
"""One answer in so many is kept, its tokens opened."""
FAULTS = ("cap_violations", "wrong_targets", "without_budget", "dead_grants", "above_bid")
"""What is counted of decisions, and must be none."""
STOPS = 20
"""Grants that end while the house is asked."""


@dataclass
class Sample:
    """Answers of a run that are looked at afterwards."""

    bodies: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    seen: int = 0

    def __call__(self, body: bytes) -> bool:
        """Keep some; every body is one that begins as an answer does."""
        self.seen += 1
        if self.seen % SAMPLED == 0:
            self.bodies.append(body)
            self.sizes.append(len(body))
        return body.startswith(b'{"feed_id":"')


def run(means: Means, house: House, *, quick: bool) -> list[Row]:
    """Measure at each number of ads, in a house of its own."""
    _, key = accounts.make_host_key(means, name="bench")
    viewers = _declare_viewers(means)
    for _ in range(2):
        _end_grant(means, 1)  # of nobody: what is drawn stands for version 1, and stops come after it
    scales = (10_000, 100_000) if quick else (1_000, 10_000, 100_000, 1_000_000)
    return [_measure(means, house, key, viewers, ads, seconds=1.5 if quick else 6.0) for ads in scales]


def _measure(means: Means, house: House, key: str, viewers: list[int], ads: int, *, seconds: float) -> Row:
    """Measure one number of ads."""
    _tell(f"drawing {ads} ads")
    position = SqliteLog(house.folder, may_write=True).end()
    with _started(house, MODULE, str(ads)) as (port, edge):
        requests = _requests(key, viewers, port)
        _tell(f"warming up at {ads}")
        warm = Sample()
        closed(port, requests, connections=CONNECTIONS, seconds=seconds, check=warm)
        size = round(statistics.fmean(warm.sizes)) if warm.sizes else 10_000
        sample, loads, bares, spent = Sample(), [], [], {edge: 0.0}
        with _started(house, "attise.proving.bare", str(size)) as (bare_port, bare):
            spent[bare] = 0.0
            bare_requests = _requests(key, viewers, bare_port)
            for _ in range(ROUNDS):
                with spending(bare, spent):
                    bares.append(closed(bare_port, bare_requests, connections=CONNECTIONS, seconds=seconds / 2))
                with spending(edge, spent):
                    loads.append(closed(port, requests, connections=CONNECTIONS, seconds=seconds, check=sample))
        measured, ceiling = (statistics.median(one.per_s for one in many) for many in (loads, bares))
        cpu_us, ceiling_cpu_us = (
            1e6 * spent[pid] / sum(one.answers for one in many) for pid, many in ((edge, loads), (bare, bares))
        )
        _tell(f"waiting times at {ads}")
        stopped = _stop_grants(means, house, position)
        waits = at_rate(
            port, requests, per_s=measured / 2, connections=4 * CONNECTIONS, seconds=2 * seconds, check=sample
        )
        after = closed(port, requests, connections=CONNECTIONS, seconds=STATE_LIFE_MS / 1_000 + 1, check=sample)
    checks = _checks(house, position, ads, stopped)
    checks["bad_answers"] = sum(load.wrong for load in (*loads, waits, after))
    checks["token_failures"] = _failing_tokens(house, sample.bodies, means.clock.wire_ms())
    correct = all(checks[name] == 0 for name in (*FAULTS, "bad_answers", "token_failures"))
    return Row(
        name="feed/answer",
        scale=f"{ads} ads",
        ceiling_per_s=round(ceiling, 1),
        measured_per_s=round(measured, 1),
        ratio=round(measured / ceiling, 3),
        p50_ms=round(quantile(waits.ms, 0.5), 2),
        p99_ms=round(quantile(waits.ms, 0.99), 2),
        checks={
            **checks,
            "answer_bytes": size,
            "stopped_grants": len(stopped),
            "cpu_us": round(cpu_us),
            "ceiling_cpu_us": round(ceiling_cpu_us),
            "cpu_ratio": round(ceiling_cpu_us / cpu_us, 3),
        },
        ok=correct and int(checks["decisions"]) > 0,
        client_bound=any(load.is_client_bound for load in loads),
    )


# What was decided, looked at afterwards


def _checks(house: House, position: int, ads: int, stopped: dict[int, int]) -> dict[str, float | int | str]:
    """Return what is wrong with any decision of the run, by the plain rules."""
    known = {viewer.pseudonym: viewer for viewer in _VIEWERS}
    drawn = draw_house(ads, SEED, now_ms=drawn_at_ms(house), policy=SANDBOX)
    shown: dict[str, list[tuple[Contender, int]]] = defaultdict(list)
    found = Counter(dict.fromkeys(FAULTS, 0))
    for decision in _decisions(house, position):
        found["decisions"] += 1
        winner, claims, now_ms = decision.winner, decision.claims, decision.decided_at_ms
        if winner is None or claims is None:
            continue
        found["ads_shown"] += 1
        ad, before = drawn.record(winner.ad_id), shown[decision.viewer.pseudonym]
        viewer = context_of(known[decision.viewer.pseudonym], now_ms=now_ms)
        found["wrong_targets"] += bool(matches(ad, viewer, now_ms))
        found["cap_violations"] += passes_a_cap(winner, before, ad.group.frequency, now_ms)
        found["without_budget"] += bool(drawn.spent_envelopes & set(claims.envelopes))
        ended_ms = stopped.get(0 if ad.grant is None else ad.grant.grant_id)
        found["dead_grants"] += ended_ms is not None and decision.wire_ms > ended_ms + STATE_LIFE_MS
        bid = winner.bid_micros if winner.billing_event != "CPM" else winner.bid_micros / 1_000
        found["above_bid"] += not 0 <= claims.price_micros <= bid
        before.append((winner, now_ms))
    return dict(found)


def _decisions(house: House, position: int) -> Iterator[Decision]:
    """Yield every decision that was logged beyond a position."""
    log = SqliteLog(house.folder, may_write=False)
    try:
        while batches := log.read(position, limit=200):
            for batch in batches:
                for entry in batch.entries:
                    if entry.kind == EntryKind.DECISION:
                        yield decode_decision(entry.body)
            position = batches[-1].position
    finally:
        log.close()


def _failing_tokens(house: House, bodies: list[bytes], now_ms: int) -> int:
    """Return how many tokens of some answers do not open, or do not say what their item says."""
    sealer, failing = sealer_of(house.secrets), 0
    for body in bodies:
        for item in json.loads(body)["items"]:
            claims = sealer.open(item["token"], now_ms=now_ms)
            told = item["ad"]["ad_id"] if item["kind"] == "ad" else None
            said = None if isinstance(claims, TokenFault) or claims.ad is None else str(claims.ad.ad_id)
            failing += isinstance(claims, TokenFault) or told != said
    return failing


# What is asked, and by whom


def _requests(key: str, viewers: list[int], port: int) -> Iterator[bytes]:
    """Yield requests of one viewer after the other, shuffled, without end."""
    made = [
        request_of(
            "/v1/feed", b'{"viewer_id":"%d","count":%d}' % (viewer, COUNT), port=port, authorization=f"Bearer {key}"
        )
        for viewer in viewers
    ]
    random.Random(SEED).shuffle(made)  # noqa: S311 - repeatable on purpose
    while True:
        yield from made


def _declared(number: int, drawn: ViewerContext) -> Viewer:
    year = None if drawn.age is None else 2026 - drawn.age
    return Viewer(
        viewer_id=FIRST_VIEWER + number,
        pseudonym=f"bench-{number}",
        birth_date=None if year is None else f"{year}-01-01",
        gender=drawn.gender or None,
        country=drawn.country or None,
        region=drawn.region or None,
        language=drawn.language or None,
        os=drawn.os or None,
        device_price=drawn.device_price,
        interests=drawn.interests,
        follows=drawn.follows,
        audiences=drawn.audiences,
        profiling_consent=drawn.may_profile,
    )


_VIEWERS = [_declared(number, drawn) for number, drawn in enumerate(draw_viewers(VIEWERS, SEED))]


def _declare_viewers(means: Means) -> list[int]:
    """Write the rows of viewers and return their ids: what the room of viewers would have written."""
    now_ms = means.clock.world_ms()
    empty = {
        **dict.fromkeys(("gender", "country", "region", "language", "os"), ""),
        **dict.fromkeys(("interests", "follows", "behaviours", "hidden"), "[]"),
        **dict.fromkeys(("interests_since", "interests_removed", "interests_derived"), "{}"),
        "profile_from_ms": 0,
    }
    names = ("id", "key", "pseudonym", "profiling_consent", "created_at_ms", "record", *empty)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO viewers_viewer ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})",  # noqa: S608
            [
                (
                    *(one.viewer_id, b"k" * 32, one.pseudonym, one.profiling_consent, now_ms),
                    *(msgspec.json.encode(one).decode(), *empty.values()),
                )
                for one in _VIEWERS
            ],
        )
    return [one.viewer_id for one in _VIEWERS]


def _stop_grants(means: Means, house: House, position: int) -> dict[int, int]:
    """End the grants of the ads that were shown most, and return when each ended (wire)."""
    shown = Counter(one.winner.post_id for one in _decisions(house, position) if one.winner is not None)
    stopped: dict[int, int] = {}
    for post_id, _ in shown.most_common(STOPS):
        if post_id:
            grant_id = 5 * FIRST_ID + post_id - 4 * FIRST_ID
            _end_grant(means, grant_id)
            stopped[grant_id] = means.clock.wire_ms()
    return stopped


@verb
def _end_grant(means: Means, grant_id: int) -> None:
    """Tell decisions that a grant ended; there is no row of it to change."""
    with unit(means) as work:
        work.change(ChangeKind.GRANT_STOPPED, grant_id)


@contextmanager
def _started(house: House, module: str, argument: str) -> Iterator[tuple[int, int]]:
    """Run a server of ours in a process of its own until the block ends; yields its port and its process id."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=256))
        port = int(listener.getsockname()[1])
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ATTISE_")}
        environment["ATTISE_DATA"] = str(house.folder)
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", module, str(listener.fileno()), argument],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(listener.fileno(),),
        )
        try:
            _wait_for(process)
            yield port, process.pid
        finally:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    """Return once the server says that it is ready."""
    if process.stdout is None or process.stdout.readline().strip() != b"ready":
        raise RuntimeError(f"a server of the benchmark did not start (code {process.poll()})")


def _tell(what: str) -> None:
    sys.stderr.write(f"bench feed: {what}\n")
    sys.stderr.flush()
