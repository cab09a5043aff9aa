"""Transactions that really lose: a trigger raises what PostgreSQL would, or somebody holds SQLite's lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from django.db import connection

from attise.kernel.clock import FakeClock

FOR_EVER = 1_000


@dataclass
class Lost:
    """What happened meanwhile: how long each loser paused before it was done again, in seconds."""

    pauses: list[float] = field(default_factory=list)


@contextmanager
def losing(clock: FakeClock, times: int, *, table: str, sqlstate: str = "40001") -> Iterator[Lost]:
    """Make the next transactions that write ``table`` lose, ``times`` times; whoever pauses by ``clock`` is heard.

    On SQLite any transaction loses, whatever it would write.
    """
    lost = Lost()
    made = _by_trigger(times, table, sqlstate) if connection.vendor == "postgresql" else _by_lock(lost, times)

    def pause(seconds: float) -> None:
        lost.pauses.append(seconds)
        heard()

    with made as heard:
        clock.pause = pause
        try:
            yield lost
        finally:
            del clock.pause


@contextmanager
def _by_trigger(times: int, table: str, sqlstate: str) -> Iterator:
    """Raise from within the server. A sequence counts, since it is not undone with the transaction that asked it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE lost")
        cursor.execute(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF nextval('lost') <= {times} THEN RAISE EXCEPTION 'injected' USING ERRCODE = '{sqlstate}'; END IF; "
            "RETURN NULL; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER lose BEFORE INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION lose()"
        )
    try:
        yield lambda: None
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION lose() CASCADE")
            cursor.execute("DROP SEQUENCE lost")


@contextmanager
def _by_lock(lost: Lost, times: int) -> Iterator:
    """Hold the lock of the database's one writer until so many have paused; nobody waits for it otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        def heard() -> None:
            if len(lost.pauses) == times:
                holder.execute("ROLLBACK")

        yield heard
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")
