"""Tables of which the database itself refuses to alter or remove rows, on both databases; for migrations.

A mistake of the code, or a hand at the database, must not rewrite what a recount or a history is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Step = Callable[[Any, Any], None]


def refuse_changes(
    tables: Sequence[str], sentence: str, *, function: str, makes_function: bool = True
) -> tuple[Step, Step]:
    """Return the two steps of a ``RunPython``: the triggers of some tables are set, and removed.

    Args: sentence: what whoever tries is told, without quotes; function: the name of what PostgreSQL's triggers call,
    which an earlier migration made where ``makes_function`` is false.
    """
    makes = f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
    raises = f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    calls = f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    sets = [
        *([f"{makes} {raises}"] if makes_function else []),
        *(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} {calls}" for table in tables),
    ]
    removes = [
        *(f"DROP TRIGGER {table}_no_change ON {table}" for table in tables),
        *([f"DROP FUNCTION {function}"] if makes_function else []),
    ]
    verbs = [(table, verb, f"{table}_no_{verb.lower()}") for table in tables for verb in ("UPDATE", "DELETE")]
    aborts = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    return (
        _step([f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {aborts}" for table, verb, name in verbs], sets),
        _step([f"DROP TRIGGER {name}" for _table, _verb, name in verbs], removes),
    )


def _step(sqlite: Iterable[str], postgresql: Iterable[str]) -> Step:
    """Return what a migration runs on either database."""

    def run(_apps: Any, schema_editor: Any) -> None:
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return run
