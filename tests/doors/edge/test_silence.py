"""A site that takes a request and says nothing: the wait has an end."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from attise.doors.edge.app import Edge
from attise.doors.edge.proxy import Proxy
from attise.kernel.chance import SeededChance

PATIENCE_S = 0.3


async def ask_a_silent_site(folder: Path, path: str) -> tuple[int, dict[bytes, bytes], bytes]:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    site = await asyncio.start_unix_server(say_nothing, folder / "site.sock")
    proxy = Proxy(folder / "site.sock", uploads=folder, proto="http", answer_timeout_s=PATIENCE_S)
    health = type("NoHealth", (), {"PATHS": frozenset()})()
    edge = Edge(proxy=proxy, media=None, health=health, chance=SeededChance("silence"))
    sent: list[dict] = []
    left = asyncio.Event()
    bodies = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict:
        if bodies:
            return bodies.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"x")],
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    async with asyncio.timeout(10):
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
