"""A creator publishes a post. Before: a door has received the file. After: the post is live, or its file is encoded.

1. Fields are checked, all of them, then who publishes and the post it is made with. 2. The file is judged and stored
outside any transaction (``intake``). 3. One unit of work writes the post, its media and the change. A crash before 3
leaves files that are swept, never a row without its file.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts.models import Creator
from attise.management.outbox.actions import unit
from attise.management.posts import rules
from attise.management.posts.actions import intake
from attise.management.posts.actions.intake import Taken, Waiting
from attise.management.posts.errors import (
    DUET_NOT_ALLOWED,
    FILE_OR_ADDRESS,
    FILE_REQUIRED,
    OF_POST_NOT_PUBLIC,
    STITCH_NOT_ALLOWED,
)
from attise.management.posts.gathering import Gathering
from attise.management.posts.models import Post
from attise.management.posts.queries import get_post
from attise.management.posts.rules import PostDraft
from attise.management.posts.views import PostView
from attise.records.change import ChangeKind

log = logging.getLogger(__name__)


@dataclass
class _Facts:
    """A draft after its checks."""

    caption: str = ""
    format: str = ""
    visibility: str = ""
    sound: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    published_at_ms: int = 0


def publish_post(
    means: Means,
    actor: Actor,
    *,
    house: House,
    creator_id: int,
    draft: PostDraft,
    upload: Path | None = None,
    may_date: bool = False,
) -> PostView:
    """Publish a post and return it: ``live``, or ``processing`` when its file must be encoded first.

    ``upload`` is where the door put the file; it stays the door's to remove. ``may_date`` says that a date of
    publication is taken, as in a sandbox. Must not be called within a unit of work.

    Raises: ``not_found`` for the creator or the other post; every other refusal of the draft and of the file together.
    """
    _find_creator(creator_id)
    gathering = Gathering()
    facts = _check(means, draft, gathering, may_date=may_date)
    with gathering.each():
        _check_other_post(draft, creator_id)
    taken: Taken | Waiting | None = None
    with gathering.each():
        taken = _take(means, house, draft, upload)
    try:
        gathering.tell()
        post_id = _write(means, creator_id, draft, facts, taken)
    except BaseException:
        if taken is not None:
            intake.forget(house, taken)
        raise
    log.info("post %s published by %s", post_id, actor)
    return get_post(post_id)


def _check(means: Means, draft: PostDraft, gathering: Gathering, *, may_date: bool) -> _Facts:
    """Return the checked draft; what is refused is gathered."""
    facts = _Facts()
    with gathering.each():
        facts.format = rules.check_format(draft.format, draft.of_post_id)
    with gathering.each():
        facts.caption = rules.clean_caption(draft.caption)
    with gathering.each():
        facts.visibility = rules.check_visibility(draft.visibility)
    with gathering.each():
        facts.sound = rules.clean_sound(draft.sound)
    with gathering.each():
        facts.tags = tuple(rules.clean_tags(draft.tags))
    with gathering.each():
        facts.category = rules.check_category(draft.category)
    with gathering.each():
        now_ms = means.clock.world_ms()
        facts.published_at_ms = rules.check_published_at(draft.published_at_ms, now_ms, may_date=may_date)
    return facts


def _find_creator(creator_id: int) -> None:
    """Refuse a creator who is unknown or gone."""
    if not Creator.objects.filter(id=creator_id, state="active").exists():
        raise Refusal(NOT_FOUND, field="creator_id")


def _check_other_post(draft: PostDraft, creator_id: int) -> None:
    """Refuse a duet or stitch with a post that cannot be used so. A post that others may not see does not exist."""
    if draft.of_post_id is None or draft.format not in rules.DERIVED_FORMATS:
        return
    other = Post.objects.select_related("creator").filter(id=draft.of_post_id).exclude(state="deleted").first()
    if other is None:
        raise Refusal(NOT_FOUND, field="of_post_id")
    if other.state != "live" or other.visibility != "public" or other.ads_only or other.creator.state != "active":
        own = other.creator_id == creator_id
        raise Refusal(OF_POST_NOT_PUBLIC if own else NOT_FOUND, field="of_post_id")
    if draft.format == "duet" and not other.allow_duet:
        raise Refusal(DUET_NOT_ALLOWED, field="of_post_id")
    if draft.format == "stitch" and not other.allow_stitch:
        raise Refusal(STITCH_NOT_ALLOWED, field="of_post_id")


def _take(means: Means, house: House, draft: PostDraft, upload: Path | None) -> Taken | Waiting:
    """Take in the file of a draft."""
    if upload is not None and draft.media_url is not None:
        raise Refusal(FILE_OR_ADDRESS, field="media_url")
    if upload is None:
        raise Refusal(FILE_REQUIRED, field="file")
    if draft.format == "carousel":
        return intake.take_video_or_image(means, house, upload)
    return intake.take_video(means, house, upload)


def _write(means: Means, creator_id: int, draft: PostDraft, facts: _Facts, taken: Taken | Waiting | None) -> int:
    """Write the post with its media and its change; returns its id."""
    if taken is None:
        raise AssertionError("a post that is not refused has a file")
    now_ms = means.clock.world_ms()
    with unit(means) as work:
        media = None if isinstance(taken, Waiting) else intake.record_media(means, taken)
        post = Post.objects.create(
            id=means.ids.next(),
            creator_id=creator_id,
            media=media,
            pending_file=taken.name if isinstance(taken, Waiting) else "",
            format=facts.format,
            of_post_id=draft.of_post_id,
            caption=facts.caption,
            visibility=facts.visibility,
            ads_only=draft.ads_only,
            sound=facts.sound,
            tags=list(facts.tags),
            category=facts.category,
            allow_comments=draft.allow_comments,
            allow_duet=draft.allow_duet,
            allow_stitch=draft.allow_stitch,
            state=Post.State.LIVE if media is not None else Post.State.PROCESSING,
            published_at_ms=facts.published_at_ms,
            created_at_ms=now_ms,
            modified_at_ms=now_ms,
        )
        if media is not None:
            work.change(ChangeKind.POST_CHANGED, post.id)
    return post.id
