"""Decision processes are told of a post as it stands now, complete in itself."""

from __future__ import annotations

from attise.management.outbox.actions import Unit
from attise.management.posts import rules
from attise.management.posts.models import Post
from attise.records.change import ChangeKind


def tell_post(work: Unit, post: Post) -> None:
    """Tell of a row just saved: why it may not run, or that it changed.

    Whatever the change was about: new words on a hidden post must not make it run again.
    """
    reason = _why_stopped(post)
    if reason is None:
        work.change(ChangeKind.POST_CHANGED, post.id)
    else:
        work.change(ChangeKind.POST_STOPPED, post.id, reason=reason, creator_id=post.creator_id)


def _why_stopped(post: Post) -> str | None:
    """Return the state that stands against a post, or ``not_public``, or None when nothing does."""
    if post.state != Post.State.LIVE:
        return str(post.state)
    return None if rules.is_shown_to_all(post.visibility, ads_only=post.ads_only) else "not_public"
