"""The test house: a data folder of its own, a fake clock, seeded chance, and SQLite or PostgreSQL.

``ATTISE_DATABASE_URL`` in the environment runs the same suite on PostgreSQL (``make test`` starts a private server).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402

from attise.doors.site import means as site_means  # noqa: E402
from attise.doors.site.setup import Process  # noqa: E402
from attise.kernel.chance import SeededChance  # noqa: E402
from attise.kernel.clock import FakeClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402

hypothesis_settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def _empty_the_house(_of: TransactionTestCase | None = None) -> None:
    """Empty every table after a test of real transactions, and put back what the migrations had put in.

    Only the few that hold rows are emptied, which is a tenth of the time. The guards of append-only tables would refuse
    it, so they are lifted for its time.
    """
    from django.db import connection, transaction

    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    lifted = _lifted_on_postgresql if connection.vendor == "postgresql" else _lifted_on_sqlite
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables))
        filled = [name for (name,) in cursor.fetchall()]
        with lifted(cursor, filled):
            for name in filled:
                cursor.execute(f"DELETE FROM {name}")
        cursor.execute("INSERT INTO outbox_version (id, n) VALUES (1, 0)")
        cursor.execute("INSERT INTO snapshots_position (id) VALUES (1)")
        cursor.execute("INSERT INTO attribution_head (id, version, published_at_ms, counted_to_ms) VALUES (1, 0, 0, 0)")
        cursor.execute(
            "INSERT INTO attribution_position (id, position, entries, began, events, duplicates, doubted) "
            "VALUES (1, 0, 0, 0, 0, 0, 0)"
        )
        cursor.execute(
            "INSERT INTO reports_watermark (id, position, planned, counted_to_ms, complete_to_ms, "
            "planned_counted_to_ms, planned_complete_to_ms, facts) VALUES (1, 0, 0, 0, 0, 0, 0, 0)"
        )
        cursor.execute("INSERT INTO lift_place (id, position) VALUES (1, 0)")
        cursor.execute("INSERT INTO viewers_profileplace (id, position, entries) VALUES (1, 0, 0)")
        cursor.execute("INSERT INTO processes_worldclock (id, offset_ms, version) VALUES (1, 0, 0)")


@contextmanager
def _lifted_on_sqlite(cursor: CursorWrapper, tables: list[str]) -> Iterator[None]:
    """Drop the triggers of tables, and make them again."""
    cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    guards = [(name, statement) for name, statement, table in cursor.fetchall() if table in tables]
    for name, _ in guards:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in guards:
        cursor.execute(statement)


@contextmanager
def _lifted_on_postgresql(cursor: CursorWrapper, _tables: list[str]) -> Iterator[None]:
    """Have the server look at neither triggers nor foreign keys, as where it copies what was checked elsewhere."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")


TransactionTestCase._fixture_teardown = _empty_the_house


def pytest_sessionfinish() -> None:
    import shutil

    shutil.rmtree(os.environ["ATTISE_DATA"], ignore_errors=True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def means(clock: FakeClock) -> Iterator[Means]:
    with _installed(clock, "tests", node=1) as made:
        yield made


@pytest.fixture(scope="module")
def lasting(django_db_setup, django_db_blocker) -> Iterator[Means]:
    """Means for what all tests of a module begin with, made once: each test sees it as it was, whatever others did.

    The rows stand in a transaction around those of the tests, which no test of the module may end: none of them may
    ask for a real transaction. Their identifiers come before those of the tests.
    """
    from django.db import transaction

    around = transaction.atomic()
    around._from_testcase = True  # as the framework's own, it is no reason for a durable block to complain
    with django_db_blocker.unblock(), around:
        with _installed(FakeClock(), "lasting", node=0) as made:
            yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def beforehand(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """Return what real transactions may be made in for a whole module: of their rows, its tests find nothing."""

    @contextmanager
    def begun() -> Iterator[None]:
        with django_db_blocker.unblock():
            try:
                yield
            finally:
                _empty_the_house()

    return begun


@contextmanager
def _installed(clock: FakeClock, seed: str, *, node: int) -> Iterator[Means]:
    """Make means, which are those of the site until the end."""
    from django.conf import settings

    made = Means(clock, SeededChance(seed), ClockIds(clock, node), settings.HOUSE.secrets)
    before = site_means._process
    site_means.install(Process(settings.HOUSE, made, clock, None))
    yield made
    site_means._process = before


@pytest.fixture
def data_folder() -> Path:
    return Path(os.environ["ATTISE_DATA"])
