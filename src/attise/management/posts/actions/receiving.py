"""A video is received piece by piece, so that a network that breaks costs what was not acknowledged, and nothing else.

Before: nothing. After: ``hold_back`` or ``publish_post`` with its id, which use it up; or nothing, and a day later the
sweep lets it go. How much was received is the length of the file, made durable before it is told: a process that is
killed in the middle of a piece leaves what it had written, and whoever asks goes on from there.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

from django.db import transaction

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.outbox.actions import unit, verb
from attise.management.posts import rules, store
from attise.management.posts.errors import UPLOAD_BUSY, UPLOAD_ELSEWHERE, UPLOAD_NOT_WHOLE, UPLOAD_TOO_LARGE
from attise.management.posts.models import Upload
from attise.management.posts.queries import is_owned
from attise.management.posts.views import UploadView

UPLOADS: Final = 5
"""Of a creator, or an advertiser, at a time, finished or not; the oldest gives way to one more."""
KEPT_MS: Final = DAY_MS
_AT_ONCE: Final = 100


def begin_upload(
    means: Means, *, house: House, size_bytes: int, creator_id: int | None = None, advertiser_id: int | None = None
) -> UploadView:
    """Begin to receive a video of exactly ``size_bytes``, a creator's or an advertiser's; nothing of it is there yet.

    Raises: ``not_found`` for the creator or the advertiser; ``upload_size``.
    """
    owner = check_owner(creator_id, advertiser_id)
    size_bytes = rules.check_upload_size(size_bytes)
    return _record(means, house, owner, size_bytes, store.begin_part(house, store.new_key(means.chance)))


def check_owner(creator_id: int | None, advertiser_id: int | None) -> dict[str, int | None]:
    """Return whose a video is, as its row says it: one of the two is named. Raises: ``not_found``."""
    if advertiser_id is not None:
        accounts.get_advertiser(advertiser_id)
        return {"creator_id": None, "advertiser_id": advertiser_id}
    creator = None if creator_id is None else accounts.find_creator(creator_id)
    if creator is None or not creator.is_active:
        raise Refusal(NOT_FOUND, field="creator_id")
    return {"creator_id": creator.id, "advertiser_id": None}


@verb
def _record(means: Means, house: House, owner: dict[str, int | None], size_bytes: int, name: str) -> UploadView:
    with unit(means):
        others = Upload.objects.select_for_update(no_key=True).filter(**owner).order_by("-id")
        for row in list(others)[UPLOADS - 1 :]:
            _remove(house, row)
        row = Upload.objects.create(
            id=means.ids.next(),
            **owner,
            file_name=name,
            size_bytes=size_bytes,
            begun_at_ms=means.clock.wire_ms(),
        )
    return UploadView(row.id, row.creator_id, row.size_bytes, 0, row.begun_at_ms + KEPT_MS)


def get_upload(house: House, *, owner_id: int | None, upload_id: int) -> UploadView:
    """Return how far an upload is, of one creator or advertiser alone where it is named; what is told is durable.

    Raises: ``not_found``.
    """
    row = _found(owner_id, upload_id)
    try:
        with store.pending_of(house, row.file_name).open("rb") as file:
            os.fsync(file.fileno())
            received = os.fstat(file.fileno()).st_size
    except FileNotFoundError as error:
        raise Refusal(NOT_FOUND, field="upload_id") from error
    return UploadView(row.id, row.creator_id, row.size_bytes, received, row.begun_at_ms + KEPT_MS)


def receive(
    house: House, *, owner_id: int | None, upload_id: int, offset_bytes: int, parts: Iterable[bytes]
) -> UploadView:
    """Put more bytes behind those that were received, as they come, and return how far the upload is.

    What was written when ``parts`` fail, or end early, stays and counts. One piece at a time is received.

    Raises: ``not_found``; ``upload_busy``; ``upload_elsewhere`` where the bytes do not begin where those before end;
    ``upload_too_large``; whatever ``parts`` raise; OSError of a full disk.
    """
    row = _found(owner_id, upload_id)
    with _held(store.pending_of(house, row.file_name)) as file:
        at = file.seek(0, os.SEEK_END)
        if at != offset_bytes:
            raise Refusal(UPLOAD_ELSEWHERE, field="Upload-Offset", received=at, got=offset_bytes)
        try:
            for part in parts:
                if at + len(part) > row.size_bytes:
                    raise Refusal(UPLOAD_TOO_LARGE, field="Upload-Offset", limit=row.size_bytes)
                at += _write(file, part)
        finally:
            os.fsync(file.fileno())
    return UploadView(row.id, row.creator_id, row.size_bytes, at, row.begun_at_ms + KEPT_MS)


@verb
def drop_upload(means: Means, *, house: House, owner_id: int | None, upload_id: int) -> None:
    """Let go of an upload, whole or not. Raises: ``not_found``."""
    with unit(means):
        _remove(house, _locked(owner_id, upload_id))


def whole_upload(house: House, *, owner_id: int, upload_id: int) -> Path:
    """Return where the file of a whole upload is; ``use_up`` belongs to what is made of it.

    Raises: ``not_found``; ``upload_not_whole``.
    """
    view = get_upload(house, owner_id=owner_id, upload_id=upload_id)
    if not view.is_whole:
        raise Refusal(UPLOAD_NOT_WHOLE, field="upload_id", received=view.received_bytes, size=view.size_bytes)
    return store.pending_of(house, _found(owner_id, upload_id).file_name)


def use_up(house: House, *, owner_id: int, upload_id: int) -> None:
    """Let go of an upload in the unit that keeps what was made of it: made twice at once, it is made once.

    Raises: ``not_found``.
    """
    _remove(house, _locked(owner_id, upload_id))


def let_go_of_old_uploads(means: Means, house: House) -> int:
    """Let go of uploads that nothing was made of within a day; returns how many."""
    before_ms = means.clock.wire_ms() - KEPT_MS
    old = Upload.objects.filter(begun_at_ms__lt=before_ms).order_by("begun_at_ms")
    return sum(_let_go_of(means, house, one) for one in list(old.values_list("id", flat=True)[:_AT_ONCE]))


@verb
def _let_go_of(means: Means, house: House, upload_id: int) -> bool:
    with unit(means):
        row = Upload.objects.select_for_update(no_key=True).filter(id=upload_id).first()
        if row is not None:
            _remove(house, row)
    return row is not None


def _found(owner_id: int | None, upload_id: int) -> Upload:
    return _of(owner_id, Upload.objects.filter(id=upload_id).first())


def _locked(owner_id: int | None, upload_id: int) -> Upload:
    return _of(owner_id, Upload.objects.select_for_update(no_key=True).filter(id=upload_id).first())


def _of(owner_id: int | None, row: Upload | None) -> Upload:
    """Return a row that is there, and theirs. Raises: ``not_found``."""
    if row is None or not is_owned(row, owner_id):
        raise Refusal(NOT_FOUND, field="upload_id")
    return row


def _remove(house: House, row: Upload) -> None:
    """Remove a row with its file; that goes once it is committed, or is swept."""
    name = row.file_name
    row.delete()
    transaction.on_commit(lambda: store.remove_pending(house, name), robust=True)


@contextmanager
def _held(path: Path) -> Iterator[FileIO]:
    """Hold the file of an upload, to write; the kernel lets go when this process ends. Raises: ``not_found``, busy."""
    try:
        file = path.open("r+b", buffering=0)
    except FileNotFoundError as error:
        raise Refusal(NOT_FOUND, field="upload_id") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(UPLOAD_BUSY, field="upload_id") from error
        yield file


def _write(file: FileIO, part: bytes) -> int:
    """Write all of a part; returns its length."""
    left = memoryview(part)
    while left:
        left = left[file.write(left) :]
    return len(part)
