"""The author changes the words of a post, or who may see it."""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.clock import rfc3339
from attise.kernel.errors import N_, NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.outbox.actions import Unit, unit, verb
from attise.management.posts import rules
from attise.management.posts.actions.lock import hold_row
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.errors import CAPTION_LOCKED, EMPTY_EDIT
from attise.management.posts.models import Post
from attise.management.posts.queries import get_post
from attise.management.posts.views import PostView

log = logging.getLogger(__name__)


@verb
def edit_post(
    means: Means,
    actor: Actor,
    *,
    post_id: int,
    creator_id: int | None = None,
    caption: str | None = None,
    visibility: str | None = None,
) -> PostView:
    """Change caption, visibility or both; None leaves as it is. With ``creator_id``, only that creator's post.

    The row is locked first, as a grant locks it: an edit and a grant that meet are one after the other, and a caption
    that the grant has locked is refused. A caption sent as it is changes nothing and is never refused.

    Raises: ``not_found``, ``caption_locked``, ``empty_edit``, the refusals of a text, ``visibility_unknown``.
    """
    if caption is None and visibility is None:
        raise Refusal(EMPTY_EDIT)
    gather = Gather()
    if caption is not None:
        caption = gather.take(rules.clean_caption, caption)
    if visibility is not None:
        visibility = gather.take(rules.check_visibility, visibility)
    gather.tell()
    with unit(means) as work:
        post = hold_row(post_id)
        if creator_id is not None and post.creator_id != creator_id:
            raise Refusal(NOT_FOUND, field="post_id")
        _apply(means, work, post, caption, visibility)
    log.info("post %s edited by %s", post_id, actor)
    return get_post(post_id)


def _apply(means: Means, work: Unit, post: Post, caption: str | None, visibility: str | None) -> None:
    """Change the locked row and tell of it."""
    now_ms = means.clock.world_ms()
    says_new = caption is not None and caption != post.caption
    shows_new = visibility is not None and visibility != post.visibility
    if says_new and rules.is_caption_locked(post.locked_until_ms, now_ms):
        raise Refusal(CAPTION_LOCKED, field="caption", until=_moment(post.locked_until_ms))
    if not says_new and not shows_new:
        return
    post.caption = caption if caption is not None else post.caption
    post.visibility = visibility if visibility is not None else post.visibility
    post.modified_at_ms = now_ms
    post.save(update_fields=["caption", "visibility", "modified_at_ms"])
    tell_post(work, post)


def _moment(until_ms: int) -> str:
    """Return a date as a sentence takes it; a lock without end has none."""
    return N_("its author ends them") if until_ms > rules.LAST_MS else rfc3339(until_ms - until_ms % 1000)
