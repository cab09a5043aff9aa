"""Shapes of notices, and of what arrived for a viewer."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from attise.doors.native_api.schemas.campaigns import tell_values
from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.site.arrived import Arrived
from attise.kernel.clock import rfc3339
from attise.management.outbox.queries import NoticeView


class NoticeAnswer(Told):
    """Something that a reader was told."""

    notice_id: ToldId
    kind: str
    object_id: Annotated[ToldId, Field(description="What it is about: an ad, a post, a grant, a payout…")]
    sentence: Annotated[str | None, Field(description="In the language of the request; null where pages tell none.")]
    details: dict[str, Any]
    at: ToldMoment


class ArrivedAnswer(Told):
    """Something that arrived for a viewer; likes and follows together for an hour, at its beginning."""

    kind: Annotated[str, Field(examples=["published", "comment_hidden", "commented", "liked", "followed"])]
    at: ToldMoment
    post_id: ToldId | None
    handle: Annotated[str | None, Field(description="Whose post it is; null where it is the reader’s own.")]
    title: Annotated[str | None, Field(description="The first line of the post’s caption; of a comment, its text.")]
    count: int
    reason: Annotated[str | None, Field(description="Why a comment was hidden, where it was after reports.")]


class Arrivals(Told):
    """What arrived lately for a viewer, newest first."""

    items: list[ArrivedAnswer]


def tell_notice(view: NoticeView, sentence: str) -> NoticeAnswer:
    """Return a notice as callers see it."""
    return NoticeAnswer(
        notice_id=str(view.id),
        kind=view.kind,
        object_id=str(view.object_id),
        sentence=sentence or None,
        details=tell_values(view.body),
        at=rfc3339(view.at_ms),
    )


def tell_arrived(one: Arrived) -> ArrivedAnswer:
    """Return what arrived as callers see it."""
    return ArrivedAnswer(
        kind=one.kind,
        at=rfc3339(one.at_ms),
        post_id=str(one.post_id) if one.post_id else None,
        handle=one.handle or None,
        title=one.title or None,
        count=one.count,
        reason=one.reason or None,
    )
