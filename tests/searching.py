"""Where in the database something stands: every column of every row of every table is looked at."""

from __future__ import annotations

from django.db import connection


def places_of(*values: str | bytes) -> set[str]:
    """Return the columns, as ``table.column``, in which one of some values stands, alone or within a longer one."""
    sought = [value.encode() if isinstance(value, str) else value for value in values]
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, cell in zip(names, row, strict=True):
                    raw = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    if any(value in raw for value in sought):
                        found.add(f"{table}.{name}")
    return found


def tables_of(*values: str | bytes) -> set[str]:
    """Return the tables in which one of some values stands."""
    return {place.partition(".")[0] for place in places_of(*values)}
