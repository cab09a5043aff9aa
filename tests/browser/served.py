"""The site served in this process, as the house serves it: pages, static files, and media by their links."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import unquote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler

from attise.doors.site.means import means
from attise.doors.site.middleware import CSP
from attise.records.media_link import PREFIX, PURPOSE, MediaLinks

TYPES = {"mp4": "video/mp4", "webm": "video/webm", "jpg": "image/jpeg", "png": "image/png"}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Serve on a free port; yields the address."""
    pages = StaticFilesHandler(WSGIHandler())

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith(PREFIX):
            return _media(environ, start_response)
        if environ["PATH_INFO"] in {"/v1/feed", "/v1/events"}:  # the edge's own, which is away here
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Service Unavailable", [("Content-Length", "0"), ("Retry-After", "2")])
            return []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if not any(name.lower() == "content-security-policy" for name, _ in headers):
                headers = [*headers, ("Content-Security-Policy", CSP)]  # static files bear it too
            return start_response(status, headers, *rest)

        return pages(environ, start)

    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _media(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer a file by its link, whole or one range, as the public door does."""
    link = MediaLinks(settings.HOUSE.secrets.key(PURPOSE)).open(
        unquote(environ["PATH_INFO"]), now_s=means().clock.wire_ms() // 1000
    )
    path = None if link is None else settings.HOUSE.media / link.key[:2] / link.key / link.name
    if link is None or path is None or not path.is_file():
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    data = path.read_bytes()
    headers = [("Content-Type", TYPES[link.name.rpartition(".")[2]]), ("Accept-Ranges", "bytes")]
    status, asked = "200 OK", environ.get("HTTP_RANGE", "")
    if asked.startswith("bytes="):
        first, _, last = asked.removeprefix("bytes=").partition("-")
        begin, end = int(first or 0), min(int(last) if last else len(data) - 1, len(data) - 1)
        headers.append(("Content-Range", f"bytes {begin}-{end}/{len(data)}"))
        data, status = data[begin : end + 1], "206 Partial Content"
    start_response(status, [*headers, ("Content-Length", str(len(data)))])
    return [data]
