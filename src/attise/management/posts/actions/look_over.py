"""The worker looks videos over, for advice to their creators: what was published, and what is not published yet.

Before: *hold back*, *publish* or *encode*; nothing waits.

Safe to run in any number of processes and to be killed at any point: a try is counted by one statement before it
begins, so that one process has it, and one that was lost is begun again after a while, a few times.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

import msgspec
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from attise.kernel.house import House
from attise.kernel.limits import MINUTE_MS
from attise.kernel.means import Means
from attise.management.posts import store
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.models import Post, Preflight, Unpublished
from attise.management.posts.preflight.looking import watch_and_hear

log = logging.getLogger(__name__)
Row = TypeVar("Row", Preflight, Unpublished)

TRIES = 3
LOST_MS = 5 * MINUTE_MS
"""After so long a try that told nothing has died: the file's look takes a minute at most, and what hears it two."""
GIVEN_UP = "look_failed"
"""The reason when every try died; a refusal of the file has its own code."""
TO_RENDER = Q(edits__isnull=False, edited__isnull=True, rendering_reason="")
"""Videos that wait for the worker to render them."""
_GONE = (Post.State.DELETED, Post.State.REMOVED)


def ask_for_look(post: Post) -> None:
    """Ask that a post's video be looked over, in the transaction that gave it its file; pictures are not.

    Neither is a file that stays on its host's server: it is not here any more.
    """
    media = post.media
    if media is not None and media.kind == "video" and not media.source_url:
        Preflight.objects.bulk_create([Preflight(post_id=post.id)], ignore_conflicts=True)


def keep_look(post: Post, seen: object, reason: str) -> None:
    """Keep what was seen of a post's video before it was published; where nothing was yet, it is looked over now."""
    ask_for_look(post)
    if seen is not None or reason:
        Preflight.objects.filter(post_id=post.id).update(seen=seen, reason=reason)


def look_over_pending(means: Means, house: House, *, most: int = 4) -> int:
    """Look over up to ``most`` waiting videos; returns how many were finished, one way or the other.

    What comes next is asked for after each, so that nobody who came meanwhile waits for a batch. First videos that are
    not published yet, whose creators look at the page, the oldest first; then those of posts, the newest first: whoever
    has just published opens that post's page, and many that were published before them need not be in their way.
    Raises: Outage when the disk is full; it is begun again after a while.
    """
    done = 0
    for _ in range(most):
        finished = _next_unpublished(means, house)
        if finished is None:
            finished = _next_post(means, house)
        if finished is None:
            break
        done += finished
    return done


def _next_unpublished(means: Means, house: House) -> int | None:
    """Look over the oldest video that is not published yet; returns how many were finished, None where none waits."""
    edited = {"key": Coalesce("edited__key", "media__key"), "name": Coalesce("edited__file_name", "media__file_name")}
    waiting = _due(means, Unpublished.objects.exclude(TO_RENDER)).annotate(**edited).order_by("pk")
    found = waiting.values_list("id", "tries", "key", "name", "pending_file").first()
    if found is None:
        return None
    row_id, tries, key, name, pending = found
    source = store.pending_of(house, pending) if pending else store.folder_of(house, key) / name
    return int(_look_over(means, house, Unpublished.objects.filter(id=row_id), tries, source))


def _next_post(means: Means, house: House) -> int | None:
    """Look over the video of the newest post that waits, and with it every other one that waits with the same file."""
    waiting = _due(means, Preflight.objects.exclude(post__state__in=_GONE)).order_by("-pk")
    found = waiting.select_related("post__media").first()
    if found is None:
        return None
    media = found.post.media
    row = Preflight.objects.filter(post_id=found.post_id)
    if not _look_over(means, house, row, found.tries, store.folder_of(house, media.key) / media.file_name):
        return 0
    seen = row.values_list("seen", flat=True).first()
    if seen is None:
        return 1
    same = Preflight.objects.filter(
        post__media__signature_md5=media.signature_md5,
        post__media__size_bytes=media.size_bytes,
        seen__isnull=True,
        reason="",
    )
    return 1 + int(same.update(seen=seen))


def _due(means: Means, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return those of some rows that wait and that nobody looks over just now."""
    waiting = rows.filter(seen__isnull=True, reason="")
    return waiting.filter(Q(tries=0) | Q(begun_at_ms__lt=means.clock.wire_ms() - LOST_MS))


def _look_over(means: Means, house: House, row: QuerySet[Row], tries: int, source: Path) -> bool:
    """Look one video over and keep what was seen; False when another process has it, or it is given up elsewhere."""
    row = row.filter(seen__isnull=True, reason="")
    if tries >= TRIES:
        return row.update(reason=GIVEN_UP) > 0
    begun_at_ms = means.clock.wire_ms()
    if not row.filter(tries=tries).update(tries=tries + 1, begun_at_ms=begun_at_ms):
        return False
    row = row.filter(begun_at_ms=begun_at_ms)  # a video that is edited meanwhile is looked over anew
    try:
        with store.making(house, store.new_key(means.chance)) as work:
            seen = watch_and_hear(source, work, speech_command=house.settings.speech_command)
    except MediaRefused as refusal:
        log.warning("%s cannot be looked over: %s", source.name, refusal.code)
        return row.update(reason=refusal.code) > 0
    return row.update(seen=msgspec.to_builtins(seen)) > 0
