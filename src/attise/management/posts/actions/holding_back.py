"""A creator shows a video before publishing it, for advice: its file is kept, looked over, and published or let go of.

Before: a door has received the file. After: ``look_over``, and ``publish_post`` with its id; or nothing, and a day
later the sweep lets it go. Nothing waits for the look, and nothing but a file that cannot be taken stands against it.
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
from attise.management.accounts import queries as accounts
from attise.management.outbox.actions import unit, verb
from attise.management.posts import store
from attise.management.posts.actions import intake
from attise.management.posts.actions.intake import Taken, Waiting
from attise.management.posts.actions.receiving import use_up, whole_upload
from attise.management.posts.errors import FILE_OR_UPLOAD, FILE_REQUIRED, TOO_MANY_UNPUBLISHED
from attise.management.posts.models import Media, Unpublished
from attise.management.posts.views import UnpublishedView, view_unpublished

UNPUBLISHED: Final = 10
"""Of a creator at a time; about so many, where several are sent at once."""
KEPT_MS: Final = DAY_MS
_AT_ONCE: Final = 100


def hold_back(
    means: Means,
    *,
    house: House,
    creator_id: int,
    upload: Path | None,
    typed: dict[str, Any],
    upload_id: int | None = None,
    keep: Callable[[UnpublishedView], None] | None = None,
) -> UnpublishedView:
    """Keep a video that is not published yet, and have it looked over.

    ``upload`` is where the door put the file; it stays the door's to remove. ``upload_id`` stands for it: a whole
    upload (``receiving``), which is used up. ``typed``: as ``Unpublished.typed``; ``keep``: as of ``publish_post``.
    Must not be called within a unit of work.

    Raises: ``not_found`` for the creator or the upload; ``file_required``; ``file_or_upload``; ``upload_not_whole``;
    ``too_many_unpublished``; MediaRefused; Outage.
    """
    creator = accounts.find_creator(creator_id)
    if creator is None or not creator.is_active:
        raise Refusal(NOT_FOUND, field="creator_id")
    if upload_id is not None:
        if upload is not None:
            raise Refusal(FILE_OR_UPLOAD, field="upload_id")
        upload = whole_upload(house, creator_id=creator_id, upload_id=upload_id)
    if upload is None:
        raise Refusal(FILE_REQUIRED, field="file")
    if Unpublished.objects.filter(creator_id=creator_id).count() >= UNPUBLISHED:
        raise Refusal(TOO_MANY_UNPUBLISHED, field="file", limit=UNPUBLISHED)
    return _record(means, house, creator_id, intake.take_video(means, house, upload), typed, upload_id, keep)


@verb
def _record(
    means: Means,
    house: House,
    creator_id: int,
    taken: Taken | Waiting,
    typed: dict[str, Any],
    upload_id: int | None,
    keep: Callable[[UnpublishedView], None] | None,
) -> UnpublishedView:
    with unit(means):
        if upload_id is not None:
            use_up(house, creator_id=creator_id, upload_id=upload_id)
        is_waiting = isinstance(taken, Waiting)
        row = Unpublished.objects.create(
            id=means.ids.next(),
            creator_id=creator_id,
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
def reword(means: Means, *, creator_id: int, unpublished_id: int, typed: dict[str, Any]) -> UnpublishedView:
    """Keep other words beside a video that is not published yet. Raises: ``not_found``."""
    with unit(means):
        row = held(creator_id, unpublished_id)
        row.typed = typed
        row.save(update_fields=["typed"])
    return view_unpublished(row)


@verb
def let_go(means: Means, *, house: House, creator_id: int, unpublished_id: int) -> None:
    """Let go of a video that is not to be published. Raises: ``not_found``."""
    with unit(means):
        _remove(house, held(creator_id, unpublished_id))


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


def held(creator_id: int, unpublished_id: int) -> Unpublished:
    """Return the locked row of a creator's video; a unit is open. Raises: ``not_found``."""
    row = _locked(unpublished_id)
    if row is None or row.creator_id != creator_id:
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
