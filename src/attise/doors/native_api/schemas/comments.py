"""Shapes of comments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.limits import COMMENT_CHARACTERS, TOKEN_CHARACTERS
from attise.management.posts.views import CommentView

CommentState = Literal["shown", "hidden"]


class CommentDraft(Given):
    """What a viewer says under a post."""

    viewer_id: GivenId
    text: Annotated[str, Field(max_length=4 * COMMENT_CHARACTERS)]
    token: (
        Annotated[
            str, Field(max_length=4 * TOKEN_CHARACTERS, description="Of the item of a feed that it was written on.")
        ]
        | None
    ) = None


class CommentModeration(Given):
    """What the post's creator, or the operator, decides about a comment."""

    state: CommentState
    creator_id: Annotated[GivenId | None, Field(description="The creator who asks; left out: the operator.")] = None


class CommentAnswer(Told):
    """A comment."""

    comment_id: ToldId
    post_id: ToldId
    viewer_id: ToldId
    text: str
    state: CommentState
    at: ToldMoment


def tell_comment(view: CommentView) -> CommentAnswer:
    """Return a comment as callers see it."""
    return CommentAnswer(
        comment_id=str(view.id),
        post_id=str(view.post_id),
        viewer_id=str(view.viewer_id),
        text=view.text,
        state="hidden" if view.state == "hidden" else "shown",
        at=rfc3339(view.at_ms),
    )
