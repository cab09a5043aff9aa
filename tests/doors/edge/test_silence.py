"""A site that takes a request and says nothing, and a client that begins a body and stops: each wait has an end."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from attise.doors.edge import exchange
from attise.doors.edge.app import Edge
from attise.doors.edge.proxy import Proxy
from attise.kernel.chance import SeededChance

PATIENCE_S = 0.3


async def ask_a_silent_site(
    folder: Path, path: str, *, length: int = 0, pause_s: float = 0.0
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Ask for ``path`` with a body of ``length``, one byte each ``pause_s``, and return status, headers and body."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    site = await asyncio.start_unix_server(say_nothing, folder / "site.sock")
    proxy = Proxy(folder / "site.sock", uploads=folder, proto="http", answer_timeout_s=PATIENCE_S)
    health = type("NoHealth", (), {"PATHS": frozenset()})()
    edge = Edge(proxy=proxy, own=dict.fromkeys(health.PATHS, health), within={}, chance=SeededChance("silence"))
    sent: list[dict] = []
    left = asyncio.Event()
    parts = iter(range(max(length, 1)))

    async def receive() -> dict:
        number = next(parts, None)
        if number is None:
            await left.wait()
            return {"type": "http.disconnect"}
        if length:
            await asyncio.sleep(pause_s)
        return {"type": "http.request", "body": b"x" if length else b"", "more_body": number + 1 < length}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST" if length else "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"x"), (b"content-length", str(length).encode())],
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    async with asyncio.timeout(20):
        await edge(scope, receive, send)
    await proxy.close()
    site.close()
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_the_wait_for_the_site_ends_in_an_outage_with_a_time_to_come_back(tmp_path):
    status, headers, body = asyncio.run(ask_a_silent_site(tmp_path, "/v1/posts/1"))
    assert status == 503
    assert headers[b"retry-after"] == b"2"
    assert json.loads(body)["error"]["code"] == "unavailable"


def test_the_dialect_is_told_of_the_silence_in_its_envelope(tmp_path):
    status, _, body = asyncio.run(ask_a_silent_site(tmp_path, "/open_api/v1.3/ad/get/"))
    assert status == 200
    assert json.loads(body)["code"] == 50002


@pytest.mark.parametrize("pause_s", [30.0, 0.02], ids=["stops", "trickles"])
def test_a_body_that_stops_or_trickles_is_refused_after_its_grace(tmp_path, monkeypatch, pause_s):
    """The grace is twenty seconds, and then a kilobyte a second on average; here the grace is a fifth of a second."""
    monkeypatch.setattr(exchange, "BODY_GRACE_S", 0.2)
    monkeypatch.setattr(exchange, "LINGER_PAUSE_S", 0.1)
    monkeypatch.setattr(exchange, "LINGER_S", 0.3)
    status, headers, body = asyncio.run(ask_a_silent_site(tmp_path, "/v1/x", length=1_000, pause_s=pause_s))
    assert status == 408
    assert headers[b"connection"] == b"close"
    assert json.loads(body)["error"]["code"] == "request_timeout"
