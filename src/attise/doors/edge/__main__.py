"""``python -m attise.doors.edge``: the edge alone, on an inherited socket or on a host and port of its own."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys

from attise.kernel import logs
from attise.kernel.house import HouseError, Settings, open_house
from attise.kernel.lifeline import Lifeline
from attise.kernel.secrets import SecretsError

BACKLOG = 512


def main() -> int:
    """Run the edge; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="attise-edge")
    parser.add_argument("--fd", type=int, help="a listening socket that was inherited")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args()
    logs.configure("edge")
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    lifeline = Lifeline.from_environ(os.environ)
    lifeline.hold()
    from attise.doors.edge.server import serve

    try:
        house = open_house(Settings.from_environ(os.environ))
        serve(house, _listener(asked), lifeline)
    except (HouseError, SecretsError, OSError) as error:
        logging.getLogger("attise.edge").critical("%s", error)
        return 1
    return 0


def _listener(asked: argparse.Namespace) -> socket.socket:
    """Return the socket to listen on."""
    if asked.fd is not None:
        return socket.socket(fileno=asked.fd)
    return socket.create_server((asked.host, asked.port), backlog=BACKLOG)


if __name__ == "__main__":
    sys.exit(main())
