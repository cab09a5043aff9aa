"""Files and names of libraries as snapshots show them, many at once and of any advertiser. Reads alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from attise.management.library.models import Identity, Image, Video
from attise.management.posts.showable import find_files
from attise.records.snapshot.shapes import SnapshotMedia


@dataclass(frozen=True, slots=True)
class ShownName:
    """The name and the picture that a standard ad is shown under."""

    display_name: str
    picture: SnapshotMedia | None


def find_videos(ids: Collection[int]) -> dict[int, SnapshotMedia]:
    """Return the files of some videos, by the id of their row. Cost: two queries, none for no ids."""
    rows = dict(Video.objects.filter(id__in=ids).values_list("id", "media_id")) if ids else {}
    files = find_files(set(rows.values()))
    return {video_id: files[media_id] for video_id, media_id in rows.items()}


def find_images(image_ids: Collection[str]) -> dict[str, SnapshotMedia]:
    """Return the files of some images, by ``image_id``. Cost: as above."""
    rows = dict(Image.objects.filter(image_id__in=image_ids).values_list("image_id", "media_id")) if image_ids else {}
    files = find_files(set(rows.values()))
    return {image_id: files[media_id] for image_id, media_id in rows.items()}


def find_names(ids: Collection[int]) -> dict[int, ShownName]:
    """Return some names that are not deleted, by the id of their row. Cost: at most three queries."""
    if not ids:
        return {}
    rows = list(
        Identity.objects.filter(id__in=ids, deleted_at_ms__isnull=True).values_list("id", "display_name", "image_id")
    )
    pictures = {image_id for _, _, image_id in rows if image_id is not None}
    media = dict(Image.objects.filter(id__in=pictures).values_list("id", "media_id")) if pictures else {}
    files = find_files(set(media.values()))
    return {key: ShownName(name, None if image_id is None else files[media[image_id]]) for key, name, image_id in rows}
