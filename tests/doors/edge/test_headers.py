from __future__ import annotations

from attise.doors.edge.headers import REQUEST_ID, towards_client, towards_site


def pass_on(*pairs: tuple[bytes, bytes]) -> dict[str, str]:
    return dict(
        towards_site(list(pairs), client="192.0.2.7", proto="https", host="ads.example", request_id="r1", length=None)
    )


def test_only_the_edge_says_who_asked():
    passed = pass_on(
        (b"x-forwarded-for", b"6.6.6.6"),
        (b"x-forwarded-anything", b"1"),
        (b"forwarded", b"for=6.6.6.6"),
        (b"x-real-ip", b"6.6.6.6"),
        (b"x_forwarded_for", b"6.6.6.6"),
        (b"x-forwarded_for", b"6.6.6.6"),
        (b"proxy", b"http://evil.example"),
        (b"accept", b"*/*"),
    )
    assert passed == {
        "accept": "*/*",
        "Host": "ads.example",
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "ads.example",
        "X-Request-Id": "r1",
    }


def test_what_ends_at_this_hop_ends_here():
    passed = pass_on(
        (b"connection", b"keep-alive, X-Mine"),
        (b"x-mine", b"1"),
        (b"te", b"trailers"),
        (b"upgrade", b"h2c"),
        (b"expect", b"100-continue"),
        (b"cookie", b"a=1"),
    )
    assert set(passed) == {
        "cookie",
        "Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Request-Id",
    }


def test_an_answer_keeps_its_cookies_and_loses_its_hop():
    pairs = [
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
        (b"Connection", b"close, X-Private"),
        (b"X-Private", b"1"),
        (b"Server", b"inner"),
        (b"Date", b"now"),
        (b"Content-Length", b"3"),
    ]
    assert towards_client(pairs, has_body=True) == [
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"content-length", b"3"),
    ]
    assert (b"content-length", b"3") not in towards_client(pairs, has_body=False)


def test_a_request_keeps_a_plain_name_only():
    assert REQUEST_ID.fullmatch("0123456789abcdef")
    for name in ("short", "a" * 65, "has space 12", "line\nbreak12", "-leading-12", '{"json":1234}', ""):
        assert not REQUEST_ID.fullmatch(name)
