"""The operator puts a post under review, hides it, removes it, or lets it live again."""

from __future__ import annotations

import logging

from django.db import transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.outbox.actions import unit, verb
from attise.management.posts import rules, store
from attise.management.posts.actions.lock import hold_row
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.errors import NO_FILE, STATE_NOT_MODERATION
from attise.management.posts.models import Post
from attise.management.posts.queries import get_post
from attise.management.posts.views import PostView

log = logging.getLogger(__name__)


@verb
def moderate_post(means: Means, actor: Actor, *, house: House, post_id: int, state: str, reason: str = "") -> PostView:
    """Put a post in ``in_review``, ``hidden`` or ``removed``, for a reason its author reads, or back to ``live``.

    A removed post's file is set aside, so that links made before are dead; it comes back with the post. A post whose
    file waits to be encoded goes back to ``processing``. The same state and reason again change nothing.

    Raises: ``not_found``, also for a deleted post; ``state_not_moderation``; ``field_required`` for the reason of
    anything but ``live``; ``post_has_no_file``.
    """
    if state not in rules.MODERATION_STATES:
        raise Refusal(STATE_NOT_MODERATION, field="state", choices=", ".join(rules.MODERATION_STATES))
    lives = state == Post.State.LIVE
    reason = "" if lives else clean_text(reason, field="reason", limit=rules.REASON_CHARACTERS)
    with unit(means) as work:
        post = hold_row(post_id)
        if lives and post.pending_file:
            state = Post.State.PROCESSING
        elif lives and post.media is None:
            raise Refusal(NO_FILE, field="post_id")
        if (post.state, post.state_reason) != (state, reason):
            key = None if post.media is None else post.media.key
            if key is not None and post.state == Post.State.REMOVED:
                store.give_back(house, key)  # before the commit: a live row always has its file
            post.state, post.state_reason, post.modified_at_ms = state, reason, means.clock.world_ms()
            post.save(update_fields=["state", "state_reason", "modified_at_ms"])
            tell_post(work, post)
            work.notice("creator", post.creator_id, "post_moderated", post_id, state=state, reason=reason)
            if state == Post.State.REMOVED:
                transaction.on_commit(lambda: settle_file(means, house, post_id=post_id), robust=True)
    log.info("post %s put in state %s by %s", post_id, state, actor)
    return get_post(post_id)


@verb
def settle_file(means: Means, house: House, *, post_id: int) -> bool:
    """Put the file of a post out of reach or back, as its state says; True when something may have moved.

    Under the row's lock, so that two that moderate at once leave the file where the last one wants it.
    """
    with unit(means):
        post = Post.objects.select_for_update(no_key=True).filter(id=post_id).exclude(state=Post.State.DELETED).first()
        if post is None or post.media is None:
            return False
        (store.set_aside if post.state == Post.State.REMOVED else store.give_back)(house, post.media.key)
        return True
