"""Shapes of comments that viewers reported, and of what is decided of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.comments import CommentAnswer, tell_comment
from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.management.posts.rules import REASON_CHARACTERS
from attise.management.review.rules import COMMENT_RULINGS
from attise.management.review.views import CommentRulingView, ReportedComment


class CommentReportDraft(Given):
    """Who reports a comment."""

    viewer_id: GivenId


class CommentReportAnswer(Told):
    """That a viewer reported a comment: once, however often they say so."""

    comment_id: ToldId
    viewer_id: ToldId


class CommentRulingDraft(Given):
    """What a reviewer decides of a reported comment."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reports": 2, "verdict": "hidden", "note": "An insult."}]}
    )
    reports: Annotated[int, Field(ge=0, le=2**53 - 1, description="How many it had as it was seen.")]
    verdict: Annotated[Word, one_of(COMMENT_RULINGS)]
    note: Annotated[
        str, Field(max_length=4 * REASON_CHARACTERS, description="Needed to hide it; whoever wrote it reads it.")
    ] = ""


class CommentRulingAnswer(Told):
    """A decision of a person on a reported comment; kept as it was given."""

    ruling_id: ToldId
    comment_id: ToldId
    post_id: ToldId
    reports: int
    verdict: str
    note: str | None
    reviewer: Annotated[str, Field(description="Who decided: `host:ID` or `person:ID`.")]
    decided_at: ToldMoment


class ReportedCommentAnswer(Told):
    """A comment that viewers reported since anybody decided on it."""

    comment: CommentAnswer
    reports: int
    fresh: Annotated[int, Field(description="Since the last decision.")]
    last: CommentRulingAnswer | None


def tell_comment_ruling(view: CommentRulingView) -> CommentRulingAnswer:
    """Return a decision as callers see it."""
    return CommentRulingAnswer(
        ruling_id=str(view.id),
        comment_id=str(view.comment_id),
        post_id=str(view.post_id),
        reports=view.reports,
        verdict=view.verdict,
        note=view.note or None,
        reviewer=view.reviewer,
        decided_at=rfc3339(view.at_ms),
    )


def tell_reported_comment(one: ReportedComment) -> ReportedCommentAnswer:
    """Return a reported comment as callers see it."""
    return ReportedCommentAnswer(
        comment=tell_comment(one.comment),
        reports=one.reports,
        fresh=one.fresh,
        last=None if one.ruling is None else tell_comment_ruling(one.ruling),
    )
