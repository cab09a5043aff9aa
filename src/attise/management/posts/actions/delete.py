"""The author deletes a post: a tombstone stays, its files go out of reach as soon as it is committed."""

from __future__ import annotations

import logging

from django.db import transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts import store
from attise.management.posts.actions.lock import hold_row
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.models import Post, Preflight

log = logging.getLogger(__name__)


@verb
def delete_post(means: Means, actor: Actor, *, house: House, post_id: int, creator_id: int | None = None) -> None:
    """Delete a post for good; with ``creator_id``, only that creator's. A second time it is ``not_found``.

    Grants do not stand against it: decisions stop with the change. Its counters stay. What a crash leaves of its files
    is removed by ``sweep_orphans``. Raises: ``not_found``.
    """
    with unit(means) as work:
        post = hold_row(post_id)
        if creator_id is not None and post.creator_id != creator_id:
            raise Refusal(NOT_FOUND, field="post_id")
        key = None if post.media is None else post.media.key
        pending = post.pending_file
        post.state, post.state_reason, post.pending_file = Post.State.DELETED, "", ""
        post.deleted_at_ms = post.modified_at_ms = means.clock.world_ms()
        post.save(update_fields=["state", "state_reason", "pending_file", "deleted_at_ms", "modified_at_ms"])
        Preflight.objects.filter(post_id=post.id).delete()
        tell_post(work, post)
        transaction.on_commit(lambda: _remove(house, key, pending), robust=True)
    log.info("post %s deleted by %s", post_id, actor)


def _remove(house: House, key: str | None, pending: str) -> None:
    """Remove the files of a post that is gone."""
    if key is not None:
        store.remove(house, key)
    if pending:
        store.remove_pending(house, pending)
