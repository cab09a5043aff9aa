"""The database that a test itself uses, as those who know no Django read it."""

from __future__ import annotations

from django.db import connection


class Statements:
    """``kernel.database`` over Django's own connection, so that what a test has not committed is seen."""

    def rows(self, statement: str, *values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(statement.format("%s"), values)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Leave it open: it is the test's."""
