"""Shapes of the journal: one act, and what acts are asked by."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from attise.doors.native_api.schemas.campaigns import Word, among, one_of, tell_values
from attise.doors.native_api.schemas.common import GivenId, GivenMoment, Told, ToldId, ToldMoment, told_id
from attise.kernel.clock import rfc3339
from attise.management.journal.rules import ACTIONS, ACTORS, ALL_ACTIONS
from attise.management.journal.views import JournalEntry

ObjectKind = Annotated[Word, among(ACTIONS), one_of(ACTIONS)]
Action = Annotated[Word, among(ALL_ACTIONS), one_of(ALL_ACTIONS)]
ActorFilter = Annotated[
    str,
    Field(
        pattern=rf"^({'|'.join(ACTORS)})(:[0-9]{{1,19}})?$",
        description="An actor as entries name it, or its kind alone: everybody of that kind.",
        examples=["person:7412341800960000001", "host"],
    ),
]
ObjectId = Annotated[GivenId, Field(description="Of any kind.")]
Since = Annotated[GivenMoment, Field(description="Acts from then on.")]
Until = Annotated[GivenMoment, Field(description="Acts before then.")]


class JournalAnswer(Told):
    """One act on something that is declared here."""

    entry_id: ToldId
    at: ToldMoment
    actor: str
    origin: Annotated[str | None, Field(description="A truncated address, where it is kept.")]
    object_kind: ObjectKind
    object_id: ToldId
    action: Annotated[str, Field(description="What was done, as in the filter of that name; others may come.")]
    advertiser_id: Annotated[ToldId | None, Field(description="Whose the object is, where that is known.")]
    before: dict[str, Any]
    after: dict[str, Any]


def tell_entry(entry: JournalEntry) -> JournalAnswer:
    """Return an act as callers see it."""
    return JournalAnswer(
        entry_id=str(entry.id),
        at=rfc3339(entry.at_ms),
        actor=entry.actor,
        origin=entry.origin or None,
        object_kind=entry.object_kind,
        object_id=str(entry.object_id),
        action=entry.action,
        advertiser_id=told_id(entry.advertiser_id),
        before=tell_values(entry.before),
        after=tell_values(entry.after),
    )
