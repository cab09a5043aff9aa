"""Rows to and from the database in bulk: the one module that knows where the two databases differ.

A row is a tuple in the order of its model's columns. Values go as parameters, whole columns at once on PostgreSQL.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from attise.ledger.chain import Row

KEY_BYTES: Final = 16
"""Of the keys that ``insert_absent_keys`` takes."""
_encode = msgspec.json.Encoder().encode


def insert(model: Any, rows: Sequence[Row]) -> None:
    """Write new rows. Cost: one statement."""
    _write(model, rows, "")


def put(model: Any, rows: Sequence[Row], *, unique: tuple[str, ...], update: tuple[str, ...]) -> None:
    """Write rows, or, where a row of the same ``unique`` columns is there, its ``update`` columns. One statement."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in update)
    _write(model, rows, f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}")


def add(model: Any, rows: Sequence[Row], *, unique: tuple[str, ...], sums: tuple[str, ...]) -> None:
    """Write rows, or, where a row of the same ``unique`` columns is there, add to its ``sums``. One statement.

    No two rows are of the same ``unique`` columns.
    """
    merge(model, rows, unique=unique, changes=dict.fromkeys(sums, "{old} + {new}"))


def merge(model: Any, rows: Sequence[Row], *, unique: tuple[str, ...], changes: Mapping[str, str]) -> None:
    """Write rows, or change those of the same ``unique`` columns: SQL by column, of ``{old}`` and ``{new}`` values."""
    table = model._meta.db_table  # noqa: SLF001 - Django's public meta
    said = [f"{name} = {how.format(old=f'{table}.{name}', new=f'excluded.{name}')}" for name, how in changes.items()]
    _write(model, rows, f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {', '.join(said)}")


def insert_absent(model: Any, rows: Sequence[Row], *, key: str) -> set[Any]:
    """Write the rows whose ``key`` is not there yet and return these keys. One statement."""
    if not rows:
        return set()
    names, types = columns_of(connection.vendor, model)
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"  # noqa: SLF001 - as above
    unless = f" ON CONFLICT ({key}) DO NOTHING RETURNING {key}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(rows))
            cursor.execute(f"{into} VALUES {places}{unless}", [value for row in rows for value in row])
        else:
            arrays = ", ".join(f"%s::{kind}[]" for kind in types)
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(f"{into} SELECT * FROM unnest({arrays}){unless}", columns)  # noqa: S608 - our own names
        return {bytes(found) if isinstance(found, memoryview) else found for (found,) in cursor.fetchall()}


def insert_absent_keys(model: Any, rows: Mapping[bytes, int]) -> set[bytes]:
    """Write keys of 16 bytes, each with its number, that are not there yet, and return them. One statement.

    For a table of these two columns. The embedded store is given all keys as one value and all numbers as another:
    its statement is the same whatever their number, where thousands of places had to be written and read anew.
    """
    names, _ = columns_of(connection.vendor, model)
    if connection.vendor != "sqlite" or not rows:
        return insert_absent(model, list(rows.items()), key=names[0])
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"  # noqa: SLF001 - as above
    each = f"SELECT substr(%s, 1 + {KEY_BYTES} * key, {KEY_BYTES}), value FROM json_each(%s) WHERE true"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"{into} {each} ON CONFLICT ({names[0]}) DO NOTHING RETURNING {names[0]}",
            [b"".join(rows), _encode(list(rows.values())).decode()],
        )
        return {found for (found,) in cursor.fetchall()}


def _write(model: Any, rows: Sequence[Row], on_conflict: str) -> None:
    if rows:
        _execute(model, *columns_of(connection.vendor, model), rows, on_conflict)


def _execute(
    model: Any, names: tuple[str, ...], types: tuple[str, ...], rows: Sequence[Row], on_conflict: str = ""
) -> None:
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"  # noqa: SLF001 - Django's public meta
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"{into} VALUES ({places}){on_conflict}", rows)
            return
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(f"{into} SELECT * FROM unnest({arrays}){on_conflict}", columns)  # noqa: S608 - our own names


@cache
def columns_of(vendor: str, model: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names and bare types of a model's columns; ``vendor`` is part of what is remembered."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - as above
    types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    return tuple(str(field.column) for field in fields), tuple(types if vendor == "postgresql" else ())


def append(model: Any, rows: Sequence[Row], *, names: tuple[str, ...]) -> None:
    """Write new rows whose number the database gives; ``names`` are their other columns. Cost: one statement."""
    if rows:
        of_names = dict(itertools.zip_longest(*columns_of(connection.vendor, model)))
        _execute(model, names, tuple(of_names[name] or "" for name in names), rows)


def read(model: Any, names: tuple[str, ...], *, column: str, values: Collection[Any]) -> list[tuple[Any, ...]]:
    """Return columns of the rows whose ``column`` is one of some values. Cost: one statement, none for no values.

    A tenth of what the same costs through querysets, which what is charged thousands of times a second cannot bear.
    """
    return read_any(model, names, {column: values})


def read_any(model: Any, names: tuple[str, ...], which: Mapping[str, Collection[Any]]) -> list[tuple[Any, ...]]:
    """Return columns of the rows of which any of some columns is one of its values. Cost: as above."""
    which = {column: values for column, values in which.items() if values}
    if not which:
        return []
    table = model._meta.db_table  # noqa: SLF001 - as above
    said = " OR ".join(f"{column} IN ({', '.join(['%s'] * len(values))})" for column, values in which.items())
    with connection.cursor() as cursor:
        statement = f"SELECT {', '.join(names)} FROM {table} WHERE {said}"  # noqa: S608 - our own names
        cursor.execute(statement, [value for values in which.values() for value in values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def lock(model: Any, names: tuple[str, ...], *, column: str, value: Any) -> tuple[Any, ...] | None:
    """Return columns of one row, which nobody else changes before the transaction ends, or None. Cost: one statement.

    SQLite lets one write at a time, and whoever may lock has begun to.
    """
    table = model._meta.db_table  # noqa: SLF001 - as above
    until = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    statement = f"SELECT {', '.join(names)} FROM {table} WHERE {column} = %s{until}"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def change(model: Any, values: Mapping[str, Any], *, column: str, value: Any) -> None:
    """Write columns of one row that is there. Cost: one statement."""
    table = model._meta.db_table  # noqa: SLF001 - as above
    said = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {said} WHERE {column} = %s", [*values.values(), value])  # noqa: S608
        if cursor.rowcount != 1:
            raise AssertionError(f"{table} has {cursor.rowcount} rows of {column} {value}")


def read_pairs(
    model: Any, names: tuple[str, ...], first: Collection[Any], second: Collection[Any]
) -> list[tuple[Any, ...]]:
    """Return columns of the rows whose first two are each one of some values. Cost: one statement."""
    ones, others = (", ".join(["%s"] * len(values)) for values in (first, second))
    table = model._meta.db_table  # noqa: SLF001 - as above
    which = f"{names[0]} IN ({ones}) AND {names[1]} IN ({others})"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {which}", [*first, *second])  # noqa: S608
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one moment, without keeping anybody from writing.

    Inside a transaction this is that transaction's own view.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # rather than Django's own, which takes the one writer's place
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
