"""Load over HTTP from one process: plain sockets, whole requests prepared before, answers read to their end.

Closed loop for what can be done at most: each connection asks again as soon as it is answered. Open loop for how long
one waits: requests leave at their times whatever became of those before, and are timed from when they should have left.
The client's own share of its core is told, so that a figure it bounds is not taken for the server's.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

BUSY = 0.9
"""Above this share of its core the client is what bounds."""
READ_BYTES = 256 * 1024


@dataclass
class Load:
    """What came of a load."""

    answers: int = 0
    wrong: int = 0
    """Answers that were not 200, or that the check refused."""
    seconds: float = 0.0
    cpu_s: float = 0.0
    ms: list[float] = field(default_factory=list)
    bytes_in: int = 0

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds if self.seconds else 0.0

    @property
    def is_client_bound(self) -> bool:
        """Whether this process had no time left."""
        return self.seconds > 0 and self.cpu_s / self.seconds > BUSY


class _Connection:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.began_s = 0.0
        self.got = bytearray()
        self.need = -1

    def send(self, request: bytes, began_s: float) -> None:
        self.began_s = began_s
        self.got.clear()
        self.need = -1
        sent = self.socket.send(request)
        if sent != len(request):
            raise AssertionError("a request of a load fits into a socket's buffer")

    def read(self) -> tuple[int, bytes] | None:
        """Return status and body once the answer is whole."""
        part = self.socket.recv(READ_BYTES)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.got += part
        if self.need < 0:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return None
            at = self.got.find(b"content-length: ", 0, end) + 16
            self.need = end + 4 + int(self.got[at : self.got.find(b"\r", at)])
        if len(self.got) < self.need:
            return None
        head = self.got.find(b"\r\n\r\n") + 4
        return int(self.got[9:12]), bytes(self.got[head : self.need])


def request_of(path: str, body: bytes, *, port: int, **headers: str) -> bytes:
    """Return a whole POST; names of headers with underscores for hyphens."""
    lines = [f"POST {path} HTTP/1.1", f"host: 127.0.0.1:{port}", "content-type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def closed(
    port: int,
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float,
    check: Callable[[bytes], bool] | None = None,
) -> Load:
    """Ask over so many connections, each again as soon as it is answered, for so long."""
    load, waiting = Load(), [_Connection(port) for _ in range(connections)]
    ahead = next(requests)  # whoever is answered asks on at once: the next request is made while the server works
    with selectors.DefaultSelector() as selector:
        began_s, began_cpu = time.perf_counter(), time.process_time()
        end_s = began_s + seconds
        for one in waiting:
            selector.register(one.socket, selectors.EVENT_READ, one)
            one.send(ahead, time.perf_counter())
            ahead = next(requests)
        under_way = connections
        while under_way:
            for key, _ in selector.select():
                one: _Connection = key.data
                answer = one.read()
                if answer is None:
                    continue
                now_s, asked_s = time.perf_counter(), one.began_s
                if now_s < end_s:
                    one.send(ahead, now_s)
                    ahead = next(requests)
                else:
                    under_way -= 1
                _count(load, answer, (now_s - asked_s) * 1_000, check)
        load.seconds = time.perf_counter() - began_s
        load.cpu_s = time.process_time() - began_cpu
    _close(waiting)
    return load


def at_rate(
    port: int,
    requests: Iterator[bytes],
    *,
    per_s: float,
    connections: int,
    seconds: float,
    check: Callable[[bytes], bool] | None = None,
) -> Load:
    """Ask ``per_s`` times a second, evenly, whatever the answers do; one that finds no free connection waits for it."""
    load, made = Load(), [_Connection(port) for _ in range(connections)]
    free: deque[_Connection] = deque(made)
    total = int(per_s * seconds)
    late: deque[float] = deque()
    with selectors.DefaultSelector() as selector:
        for one in made:
            selector.register(one.socket, selectors.EVENT_READ, one)
        began_s, began_cpu = time.perf_counter(), time.process_time()
        left, answered = 0, 0
        while answered < total:
            now_s = time.perf_counter()
            while left < total and began_s + left / per_s <= now_s:
                late.append(began_s + left / per_s)
                left += 1
            while late and free:
                free.popleft().send(next(requests), late.popleft())
            pause_s = began_s + left / per_s - time.perf_counter() if left < total else 0.01
            for key, _ in selector.select(max(0.0, pause_s)):
                one: _Connection = key.data
                answer = one.read()
                if answer is not None:
                    _count(load, answer, (time.perf_counter() - one.began_s) * 1_000, check)
                    answered += 1
                    free.append(one)
        load.seconds = time.perf_counter() - began_s
        load.cpu_s = time.process_time() - began_cpu
    _close(made)
    return load


def _count(load: Load, answer: tuple[int, bytes], ms: float, check: Callable[[bytes], bool] | None) -> None:
    status, body = answer
    load.answers += 1
    load.bytes_in += len(body)
    load.ms.append(ms)
    if status != 200 or (check is not None and not check(body)):  # noqa: PLR2004
        load.wrong += 1


def _close(connections: list[_Connection]) -> None:
    for one in connections:
        one.socket.close()
