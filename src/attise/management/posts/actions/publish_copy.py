"""A video that an advertiser uploaded is published as a post of an account, within the caller's unit of work.

Before: ``campaigns`` knows that the account lets it. The post has a file of its own, so that neither the post nor the
upload goes with the other. A crash before the commit leaves files that are swept.
"""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts import rules, store
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.models import Media, Post
from attise.management.posts.queries import get_post
from attise.management.posts.views import PostView

log = logging.getLogger(__name__)


@verb
def publish_copy(
    means: Means,
    actor: Actor,
    *,
    house: House,
    creator_id: int,
    media_id: int,
    cover: tuple[str, str] | None = None,
    caption: str,
    ads_only: bool,
    allow_duet: bool = True,
    allow_stitch: bool = True,
    partnership: bool = False,
) -> PostView:
    """Publish a stored video on an account, shown in ads only or to everyone, and return the post, which is live.

    ``cover`` names a stored JPEG, by its key and file name, that takes the place of the video's own cover if it is
    there. ``partnership`` says that the post is somebody else's advertisement, and is shown as such.
    Raises: ``not_found``; the refusals of a caption.
    """
    caption = rules.clean_caption(caption)
    with unit(means) as work:
        source = Media.objects.filter(id=media_id, kind="video", source_url="").first()
        if source is None:
            raise Refusal(NOT_FOUND, field="video_id")
        media = _copy(means, house, source, cover)
        now_ms = means.clock.world_ms()
        post = Post.objects.create(
            id=means.ids.next(),
            creator_id=creator_id,
            media=media,
            format=Post.Format.VIDEO,
            caption=caption,
            visibility=Post.Visibility.PRIVATE if ads_only else Post.Visibility.PUBLIC,
            ads_only=ads_only,
            allow_duet=allow_duet,
            allow_stitch=allow_stitch,
            partnership=partnership,
            state=Post.State.LIVE,
            published_at_ms=now_ms,
            created_at_ms=now_ms,
            modified_at_ms=now_ms,
        )
        tell_post(work, post)
    log.info("post %s published from an upload by %s", post.id, actor)
    return get_post(post.id)


def _copy(means: Means, house: House, source: Media, cover: tuple[str, str] | None) -> Media:
    """Give a stored video, and maybe another cover, a second place, and write its row."""
    key = store.new_key(means.chance)
    files = {}
    if cover is not None and cover[1].endswith(".jpg") and (store.folder_of(house, cover[0]) / cover[1]).is_file():
        files[store.COVER_NAME] = cover
    try:
        store.copy(house, source.key, key, files)
    except FileNotFoundError as error:
        raise Refusal(NOT_FOUND, field="video_id") from error
    copied = Media.objects.get(id=source.id)
    copied.id, copied.key = means.ids.next(), key
    copied.has_cover = source.has_cover or bool(files)
    copied.created_at_ms = means.clock.world_ms()
    copied.save(force_insert=True)
    return copied
