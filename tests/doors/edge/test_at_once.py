"""A request that is answered where it is read: in its turn, on a connection that rests and ends as any other."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time

import pytest
import uvicorn

from attise.doors.edge.at_once import plain_headers
from attise.doors.edge.guard import GuardedProtocol

REST_S = 1
SLOW_S = 1.6
HEAD = b"Host: x\r\nContent-Type: application/json\r\n"


class Server(uvicorn.Server):
    """Without signals, which are the tests' own."""

    @contextlib.contextmanager
    def capture_signals(self):
        yield


class App:
    """Says which way a request came; ``/slow`` takes longer than a connection may rest."""

    def __init__(self):
        self.at_once = {b"/now": self}
        self.fails = False

    def answer_at_once(self, address, headers, body, connection):
        if self.fails:
            raise ZeroDivisionError
        if plain_headers(headers) is None:
            return None
        return [b"content-length: %d\r\n\r\n" % (len(body) + 8), b"at once ", body]

    async def __call__(self, scope, receive, send):
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["path"] == "/slow":
            await asyncio.sleep(SLOW_S)
        said = b"usual " + body
        headers = [(b"content-length", b"%d" % len(said))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})


@pytest.fixture(scope="module")
def served():
    app = App()
    config = uvicorn.Config(
        app, http=GuardedProtocol, ws="none", lifespan="off", log_config=None, proxy_headers=False,
        timeout_keep_alive=REST_S,
    )  # fmt: skip
    server, listener = Server(config), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield app, listener.getsockname()[1]
    server.should_exit = True
    thread.join()


def post(path: bytes, body: bytes, *, more: bytes = b"") -> bytes:
    return b"POST %b HTTP/1.1\r\n%b%bContent-Length: %d\r\n\r\n%b" % (path, HEAD, more, len(body), body)


def read(connection: socket.socket, ends: bytes) -> bytes:
    """Return what comes until it ends so, or until the connection does."""
    got = b""
    while not got.endswith(ends) and (part := connection.recv(65_536)):
        got += part
    return got


@pytest.fixture
def connection(served):
    with socket.create_connection(("127.0.0.1", served[1]), timeout=30) as made:
        yield made


def test_answers_of_both_ways_come_in_the_order_of_their_requests(connection):
    connection.sendall(
        post(b"/now", b"1") + post(b"/now", b"2") + post(b"/other", b"3") + post(b"/now", b"4") + post(b"/other", b"5")
    )
    got = read(connection, b"usual 5")
    said = [part.rpartition(b"\r\n\r\n")[2] for part in got.split(b"HTTP/1.1 200 OK")[1:]]
    assert said == [b"at once 1", b"at once 2", b"usual 3", b"usual 4", b"usual 5"], "nothing overtakes a task"
    connection.sendall(post(b"/now", b"6"))
    assert read(connection, b"6").endswith(b"at once 6")


@pytest.mark.parametrize(
    ("raw", "way"),
    [
        (post(b"/now", b"x"), b"at once "),
        (post(b"/now?a", b"x"), b"usual "),
        (post(b"/now", b"x", more=b"Host: y\r\n"), b"usual "),
        (post(b"/now", b"x", more=b"Connection: close\r\n"), b"usual "),
        (post(b"/now", b"x").replace(b"POST", b"PUT"), b"usual "),
        (post(b"/now", b"x").replace(b"HTTP/1.1", b"HTTP/1.0"), b"usual "),
    ],
)
def test_only_what_is_plain_is_answered_at_once(connection, raw, way):
    connection.sendall(raw)
    assert read(connection, b"x").endswith(way + b"x")


def test_a_body_that_comes_later_goes_the_usual_way(connection):
    raw = post(b"/now", b"12")
    connection.sendall(raw[:-1])
    connection.sendall(raw[-1:])
    got = read(connection, b"12")
    assert got.endswith((b"usual 12", b"at once 12")), "the second where both parts came as one"


def test_what_fails_at_once_is_answered_the_usual_way(served, connection):
    app, _ = served
    app.fails = True
    try:
        connection.sendall(post(b"/now", b"x"))
        assert read(connection, b"x").endswith(b"usual x")
    finally:
        app.fails = False


def test_a_connection_rests_from_its_last_answer_on_and_then_ends(connection):
    connection.sendall(post(b"/now", b"1"))
    assert read(connection, b"1")
    until = time.monotonic() + 0.7 * REST_S
    connection.settimeout(0.7 * REST_S)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    assert time.monotonic() >= until
    connection.settimeout(30)
    connection.sendall(post(b"/now", b"2"))
    assert read(connection, b"2")
    answered = time.monotonic()
    assert connection.recv(1) == b""
    assert time.monotonic() - answered > 0.9 * REST_S, "as long as after any answer"


@pytest.mark.parametrize("before", [b"", post(b"/now", b"1")])
def test_a_slow_answer_is_not_taken_for_a_rest(connection, before):
    connection.sendall(post(b"/now", b"0"))
    assert read(connection, b"0")
    connection.sendall(before + post(b"/slow", b"2"))
    assert read(connection, b"usual 2").endswith(b"usual 2")
