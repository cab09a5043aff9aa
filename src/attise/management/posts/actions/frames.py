"""Pictures from along a stored video, made when somebody first asks for so many and kept beside it from then on.

No row is written: what lies beside a video comes, moves and goes with it. Safe to be asked by many at once and to be
killed at any point: one at a time works on a video, and what a crash leaves is made again, or swept.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.posts import store
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.media.inspection import frames_of
from attise.management.posts.media.limits import FRAMES_LIMITS
from attise.management.posts.views import FrameView, MediaView

log = logging.getLogger(__name__)


def take_frames(means: Means, house: House, media: MediaView, *, count: int) -> list[FrameView]:
    """Return ``count`` pictures (1 to 10) evenly spread over a video, in their order; ``links.link_frame`` shows them.

    They are fewer when the video has fewer pictures, or when all of them would cost too much to decode; when none can
    be had, the cover stands for them.
    Raises: Outage when the disk is full. Cost: some seconds of a child process the first time, nothing the next.
    """
    try:
        names = store.list_frames(house, media.key, count) or _make(means, house, media, count)
    except FileNotFoundError:  # the video has gone, or goes at this moment
        names = [store.COVER_NAME] if media.has_cover else []
    width, height = FRAMES_LIMITS.cover_sides(media.width, media.height)
    return [FrameView(name, width, height) for name in names]


def _make(means: Means, house: House, media: MediaView, count: int) -> list[str]:
    """Make the pictures, unless whoever held the video before has made them. Raises: FileNotFoundError."""
    folder = store.folder_of(house, media.key)
    with _held(folder / media.file_name) as video:
        found = store.list_frames(house, media.key, count)
        if found:
            return found
        with store.making(house, store.new_key(means.chance)) as work:
            try:
                made = frames_of(video, work, duration_ms=media.duration_ms, count=count)
            except MediaRefused as refusal:
                log.warning("no pictures from along the video of media %s: %s", media.id, refusal.code)
                made = [Path(shutil.copyfile(folder / store.COVER_NAME, work / store.COVER_NAME))]  # nobody tries again
            return store.add_frames(house, media.key, count, made)


@contextmanager
def _held(path: Path) -> Iterator[Path]:
    """Hold a stored video against whoever else would take its pictures; the kernel lets go when this process ends."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path
