"""One connection with one deadline: every wait on it counts against the same end.

A server that sends a byte now and then would otherwise keep a waiting process for ever, since the waits that sockets
know are those for the next byte.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable
from typing import Any

Resolver = Callable[..., list[Any]]
"""Like ``socket.getaddrinfo``."""


class Deadline:
    """A moment on a clock that only goes forward."""

    def __init__(self, monotonic_s: Callable[[], float], seconds: float) -> None:
        """End ``seconds`` from now."""
        self._monotonic_s = monotonic_s
        self._end_s = monotonic_s() + seconds

    def left_s(self) -> float:
        """Return the seconds that are left. Raises: TimeoutError when there are none."""
        left = self._end_s - self._monotonic_s()
        if left <= 0:
            raise TimeoutError
        return left


class Wire:
    """What ``http.client`` needs of a socket, under a deadline."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        """Own an open connection."""
        self._connection = connection
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send everything or fail."""
        self._connection.settimeout(self._deadline.left_s())
        self._connection.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what is read from."""
        return io.BufferedReader(_Reader(self._connection, self._deadline))

    def close(self) -> None:
        """Do nothing: ``http.client`` lets go of a connection before it has read the answer; ``hang_up`` ends it."""

    def hang_up(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Reader(io.RawIOBase):
    """Reads a connection under a deadline."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.left_s())
        return self._connection.recv_into(buffer)


def resolve(resolver: Resolver, host: str, port: int, deadline: Deadline) -> list[str]:
    """Return the addresses of a host, in the resolver's order, within the deadline.

    Resolvers wait as long as they like, so that one is asked aside; it is left to end by itself when it is too late.
    Raises: OSError when there are none, TimeoutError.
    """
    answer: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            rows = resolver(host, port, type=socket.SOCK_STREAM)
            answer.append(list(dict.fromkeys(row[4][0] for row in rows)))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(deadline.left_s())
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], Exception) or not answer[0]:
        raise OSError("no address") from (answer[0] if isinstance(answer[0], Exception) else None)
    return answer[0]
