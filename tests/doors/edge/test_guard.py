"""Connections and heads have bounds, and a request that two servers could read in two ways is refused."""

from __future__ import annotations

import resource
import time

import pytest

from attise.doors.edge.limits import CONNECTIONS, PIPELINED
from tests.doors.rig import read_answer, until

HEAD = b"Host: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: +5\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 5, 5\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 0x5\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length : 5\r\n\r\nhello",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n"
        + HEAD
        + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.0\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n" + HEAD + b"X-Bad\x00: 1\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n" + HEAD + b"X-Bad: a\x00b\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n" + HEAD + b"X Bad: 1\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n" + HEAD + b"X-Folded: 1\r\n 2\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n" + HEAD + b": nameless\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: a/b\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: user@host\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET / HTTP/9.9\r\n" + HEAD + b"\r\n",
        b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET http://other.example HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"FOO / HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(front, raw):
    answer = front.door.send(raw)
    assert answer.status == 400
    assert answer.header("Connection") == "close"


def test_nothing_smuggled_behind_a_refused_request_is_answered(front):
    raw = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with front.door.connect() as connection:
        connection.sendall(raw + b"GET /echo?smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
        everything = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert everything.count(b"HTTP/1.1 ") == 1
    assert b"smuggled" not in everything


def test_a_trailer_never_passes_for_a_header(front):
    raw = (
        b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"
        b"5\r\nhello\r\n0\r\nX-Late: 1\r\nAuthorization: Bearer late\r\nHost: other\r\n"
        b"X-Request-Id: 0123456789abcdef\r\n\r\n"
    )
    seen = front.door.send(raw).json
    assert seen["text"] == "hello"
    assert set(seen["headers"]) == {
        "HOST",
        "X_FORWARDED_FOR",
        "X_FORWARDED_HOST",
        "X_FORWARDED_PROTO",
        "X_REQUEST_ID",
    }
    assert seen["headers"]["X_REQUEST_ID"] != "0123456789abcdef"


def test_an_absolute_address_is_taken_by_its_path(front):
    seen = front.door.send(b"GET http://other.example/echo?a=1 HTTP/1.1\r\n" + HEAD + b"\r\n").json
    assert (seen["path"], seen["query"], seen["headers"]["HOST"]) == ("/echo", "a=1", "x")


@pytest.mark.parametrize("kind", ["websocket", "h2c"])
def test_no_other_protocol_is_spoken(front, kind):
    headers = {"Connection": "Upgrade", "Upgrade": kind, "Sec-WebSocket-Key": "x", "Sec-WebSocket-Version": "13"}
    answer = front.ask("/echo", headers=headers)
    assert answer.status == 426
    assert answer.header("Connection") == "close"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PURGE"])
def test_methods_that_nobody_serves_are_refused_at_the_door(front, method):
    target = "x:443" if method == "CONNECT" else "/echo"
    answer = front.ask(target, method=method)
    assert answer.status in {400, 405}
    if answer.status == 405:
        assert "GET" in (answer.header("Allow") or "")


def test_a_head_has_a_size_and_a_number(front):
    assert front.ask("/echo?" + "a" * 16_000).status == 200
    assert front.ask("/echo?" + "a" * 17_000).status == 414
    assert front.ask("/echo", headers={"X-Long": "a" * 60_000}).status == 200
    assert front.ask("/echo", headers={"X-Long": "a" * 70_000}).status == 431
    assert front.ask("/echo", headers={f"X-{number}": "1" for number in range(70)}).status == 200
    assert front.ask("/v1/x", headers={f"X-{number}": "1" for number in range(90)}).status == 431
    dialect = front.ask("/open_api/v1.3/ad/get/?" + "a" * 17_000)
    assert (dialect.status, dialect.json["code"]) == (200, 40002)


def test_a_head_without_end_is_cut_off(front):
    with front.door.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        sent = 0
        with pytest.raises(OSError, match=r"reset|Broken pipe|aborted"):
            while sent < 64 * 1024 * 1024:
                sent += connection.send(b"X-More: " + b"a" * 8_000 + b"\r\n")
                connection.setblocking(True)
    assert sent < 8 * 1024 * 1024


def test_a_head_that_trickles_is_given_ten_seconds(front):
    """Slow heads and silent connections end by themselves, and nobody waits behind them meanwhile."""
    silent, trickling, after_one = (front.door.connect(timeout_s=60) for _ in range(3))
    after_one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert read_answer(after_one).status == 200
    began = time.monotonic()
    for connection in (trickling, after_one):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
    trickling.settimeout(0.5)
    got = b""
    while not got and time.monotonic() - began < 60:
        try:
            got = trickling.recv(100)
        except TimeoutError:
            trickling.sendall(b"x")
        assert front.ask("/").status == 200
    assert time.monotonic() - began > 8
    assert got.startswith(b"HTTP/1.1 408 ")
    assert after_one.recv(100).startswith(b"HTTP/1.1 408 ")
    assert silent.recv(100) == b""
    for connection in (silent, trickling, after_one):
        connection.close()


def test_many_connections_do_not_keep_others_out(own_front):
    """Four hundred that say nothing; the next person is answered at once."""
    held = [own_front.door.connect() for _ in range(400)]
    try:
        began = time.monotonic()
        assert own_front.ask("/").status == 200
        assert time.monotonic() - began < 1
    finally:
        for connection in held:
            connection.close()


def test_beyond_a_thousand_connections_the_next_is_told_to_come_back(own_front):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4_096, hard), hard))
    held = []
    try:
        held = [own_front.door.connect() for _ in range(CONNECTIONS + 5)]
        answer = own_front.ask("/v1/posts/1")
        assert (answer.status, answer.json["error"]["code"], answer.header("Retry-After")) == (503, "busy", "1")
    finally:
        for connection in held:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert until(lambda: own_front.ask("/v1/posts/1").status == 200, "room again")


def test_a_line_of_requests_on_one_connection_has_an_end(front):
    with front.door.connect() as connection:
        connection.sendall(b"GET /slow?0.3 HTTP/1.1\r\nHost: x\r\n\r\n" * 40)
        everything = b""
        try:
            while part := connection.recv(65_536):
                everything += part
        except ConnectionResetError:
            pass
    assert everything.count(b"HTTP/1.1 200") <= PIPELINED
