"""The schema of the house's database: brought up to date by one process at a time, refused to an older release.

Place: the start of every process that has Django, through ``setup.prepare``; the site's health asks it too. Owns the
lock ``schema.lock`` of a data folder.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from attise.kernel.house import House, HouseError

LOCK_FILE = "schema.lock"
_SERVER_LOCK = 0x61747469_7365
"""The same lock on a PostgreSQL server, which several data folders may share."""


def bring_up_to_date(house: House) -> None:
    """Apply what is missing; of several processes that start together one does it and the others wait.

    Raises: HouseError when a newer release has been here: what it keeps would be misread, or lost.
    """
    if not count_missing():
        return
    with _alone(house):
        if count_missing():
            call_command("migrate", interactive=False, verbosity=0)


def count_missing() -> int:
    """Return how many steps of the schema are still to be applied. Raises: HouseError, as above."""
    executor = MigrationExecutor(connection)
    newer = sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations))
    if newer:
        raise HouseError(
            f"This data was written by a newer release of Attise ({'.'.join(newer[0])}). Install that release again, "
            "or use another --data."
        )
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone(house: House) -> Iterator[None]:
    """Hold the schema against every other process; whoever dies lets go of it."""
    with (house.folder / LOCK_FILE).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_SERVER_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_SERVER_LOCK])
