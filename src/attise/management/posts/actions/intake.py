"""A file is taken in: judged, made harmless, stored under a new key. Step 1 of *publish*; after: the row.

Never within a transaction: judging takes up to a minute. The row is written by ``record_media`` in the caller's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.posts import store
from attise.management.posts.media.encoding import encode_video
from attise.management.posts.media.errors import TOOK_TOO_LONG, MediaRefused
from attise.management.posts.media.inspection import Inspected, InspectedImage, inspect_image, inspect_video
from attise.management.posts.media.limits import IMAGE_LIMITS, EncodingLimits
from attise.management.posts.media.sniff import HEAD_BYTES, image_kind
from attise.management.posts.models import Media
from attise.management.posts.views import PictureView

IMAGE_SUFFIXES = {"jpeg": "jpg", "png": "png"}
PICTURES_S = 55
"""How long the pictures of one post may take together; somebody waits."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is stored and durable, without a row yet; or one that is only described (``source_url``)."""

    key: str
    kind: str
    file_name: str
    has_cover: bool
    signature_md5: str
    size_bytes: int
    width: int
    height: int
    duration_ms: int = 0
    bit_rate: int = 0
    frames_per_1000_s: int = 0
    video_codec: str = ""
    audio_codec: str = ""
    source_url: str = ""
    others: tuple[PictureView, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is kept as it came, to be encoded by the worker: its name in the uploads folder."""

    name: str


def take_video(means: Means, house: House, upload: Path) -> Taken | Waiting:
    """Judge a video and store it, or keep it aside when no browser plays it as it is.

    Raises: MediaRefused; ``not_found`` for an upload that was used up, or let go of, while it was judged; Outage when
    the disk is full.
    """
    key = store.new_key(means.chance)
    with store.making(house, key) as work:
        inspected = inspect_video(upload, work)
        if inspected.needs_encoding:
            try:
                return Waiting(store.keep_pending(house, key, upload))
            except FileNotFoundError as error:
                raise Refusal(NOT_FOUND, field="upload_id") from error
        return store_video(house, key, inspected)


def take_video_at_once(means: Means, house: House, upload: Path, *, encoding: EncodingLimits) -> Taken:
    """Judge a video and store it; one that no browser plays is encoded here and now, within ``encoding``.

    Raises: MediaRefused, also when encoding takes too long; Outage when the disk is full.
    """
    key = store.new_key(means.chance)
    with store.making(house, key) as work:
        inspected = inspect_video(upload, work)
        if inspected.needs_encoding:
            inspected = encode_video(upload, work, encoding=encoding)
        return store_video(house, key, inspected)


def take_again(means: Means, house: House, media_id: int) -> Taken:
    """Give a stored video a second place of its own: it was judged when it came, and nothing but names is copied.

    Raises: ``not_found``, also for one whose files are set aside.
    """
    row = Media.objects.filter(id=media_id, kind="video", source_url="").first()
    if row is None:
        raise Refusal(NOT_FOUND, field="media_id")
    key = store.new_key(means.chance)
    try:
        store.copy(house, row.key, key, {})
    except FileNotFoundError as error:
        raise Refusal(NOT_FOUND, field="media_id") from error
    return Taken(
        key=key,
        kind=row.kind,
        file_name=row.file_name,
        has_cover=row.has_cover,
        signature_md5=row.signature_md5,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        duration_ms=row.duration_ms,
        bit_rate=row.bit_rate,
        frames_per_1000_s=row.frames_per_1000_s,
        video_codec=row.video_codec,
        audio_codec=row.audio_codec,
    )


def take_image(means: Means, house: House, upload: Path) -> Taken:
    """Judge a picture and store it. Raises: MediaRefused; Outage when the disk is full."""
    key = store.new_key(means.chance)
    with store.making(house, key) as work:
        return _store_image(house, key, inspect_image(upload, work))


def take_pictures(means: Means, house: House, uploads: Sequence[Path]) -> Taken:
    """Judge the pictures of a carousel, each like any picture, and store them together, in their order.

    All that are bad are told, each at its place: ``file[0]`` is the first. Raises: MediaRefused, Refusals; Outage when
    the disk is full.
    """
    key = store.new_key(means.chance)
    latest_s = means.clock.monotonic_s() + PICTURES_S
    gather = Gather()
    with store.making(house, key) as work:
        inspected = []
        for number, upload in enumerate(uploads):
            left_s = latest_s - means.clock.monotonic_s()
            if left_s <= 0:
                raise MediaRefused(TOOK_TOO_LONG, limit=PICTURES_S)
            inspected.append(gather.take(_picture, upload, work, number, left_s))
        gather.tell()
        names = [store.picture_name(number, IMAGE_SUFFIXES[one.format]) for number, one in enumerate(inspected)]
        store.place(house, key, {name: one.stored for name, one in zip(names, inspected, strict=True)})
    first, *others = [
        PictureView(name, one.width, one.height, one.size_bytes, one.signature_md5)
        for name, one in zip(names, inspected, strict=True)
    ]
    return Taken(
        key=key,
        kind="image",
        file_name=first.file_name,
        has_cover=False,
        signature_md5=first.signature_md5,
        size_bytes=first.size_bytes,
        width=first.width,
        height=first.height,
        others=tuple(others),
    )


def _picture(upload: Path, work: Path, number: int, left_s: float) -> InspectedImage:
    """Judge one picture of several, within the time that is left for all of them."""
    process = msgspec.structs.replace(IMAGE_LIMITS.process, wall_s=min(left_s, IMAGE_LIMITS.process.wall_s))
    try:
        return inspect_image(upload, work, limits=msgspec.structs.replace(IMAGE_LIMITS, process=process))
    except MediaRefused as refusal:
        raise refusal.at(f"file[{number}]") from refusal


def take_video_or_image(means: Means, house: House, upload: Path) -> Taken | Waiting:
    """Judge what the first bytes say it is: a picture, or else a video. Raises: as the two do."""
    return take_image(means, house, upload) if is_image(upload) else take_video(means, house, upload)


def store_video(house: House, key: str, inspected: Inspected) -> Taken:
    """Move a judged video and its cover to their place."""
    if inspected.stored is None or inspected.format is None or inspected.signature_md5 is None:
        raise AssertionError("only a file that plays is stored")
    name = f"video.{inspected.format}"
    store.place(house, key, {name: inspected.stored, store.COVER_NAME: inspected.cover})
    return Taken(
        key=key,
        kind="video",
        file_name=name,
        has_cover=True,
        signature_md5=inspected.signature_md5,
        size_bytes=inspected.size_bytes,
        width=inspected.width,
        height=inspected.height,
        duration_ms=inspected.duration_ms,
        bit_rate=inspected.bit_rate,
        frames_per_1000_s=inspected.fps_milli,
        video_codec=inspected.video_codec,
        audio_codec=inspected.audio_codec or "",
    )


def record_media(means: Means, taken: Taken) -> Media:
    """Write the row of a stored file; the caller's unit of work is open."""
    return Media.objects.create(
        id=means.ids.next(),
        key=taken.key,
        kind=taken.kind,
        source_url=taken.source_url,
        signature_md5=taken.signature_md5,
        file_name=taken.file_name,
        has_cover=taken.has_cover,
        size_bytes=taken.size_bytes,
        duration_ms=taken.duration_ms,
        width=taken.width,
        height=taken.height,
        bit_rate=min(taken.bit_rate, 2**31 - 1),
        frames_per_1000_s=taken.frames_per_1000_s,
        video_codec=taken.video_codec[:20],
        audio_codec=taken.audio_codec[:20],
        others=[asdict(picture) for picture in taken.others],
        created_at_ms=means.clock.world_ms(),
    )


def forget(house: House, taken: Taken | Waiting) -> None:
    """Remove what was taken in for a row that was refused after all."""
    if isinstance(taken, Waiting):
        store.remove_pending(house, taken.name)
    else:
        store.remove(house, taken.key)


def _store_image(house: House, key: str, inspected: InspectedImage) -> Taken:
    """Move a judged picture to its place."""
    name = f"image.{IMAGE_SUFFIXES[inspected.format]}"
    store.place(house, key, {name: inspected.stored})
    return Taken(
        key=key,
        kind="image",
        file_name=name,
        has_cover=False,
        signature_md5=inspected.signature_md5,
        size_bytes=inspected.size_bytes,
        width=inspected.width,
        height=inspected.height,
    )


def is_image(upload: Path) -> bool:
    """Tell whether the first bytes are those of a picture that is taken; what cannot be read is judged later."""
    try:
        with upload.open("rb") as file:
            image_kind(file.read(HEAD_BYTES))
    except (OSError, MediaRefused):
        return False
    return True
