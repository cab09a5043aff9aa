"""An answer that comes later: its connection waits for it and keeps its order, whoever leaves or ends meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn
from uvicorn.server import ServerState

from attise.doors.edge.at_once import Later
from attise.doors.edge.guard import GuardedProtocol

ASKED = b"POST /later HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"
USUAL = b"GET /usual HTTP/1.1\r\nhost: x\r\n\r\n"


class App:
    """Answers ``/later`` when it is told to, and everything else the usual way."""

    def __init__(self) -> None:
        self.at_once = {b"/later": self}
        self.waiting: list[Later] = []
        self.asked = asyncio.Semaphore(0)

    def answer_at_once(self, address, headers, body, connection):
        assert (address, dict(headers)[b"host"], body) == (b"/later", b"x", b"{}")
        assert connection.client[0] == "127.0.0.1"
        self.waiting.append(connection.later())
        self.asked.release()
        return self.waiting[-1]

    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"usual"})


class Served:
    """The app over a real socket."""

    def __init__(self, app, state, port) -> None:
        self.app, self.state, self.port = app, state, port

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def later(self) -> Later:
        async with asyncio.timeout(10):
            await self.app.asked.acquire()
        return self.app.waiting[-1]


@asynccontextmanager
async def served():
    app, state = App(), ServerState()
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, proxy_headers=False)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: GuardedProtocol(config, state, {}), "127.0.0.1", 0)
    try:
        yield Served(app, state, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for protocol in list(state.connections):
            protocol.transport.abort()


def told(body: bytes) -> list[bytes]:
    return [b"content-length: %d\r\n\r\n" % len(body), body]


async def read(reader) -> tuple[bytes, bytes, bytes]:
    """Return first line, head and body of the next answer."""
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        return head.partition(b"\r\n")[0], head.lower(), await reader.readexactly(size)


def run(story):
    async def whole():
        async with served() as house:
            await story(house)

    asyncio.run(whole())


def test_what_comes_later_is_told_and_the_connection_goes_on():
    async def story(house):
        reader, writer = await house.connect()
        for status, line in ((200, b"HTTP/1.1 200 OK"), (503, b"HTTP/1.1 503 Service Unavailable")):
            writer.write(ASKED)
            (await house.later()).answer(status, told(b"done"))
            first, head, body = await read(reader)
            assert (first, body) == (line, b"done")
            assert b"connection: close" not in head
        writer.write(USUAL)
        assert (await read(reader))[2] == b"usual"

    run(story)


def test_requests_behind_it_wait_their_turn():
    async def story(house):
        reader, writer = await house.connect()
        writer.write(ASKED + USUAL + USUAL)
        later = await house.later()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await reader.readexactly(1)
        later.answer(200, told(b"first"))
        assert [(await read(reader))[2] for _ in range(3)] == [b"first", b"usual", b"usual"]

    run(story)


def test_one_behind_another_is_answered_the_usual_way_and_after_it():
    async def story(house):
        reader, writer = await house.connect()
        writer.write(ASKED + ASKED)
        later = await house.later()
        later.answer(200, told(b"first"))
        assert [(await read(reader))[2] for _ in range(2)] == [b"first", b"usual"]
        assert len(house.app.waiting) == 1

    run(story)


def test_who_left_is_answered_nothing_and_nobody_minds():
    async def story(house):
        _, writer = await house.connect()
        writer.write(ASKED)
        later = await house.later()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(10):
            while not later.disconnected:  # noqa: ASYNC110 - the server notices by itself
                await asyncio.sleep(0)
        later.answer(200, told(b"nobody"))
        assert house.state.connections == set()

    run(story)


def test_a_server_that_ends_gives_the_answer_and_then_closes():
    async def story(house):
        reader, writer = await house.connect()
        writer.write(ASKED)
        later = await house.later()
        for protocol in list(house.state.connections):
            protocol.shutdown()
        later.answer(200, told(b"last"))
        _, head, body = await read(reader)
        assert (body, b"connection: close" in head) == (b"last", True)
        assert await reader.read() == b""

    run(story)


def test_a_request_has_one_answer():
    async def story(house):
        reader, writer = await house.connect()
        writer.write(ASKED)
        later = await house.later()
        later.answer(200, told(b"one"))
        with pytest.raises(AssertionError):
            later.answer(200, told(b"two"))
        assert (await read(reader))[2] == b"one"

    run(story)
