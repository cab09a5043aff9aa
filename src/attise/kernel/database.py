"""The house's database without Django: one small connection for SQLite and PostgreSQL.

For processes that must stay lean. A statement is written with ``{0}`` where a value goes (``records.tables``); each
connection belongs to one thread. What the database cannot do now is an ``Outage``, whatever the driver calls it.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Protocol
from urllib.parse import quote

from attise.kernel.errors import Outage
from attise.kernel.house import House

WAIT_S = 1.0
"""How long a statement waits for a lock, or a server for its answer, before it is an outage."""
CONNECT_S = 2


class Connection(Protocol):
    """What plain SQL needs of a driver."""

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, each statement being its own transaction. Raises: Outage."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


def connect(house: House, *, may_write: bool, wait_s: float = WAIT_S) -> Connection:
    """Open a connection to the house's database; a reader's cannot write. Raises: Outage."""
    url = house.settings.database_url
    if url is None:
        return _Sqlite(str(house.database), may_write=may_write, wait_s=wait_s)
    return _Postgres(url, may_write=may_write, wait_s=wait_s)


class _Sqlite:
    """The embedded database: a file that must exist."""

    def __init__(self, path: str, *, may_write: bool, wait_s: float) -> None:
        try:
            self._inner = sqlite3.connect(
                f"file:{quote(path)}?mode=rw",
                uri=True,
                timeout=wait_s,
                isolation_level=None,
                check_same_thread=False,
            )
            # What is written here is renewed every second: it need not survive a power cut.
            self._inner.execute("PRAGMA synchronous=NORMAL")
            if not may_write:
                # Rather than mode=ro, which cannot open a write-ahead log that nobody else has open.
                self._inner.execute("PRAGMA query_only=ON")
        except sqlite3.Error as error:
            raise Outage("database") from error

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._inner.execute(statement.format("?"), values).fetchall()
        except sqlite3.Error as error:
            raise Outage("database") from error

    def close(self) -> None:
        self._inner.close()


class _Postgres:
    """A PostgreSQL server."""

    def __init__(self, url: str, *, may_write: bool, wait_s: float) -> None:
        import psycopg  # only where it is used: the embedded house starts without it

        self._errors = psycopg.Error
        wait_ms = round(wait_s * 1000)
        options = f"-c statement_timeout={wait_ms} -c lock_timeout={wait_ms}"
        if not may_write:
            options += " -c default_transaction_read_only=on"
        try:
            self._inner = psycopg.connect(
                url, autocommit=True, connect_timeout=CONNECT_S, options=options, application_name="attise"
            )
        except psycopg.Error as error:
            raise Outage("database") from error

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            cursor = self._inner.execute(statement.format("%s"), values)
            return cursor.fetchall() if cursor.description else []
        except self._errors as error:
            raise Outage("database") from error

    def close(self) -> None:
        self._inner.close()
