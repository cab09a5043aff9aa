"""The journal of the house: every act, whoever's and on whatever; for the host alone."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing
from attise.doors.native_api.schemas.journal import (
    Action,
    ActorFilter,
    JournalAnswer,
    ObjectId,
    ObjectKind,
    Since,
    Until,
    tell_entry,
)
from attise.management.journal import queries

group = Group("Journal")


@group.get("/v1/journal", gives=Listing[JournalAnswer])
def list_journal(
    call: Call,
    actor: ActorFilter | None = None,
    action: Action | None = None,
    object_kind: ObjectKind | None = None,
    object_id: ObjectId | None = None,
    since: Since | None = None,
    until: Until | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[JournalAnswer]:
    """List who did what to what, newest first: accounts and keys, grants, campaigns, ad groups, ads, money but charges.

    Filters hold together. Acts are kept in the transaction that they are part of, and are never changed.
    """
    page = queries.page_journal(
        actor=actor,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        from_ms=since,
        to_ms=until,
        after=read_cursor(call, cursor),
        limit=limit,
    )
    return listing(call, Listing[JournalAnswer], page, tell_entry)
