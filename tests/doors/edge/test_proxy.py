"""What the edge does not answer itself goes to the site and comes back, byte for byte, within limits."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from tests.doors.edge.plain_site import BIG, MEDIUM
from tests.doors.rig import read_answer, until

MIB = 1024 * 1024


def test_the_address_goes_through_byte_for_byte(front):
    seen = front.ask("//a//%2Fecho/../echo?x=%20+&y&z=%E9").json
    assert seen["path"] == "//a///echo/../echo"
    assert seen["query"] == "x=%20+&y&z=%E9"


def test_the_site_is_told_who_asked_by_the_edge_alone(front):
    seen = front.ask(
        "/echo",
        headers={
            "X-Forwarded-For": "6.6.6.6",
            "X_Forwarded_For": "6.6.6.6",
            "X-Forwarded-Proto": "https",
            "Forwarded": "for=6.6.6.6",
            "Connection": "close, X-Mine",
            "X-Mine": "1",
            "Cookie": "a=1; b=2",
        },
    ).json["headers"]
    assert seen["X_FORWARDED_FOR"] == "127.0.0.1"
    assert seen["X_FORWARDED_PROTO"] == "http"
    assert seen["HOST"] == seen["X_FORWARDED_HOST"] == f"127.0.0.1:{front.door.port}"
    assert seen["COOKIE"] == "a=1; b=2"
    assert "X_MINE" not in seen
    assert "FORWARDED" not in seen
    assert "6.6.6.6" not in json.dumps(seen)
    assert "USER_AGENT" not in seen


def test_a_request_has_one_name_from_edge_to_answer(front):
    kept = front.ask("/echo", headers={"X-Request-Id": "0123456789abcdef"})
    assert kept.json["headers"]["X_REQUEST_ID"] == kept.header("X-Request-Id") == "0123456789abcdef"
    made = front.ask("/echo", headers={"X-Request-Id": "evil name"})
    assert made.json["headers"]["X_REQUEST_ID"] == made.header("X-Request-Id")
    assert made.header("X-Request-Id") != "evil name"
    assert front.ask("/echo").header("X-Request-Id") != made.header("X-Request-Id")


def test_answers_without_a_body_have_none(front):
    assert front.ask("/nothing").status == 204
    assert front.ask("/unchanged").status == 304
    headed = front.ask("/big", method="HEAD")
    assert headed.status == 200
    assert headed.header("Content-Length") == str(BIG)
    assert headed.body == b""


def test_a_redirect_is_the_clients_to_follow(front):
    answer = front.ask("/away")
    assert answer.status == 302
    assert answer.header("Location") == "/elsewhere?x=%2F"


def test_an_answer_keeps_its_cookies_and_loses_its_hop(front):
    answer = front.ask("/cookies")
    assert answer.all("Set-Cookie") == ["a=1", "b=2"]
    assert answer.header("X-Private") is None
    assert len(answer.all("Date")) == 1
    assert answer.header("Server") is None


def test_long_answers_are_streamed_whole(front):
    assert front.ask("/medium").body == b"m" * MEDIUM
    assert front.ask("/big").body == b"x" * BIG
    streamed = front.ask("/stream")
    assert streamed.header("Transfer-Encoding") == "chunked"
    assert streamed.body == b"y" * BIG


def test_an_answer_cut_short_is_cut_short_for_the_client_too(front):
    with pytest.raises(AssertionError, match="cut"):
        answer = front.ask("/cut")
        assert len(answer.body) == 2 * BIG, "cut"


def test_bodies_go_through_up_to_their_limit(front):
    assert front.ask("/v1/x", method="POST", body=b"a" * MIB).json["length"] == MIB
    assert front.ask("/v1/posts", method="POST", body=b"b" * (40 * MIB)).json["length"] == 40 * MIB


def test_a_body_over_its_limit_is_refused_in_the_shape_of_its_door(front):
    large = b"a" * (MIB + 1)
    native = front.ask("/v1/creators", method="POST", body=large, headers={"Accept-Language": "fr"})
    assert native.status == 413
    assert set(native.json["error"]) == {"code", "message", "next", "request_id"}
    assert native.json["error"]["code"] == "body_too_large"
    assert native.json["error"]["request_id"] == native.header("X-Request-Id")
    assert "corps" in native.json["error"]["message"]
    dialect = front.ask("//open_api/v1.3//campaign/create/", method="POST", body=large)
    assert dialect.status == 200
    assert dialect.json["code"] == 40002
    assert dialect.json["data"] == {}
    page = front.ask("/creation/profil", method="POST", body=large)
    assert page.status == 413
    assert page.header("Content-Type") == "text/html; charset=utf-8"


def test_a_body_is_refused_by_its_declared_length_before_it_is_sent(front):
    head = f"POST /v1/creators HTTP/1.1\r\nHost: x\r\nContent-Length: {2 * MIB}\r\nExpect: 100-continue\r\n\r\n"
    began = time.monotonic()
    assert front.door.send(head.encode()).status == 413
    assert time.monotonic() - began < 1.5


def test_a_client_that_waits_for_our_word_gets_it(front):
    with front.door.connect() as connection:
        connection.sendall(
            b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"hello")
        assert read_answer(connection).json["text"] == "hello"


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_chunks_reach_the_site_as_one_body_of_known_length(front):
    head = b"Host: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    small = front.door.send(b"POST /echo HTTP/1.1\r\n" + head + chunked(b"hello ", b"world")).json
    assert (small["text"], small["content_length"]) == ("hello world", "11")
    large = front.door.send(b"POST /v1/posts HTTP/1.1\r\n" + head + chunked(*[b"x" * MIB] * 3)).json
    assert (large["length"], large["content_length"]) == (3 * MIB, str(3 * MIB))


def test_chunks_over_the_limit_are_refused_while_they_come(front):
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert front.door.send(head + chunked(*[b"x" * 65_536] * 17)).status == 413


def test_chunks_that_cannot_be_kept_are_an_outage(own_front):
    """What the disk has no room for is asked for again later."""
    head = b"POST /v1/posts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    own_front.house.uploads.rmdir()
    refused = own_front.door.send(head + chunked(b"hello"))
    assert (refused.status, refused.json["error"]["code"], refused.header("Retry-After")) == (503, "unavailable", "2")
    own_front.house.uploads.mkdir()
    assert own_front.door.send(head + chunked(b"hello")).json["text"] == "hello"


def test_an_upload_cut_short_never_reaches_the_site_as_a_whole_one(own_front):
    head = b"POST /v1/posts HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (4 * MIB)
    with own_front.door.connect() as connection:
        connection.sendall(head + b"x" * (3 * MIB))
    until(lambda: "the body ended before its length" in own_front.site.text, "the site's refusal of a cut body")


def test_an_answer_before_the_end_of_an_upload_arrives(front):
    """The site may refuse without reading; the client is told, though it is still sending."""
    for size in (100, 30 * MIB):
        answer = front.ask("/v1/posts?refuse-early", method="POST", body=b"x" * size)
        assert (answer.status, answer.body) == (401, b"who are you?")


def test_an_answer_that_leaves_a_short_body_unread_arrives(front):
    """What is larger than a socket holds is still being sent to the site when its answer is there."""
    for _ in range(60):
        answer = front.ask("/v1/x?refuse-early", method="POST", body=b"x" * (900 * 1024))
        assert (answer.status, answer.body) == (401, b"who are you?")


def test_a_connection_carries_one_request_after_another(front):
    with front.door.connect() as connection:
        for number in range(3):
            connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n%d" % number)
            assert read_answer(connection).json["text"] == str(number)


def test_pipelined_requests_are_answered_in_order(front):
    with front.door.connect() as connection:
        connection.sendall(b"".join(b"GET /echo?%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(4)))
        file = connection.makefile("rb")
        seen = []
        for _ in range(4):
            length = 0
            while (line := file.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            seen.append(json.loads(file.read(length))["query"])
        assert seen == ["0", "1", "2", "3"]


def test_a_slow_sender_holds_no_thread_of_the_site(front):
    """The site has four threads; eight bodies that trickle in leave them all free."""
    slow = [front.door.connect() for _ in range(8)]
    try:
        for connection in slow:
            connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        began = time.monotonic()
        assert front.ask("/").status == 200
        assert time.monotonic() - began < 1
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    "head",
    [
        b"POST /v1/posts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\na" % MIB,
    ],
    ids=["length unknown", "length announced"],
)
def test_bodies_that_do_not_come_keep_nobody_else_out(own_front, head):
    """Whoever sends them has proved nothing yet: neither uploads nor short bodies wait for them."""
    waiting = [own_front.door.connect() for _ in range(80)]
    try:
        for connection in waiting:
            connection.sendall(head)
        began = time.monotonic()
        assert own_front.ask("/v1/posts", method="POST", body=b"b" * (2 * MIB)).json["length"] == 2 * MIB
        assert own_front.ask("/echo", method="POST", body=b"a" * (MIB // 2)).json["length"] == MIB // 2
        assert time.monotonic() - began < 5
    finally:
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize(("path", "readers"), [("/medium", 12), ("/stream", 3)])
def test_a_slow_reader_holds_no_thread_of_the_site(front, path, readers):
    """The site has four threads. Answers of usual size are taken from it at once; streams have a few turns."""
    slow = [front.door.connect() for _ in range(readers)]
    try:
        for connection in slow:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(10)
        began = time.monotonic()
        assert front.ask("/").status == 200
        assert time.monotonic() - began < 1
    finally:
        for connection in slow:
            connection.close()


def test_a_client_that_leaves_ends_its_request_upstream(own_front):
    own_front.site.end()
    path = own_front.house.run / "site.sock"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as quiet_site:
        quiet_site.settimeout(10)
        quiet_site.bind(str(path))
        quiet_site.listen()
        connection = own_front.door.connect()
        connection.sendall(b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
        upstream, _ = quiet_site.accept()
        upstream.settimeout(10)
        assert upstream.recv(4096).startswith(b"GET /page HTTP/1.1\r\n")
        connection.close()
        assert upstream.recv(4096) == b"", "the edge hangs up when nobody waits for the answer"
        upstream.close()


def test_too_many_at_once_are_told_to_come_back(own_front):
    """What is beyond the turns and the line is refused cleanly and quickly, and what is let in is answered."""
    answers = []
    lock = threading.Lock()

    def ask() -> None:
        answer = own_front.ask("/slow?0.3", timeout_s=30)
        with lock:
            answers.append(answer)

    askers = [threading.Thread(target=ask) for _ in range(150)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    statuses = {answer.status for answer in answers}
    assert statuses == {200, 503}
    for answer in answers:
        if answer.status == 503:
            assert answer.header("Retry-After") == "1"


def test_while_the_site_is_away_everyone_is_told_in_their_shape(own_front):
    own_front.site.end()
    page = own_front.ask("/creation/", headers={"Accept-Language": "fr-FR"})
    assert page.status == 503
    assert page.header("Retry-After") == "2"
    assert 'lang="fr"' in page.body.decode()
    assert 'lang="en"' in own_front.ask("/ads/").body.decode()
    native = own_front.ask("/v1/posts/1")
    assert (native.status, native.json["error"]["code"]) == (503, "unavailable")
    assert native.header("Retry-After") == "2"
    dialect = own_front.ask("/open_api/v1.3/campaign/get/")
    assert (dialect.status, dialect.json["code"]) == (200, 50002)
    assert until(lambda: not own_front.ask("/healthz").json["parts"]["site"]["ok"], "the report of it, a moment old")
    own_front.start_site()
    assert until(lambda: own_front.ask("/").status == 200, "the site's return")


def test_a_site_that_dies_in_the_middle_is_an_outage_not_a_hang(own_front):
    answer = own_front.ask("/die")
    assert answer.status == 503
    assert answer.header("Retry-After")


def test_addresses_of_the_house_itself_are_closed(front):
    for target in ("/internal/healthz", "//internal/healthz", "/%69nternal/healthz", "/internal"):
        assert front.ask(target).status == 404
