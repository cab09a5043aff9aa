"""A plain WSGI site behind a Unix socket, with addresses that make trouble; run as a process by the tests."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from attise.doors.cli.supervisor_site import serve_wsgi
from attise.kernel import logs
from attise.kernel.lifeline import Lifeline

BIG = 3 * 1024 * 1024
MEDIUM = 900 * 1024


def application(environ, start_response):
    path = environ["PATH_INFO"]
    status, headers, body = "200 OK", [("Content-Type", "text/plain")], [b""]
    if path == "/internal/healthz":
        body = [b'{"ok": true}']
    elif environ["QUERY_STRING"] == "refuse-early":
        status, body = "401 Unauthorized", [b"who are you?"]
    elif path.endswith("/echo") or path.startswith(("/v1/", "/open_api/")):
        data = environ["wsgi.input"].read()
        said = {
            "method": environ["REQUEST_METHOD"],
            "path": path,
            "query": environ["QUERY_STRING"],
            "length": len(data),
            "content_length": environ.get("CONTENT_LENGTH"),
            "headers": {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")},
            "text": data[:100].decode("latin-1"),
        }
        body = [json.dumps(said).encode()]
    elif path == "/slow":
        time.sleep(float(environ["QUERY_STRING"] or "1"))
        body = [b"late"]
    elif path == "/big":
        body = [b"x" * BIG]
    elif path == "/medium":
        body = [b"m" * MEDIUM]
    elif path == "/stream":
        start_response(status, headers)
        return (b"y" * 65_536 for _ in range(BIG // 65_536))
    elif path == "/cut":
        headers.append(("Content-Length", str(2 * BIG)))
        start_response(status, headers)
        return _cut()
    elif path == "/nothing":
        start_response("204 No Content", [("X-Is", "nothing")])
        return []
    elif path == "/unchanged":
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []
    elif path == "/away":
        start_response("302 Found", [("Location", "/elsewhere?x=%2F"), ("Content-Length", "0")])
        return []
    elif path == "/cookies":
        headers += [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Connection", "X-Private"), ("X-Private", "1")]
        body = [b"two"]
    elif path == "/die":
        os._exit(9)
    else:
        body = [b"hello"]
    headers.append(("Content-Length", str(sum(len(part) for part in body))))
    start_response(status, headers)
    return body


def _cut():
    yield b"z" * BIG
    raise RuntimeError("cut")


def load():
    return application


if __name__ == "__main__":
    logs.configure("site")
    lifeline = Lifeline.from_environ(os.environ)
    lifeline.hold()
    serve_wsgi(Path(sys.argv[1]), load, lifeline, threads=int(sys.argv[2]))
