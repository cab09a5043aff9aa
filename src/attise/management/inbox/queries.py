"""Reads of inboxes: what is not read yet, and to whom a digest is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from attise.kernel.clock import Clock
from attise.kernel.limits import HOUR_MS
from attise.management.inbox.models import Mailing, Place
from attise.management.inbox.rules import VIEWER, Audience
from attise.management.outbox import queries as outbox
from attise.management.outbox.queries import NoticeView

MOST_UNREAD: Final = 100
"""Notices are counted no further: a hundred or more is many."""


def read_to(person_id: int, audience: Audience) -> int:
    """Return up to where a person has read an audience; 0 when nothing was. Cost: one keyed read."""
    kind, id_ = audience
    rows = Place.objects.filter(person_id=person_id, audience=kind, audience_id=id_)
    return rows.values_list("read_to", flat=True).first() or 0


def count_unread(
    person_id: int, audiences: Sequence[Audience], *, kinds: Mapping[Audience, Collection[str]] | None = None
) -> dict[Audience, int]:
    """Return how many notices of each audience a person has not read, together at most ``MOST_UNREAD``.

    ``kinds``: of audiences of which they are told some kinds alone (``rules.kinds_told``), those.
    Cost: two statements, none where nobody is told anything.
    """
    asked = [one for one in audiences if one[0] != VIEWER]
    if not asked:
        return {}
    rows = Place.objects.filter(person_id=person_id).values_list("audience", "audience_id", "read_to")
    read = {(kind, id_): upto for kind, id_, upto in rows}
    return outbox.count_notices({one: read.get(one, 0) for one in asked}, most=MOST_UNREAD, kinds=kinds)


def count_unread_of(person_id: int, audience: Audience, *, kinds: Collection[str] | None = None) -> int:
    """Return how many notices of one audience a person has not read, at most ``MOST_UNREAD``. Cost: one statement."""
    kind, id_ = audience
    place = Place.objects.filter(person_id=person_id, audience=kind, audience_id=id_).values("read_to")
    return outbox.count_newest(kind, id_, after=Coalesce(Subquery(place), 0), most=MOST_UNREAD, kinds=kinds)


def wants_mail(person_id: int) -> bool:
    """Tell whether a person wants digests. Cost: one keyed read."""
    return Mailing.objects.filter(person_id=person_id).exists()


def list_due(clock: Clock, *, limit: int = 50) -> list[int]:
    """Return people to whom a digest is due, those who waited longest first. Cost: one statement."""
    rows = Mailing.objects.filter(mailed_at_ms__lte=clock.wire_ms() - HOUR_MS).order_by("mailed_at_ms", "person_id")
    return list(rows.values_list("person_id", flat=True)[:limit])


def list_unmailed(
    person_id: int, audience: Audience, *, kinds: Collection[str] | None = None, limit: int
) -> list[NoticeView]:
    """Return the notices of an audience that a person has neither read nor was mailed, newest first."""
    kind, id_ = audience
    rows = Place.objects.filter(person_id=person_id, audience=kind, audience_id=id_)
    known = max(rows.values_list("read_to", "mailed_to").first() or (0, 0))
    found = outbox.list_notices(kind, id_, kinds=kinds, limit=limit).items
    return [one for one in found if one.id > known]
