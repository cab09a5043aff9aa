"""A post is held still while a unit of another room reasons about it."""

from __future__ import annotations

from attise.management.posts.models import Post
from attise.management.posts.queries import find_post
from attise.management.posts.views import PostView


def hold_post(*, post_id: int) -> PostView | None:
    """Lock a post until the end of the open unit and return it as it stands, or None.

    Whoever also locks something that hangs on a post locks the post first.
    """
    Post.objects.select_for_update(no_key=True).filter(id=post_id).values_list("id", flat=True).first()
    return find_post(post_id)
