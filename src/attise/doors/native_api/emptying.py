"""A sandbox is emptied: every table but those of credentials, and every file.

Works on tables, not on rooms, so that a room made tomorrow is emptied too without being asked; a test proves that what
stays is named here on purpose and points at nothing that goes. Histories refuse deletion; their guards are lifted
within the one transaction that empties them. Change numbers go on: readers are told of every object that went.
"""

from __future__ import annotations

import shutil
from typing import Any

from django.db import connection, transaction

from attise.kernel.house import House
from attise.kernel.means import Means
from attise.ledger.heads import FILE
from attise.management.billing import actions as billing
from attise.management.billing import queries as billing_queries
from attise.management.outbox.actions import Unit, unit, verb
from attise.management.snapshots.actions import remove_files
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.reports import actions as reports
from attise.records.change import ChangeKind
from attise.serving.prediction.model import FOLDER as MODELS

KEPT = frozenset(
    {
        # Django's own: what schema this is, and who is signed in.
        "django_migrations",
        "django_content_type",
        "django_session",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        # Credentials, and whom they belong to.
        "accounts_person",
        "accounts_businesscenter",
        "accounts_member",
        "accounts_advertiser",
        "accounts_link",
        "accounts_app",
        "accounts_oauthcode",
        "accounts_accesstoken",
        "accounts_tokenadvertiser",
        "accounts_hostkey",
        "accounts_sanction",
        # The house itself: its processes, its clock, the numbers of its changes and totals, its place in the log.
        "processes_process",
        "processes_start",
        "processes_worldclock",
        "outbox_version",
        "outbox_change",
        "snapshots_position",
        "attribution_head",
        "attribution_position",
        "reports_watermark",
        "viewers_profileplace",
        "lift_place",
    }
)
FOR_EVER_MS = (1 << 63) - 1
_STOPS = (
    ("accounts_creator", "TRUE", ChangeKind.CREATOR_STOPPED),
    ("posts_post", "TRUE", ChangeKind.POST_STOPPED),
    ("viewers_viewer", "TRUE", ChangeKind.VIEWER_CHANGED),
    ("authorizations_authorization", "kind = 'post'", ChangeKind.GRANT_STOPPED),
    ("authorizations_authorization", "kind <> 'post'", ChangeKind.ACCOUNT_ACCESS_STOPPED),
    ("campaigns_campaign", "TRUE", ChangeKind.CAMPAIGN_STOPPED),
)
"""What decision processes must forget: table, which rows, and how they are told."""

_UPLOADS = ("posts_post", "posts_unpublished")
"""Tables whose rows name, as ``pending_file``, an upload that waits to be converted."""


@verb
def empty_house(means: Means, house: House) -> int:
    """Delete every row but those kept, then every file; returns how many rows went.

    Advertisers that had test credit have it again, as on their first day.
    """
    with unit(means) as work, connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT - {"sqlite_sequence"})
        _tell_stops(work, cursor)
        credited = billing_queries.list_test_credited()
        pending = [
            name
            for table in _UPLOADS
            for name in _column(cursor, f"SELECT pending_file FROM {table} WHERE pending_file <> ''")  # noqa: S608 - our names
        ]
        pending += _column(cursor, "SELECT file_name FROM posts_upload")
        deleted = sum(_column(cursor, f'SELECT COUNT(*) FROM "{table}"')[0] for table in tables)  # noqa: S608 - our names
        (_empty_sqlite if connection.vendor == "sqlite" else _empty_postgresql)(cursor, tables)
        end = _begin_at_the_end_of_the_log(cursor, house)
        reports.begin_again()
        for advertiser_id in credited:
            billing.give_test_credit(means, house.mode, advertiser_id=advertiser_id)
        transaction.on_commit(lambda: _remove_files(house, pending, end))
    return deleted


def _tell_stops(work: Unit, cursor: Any) -> None:
    """Tell readers of changes that everything stopped."""
    for table, which, kind in _STOPS:
        for object_id in _column(cursor, f'SELECT id FROM "{table}" WHERE {which} ORDER BY id'):  # noqa: S608 - as above
            gone = {"erased": True} if kind is ChangeKind.VIEWER_CHANGED else {}
            work.change(kind, object_id, reason="reset", **gone)


def _empty_sqlite(cursor: Any, tables: list[str]) -> None:
    """Delete with the guards of append-only tables taken off and put back; schema changes are part of a transaction."""
    cursor.execute("PRAGMA defer_foreign_keys = ON")  # until the commit: rows go in the order of names
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    guards = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
    for name, _ in guards:
        cursor.execute(f'DROP TRIGGER "{name}"')
    for table in tables:
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - as above
    for _, sql in guards:
        cursor.execute(sql)


def _empty_postgresql(cursor: Any, tables: list[str]) -> None:
    """Truncate, which fires no guard of rows; without CASCADE, so that nothing kept can go with it."""
    names = ", ".join(f'"{table}"' for table in tables)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check may wait on a table that is to be truncated
    cursor.execute(f"TRUNCATE {names}")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _column(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    return [row[0] for row in cursor.fetchall()]


def _begin_at_the_end_of_the_log(cursor: Any, house: House) -> int:
    """Have all who read the log on begin at its present end, and return that.

    What was received and is not settled yet was of the world that goes: it is passed over. What is received from now on
    is of the new one, and stays. The place of settling is locked first: nobody settles further meanwhile.
    """
    cursor.execute("UPDATE attribution_position SET entries = 0")
    settled_to = _column(cursor, "SELECT position FROM attribution_position")[0]
    log = SqliteLog(house.folder, may_write=False)
    try:
        end = max(log.end(), settled_to)  # a log that holds nothing says 0
    finally:
        log.close()
    cursor.execute("UPDATE attribution_position SET position = %s, began = %s", [end, end])
    cursor.execute("UPDATE viewers_profileplace SET position = %s, entries = 0", [end])
    cursor.execute("UPDATE lift_place SET position = %s", [end])
    return end


def _empty_log(house: House, end: int) -> None:
    """Let go of the batches of the log up to where it ended; positions go on, for whoever reads on."""
    log = SqliteLog(house.folder, may_write=True)
    try:
        while log.prune(before_ms=FOR_EVER_MS, upto=end):
            continue
    finally:
        log.close()


def _remove_files(house: House, pending: list[str], end: int) -> None:
    """Remove stored files, and uploads that waited; what is being received at this moment is left alone.

    The heads of the ledger that were kept go too: its chains begin anew. So does what was decided and what happened.
    """
    _empty_log(house, end)
    (house.folder / FILE).unlink(missing_ok=True)
    for folder in house.media.iterdir():
        if not folder.name.startswith("."):
            shutil.rmtree(folder, ignore_errors=True)
    for name in pending:
        (house.uploads / name).unlink(missing_ok=True)
    remove_files(house)
    reports.remove_files(house)
    shutil.rmtree(house.folder / MODELS, ignore_errors=True)
