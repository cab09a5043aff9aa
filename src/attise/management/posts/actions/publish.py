"""A creator publishes a post. Before: a door has received the file. After: the post is live, or its file is encoded.

1. Fields are checked, all of them, then who publishes and the post it is made with. 2. The file is judged and stored
outside any transaction (``intake``). 3. One unit of work writes the post, its media and the change; it alone is done
again when it loses to another. A crash before 3 leaves files that are swept, never a row without its file.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.limits import CAROUSEL_PICTURES, VIDEO_BYTES
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.outbox.actions import Unit, unit, verb
from attise.management.posts import rules, store
from attise.management.posts.actions import intake, remote
from attise.management.posts.actions.holding_back import held, remove_media
from attise.management.posts.actions.intake import Taken, Waiting
from attise.management.posts.actions.look_over import ask_for_look, keep_look
from attise.management.posts.actions.receiving import use_up, whole_upload
from attise.management.posts.actions.remote import Remote
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.editing.sounds import SOUNDS
from attise.management.posts.errors import (
    DUET_NOT_ALLOWED,
    EDITS_FAILED,
    FILE_OR_ADDRESS,
    FILE_OR_UNPUBLISHED,
    FILE_OR_UPLOAD,
    FILE_REQUIRED,
    MD5_WITHOUT_ADDRESS,
    NOT_YET_EDITED,
    OF_POST_NOT_PUBLIC,
    SEVERAL_FILES,
    STITCH_NOT_ALLOWED,
    TOO_MANY_PICTURES,
)
from attise.management.posts.models import Media, Post
from attise.management.posts.queries import get_post, get_unpublished
from attise.management.posts.rules import PostDraft
from attise.management.posts.views import PostView

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Facts:
    """A draft after its checks."""

    caption: str
    format: str
    visibility: str
    sound: str
    tags: list[str]
    category: str
    published_at_ms: int


def publish_post(
    means: Means,
    actor: Actor,
    *,
    house: House,
    creator_id: int,
    draft: PostDraft,
    upload: Path | None = None,
    more: Sequence[Path] = (),
    media_id: int | None = None,
    unpublished_id: int | None = None,
    upload_id: int | None = None,
    may_date: bool = False,
    keep: Callable[[PostView], None] | None = None,
) -> PostView:
    """Publish a post and return it: ``live``, or ``processing`` when its file must be encoded first.

    ``upload`` is where the door put the file, ``more`` where it put the other pictures of a carousel, in their order;
    they stay the door's to remove. ``media_id`` stands for both: a video that is stored here, to be published once more
    (no door offers it; worlds of examples are made so). ``unpublished_id`` is a video that the creator had looked over
    before (``hold_back``): it becomes the post and is no longer there to be published. ``upload_id``
    is a whole upload (``receiving``), in the place of ``upload``; it is used up. ``may_date`` says that a date of
    publication is taken, as in a sandbox. ``keep`` is called with the post inside the transaction that writes it: what
    it writes is committed with the post or not at all; the last call is the one that counts. Must not be called within
    a unit of work.

    Raises: ``not_found`` for the creator, the other post, the video that waits, or the upload; every other refusal of
    the draft and of the file together.
    """
    _check_creator(creator_id)
    gather = Gather()
    facts = _check(means, draft, gather, may_date=may_date)
    gather.take(_check_other_post, draft, creator_id)
    if unpublished_id is not None:
        gather.take(_check_alone, draft, upload, upload_id)
        gather.tell()
        waiting = _keep_for_rendering(means, house, creator_id, unpublished_id)
        return _record_unpublished(means, actor, house, creator_id, draft, facts, unpublished_id, waiting, keep)
    if upload_id is not None:
        upload = gather.take(_check_upload, house, creator_id, draft, upload, upload_id)
    if gather.found and upload_id is not None:
        gather.tell()  # an upload that is not whole is no file to judge
    source = gather.take(_check_source, house, draft, upload, more) if media_id is None else media_id
    if isinstance(source, Remote):
        gather.tell()  # nothing is fetched for a draft that is refused anyway
    taken = gather.take(_take, means, house, draft.format, source) if source is not None else None
    if gather.found and taken is not None:
        intake.forget(house, taken)
    gather.tell()
    if taken is None:
        raise AssertionError("a post that is not refused has a file")
    view = _record(means, house, creator_id, draft, facts, taken, upload_id, keep)
    log.info("post %s published by %s", view.id, actor)
    return view


def publish_post_from(
    means: Means, actor: Actor, *, house: House, creator_id: int, draft: PostDraft, url: str
) -> PostView:
    """Publish a post with the video at an address, fetched once under the rules of ``egress`` and kept here.

    Nothing is fetched for a draft that is refused anyway. Must not be called within a unit of work.

    Raises: ``not_found`` for the creator; the refusals of the draft together; those of ``egress.fetch`` at
    ``media_url``; those of the file at ``file``.
    """
    _check_creator(creator_id)
    gather = Gather()
    _check(means, draft, gather, may_date=False)
    gather.take(_check_other_post, draft, creator_id)
    gather.tell()
    with remote.fetching(means, house, url, field="media_url", max_bytes=VIDEO_BYTES) as found:
        return publish_post(means, actor, house=house, creator_id=creator_id, draft=draft, upload=found.path)


def _check(means: Means, draft: PostDraft, gather: Gather, *, may_date: bool) -> _Facts:
    """Return the checked draft; what is refused is gathered, and then the facts are not to be used."""
    return _Facts(
        format=gather.take(rules.check_format, draft.format, draft.of_post_id),
        caption=gather.take(rules.clean_caption, draft.caption),
        visibility=gather.take(rules.check_visibility, draft.visibility),
        sound=gather.take(rules.clean_sound, draft.sound),
        tags=gather.take(rules.clean_tags, draft.tags),
        category=gather.take(rules.check_category, draft.category),
        published_at_ms=gather.take(
            rules.check_published_at, draft.published_at_ms, means.clock.world_ms(), may_date=may_date
        ),
    )


def _check_creator(creator_id: int) -> None:
    """Refuse a creator who is unknown or gone."""
    creator = accounts.find_creator(creator_id)
    if creator is None or not creator.is_active:
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


def _check_alone(draft: PostDraft, upload: Path | None, upload_id: int | None) -> None:
    """Refuse another file beside a video that waits to be published."""
    if upload is not None or upload_id is not None or draft.media_url is not None or draft.media_md5 is not None:
        raise Refusal(FILE_OR_UNPUBLISHED, field="unpublished_id")


def _check_upload(house: House, creator_id: int, draft: PostDraft, upload: Path | None, upload_id: int) -> Path:
    """Return where the file of a whole upload is; refuse another file beside it."""
    if upload is not None or draft.media_url is not None or draft.media_md5 is not None:
        raise Refusal(FILE_OR_UPLOAD, field="upload_id")
    return whole_upload(house, owner_id=creator_id, upload_id=upload_id)


def _check_source(
    house: House, draft: PostDraft, upload: Path | None, more: Sequence[Path]
) -> Path | list[Path] | Remote:
    """Return where the file of a draft is: a path, several of a carousel, or an address with its MD5."""
    if draft.media_url is None:
        if draft.media_md5 is not None:
            raise Refusal(MD5_WITHOUT_ADDRESS, field="media_md5")
        if upload is None:
            raise Refusal(FILE_REQUIRED, field="file")
        if not more:
            return upload
        if draft.format != "carousel":
            raise Refusal(SEVERAL_FILES, field="file")
        if len(more) >= CAROUSEL_PICTURES:
            raise Refusal(TOO_MANY_PICTURES, field="file", limit=CAROUSEL_PICTURES)
        return [upload, *more]
    if upload is not None:
        raise Refusal(FILE_OR_ADDRESS, field="media_url")
    gather = Gather()
    url = gather.take(remote.clean_media_url, house, draft.media_url)
    md5 = gather.take(rules.check_md5, draft.media_md5, field="media_md5")
    gather.tell()
    return Remote(url, md5)


def _take(means: Means, house: House, post_format: str, source: Path | list[Path] | Remote | int) -> Taken | Waiting:
    """Take in the file or the pictures, or look at the one that stays where it is."""
    if isinstance(source, int):
        return intake.take_again(means, house, source)
    if isinstance(source, Remote):
        return remote.describe(means, house, source, may_be_image=post_format == "carousel")
    if isinstance(source, list):
        return intake.take_pictures(means, house, source)
    if post_format == "carousel":
        return intake.take_video_or_image(means, house, source)
    return intake.take_video(means, house, source)


@verb
def _record(
    means: Means,
    house: House,
    creator_id: int,
    draft: PostDraft,
    facts: _Facts,
    taken: Taken | Waiting,
    upload_id: int | None,
    keep: Callable[[PostView], None] | None,
) -> PostView:
    """Write the post in one unit of work and return it.

    When this fails the file is left to be swept: a commit whose answer was lost may have happened.
    """
    with unit(means) as work:
        if upload_id is not None:
            use_up(house, owner_id=creator_id, upload_id=upload_id)
        view = get_post(_write(means, work, creator_id, draft=draft, facts=facts, taken=taken))
        if keep is not None:
            keep(view)
    return view


def _keep_for_rendering(means: Means, house: House, creator_id: int, unpublished_id: int) -> Waiting | None:
    """Keep the file of a video whose edits are not rendered yet aside, for the worker; None where nothing is to be."""
    one = get_unpublished(unpublished_id, owner_id=creator_id)
    if one.edits is None or one.edited is not None or one.media is None:
        return None
    stored = store.folder_of(house, one.media.key) / one.media.file_name
    try:
        return Waiting(store.keep_stored_pending(house, store.new_key(means.chance), stored))
    except FileNotFoundError as error:
        raise Refusal(NOT_FOUND, field="unpublished_id") from error


@verb
def _record_unpublished(
    means: Means,
    actor: Actor,
    house: House,
    creator_id: int,
    draft: PostDraft,
    facts: _Facts,
    unpublished_id: int,
    waiting: Waiting | None,
    keep: Callable[[PostView], None] | None,
) -> PostView:
    """Make a post of a video that waits, in one unit of work: published twice at once, it is published once."""
    with unit(means) as work:
        row = held(creator_id, unpublished_id)
        is_edited = row.edits is not None
        media = row.edited if is_edited else row.media
        if media is None and is_edited and row.rendering_reason:
            raise Refusal(EDITS_FAILED, field="unpublished_id")
        if media is None and is_edited and waiting is None:  # it was edited a moment ago
            raise Refusal(NOT_YET_EDITED, field="unpublished_id")
        found = media or waiting or Waiting(row.pending_file)
        facts = replace(facts, sound=facts.sound or _credit_of(row.edits))
        post_id = _write(means, work, creator_id, draft=draft, facts=facts, taken=found)
        if media is not None:
            keep_look(Post.objects.get(id=post_id), row.seen, row.reason)
        elif is_edited:
            Post.objects.filter(id=post_id).update(pending_edits=row.edits)
        row.delete()
        if is_edited and row.media is not None:
            remove_media(house, row.media)
        if waiting is not None and found is not waiting:
            unused = waiting.name
            transaction.on_commit(lambda: store.remove_pending(house, unused), robust=True)
        view = get_post(post_id)
        if keep is not None:
            keep(view)
    log.info("post %s published by %s", view.id, actor)
    return view


def _credit_of(edits: Any) -> str:
    """Return what is said of the sound that was put under a video, where none was named."""
    sound = SOUNDS.get((edits or {}).get("sound", ""))
    return "" if sound is None else sound.credit


def _write(
    means: Means, work: Unit, creator_id: int, *, draft: PostDraft, facts: _Facts, taken: Taken | Waiting | Media
) -> int:
    """Write the post with its change, and its media where its row is not there yet; returns the post's id."""
    now_ms = means.clock.world_ms()
    media = taken if isinstance(taken, Media) else None
    if isinstance(taken, Taken):
        media = intake.record_media(means, taken)
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
        partnership=draft.partnership,
        sound=facts.sound,
        tags=facts.tags,
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
        ask_for_look(post)
        tell_post(work, post)
    return int(post.id)
