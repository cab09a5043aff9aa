"""What happens in this room, one module per verb."""

from attise.management.posts.actions.lock import lock_until, make_ads_only, make_public, mark_partnership
from attise.management.posts.actions.publish import publish_post
from attise.management.posts.rules import PostDraft

__all__ = [
    "PostDraft",
    "lock_until",
    "make_ads_only",
    "make_public",
    "mark_partnership",
    "publish_post",
]
