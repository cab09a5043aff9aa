"""``attise bench dialect``: reading and writing through the management API, over the public port.

The ceiling of a case is the same stack (edge, site, routing, checks up to the endpoint) answering a fixed body: a known
address that this release refuses. Rounds of ceiling and measurement are interleaved, medians are quoted.

A library of N posts is grown from one real post, applied by its real code, by copying rows in the database: the reads
and checks are the real ones, only the growing is short.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from attise.management.posts.media.clips import STYLES, make_clip
from attise.proving.client import Client
from attise.proving.result import Row, quantile
from attise.proving.serving import Served, serve_sandbox

ROUNDS = 3
CREATOR = {"handle": "bench", "display_name": "Bench"}
WRITE_CODES = 90
FIRST_COPY = 8_000_000_000_000_000_000
TABLES = ("posts_post", "authorizations_authorization", "authorizations_binding")
PROMISED_READ_MS = 25
PROMISED_WRITE_MS = 60


def run(*, quick: bool) -> list[Row]:
    """Measure every case at every scale."""
    rows = []
    with serve_sandbox() as served:
        client = Client(served.port, bundle := served.credentials())
        post_id = first_post(served, client)
        spare = spare_posts(served.folder / "attise.sqlite3", post_id, WRITE_CODES)
        apply_code(client, bundle, post_id)
        for scale in (1_000, 10_000):
            _tell(f"growing the library to {scale} posts")
            _grow(served.folder / "attise.sqlite3", scale)
            rows += _measure(client, bundle, scale, spare, calls=100 if quick else 400)
    return rows


def _measure(client: Client, bundle: dict[str, str], scale: int, spare: list[int], *, calls: int) -> list[Row]:
    """Measure the cases of one scale, rounds interleaved with their ceiling."""
    advertiser = bundle["advertiser_id"]
    cases: dict[str, Callable[[int], dict[str, Any]]] = {
        "read": lambda turn: client.dialect(
            f"tt_video/list/?advertiser_id={advertiser}&page_size=10&page={1 + turn % (scale // 10)}"
        ),
        "search": lambda turn: client.dialect(
            f"tt_video/list/?advertiser_id={advertiser}&page_size=10&keyword={quote(f'copy {turn % scale}')}"
        ),
    }
    rows = []
    for name, call in cases.items():
        _tell(f"{name} at {scale}")
        rows.append(_case(f"dialect/{name}", scale, client, call, calls))
    _tell(f"write at {scale}")
    codes = [code_of(client, post_id) for post_id in spare]
    body = {"advertiser_id": advertiser}
    write = _case(
        "dialect/write",
        scale,
        client,
        lambda turn: client.dialect("tt_video/authorize/", {**body, "auth_code": codes[turn]}),
        len(codes) // ROUNDS,
    )
    return [*rows, write]


def _case(name: str, scale: int, client: Client, call: Callable[[int], dict[str, Any]], calls: int) -> Row:
    """Time one case against the fixed answer."""
    times: list[float] = []
    rates: list[float] = []
    ceilings: list[float] = []
    wrong = 0
    for turn in range(min(10, calls)):
        client.dialect("catalog/get/")
        if "write" not in name:
            call(turn)
    for round_number in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(calls):
            client.dialect("catalog/get/")
        ceilings.append(calls / (time.perf_counter() - began))
        taken = []
        for turn in range(calls):
            began = time.perf_counter()
            answer = call(round_number * calls + turn)
            taken.append((time.perf_counter() - began) * 1000)
            wrong += answer["code"] != 0
            if "read" in name:
                wrong += len(answer["data"]["list"]) != 10  # noqa: PLR2004
                wrong += answer["data"]["page_info"]["total_number"] < scale
        times += taken
        rates.append(1000 * calls / sum(taken))
    measured, ceiling = quantile(rates, 0.5), quantile(ceilings, 0.5)
    promised = PROMISED_WRITE_MS if "write" in name else PROMISED_READ_MS
    return Row(
        name=name,
        scale=f"{scale} posts",
        ceiling_per_s=round(ceiling, 1),
        measured_per_s=round(measured, 1),
        ratio=round(measured / ceiling, 3),
        p50_ms=round(quantile(times, 0.5), 2),
        p99_ms=round(quantile(times, 0.99), 2),
        checks={"wrong_answers": wrong, "p95_ms": round(quantile(times, 0.95), 2), "promised_p95_ms": promised},
        ok=wrong == 0,
    )


def first_post(served: Served, client: Client) -> int:
    """Publish one real post."""
    creator_id = client.native("/v1/creators", CREATOR)["creator_id"]
    file = served.folder / "uploads" / "bench.mp4"
    make_clip(file, seconds=2, seed=1, style=STYLES[0])
    meta = {"creator_id": creator_id, "caption": "first", "format": "video", "visibility": "public"}
    answer = client.publish(meta, file)
    if "post_id" not in answer:
        raise RuntimeError(f"the first post was refused: {answer}")
    return int(answer["post_id"])


def spare_posts(database: Path, post_id: int, count: int) -> list[int]:
    """Copy the first post as it is, unauthorized, for codes to be applied."""
    with sqlite3.connect(database, timeout=30) as connection:
        numbers = range(900_000, 900_000 + count)
        _copy(connection, "posts_post", post_id, numbers, caption="'spare ' || :n")
    return [_id_of(number, "posts_post") for number in numbers]


def code_of(client: Client, post_id: int) -> str:
    """Have a post authorized, and return its code."""
    code: str = client.native(f"/v1/posts/{post_id}/authorizations", {"days": 30})["code"]
    return code


def apply_code(client: Client, bundle: dict[str, str], post_id: int) -> str:
    """Authorize a post, apply its code, and return the identity it is shown under."""
    body = {"advertiser_id": bundle["advertiser_id"], "auth_code": code_of(client, post_id)}
    answer = client.dialect("tt_video/authorize/", body)
    if answer["code"] != 0:
        raise RuntimeError(f"the code was refused: {answer}")
    identity_id: str = answer["data"]["identity_id"]
    return identity_id


def _grow(database: Path, scale: int) -> None:
    """Copy the first bound post, its grant and its binding until there are ``scale`` of them."""
    with sqlite3.connect(database, timeout=30) as connection:
        have = connection.execute("SELECT COUNT(*) FROM authorizations_binding").fetchone()[0]
        first = connection.execute(
            "SELECT b.id, a.id, p.id FROM authorizations_binding b JOIN authorizations_authorization a "
            "ON a.id = b.authorization_id JOIN posts_post p ON p.id = a.post_id ORDER BY b.id LIMIT 1"
        ).fetchone()
        spans = range(have, scale)
        _copy(connection, "posts_post", first[2], spans, caption="'copy ' || :n")
        _copy(connection, "authorizations_authorization", first[1], spans, post_id=":other", code_hash="'copy' || :n")
        _copy(connection, "authorizations_binding", first[0], spans, authorization_id=":other")


def _copy(connection: sqlite3.Connection, table: str, row_id: int, numbers: range, **changed: str) -> None:
    """Insert copies of one row under new ids; ``:other`` is the id of the copy of the same number one table before."""
    names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    values = {**{name: name for name in names}, **changed, "id": ":id"}
    statement = (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 - our own tables and columns
        f"SELECT {', '.join(values[name] for name in names)} FROM {table} WHERE id = :row"
    )
    copies = [
        {"id": _id_of(number, table), "other": _id_of(number, table) - 1, "n": number, "row": row_id}
        for number in numbers
    ]
    connection.executemany(statement, copies)


def _id_of(number: int, table: str) -> int:
    """Return the id of a copy: beyond those of the house, one apart from table to table."""
    return FIRST_COPY + number * 8 + TABLES.index(table)


def _tell(what: str) -> None:
    sys.stderr.write(f"bench dialect: {what}\n")
