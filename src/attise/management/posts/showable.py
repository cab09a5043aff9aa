"""Which posts may be shown, whole and many at once: what snapshots are made of. Reads alone.

A post is shown while it is live, its creator is there and its file is stored; whom to is in its record. Each table is
read by itself, by the keys that are wanted: a join of a thousand keys is planned as anybody's guess.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from attise.kernel.clock import to_ms
from attise.kernel.paging import Page
from attise.management.accounts.queries import Author, find_authors
from attise.management.posts.models import Media, Post
from attise.records.declared import ADULT_YEARS
from attise.records.snapshot.shapes import SnapshotMedia, SnapshotPicture, SnapshotPost


class _Row(NamedTuple):
    """A post's own columns."""

    id: int
    creator_id: int
    media_id: int
    format: str
    of_post_id: int | None
    caption: str
    visibility: str
    ads_only: bool
    sound: str
    tags: list[str]
    category: str
    allow_comments: bool
    allow_duet: bool
    allow_stitch: bool
    partnership: bool
    published_at_ms: int


_FILE = SnapshotMedia.__struct_fields__[:-1]


def find_showable(post_ids: Collection[int], *, now_ms: int) -> dict[int, SnapshotPost]:
    """Return those of some posts that may be shown, by id, as of ``now_ms`` (world time).

    Cost: three queries, none for no ids; about 30 µs a post.
    """
    return {post.post_id: post for post in _read(_live().filter(id__in=post_ids), now_ms)} if post_ids else {}


def page_organic(*, after: int, limit: int, now_ms: int) -> Page[SnapshotPost]:
    """Return the posts of the organic feed among the next ``limit`` above the id ``after``, by rising id.

    Cost: three queries.
    """
    rows = _live().filter(id__gt=after, ads_only=False).exclude(visibility=Post.Visibility.PRIVATE).order_by("id")
    ids = list(rows.values_list("id", flat=True)[:limit])
    posts = find_showable(ids, now_ms=now_ms)
    return Page([posts[post_id] for post_id in ids if post_id in posts], ids[-1] if len(ids) == limit else None)


def ids_of_creators(creator_ids: Collection[int], *, after: int, limit: int) -> list[int]:
    """Return the next live posts of some creators, by rising id. Cost: one query on an index."""
    rows = _live().filter(creator_id__in=creator_ids, id__gt=after).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def find_files(media_ids: Collection[int]) -> dict[int, SnapshotMedia]:
    """Return some stored files, by the id of their row. Cost: one query, none for no ids."""
    rows = Media.objects.filter(id__in=media_ids).values_list("id", "others", *_FILE) if media_ids else ()
    return {media_id: SnapshotMedia(*facts, _pictures(others)) for media_id, others, *facts in rows}


def _pictures(others: list[dict[str, Any]]) -> tuple[SnapshotPicture, ...]:
    return tuple(SnapshotPicture(said["file_name"], said["width"], said["height"]) for said in others)


def _live() -> QuerySet[Post]:
    return Post.objects.filter(state=Post.State.LIVE, media__isnull=False)


def _read(rows: QuerySet[Post], now_ms: int) -> list[SnapshotPost]:
    read: Sequence[_Row] = [_Row._make(values) for values in rows.values_list(*_Row._fields)]
    creators = find_authors({row.creator_id for row in read})
    files = find_files({row.media_id for row in read})
    return [
        _record(row, creators[row.creator_id], files[row.media_id], now_ms)
        for row in read
        if creators[row.creator_id].is_active
    ]


def _record(row: _Row, creator: Author, media: SnapshotMedia, now_ms: int) -> SnapshotPost:
    adult_from_ms = 0 if creator.birth_date is None else _adult_from_ms(creator.birth_date)
    return SnapshotPost(
        post_id=row.id,
        creator_id=creator.id,
        handle=creator.handle,
        display_name=creator.display_name,
        country=creator.country,
        language=creator.language,
        format=row.format,
        of_post_id=row.of_post_id,
        caption=row.caption,
        visibility=row.visibility,
        ads_only=row.ads_only,
        sound=row.sound,
        tags=tuple(row.tags),
        category=row.category,
        allow_comments=row.allow_comments,
        allow_duet=row.allow_duet,
        allow_stitch=row.allow_stitch,
        partnership=row.partnership,
        published_at_ms=row.published_at_ms,
        media=media,
        adult_from_ms=adult_from_ms if adult_from_ms > now_ms else 0,
        is_retouched=creator.legal_answers.get("retouched", False),
        is_ai_generated=creator.legal_answers.get("ai_generated", False),
    )


def _adult_from_ms(born: dt.date) -> int:
    """Return when somebody is of age: at the beginning of that day, UTC; on 1 March for a 29 February."""
    year = born.year + ADULT_YEARS
    try:
        day = born.replace(year=year)
    except ValueError:
        day = dt.date(year, 3, 1)
    return to_ms(dt.datetime.combine(day, dt.time(), dt.UTC))
