"""The worker makes what a creator waits for: a video that no browser plays is converted, an edited one is rendered.

Before: *hold back*, *edit video*. After: *look over*, of what came of it. Safe to run in any number of processes and to
be killed at any point, as ``encode`` is: the kernel's lock on the file, a try counted before it begins, and a result
that counts only if it is still asked for.
"""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
from django.db import transaction
from django.db.models import F, Q

from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts import rules, store
from attise.management.posts.actions import intake
from attise.management.posts.actions.encode import claimed
from attise.management.posts.actions.intake import Taken
from attise.management.posts.actions.look_over import TO_RENDER
from attise.management.posts.editing.edits import Edits
from attise.management.posts.editing.rendering import render_video
from attise.management.posts.errors import ENCODING_FAILED
from attise.management.posts.media.encoding import encode_video
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.models import Unpublished

log = logging.getLogger(__name__)
TO_CONVERT = Q(media__isnull=True, rendering_reason="")


def render_pending(means: Means, house: House, *, most: int = 4) -> int:
    """Convert or render up to ``most`` videos that wait to be published, oldest first; returns how many were finished.

    Raises: Outage (no ``ffmpeg``, disk full): the try is not counted.
    """
    waiting = Unpublished.objects.select_related("media").filter(TO_RENDER | TO_CONVERT).order_by("id")
    finished = 0
    for row in list(waiting[:most]):
        media = row.media
        source = (
            store.pending_of(house, row.pending_file)
            if media is None
            else store.folder_of(house, media.key) / media.file_name
        )
        with claimed(source) as ours:
            if ours:
                finished += _make(means, house, row, source)
    return finished


def _make(means: Means, house: House, row: Unpublished, source: Path) -> bool:
    """Make one video; False when there was nothing left to do."""
    asked = Unpublished.objects.filter(TO_RENDER | TO_CONVERT, id=row.id)
    still = asked.filter(rendering_tries=row.rendering_tries)
    if row.rendering_tries >= rules.ENCODING_TRIES:
        return still.update(rendering_reason=ENCODING_FAILED.code) > 0
    if not still.update(rendering_tries=F("rendering_tries") + 1):
        return False
    # Edits that came meanwhile begin with no try: what becomes of this one says nothing of them.
    still = asked.filter(rendering_tries=row.rendering_tries + 1)
    key = store.new_key(means.chance)
    with store.making(house, key) as work:
        try:
            if row.media_id is None:
                inspected = encode_video(source, work)
            else:
                inspected = render_video(source, work, msgspec.convert(row.edits, Edits))
        except MediaRefused as refusal:
            log.warning("%s cannot be made ready: %s", source.name, refusal.code)
            return still.update(rendering_reason=refusal.code) > 0
        except Outage:
            still.update(rendering_tries=F("rendering_tries") - 1)
            raise
        taken = intake.store_video(house, key, inspected)
    return _finish(means, house, row, taken)


@verb
def _finish(means: Means, house: House, asked: Unpublished, taken: Taken) -> bool:
    """Keep what was made, if it is still what is asked for."""
    with unit(means):
        row = Unpublished.objects.select_for_update(no_key=True).filter(id=asked.id).first()
        is_wanted = row is not None and (row.edits, row.media_id, row.edited_id) == (asked.edits, asked.media_id, None)
        if row is not None and is_wanted:
            made, pending = intake.record_media(means, taken), row.pending_file
            row.rendering_tries = 0
            if row.media_id is None:
                row.media, row.pending_file = made, ""
                transaction.on_commit(lambda: store.remove_pending(house, pending), robust=True)
            else:
                row.edited = made
            row.save(update_fields=["media", "pending_file", "edited", "rendering_tries"])
    if not is_wanted:
        intake.forget(house, taken)
    return is_wanted
