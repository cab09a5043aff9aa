"""Somebody comments a post; its creator or the operator hides what they do not want to stand there.

The comment and its entry for the log of events are one row: a crash between the two loses neither, since what is not in
the log yet is put there later. Hiding a comment takes nothing from a counter: it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import COMMENT_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.outbox.actions import unit, verb
from attise.management.posts.errors import COMMENT_HELD, COMMENTS_CLOSED
from attise.management.posts.models import Comment, Post
from attise.management.posts.views import CommentView, view_comment


@verb
def add_comment(
    means: Means,
    *,
    comment_id: int,
    post_id: int,
    viewer_id: int,
    follows: Collection[int],
    text: str,
    event: bytes,
    ad_id: int = 0,
) -> CommentView:
    """Keep a comment with its entry for the log.

    ``follows``: whom the viewer follows, who may comment what is for followers; ``ad_id``: the ad that it is written
    on, 0: none. Raises: ``not_found`` for a post that this viewer cannot see, ``comments_closed``, and the rules of
    texts.
    """
    clean = clean_text(text, field="text", limit=COMMENT_CHARACTERS)
    with unit(means):
        post = Post.objects.filter(id=post_id, state=Post.State.LIVE).first()
        if post is None or not _is_visible(post, follows):
            raise Refusal(NOT_FOUND, field="post_id")
        if not post.allow_comments:
            raise Refusal(COMMENTS_CLOSED, field="post_id")
        row = Comment.objects.create(
            id=comment_id,
            post_id=post_id,
            viewer_id=viewer_id,
            text=clean,
            state=Comment.State.SHOWN,
            at_ms=means.clock.world_ms(),
            ad_id=ad_id,
            event=event,
        )
    return view_comment(row)


def _is_visible(post: Post, follows: Collection[int]) -> bool:
    if post.visibility == Post.Visibility.FOLLOWERS:
        return post.creator_id in follows
    return post.visibility == Post.Visibility.PUBLIC or post.ads_only


@verb
def moderate_comment(
    means: Means, actor: Actor, *, post_id: int, comment_id: int, is_hidden: bool, creator_id: int | None = None
) -> CommentView:
    """Hide a comment or show it again; ``creator_id``: who asks is this creator, else it is the operator.

    Raises: ``not_found``, also for a post of another creator; ``comment_held`` for a creator who would show what the
    operator hid.
    """
    with unit(means):
        rows = Comment.objects.select_for_update(no_key=True, of=("self",)).filter(id=comment_id, post_id=post_id)
        if creator_id is not None:
            rows = rows.filter(post__creator_id=creator_id)
        row = rows.first()
        if row is None:
            raise Refusal(NOT_FOUND, field="comment_id")
        by_creator = creator_id is not None
        if by_creator and row.hidden_by.startswith(Comment.BY_OPERATOR):
            if not is_hidden:
                raise Refusal(COMMENT_HELD, field="comment_id")
            return view_comment(row)
        row.state = Comment.State.HIDDEN if is_hidden else Comment.State.SHOWN
        row.hidden_by = f"{'' if by_creator else Comment.BY_OPERATOR}{actor}" if is_hidden else ""
        row.save(update_fields=["state", "hidden_by"])
    return view_comment(row)


@verb
def note_logged(means: Means, *, comment_ids: Iterable[int]) -> None:
    """Remember that the entries of comments are in the log of events. Cost: one statement."""
    with unit(means):
        Comment.objects.filter(id__in=list(comment_ids)).update(event=None)


@verb
def forget_comments(means: Means, *, viewer_id: int) -> int:
    """Delete what a viewer said, who is being forgotten; returns how much that was. What was counted stays counted."""
    with unit(means):
        return int(Comment.objects.filter(viewer_id=viewer_id).delete()[0])
