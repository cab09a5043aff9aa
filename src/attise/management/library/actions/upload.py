"""An advertiser uploads a video or an image for its ads.

1. Name and signature are checked. 2. The file is judged and stored (``posts.actions.intake``), outside any transaction;
a video that no browser plays is encoded there and then, since its reader waits. 3. One unit of work writes the rows; a
crash before it leaves files that are swept.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from django.db import IntegrityError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.limits import VIDEO_BYTES
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.library import queries, rules
from attise.management.library.errors import SIGNATURE_MISMATCH
from attise.management.library.models import Image, Video
from attise.management.library.views import ImageView, VideoView
from attise.management.outbox.actions import unit, verb
from attise.management.posts import actions as posts
from attise.management.posts.actions import intake
from attise.management.posts.actions.intake import Taken
from attise.management.posts.actions.remote import fetching
from attise.management.posts.media.errors import NOT_A_FILE, MediaRefused
from attise.management.posts.media.limits import ENCODING_LIMITS, IMAGE_LIMITS

log = logging.getLogger(__name__)

ENCODING = msgspec.structs.replace(
    ENCODING_LIMITS, process=msgspec.structs.replace(ENCODING_LIMITS.process, cpu_s=45, wall_s=45)
)
"""Someone waits: with the look at the file, within the time that an answer may take."""
_ID_BYTES = 12


def upload_video(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    upload: Path,
    file_name: str,
    signature: str | None = None,
) -> VideoView:
    """Keep a video for the advertiser's ads; ``signature`` is the MD5 of the bytes that were sent, if it is known.

    ``upload`` stays the door's to remove. Must not be called within a unit of work.
    Raises: ``not_found`` for the advertiser; ``signature_form``, ``signature_mismatch``, the refusals of a name and of
    the file, together.
    """
    accounts.get_advertiser(advertiser_id)
    gather = Gather()
    name = gather.take(rules.clean_file_name, file_name)
    gather.take(_check_signature, upload, signature)
    gather.tell()
    taken = intake.take_video_at_once(means, house, upload, encoding=ENCODING)
    video_id = rules.video_id_of(means.chance.token(_ID_BYTES))
    _write(means, Video, taken, name, advertiser_id=advertiser_id, video_id=video_id)
    log.info("video %s uploaded by %s", video_id, actor)
    return queries.get_video(advertiser_id, video_id)


def upload_image(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    upload: Path,
    file_name: str,
    signature: str | None = None,
) -> ImageView:
    """Keep an image for the advertiser's ads; as ``upload_video`` does with a video."""
    accounts.get_advertiser(advertiser_id)
    gather = Gather()
    name = gather.take(rules.clean_file_name, file_name)
    gather.take(_check_signature, upload, signature)
    gather.tell()
    taken = intake.take_image(means, house, upload)
    image_id = rules.image_id_of(means.chance.token(_ID_BYTES))
    _write(means, Image, taken, name, advertiser_id=advertiser_id, image_id=image_id)
    log.info("image %s uploaded by %s", image_id, actor)
    return queries.get_image(advertiser_id, image_id)


def upload_video_from(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, url: str, file_name: str
) -> VideoView:
    """Keep the video at an address, fetched once under the rules of ``egress``.

    Raises: as ``upload_video``, and the refusals of ``egress.fetch`` at ``url``.
    """
    accounts.get_advertiser(advertiser_id)
    rules.clean_file_name(file_name)
    with fetching(means, house, url, field="url", max_bytes=VIDEO_BYTES) as found, _told_at("url"):
        return upload_video(
            means, actor, house=house, advertiser_id=advertiser_id, upload=found.path, file_name=file_name
        )


def upload_image_from(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, url: str, file_name: str
) -> ImageView:
    """Keep the image at an address; as ``upload_video_from`` does with a video."""
    accounts.get_advertiser(advertiser_id)
    rules.clean_file_name(file_name)
    with fetching(means, house, url, field="url", max_bytes=IMAGE_LIMITS.max_bytes) as found, _told_at("url"):
        return upload_image(
            means, actor, house=house, advertiser_id=advertiser_id, upload=found.path, file_name=file_name
        )


@verb
def keep_video(
    means: Means, actor: Actor, *, house: House, advertiser_id: int, unpublished_id: int, file_name: str
) -> VideoView:
    """Keep a video of the advertiser's that was looked over (``posts.hold_back``), as it is edited.

    Kept twice at once, it is kept once. Raises: ``not_found``; the refusals of ``posts.use_video`` and of a name.
    """
    name = rules.clean_file_name(file_name)
    video_id = rules.video_id_of(means.chance.token(_ID_BYTES))
    now_ms = means.clock.world_ms()
    with unit(means):
        media_id = posts.use_video(house=house, owner_id=advertiser_id, unpublished_id=unpublished_id)
        row = Video(id=means.ids.next(), video_id=video_id, media_id=media_id, advertiser_id=advertiser_id)
        row.created_at_ms = row.modified_at_ms = now_ms
        _save_named(row, name, now_ms)
    log.info("video %s kept by %s", video_id, actor)
    return queries.get_video(advertiser_id, video_id)


@contextmanager
def _told_at(field: str) -> Iterator[None]:
    """Name the field that a bad file came by."""
    try:
        yield
    except MediaRefused as refusal:
        raise refusal.at(field) from refusal


def _check_signature(upload: Path, signature: str | None) -> None:
    """Refuse a file that is not the one that was signed."""
    if signature is None:
        return
    expected = rules.clean_signature(signature)
    try:
        with upload.open("rb") as file:
            got = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise MediaRefused(NOT_A_FILE) from error
    if got != expected:
        raise Refusal(SIGNATURE_MISMATCH, field="signature", got=got)


@verb
def _write(means: Means, model: type[Video | Image], taken: Taken, name: str, **fields: object) -> None:
    """Write the media and its row, under the first name that is free.

    When this fails the file is left to be swept: a commit whose answer was lost may have happened.
    """
    now_ms = means.clock.world_ms()
    with unit(means):
        media = intake.record_media(means, taken)
        row = model(id=means.ids.next(), media=media, created_at_ms=now_ms, modified_at_ms=now_ms, **fields)
        _save_named(row, name, now_ms)


def _save_named(row: Video | Image, name: str, now_ms: int) -> None:
    """Save a new row under the first name that is free."""
    for candidate in rules.names_for(name, now_ms):
        row.file_name = candidate
        if _saved(row):
            return
    raise AssertionError("fifty names of one millisecond are all taken")


def _saved(row: Video | Image) -> bool:
    """Save a new row; False when its name is taken."""
    others = type(row).objects.filter(advertiser_id=row.advertiser_id, file_name=row.file_name)
    if others.exists():
        return False
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if others.exists():  # taken in this very moment
            return False
        raise
    return True
