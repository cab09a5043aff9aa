"""What a grant does to a post: its words are held, it is shown as a partnership, it becomes public.

Called by ``authorizations`` within its own unit of work. Each takes the row's lock, as an edit does: whichever comes
second sees what the first one did.
"""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts import rules
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.models import Post


@verb
def lock_until(means: Means, *, post_id: int, until_ms: int) -> None:
    """Hold caption and media until ``until_ms`` (world time); an earlier time lets go of them sooner, 0 at once.

    The caller knows all grants of the post and gives the latest end. A deleted post is locked and freed all the same:
    its grants end on their own. Raises: ``not_found``.
    """
    with unit(means):
        post = hold_row(post_id, deleted_too=True)
        if post.locked_until_ms != until_ms:
            post.locked_until_ms = until_ms
            post.save(update_fields=["locked_until_ms"])


@verb
def mark_partnership(means: Means, *, post_id: int) -> None:
    """Show *Collaboration commerciale* on the post from now on, for good. Raises: ``not_found``."""
    with unit(means) as work:
        post = hold_row(post_id)
        if not post.partnership:
            post.partnership = True
            _touch(means, post, "partnership")
            tell_post(work, post)


@verb
def make_public(means: Means, *, post_id: int) -> None:
    """Show the post to everyone; nothing happens when it is. Raises: ``not_found``, also for a deleted post."""
    with unit(means) as work:
        post = hold_row(post_id)
        if post.visibility != Post.Visibility.PUBLIC:
            post.visibility = Post.Visibility.PUBLIC
            _touch(means, post, "visibility")
            tell_post(work, post)


@verb
def keep_to_ads(means: Means, *, post_id: int) -> None:
    """Let a post that not everyone may see be shown in ads, and in ads alone; nothing happens when it may be already.

    Raises: ``not_found``, also for a deleted post.
    """
    with unit(means) as work:
        post = hold_row(post_id)
        if not rules.is_shown_to_all(post.visibility, ads_only=post.ads_only):
            post.ads_only = True
            _touch(means, post, "ads_only")
            tell_post(work, post)


def hold_row(post_id: int, *, deleted_too: bool = False) -> Post:
    """Return the row of a post, locked until the unit ends. Raises: ``not_found``, for a deleted one as well."""
    post = Post.objects.select_for_update(no_key=True).filter(id=post_id).first()
    if post is None or (post.state == Post.State.DELETED and not deleted_too):
        raise Refusal(NOT_FOUND, field="post_id")
    return post


def _touch(means: Means, post: Post, *fields: str) -> None:
    """Save some fields and when."""
    post.modified_at_ms = means.clock.world_ms()
    post.save(update_fields=[*fields, "modified_at_ms"])
