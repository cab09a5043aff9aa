"""The log in an SQLite file of its own: a row per batch, durable at each commit, found by ranges of ids.

Why an engine and not a file format of ours: it is the best tested storage there is, at three quarters of the speed.
Why not the house's database: a write to that one waits for people's transactions, and theirs would wait for these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from attise.kernel.errors import Outage
from attise.kernel.ids import NODE_BITS, SEQUENCE_BITS
from attise.measurement.ingest.log import Batch, Entry

FILE = "events.sqlite3"
WAIT_S = 2.0
"""How long an append waits for the one of another process."""
SPAN = 2_000 << (NODE_BITS + SEQUENCE_BITS)
"""How far the ids of one row may lie apart: two seconds. So a search by id looks at the rows of two seconds."""
PRUNED_AT_ONCE = 500
PRUNED_BYTES = 4 << 20
"""What goes in one transaction, but for its last row: whoever appends waits for it, mostly some dozen milliseconds."""
BATCH_ENTRIES = 1_000
"""Entries of one row."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    first_id INTEGER,
    last_id INTEGER,
    body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS batch_ids ON batch (last_id, first_id) WHERE last_id IS NOT NULL;
"""
_INSERT = "INSERT INTO batch (at_ms, first_id, last_id, body) VALUES (?, ?, ?, ?)"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Entry, ...]).decode


class SqliteLog:
    """An ``EventLog`` in one file, which is made by the first writer; a reader of none reads an empty log."""

    def __init__(self, folder: Path, *, may_write: bool, waits_for_disk: bool = True) -> None:
        """Open the log of a data folder. Raises: Outage.

        ``waits_for_disk``: whether what was appended outlives a power cut; if not, only the end of this process.
        """
        self._path = folder / FILE
        self._synchronous = "FULL" if waits_for_disk else "OFF"
        self._may_write = may_write
        self._inner: sqlite3.Connection | None = None
        if may_write:
            self._connection()

    def append(self, entries: Sequence[Entry], *, at_ms: int) -> int:
        """Keep entries in one transaction, in as many rows as their ids and number ask for."""
        rows = [(at_ms, first, last, _encode(part)) for first, last, part in _parts(entries)]
        connection = self._connection()
        if connection is None or not self._may_write:
            raise AssertionError("this log was opened for reading")
        position = 0
        try:
            if len(rows) == 1:  # a transaction by itself: one call without the interpreter's lock, where four took it
                position = connection.execute(_INSERT, rows[0]).lastrowid or 0
            else:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    for row in rows:
                        position = connection.execute(_INSERT, row).lastrowid or 0
        except sqlite3.Error as error:
            raise Outage("event log") from error
        return position or self.end()

    def read(self, after: int, *, limit: int) -> list[Batch]:
        """Return batches beyond a position."""
        rows = self._rows(
            "SELECT position, at_ms, body FROM batch WHERE position > ? ORDER BY position LIMIT ?", after, limit
        )
        return [Batch(position, at_ms, _decode(body)) for position, at_ms, body in rows]

    def find(self, kind: str, id_: int) -> bytes | None:
        """Return the body of an entry. Cost: the index entries of ``SPAN``, and the few rows that may hold the id."""
        rows = self._rows(
            "SELECT body FROM batch WHERE last_id >= ? AND last_id <= ? AND first_id <= ?", id_, id_ + SPAN, id_
        )
        for (body,) in rows:
            for entry in _decode(body):
                if entry.id == id_ and entry.kind == kind:
                    return entry.body
        return None

    def find_all(self, kind: str, ids: Collection[int]) -> dict[int, bytes]:
        """Return the bodies of entries by their ids. Cost: each row that may hold one is read once."""
        found: dict[int, bytes] = {}
        for first, last in _stretches(ids):
            for (body,) in self._rows(
                "SELECT body FROM batch WHERE last_id >= ? AND last_id <= ? AND first_id <= ?", first, last + SPAN, last
            ):
                found.update((one.id, one.body) for one in _decode(body) if one.kind == kind and one.id in ids)
        return found

    def end(self) -> int:
        """Return the position of the newest batch."""
        return int(self._rows("SELECT COALESCE(MAX(position), 0) FROM batch")[0][0]) if self._is_there() else 0

    def oldest(self) -> tuple[int, int] | None:
        """Return position and time of the oldest batch."""
        rows = self._rows("SELECT position, at_ms FROM batch ORDER BY position LIMIT 1")
        return (int(rows[0][0]), int(rows[0][1])) if rows else None

    def prune(self, *, before_ms: int, upto: int) -> int:
        """Let go of the oldest batches; the file keeps their room for others.

        Cost: a look at ``PRUNED_AT_ONCE`` rows, whether they go or not; nothing is locked where none goes.
        """
        rows = self._rows("SELECT position, at_ms, length(body) FROM batch ORDER BY position LIMIT ?", PRUNED_AT_ONCE)
        last, held = 0, 0
        for position, at_ms, length in rows:
            if position > upto or held > PRUNED_BYTES:
                break
            if at_ms < before_ms:
                last, held = position, held + length
        connection = self._connection()
        if connection is None or not last:
            return 0
        try:
            return connection.execute("DELETE FROM batch WHERE position <= ? AND at_ms < ?", (last, before_ms)).rowcount
        except sqlite3.Error as error:
            raise Outage("event log") from error

    def go_on_from(self, position: int) -> bool:
        """Have the numbers of rows go on from a position."""
        connection = self._connection()
        if connection is None or not self._may_write:
            raise AssertionError("this log was opened for reading")
        try:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'batch'").fetchone()
                if position <= (0 if found is None else found[0]):
                    return False
                connection.execute("DELETE FROM sqlite_sequence WHERE name = 'batch'")
                connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('batch', ?)", (position,))
        except sqlite3.Error as error:
            raise Outage("event log") from error
        return True

    def close(self) -> None:
        """Close the file."""
        if self._inner is not None:
            self._inner.close()
            self._inner = None

    def _is_there(self) -> bool:
        return self._connection() is not None

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        connection = self._connection()
        if connection is None:
            return []
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise Outage("event log") from error

    def _connection(self) -> sqlite3.Connection | None:
        """Return the connection, made when it is first asked for; None for a reader while there is no file yet."""
        if self._inner is None:
            if not self._may_write and not self._path.exists():
                return None
            try:
                self._inner = _open(self._path, may_write=self._may_write, synchronous=self._synchronous)
            except sqlite3.Error as error:
                raise Outage("event log") from error
        return self._inner


def _open(path: Path, *, may_write: bool, synchronous: str) -> sqlite3.Connection:
    # Its thread is the one that uses it; the one that closes it may be another.
    connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        if may_write:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={synchronous}")
            connection.executescript(_SCHEMA)
        else:
            connection.execute("PRAGMA query_only=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _parts(entries: Sequence[Entry]) -> Iterator[tuple[int | None, int | None, Sequence[Entry]]]:
    """Yield runs of entries with the least and the greatest of their ids, which lie within ``SPAN``."""
    if len(entries) <= BATCH_ENTRIES and not any(entry.id for entry in entries):
        if entries:
            yield None, None, entries
        return
    begin, first, last = 0, 0, 0
    for place, entry in enumerate(entries):
        low = min(first or entry.id, entry.id or first)
        high = max(last, entry.id)
        if place - begin >= BATCH_ENTRIES or high - low > SPAN:
            yield first or None, last or None, entries[begin:place]
            begin, low, high = place, entry.id, entry.id
        first, last = low, high
    if begin < len(entries):
        yield first or None, last or None, entries[begin:]


def _stretches(ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of ids that lie close to each other, no stretch longer than ten ``SPAN``."""
    ordered = sorted(ids)
    begin = 0
    for place in range(1, len(ordered) + 1):
        if place < len(ordered):
            step, length = ordered[place] - ordered[place - 1], ordered[place] - ordered[begin]
            if step <= SPAN and length <= 10 * SPAN:
                continue
        yield ordered[begin], ordered[place - 1]
        begin = place
