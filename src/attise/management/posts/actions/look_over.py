"""The worker looks over what was published, for advice to its creator. Before: *publish* or *encode*; nothing waits.

Safe to run in any number of processes and to be killed at any point: a try is counted by one statement before it
begins, so that one process has it, and one that was lost is begun again after a while, a few times.
"""

from __future__ import annotations

import logging

import msgspec
from django.db.models import Q

from attise.kernel.house import House
from attise.kernel.limits import MINUTE_MS
from attise.kernel.means import Means
from attise.management.posts import store
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.models import Post, Preflight
from attise.management.posts.preflight.looking import watch_and_hear

log = logging.getLogger(__name__)

TRIES = 3
LOST_MS = 5 * MINUTE_MS
"""After so long a try that told nothing has died: the file's look takes a minute at most, and what hears it two."""
GIVEN_UP = "look_failed"
"""The reason when every try died; a refusal of the file has its own code."""
_GONE = (Post.State.DELETED, Post.State.REMOVED)


def ask_for_look(post: Post) -> None:
    """Ask that a post's video be looked over, in the transaction that gave it its file; pictures are not.

    Neither is a file that stays on its host's server: it is not here any more.
    """
    media = post.media
    if media is not None and media.kind == "video" and not media.source_url:
        Preflight.objects.bulk_create([Preflight(post_id=post.id)], ignore_conflicts=True)


def look_over_pending(means: Means, house: House, *, most: int = 4) -> int:
    """Look over up to ``most`` waiting videos, oldest first; returns how many were finished, one way or the other.

    Raises: Outage when the disk is full; it is begun again after a while.
    """
    waiting = Preflight.objects.filter(seen__isnull=True, reason="").exclude(post__state__in=_GONE)
    due = waiting.filter(Q(tries=0) | Q(begun_at_ms__lt=means.clock.wire_ms() - LOST_MS)).order_by("post_id")
    rows = due.values_list("post_id", "tries", "post__media__key", "post__media__file_name")[:most]
    return sum(_look_over(means, house, post_id, tries, key, name) for post_id, tries, key, name in list(rows))


def _look_over(means: Means, house: House, post_id: int, tries: int, key: str, name: str) -> bool:
    """Look one video over and keep what was seen; False when another process has it, or it is given up elsewhere."""
    row = Preflight.objects.filter(post_id=post_id, seen__isnull=True, reason="")
    if tries >= TRIES:
        return row.update(reason=GIVEN_UP) > 0
    if not row.filter(tries=tries).update(tries=tries + 1, begun_at_ms=means.clock.wire_ms()):
        return False
    try:
        with store.making(house, store.new_key(means.chance)) as work:
            source = store.folder_of(house, key) / name
            seen = watch_and_hear(source, work, speech_command=house.settings.speech_command)
    except MediaRefused as refusal:
        log.warning("post %s cannot be looked over: %s", post_id, refusal.code)
        return row.update(reason=refusal.code) > 0
    return row.update(seen=msgspec.to_builtins(seen)) > 0
