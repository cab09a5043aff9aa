"""Shapes of posts that viewers reported, and of what is decided of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.common import Given, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.posts import PostAnswer
from attise.kernel.clock import rfc3339
from attise.management.posts.rules import REASON_CHARACTERS
from attise.management.review.rules import RULINGS
from attise.management.review.views import RulingView


class RulingDraft(Given):
    """What a reviewer decides of a reported post."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reports": 4, "verdict": "hidden", "note": "A product that burns the skin."}]}
    )
    reports: Annotated[int, Field(ge=0, le=2**53 - 1, description="How many it had as it was seen.")]
    verdict: Annotated[Word, one_of(RULINGS)]
    note: Annotated[
        str, Field(max_length=4 * REASON_CHARACTERS, description="Needed unless it is kept; its creator reads it.")
    ] = ""


class RulingAnswer(Told):
    """A decision of a person on a reported post; kept as it was given."""

    ruling_id: ToldId
    post_id: ToldId
    reports: int
    verdict: str
    note: str | None
    reviewer: Annotated[str, Field(description="Who decided: `host:ID` or `person:ID`.")]
    decided_at: ToldMoment


class ReportedAnswer(Told):
    """A post that viewers reported since anybody looked."""

    post: PostAnswer
    reports: int
    organic: Annotated[int, Field(description="Where the feed showed it.")]
    paid: Annotated[int, Field(description="Where an ad did.")]
    fresh: Annotated[int, Field(description="Since the last decision.")]
    last: RulingAnswer | None


def tell_ruling(view: RulingView) -> RulingAnswer:
    """Return a decision as callers see it."""
    return RulingAnswer(
        ruling_id=str(view.id),
        post_id=str(view.post_id),
        reports=view.reports,
        verdict=view.verdict,
        note=view.note or None,
        reviewer=view.reviewer,
        decided_at=rfc3339(view.at_ms),
    )
