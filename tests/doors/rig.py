"""Real processes for the tests of doors: started on free ports, waited for by their answers, ended by their ids."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attise.kernel.house import House, Mode, Settings, open_house
from attise.records import tables

PATIENCE_S = 60.0
"""For what surely comes; a test that fails waits that long, and no other."""
ROOT = Path(__file__).parents[2]


def until(condition: Callable[[], Any], what: str, *, patience_s: float = PATIENCE_S) -> Any:
    """Return the first true value of a condition, looked at often."""
    end = time.monotonic() + patience_s
    tick = socket.socketpair()
    tick[0].settimeout(0.02)
    try:
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            with contextlib.suppress(TimeoutError):
                tick[0].recv(1)
    finally:
        for end_of in tick:
            end_of.close()
    raise AssertionError(f"{what} did not happen within {patience_s} s")


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or a zombie that nobody has collected yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@dataclass
class Child:
    """A process of a test, with what it wrote."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def text(self) -> str:
        return self.log.read_text()

    def end(self, number: int = signal.SIGTERM, *, patience_s: float = PATIENCE_S) -> int:
        """Send a signal and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(patience_s)


@dataclass
class Rig:
    """What one test started, ended with it."""

    folder: Path
    children: list[Child] = field(default_factory=list)

    def start(self, *arguments: str, environ: dict[str, str] | None = None, fds: tuple[int, ...] = ()) -> Child:
        """Start a Python process of the project in a process group of its own."""
        log = self.folder / f"child-{len(self.children)}.log"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ATTISE_", "DJANGO_"))}
        path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env={**inherited, "PYTHONPATH": path, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                process_group=0,
                pass_fds=fds,
            )
        child = Child(process, log)
        self.children.append(child)
        return child

    def end(self) -> None:
        """Kill what is left, each by its own group."""
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait(PATIENCE_S)


@contextlib.contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    made = Rig(folder)
    try:
        yield made
    finally:
        made.end()


def listener() -> socket.socket:
    """Return a listening socket on a free port."""
    return socket.create_server(("127.0.0.1", 0), backlog=256)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def read_answer(connection: socket.socket, *, method: str = "GET") -> Answer:
    """Read one answer from a socket, by its length, its chunks, or to the end."""
    file = connection.makefile("rb")
    status_line = file.readline()
    assert status_line, "the connection was closed without an answer"
    status = int(status_line.split()[1])
    headers = []
    while (line := file.readline()) not in {b"\r\n", b""}:
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name.strip(), value.strip()))
    answer = Answer(status, headers, b"")
    if status == 100:
        return read_answer(connection, method=method)
    if method == "HEAD" or status in {204, 304}:
        return answer
    if (answer.header("Transfer-Encoding") or "").lower() == "chunked":
        body = b""
        while (size := int(file.readline(), 16)) > 0:
            body += file.read(size)
            file.readline()
        file.readline()
    elif answer.header("Content-Length") is not None:
        body = file.read(int(answer.header("Content-Length") or "0"))
    else:
        body = file.read()
    return Answer(status, headers, body)


@dataclass(frozen=True)
class Door:
    """A served port, spoken to in plain bytes so that nothing is tidied up on the way."""

    port: int

    def connect(self, *, timeout_s: float = PATIENCE_S) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)

    def send(self, raw: bytes, *, method: str = "GET", timeout_s: float = PATIENCE_S) -> Answer:
        with self.connect(timeout_s=timeout_s) as connection:
            connection.sendall(raw)
            return read_answer(connection, method=method)

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float = PATIENCE_S,
    ) -> Answer:
        lines = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **(headers or {})}
        if body is not None:
            lines.setdefault("Content-Length", str(len(body)))
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in lines.items())
        return self.send(head.encode("latin-1") + b"\r\n" + (body or b""), method=method, timeout_s=timeout_s)


def make_house(folder: Path, *, mode: Mode = Mode.LIVE) -> House:
    """Return a new house whose plain-SQL tables exist, made by hand."""
    house = open_house(Settings(data=folder), mode=mode)
    with contextlib.closing(sqlite3.connect(house.database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for statement in table_statements():
            connection.execute(statement)
        connection.commit()
    return house


def table_statements() -> list[str]:
    """Return what makes the tables that plain SQL reads, in SQL that both databases take."""
    binary = {tables.SNAPSHOT_DELTA[0], tables.TOTALS[0]}
    texts = {"kind": "text", "body": "text", "record": "text"}
    kinds = {
        **texts,
        "name": "varchar(40)",
        "role": "varchar(20)",
        "holder": "varchar(80)",
        "key_hash": "varchar(64)",
        "value": "text",
    }
    made = []
    for name, columns in tables.ALL:
        own = {**kinds, "body": "bytea"} if name in binary else kinds
        described = ", ".join(f"{column} {own.get(column, 'bigint')} NOT NULL" for column in columns)
        made.append(f"CREATE TABLE {name} ({described}, PRIMARY KEY ({columns[0]}))")
    return [
        *made,
        "INSERT INTO outbox_version (id, n) VALUES (1, 0)",
        "INSERT INTO processes_worldclock (id, offset_ms, version) VALUES (1, 0, 0)",
        "INSERT INTO snapshots_position (id, number, version) VALUES (1, 0, 0)",
        "INSERT INTO attribution_head (id, version, published_at_ms, counted_to_ms) VALUES (1, 0, 0, 0)",
    ]
