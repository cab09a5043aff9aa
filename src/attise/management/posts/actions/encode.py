"""The worker encodes what no browser plays. Before: *publish* kept the file aside. After: the post is live.

Safe to run in any number of processes and to be killed at any point: the kernel's lock on the waiting file lets one
process at a time work on it and is let go when that process ends, however it ends; a try is counted before it begins,
so that a file which ends its reader every time is given up; the result counts only if the row still waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F

from attise.kernel.alone import take
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts import rules, store
from attise.management.posts.actions import intake
from attise.management.posts.actions.intake import Taken
from attise.management.posts.actions.look_over import ask_for_look
from attise.management.posts.actions.tell import tell_post
from attise.management.posts.editing.edits import Edits
from attise.management.posts.editing.rendering import render_video
from attise.management.posts.errors import ENCODING_FAILED
from attise.management.posts.media.encoding import encode_video
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.models import Post

log = logging.getLogger(__name__)


def encode_pending(means: Means, house: House, *, most: int = 10) -> int:
    """Encode up to ``most`` waiting files, oldest first; returns how many posts were finished, one way or the other.

    What its creator did to a video is done here where it was published before that was rendered.
    A file that is refused, or whose encoding ended the process ``rules.ENCODING_TRIES`` times, puts its post in state
    ``removed`` with the reason, and tells its author.

    Raises: Outage (no ``ffmpeg``, disk full): nobody's file is to blame, the try is not counted.
    """
    waiting = Post.objects.filter(pending_file__gt="").exclude(state=Post.State.DELETED)
    finished = 0
    for post_id, name in sorted(waiting.values_list("id", "pending_file"))[:most]:
        with claimed(store.pending_of(house, name)) as ours:
            if ours:
                finished += _encode(means, house, post_id, name)
    return finished


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Hold a waiting file against the other workers; False when one of them holds it.

    A file that is not there is nobody's: the row decides what becomes of it.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield True
        return
    with file:
        yield take(file)


def _encode(means: Means, house: House, post_id: int, name: str) -> bool:
    """Encode one file and finish its post; False when there was nothing left to do."""
    begun = _begin(means, post_id, name)
    if begun is None:
        return False
    number, edits = begun
    if number > rules.ENCODING_TRIES:
        return _give_up(means, house, post_id, name, ENCODING_FAILED.code)
    key = store.new_key(means.chance)
    with store.making(house, key) as work:
        try:
            source = store.pending_of(house, name)
            if edits is None:
                inspected = encode_video(source, work)
            else:
                inspected = render_video(source, work, msgspec.convert(edits, Edits))
        except MediaRefused as refusal:
            return _give_up(means, house, post_id, name, refusal.code)
        except Outage:
            Post.objects.filter(id=post_id, pending_file=name).update(encoding_tries=F("encoding_tries") - 1)
            raise
        taken = intake.store_video(house, key, inspected)
    return _finish(means, house, post_id, name, taken)


@verb
def _begin(means: Means, post_id: int, name: str) -> tuple[int, Any] | None:
    """Count a try before it begins; return its number, and the edits as rows keep them.

    None when the post does not wait any more.
    """
    with unit(means):
        post = _waiting_row(post_id, name)
        if post is None:
            return None
        post.encoding_tries += 1
        post.save(update_fields=["encoding_tries"])
        return post.encoding_tries, post.pending_edits


@verb
def _finish(means: Means, house: House, post_id: int, name: str, taken: Taken) -> bool:
    """Give the stored result to the post, if that still waits for it."""
    with unit(means) as work:
        post = _waiting_row(post_id, name)
        if post is not None:
            post.media, post.pending_file = intake.record_media(means, taken), ""
            post.pending_edits = None
            if post.state == Post.State.PROCESSING:
                post.state = Post.State.LIVE
            post.modified_at_ms = means.clock.world_ms()
            post.save(update_fields=["media", "pending_file", "pending_edits", "state", "modified_at_ms"])
            ask_for_look(post)
            tell_post(work, post)
            work.notice("creator", post.creator_id, "post_ready", post_id, once=f"post_ready/{post_id}")
            transaction.on_commit(lambda: store.remove_pending(house, name), robust=True)
    if post is None:
        intake.forget(house, taken)
    return post is not None


@verb
def _give_up(means: Means, house: House, post_id: int, name: str, reason: str) -> bool:
    """Remove a post whose file cannot be encoded, and say why; False when it did not wait any more."""
    with unit(means) as work:
        post = _waiting_row(post_id, name)
        if post is None:
            return False
        post.state, post.state_reason, post.pending_file = Post.State.REMOVED, reason, ""
        post.modified_at_ms = means.clock.world_ms()
        post.save(update_fields=["state", "state_reason", "pending_file", "modified_at_ms"])
        tell_post(work, post)
        work.notice(
            "creator", post.creator_id, "post_not_encoded", post_id, once=f"post_not_encoded/{post_id}", reason=reason
        )
        transaction.on_commit(lambda: store.remove_pending(house, name), robust=True)
    log.warning("post %s could not be encoded: %s", post_id, reason)
    return True


def _waiting_row(post_id: int, name: str) -> Post | None:
    """Return the locked row of a post that still waits for this file."""
    rows = Post.objects.select_for_update(no_key=True).filter(id=post_id, pending_file=name)
    return rows.exclude(state=Post.State.DELETED).first()
