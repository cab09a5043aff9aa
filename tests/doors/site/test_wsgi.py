"""A request is read as UTF-8 whatever its Content-Type says of itself, and no header of it is an error of ours."""

from __future__ import annotations

import io
from typing import Any

import pytest

from attise.doors.site.wsgi import Handler

pytestmark = pytest.mark.django_db

NO_CHARSETS = ("hex", "rot13", "base64", "zlib", "idna", "punycode", "undefined", "unicode_escape", "cp037", "nope")
TYPES = (
    *(f"{kind}; charset={name}" for kind in ("text/plain", "multipart/form-data; boundary=x") for name in NO_CHARSETS),
    "multipart/form-data; boundary*=nope''%ff",
    "application/json; charset*=nope''%ff",
    "application/x-www-form-urlencoded; charset=hex",
    ";",
    "=",
)
ADDRESSES = (
    ("GET", "/connexion", "suite=%2Fads%2F%C3%A9"),
    ("POST", "/connexion", ""),
    ("GET", "/v1/creators", "limit=%31"),
    ("POST", "/v1/creators", ""),
    ("GET", "/open_api/v1.3/tt_video/list/", "keyword=%C3%A9"),
    ("POST", "/open_api/v1.3/oauth2/access_token/", ""),
)


def ask(method: str, path: str, query: str, kind: str, body: bytes = b"{}") -> int:
    """Return the status of a request to the whole site, as its server hands it over."""
    seen: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)) if method == "POST" else "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answer = Handler()(environ, lambda status, *_: seen.append(status))
    answer.close()
    return int(seen[0].split()[0])


@pytest.mark.parametrize(("method", "path", "query"), ADDRESSES)
@pytest.mark.parametrize("kind", TYPES)
def test_a_strange_content_type_is_the_callers_fault_or_nothing(method, path, query, kind):
    assert ask(method, path, query, kind) < 500


def test_a_query_is_utf_8_whatever_the_header_says():
    for kind in ("text/plain; charset=cp037", "text/plain; charset=utf-16", "text/plain"):
        assert ask("GET", "/accueil", "a=%C3%A9", kind) == 200
