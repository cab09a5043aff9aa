"""The worker puts right what crashes left on the disk: files without a row, and files of posts that are gone.

Safe beside anything that runs: what is younger than ``older_than_ms`` may still get its row and is left alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attise.kernel.house import House
from attise.kernel.limits import HOUR_MS
from attise.kernel.means import Means
from attise.kernel.parts import in_parts
from attise.management.posts import store
from attise.management.posts.actions.holding_back import let_go_of_old
from attise.management.posts.actions.moderate import settle_file
from attise.management.posts.actions.receiving import let_go_of_old_uploads
from attise.management.posts.models import Media, Post, Unpublished, Upload

OLDER_THAN_MS = 6 * HOUR_MS
"""Longer than any file takes from its arrival to its row, encoding included."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What was put right: numbers of files and folders."""

    orphans: int = 0
    """Stored files without a row, or of deleted posts."""
    leftovers: int = 0
    """Uploads and unfinished work that nobody waits for any more."""
    moved: int = 0
    """Files set aside, or given back, as moderation had said."""
    unpublished: int = 0
    """Videos that nobody published within a day."""
    uploads: int = 0
    """Uploads that nothing was made of within a day."""


def sweep_orphans(means: Means, house: House, *, older_than_ms: int = OLDER_THAN_MS) -> Swept:
    """Remove what has no row and is older than ``older_than_ms``, and what deleted posts left, whatever its age.

    Videos that nobody published within a day, and uploads that nothing was made of, go first, row and file.

    Ages are taken on the file system's own clock, which wrote them. Safe to run at any time and to be killed.
    Cost: one walk over the media folder, two queries per 500 files.
    """
    unpublished, uploads = let_go_of_old(means, house), let_go_of_old_uploads(means, house)
    before_ns = _now_ns(house.uploads) - older_than_ms * 1_000_000
    orphans = moved = 0
    for folders in in_parts(_stored(house), _AT_ONCE):
        gone, put = _settle(means, house, folders, before_ns)
        orphans, moved = orphans + gone, moved + put
    leftovers = sum(_discard(path) for path in _leftovers(house, before_ns))
    return Swept(orphans, leftovers, moved, unpublished, uploads)


def _stored(house: House) -> Iterator[Path]:
    """Yield every folder of a key, where links find it or where it was set aside; what else lies there is not ours."""
    for shelf in _entries(house.media):
        for folder in _entries(shelf):
            if store.KEY.fullmatch(folder.name) and shelf.name in {folder.name[:2], store.HELD}:
                yield folder


def _settle(means: Means, house: House, folders: list[Path], before_ns: int) -> tuple[int, int]:
    """Compare some folders with their rows; return how many were removed and how many moved."""
    keys = [folder.name for folder in folders]
    known = set(Media.objects.filter(key__in=keys).values_list("key", flat=True))
    rows = Post.objects.filter(media__key__in=keys).values_list("media__key", "id", "state")
    posts = {key: (post_id, state) for key, post_id, state in rows}
    removed = moved = 0
    for folder in folders:
        key = folder.name
        post_id, state = posts.get(key, (0, ""))
        if state == Post.State.DELETED or (key not in known and _is_older(folder, before_ns)):
            store.remove(house, key)
            removed += 1
        elif post_id and (folder.parent.name == store.HELD) != (state == Post.State.REMOVED):
            moved += settle_file(means, house, post_id=post_id)
    return removed, moved


def _leftovers(house: House, before_ns: int) -> Iterator[Path]:
    """Yield what is old in the folders where nothing stays."""
    for name in (store.NEW, store.GONE):
        yield from (path for path in _entries(house.media / name) if _is_older(path, before_ns))
    for paths in in_parts((path for path in _entries(house.uploads) if _is_older(path, before_ns)), _AT_ONCE):
        names = [path.name for path in paths]
        waiting = set(Post.objects.filter(pending_file__in=names).values_list("pending_file", flat=True))
        waiting |= set(Unpublished.objects.filter(pending_file__in=names).values_list("pending_file", flat=True))
        waiting |= set(Upload.objects.filter(file_name__in=names).values_list("file_name", flat=True))
        yield from (path for path in paths if path.name not in waiting)


def _discard(path: Path) -> int:
    """Remove a file or a folder; returns 1."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return 1


def _entries(folder: Path) -> Iterator[Path]:
    """Yield what a folder holds, nothing when it is not there."""
    if folder.is_dir():
        yield from sorted(folder.iterdir())


def _is_older(path: Path, before_ns: int) -> bool:
    """Tell whether something was last written before a moment; what vanishes meanwhile is not there to be old."""
    try:
        return path.lstat().st_mtime_ns < before_ns
    except FileNotFoundError:
        return False


def _now_ns(folder: Path) -> int:
    """Return the file system's own time."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b".")
        file.flush()
        return os.fstat(file.fileno()).st_mtime_ns
