"""Reads of notices and of changes; decision processes read changes themselves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.db.models.expressions import Combinable

from attise.kernel.acts import ActsWish
from attise.kernel.paging import Page
from attise.management.outbox.acts import in_span, of_actor
from attise.management.outbox.models import Change as ChangeRow
from attise.management.outbox.models import Notice, Version
from attise.records.change import Change, ChangeKind

_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


CENTER = "business_center"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its reader sees it."""

    id: int
    kind: str
    object_id: int
    at_ms: int
    body: dict[str, Any]


def list_notices(
    audience: str,
    audience_id: int,
    *,
    after: int | None = None,
    kinds: Collection[str] | None = None,
    limit: int = 50,
) -> Page[NoticeView]:
    """Return the notices of one reader, newest first; ``kinds``: of these alone, None: of all."""
    rows = _of_kinds(Notice.objects.filter(audience=audience, audience_id=audience_id), kinds)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    items = [NoticeView(row.id, row.kind, row.object_id, row.at_ms, row.body) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def _of_kinds(rows: QuerySet[Notice], kinds: Collection[str] | None) -> QuerySet[Notice]:
    return rows if kinds is None else rows.filter(kind__in=kinds)


def count_notices(
    after: Mapping[tuple[str, int], int], *, most: int, kinds: Mapping[tuple[str, int], Collection[str]] | None = None
) -> dict[tuple[str, int], int]:
    """Return how many notices of each reader are newer than the one named beside it; together at most ``most``.

    The newest are counted; of readers in ``kinds``, those alone. Cost: one indexed statement, none for nobody.
    """
    if not after:
        return {}
    asked = Q(pk__in=())
    for (kind, id_), upto in after.items():
        theirs = Q(audience=kind, audience_id=id_, id__gt=upto)
        only = None if kinds is None else kinds.get((kind, id_))
        asked |= theirs if only is None else theirs & Q(kind__in=only)
    rows = Notice.objects.filter(asked).order_by("-id").values_list("audience", "audience_id")[:most]
    return dict(Counter(rows))


def count_newest(
    audience: str, audience_id: int, *, after: Combinable, most: int, kinds: Collection[str] | None = None
) -> int:
    """Return how many of a reader's newest ``most`` notices follow the one that an expression names. Cost: one query.

    The expression is another room's, over its own rows: what was read stays there.
    """
    rows = _of_kinds(Notice.objects.filter(audience=audience, audience_id=audience_id), kinds).order_by("-id")
    found = rows.annotate(after=after).values_list("id", "after")[:most]
    return sum(1 for id_, upto in found if id_ > upto)


def list_acts(wish: ActsWish, *, kinds: Collection[str]) -> list[NoticeView]:
    """Return notices of acts that say who did them, whoever they were told to, newest first; each act once.

    Cost: one query; a rare one is looked for through all that was told.
    """
    rows = Notice.objects.filter(in_span(wish), of_actor(wish.actor, "body__by"), audience__in=("operator", CENTER))
    rows = rows.filter(kind__in=kinds if wish.actions is None else set(kinds) & set(wish.actions))
    if wish.object_id is not None:
        rows = rows.filter(object_id=wish.object_id)
    found = rows.order_by("-id")[: wish.limit]
    return [NoticeView(row.id, row.kind, row.object_id, row.at_ms, row.body) for row in found]


def get_version() -> int:
    """Return the number of the newest committed change."""
    return Version.objects.values_list("n", flat=True).get(id=1)


def newest_of(kind: ChangeKind) -> int:
    """Return the number of the newest change of a kind that is kept, 0 where there is none. Cost: one query."""
    return ChangeRow.objects.filter(kind=kind.value).aggregate(newest=Max("version"))["newest"] or 0


@contextmanager
def at_one_version() -> Iterator[int]:
    """Read at one moment: yields the number of the newest change, and every read within sees all up to it, none after.

    Holds nobody up: on SQLite a reader beside the writer, on PostgreSQL a snapshot. Nothing can be written within.
    Inside a unit, which sees its own moment, it only says the number. Cost: one keyed read.
    """
    if connection.in_atomic_block:
        yield get_version()
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
        try:
            yield get_version()
        finally:
            cursor.execute("ROLLBACK")


def list_changes(after: int, upto: int) -> list[Change]:
    """Return the changes above ``after`` and up to ``upto``, in order. Cost: one query."""
    rows = ChangeRow.objects.filter(version__gt=after, version__lte=upto).order_by("version")
    return [
        Change(version, ChangeKind(kind), object_id, at_ms, json.loads(body))
        for version, kind, object_id, at_ms, body in rows.values_list("version", "kind", "object_id", "at_ms", "body")
    ]
