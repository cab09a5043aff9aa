"""``python -m attise.proving.bare FD BYTES``: the ceiling of answers over HTTP.

A bare ASGI callable on the server that the edge uses, set as it is there: it reads the same request, decodes it, and
gives back an answer of as many bytes that was made before. Nothing of the house is in it.
"""

from __future__ import annotations

import socket
import sys
import threading
from typing import Any

import msgspec
import uvicorn


class _Asked(msgspec.Struct):
    viewer_id: str = ""
    count: int = 10


_decode = msgspec.json.Decoder(_Asked).decode


def _end_with_input(server: uvicorn.Server) -> None:
    """Stop once standard input has ended."""
    sys.stdin.read()
    server.should_exit = True


def main() -> int:
    """Serve until standard input ends."""
    listener, size = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    body = b'{"items":"' + b"x" * max(0, size - 12) + b'"}'
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        del scope
        message = await receive()
        raw = message["body"]
        while message.get("more_body"):
            message = await receive()
            raw += message["body"]
        _decode(raw)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(
        app, http="httptools", loop="uvloop", ws="none", lifespan="off", log_config=None, access_log=False,
        proxy_headers=False, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
