"""A video is shown before anything is made of it, for advice: its file is kept, looked over, and used or let go of.

Before: a door has received the file. After: ``look_over``, and ``publish_post`` with its id, or ``use_video`` for ads;
or nothing, and a day later the sweep lets it go. Nothing waits for the look, and nothing but a file that cannot be
taken stands against it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts import store
from attise.management.posts.actions import intake
from attise.management.posts.actions.intake import Taken, Waiting
from attise.management.posts.actions.receiving import check_owner, use_up, whole_upload
from attise.management.posts.errors import (
    EDITS_FAILED,
    FILE_OR_UPLOAD,
    FILE_REQUIRED,
    NEVER_EDITED,
    NOT_YET_EDITED,
    TOO_MANY_UNPUBLISHED,
)
from attise.management.posts.models import Media, Unpublished
from attise.management.posts.queries import is_owned
from attise.management.posts.views import UnpublishedView, view_unpublished

UNPUBLISHED: Final = 10
"""Of a creator, or an advertiser, at a time; about so many, where several are sent at once."""
KEPT_MS: Final = DAY_MS
_AT_ONCE: Final = 100


def hold_back(
    means: Means,
    *,
    house: House,
    creator_id: int | None = None,
    advertiser_id: int | None = None,
    upload: Path | None,
    typed: dict[str, Any],
    upload_id: int | None = None,
    keep: Callable[[UnpublishedView], None] | None = None,
) -> UnpublishedView:
    """Keep a video of a creator, or of an advertiser, that nothing was made of yet, and have it looked over.

    ``upload`` is where the door put the file; it stays the door's to remove. ``upload_id`` stands for it: a whole
    upload (``receiving``), which is used up. ``typed``: as ``Unpublished.typed``; ``keep``: as of ``publish_post``.
    Must not be called within a unit of work.

    Raises: ``not_found`` for the creator, the advertiser or the upload; ``file_required``; ``file_or_upload``;
    ``upload_not_whole``; ``too_many_unpublished``; MediaRefused; Outage.
    """
    owner = check_owner(creator_id, advertiser_id)
    owner_id = creator_id if advertiser_id is None else advertiser_id
    if upload_id is not None:
        if upload is not None:
            raise Refusal(FILE_OR_UPLOAD, field="upload_id")
        upload = whole_upload(house, owner_id=owner_id or 0, upload_id=upload_id)
    if upload is None:
        raise Refusal(FILE_REQUIRED, field="file")
    if Unpublished.objects.filter(**owner).count() >= UNPUBLISHED:
        raise Refusal(TOO_MANY_UNPUBLISHED, field="file", limit=UNPUBLISHED)
    return _record(means, house, owner, intake.take_video(means, house, upload), typed, upload_id, keep)


@verb
def _record(
    means: Means,
    house: House,
    owner: dict[str, int | None],
    taken: Taken | Waiting,
    typed: dict[str, Any],
    upload_id: int | None,
    keep: Callable[[UnpublishedView], None] | None,
) -> UnpublishedView:
    with unit(means):
        if upload_id is not None:
            use_up(house, owner_id=owner["creator_id"] or owner["advertiser_id"] or 0, upload_id=upload_id)
        is_waiting = isinstance(taken, Waiting)
        row = Unpublished.objects.create(
            id=means.ids.next(),
            **owner,
            media=None if isinstance(taken, Waiting) else intake.record_media(means, taken),
            pending_file=taken.name if is_waiting else "",
            typed=typed,
            kept_at_ms=means.clock.wire_ms(),
        )
        view = view_unpublished(row)
        if keep is not None:
            keep(view)
    return view


@verb
def reword(means: Means, *, owner_id: int, unpublished_id: int, typed: dict[str, Any]) -> UnpublishedView:
    """Keep other words beside a video that is not published yet. Raises: ``not_found``."""
    with unit(means):
        row = held(owner_id, unpublished_id)
        row.typed = typed
        row.save(update_fields=["typed"])
    return view_unpublished(row)


def use_video(*, house: House, owner_id: int, unpublished_id: int) -> int:
    """Let go of a video that waits, but not of its file, and return that: as it is edited. A unit is open.

    Raises: ``not_found``; ``video_not_ready_to_edit`` while it is converted or rendered, ``video_not_converted`` or
    ``edits_failed`` where it cannot be.
    """
    row = held(owner_id, unpublished_id)
    media = row.media if row.edits is None else row.edited
    if media is None:
        failed = EDITS_FAILED if row.media is not None else NEVER_EDITED
        raise Refusal(failed if row.rendering_reason else NOT_YET_EDITED, field="unpublished_id")
    others = [one for one in (row.media, row.edited) if one is not None and one.id != media.id]
    row.delete()
    for one in others:
        remove_media(house, one)
    return media.id


@verb
def let_go(means: Means, *, house: House, owner_id: int, unpublished_id: int) -> None:
    """Let go of a video that is not to be published. Raises: ``not_found``."""
    with unit(means):
        _remove(house, held(owner_id, unpublished_id))


def let_go_of_old(means: Means, house: House) -> int:
    """Let go of videos that nobody published within a day; returns how many. Safe beside whoever publishes one."""
    before_ms = means.clock.wire_ms() - KEPT_MS
    old = Unpublished.objects.filter(kept_at_ms__lt=before_ms).order_by("kept_at_ms")
    return sum(_let_go_of(means, house, one) for one in list(old.values_list("id", flat=True)[:_AT_ONCE]))


@verb
def _let_go_of(means: Means, house: House, unpublished_id: int) -> bool:
    with unit(means):
        row = _locked(unpublished_id)
        if row is not None:
            _remove(house, row)
    return row is not None


def held(owner_id: int, unpublished_id: int) -> Unpublished:
    """Return the locked row of somebody's video; a unit is open. Raises: ``not_found``."""
    row = _locked(unpublished_id)
    if row is None or not is_owned(row, owner_id):
        raise Refusal(NOT_FOUND, field="unpublished_id")
    return row


def _locked(unpublished_id: int) -> Unpublished | None:
    rows = Unpublished.objects.select_for_update(no_key=True, of=("self",)).select_related("media", "edited")
    return rows.filter(id=unpublished_id).first()


def _remove(house: House, row: Unpublished) -> None:
    """Remove a row with its file's; the file goes once that is committed, or is swept."""
    pending = row.pending_file
    found = [media for media in (row.media, row.edited) if media is not None]
    row.delete()
    for media in found:
        remove_media(house, media)
    if pending:
        transaction.on_commit(lambda: store.remove_pending(house, pending), robust=True)


def remove_media(house: House, media: Media) -> None:
    """Remove a stored file that nothing needs any more, in the caller's unit."""
    Media.objects.filter(id=media.id).delete()
    transaction.on_commit(lambda: store.remove(house, media.key), robust=True)
