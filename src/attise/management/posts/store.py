"""Where files lie, and how they come and go so that a crash never leaves a row without its file.

A file is made ready in a folder that no link reaches (``.new/KEY``), made durable, then moved by one rename to
``KEY[:2]/KEY`` on the same disk; only then is its row written. It goes the other way: the row first, then one rename
out of reach (``.gone/KEY``), then it is removed. What moderation removed waits out of reach (``.held/KEY``). What a
crash leaves in between is put right by ``sweep_orphans``.
"""

from __future__ import annotations

import base64
import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attise.kernel.chance import Chance
from attise.kernel.house import House

COVER_NAME = "cover.jpg"
NEW = ".new"
GONE = ".gone"
HELD = ".held"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEY_BYTES = 16
KEY = re.compile(r"[a-z2-7]{26}")
PENDING_SUFFIX = ".pending"
PART_SUFFIX = ".part"


def new_key(chance: Chance) -> str:
    """Return 26 characters of a-z and 2-7 that carry 128 random bits."""
    return base64.b32encode(chance.token(KEY_BYTES)).decode().rstrip("=").lower()


def folder_of(house: House, key: str) -> Path:
    """Return the folder of a key."""
    return house.media / key[:2] / key


def pending_of(house: House, name: str) -> Path:
    """Return where an upload waits to be encoded."""
    return house.uploads / name


@contextmanager
def making(house: House, key: str) -> Iterator[Path]:
    """Make the folder in which the files of ``key`` are made ready; nothing of it is left behind."""
    folder = house.media / NEW / key
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place(house: House, key: str, files: dict[str, Path]) -> None:
    """Move files, by the names they will have, to the folder of ``key``; durable when this returns.

    All of them lie on the disk of the media folder (``making``).
    """
    ready = house.media / NEW / f"{key}.ready"
    ready.mkdir(mode=0o700, parents=True)
    for name, path in files.items():
        path.rename(ready / name)
        (ready / name).chmod(0o600)
        _sync(ready / name)
    _sync(ready)
    folder = folder_of(house, key)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    ready.rename(folder)
    _sync(folder.parent)
    _sync(house.media)


def picture_name(number: int, suffix: str) -> str:
    """Return the name of picture ``number`` of a post, from 0; names of files are letters."""
    letters = "" if not number else f"{LETTERS[number // len(LETTERS)]}{LETTERS[number % len(LETTERS)]}"
    return f"image{letters}.{suffix}"


def frame_name(count: int, number: int) -> str:
    """Return the name of picture ``number``, from 0, of ``count`` spread over a video; names of files are letters."""
    return f"frame{LETTERS[count - 1]}{LETTERS[number]}.jpg"


def list_frames(house: House, key: str, count: int) -> list[str]:
    """Return the names of the pictures of a video that were kept for this count, in their order; none: not yet made."""
    folder = folder_of(house, key)
    names = [frame_name(count, number) for number in range(count)]
    return [name for name in names if (folder / name).is_file()] if (folder / names[0]).is_file() else []


def add_frames(house: House, key: str, count: int, pictures: list[Path]) -> list[str]:
    """Put pictures of a video beside it, the first one last: where that one is, the others are. Returns their names.

    They lie on the disk of the media folder (``making``). Raises: FileNotFoundError when the video has gone meanwhile.
    """
    folder = folder_of(house, key)
    names = [frame_name(count, number) for number in range(len(pictures))]
    for name, picture in reversed(list(zip(names, pictures, strict=True))):
        picture.chmod(0o600)
        _sync(picture)
        picture.rename(folder / name)
        _sync(folder)
    return names


def copy(house: House, key: str, new_key: str, files: dict[str, tuple[str, str]]) -> None:
    """Give the files of ``key`` a second place under ``new_key``, durably, with those of others beside.

    ``files``: names there, with key and name here. On one disk nothing is copied but names, so that a large file costs
    what a small one does; each place is removed by itself.
    Raises: FileNotFoundError when the files of ``key`` are gone or set aside.
    """
    with making(house, new_key) as work:
        sources = {path.name: path for path in folder_of(house, key).iterdir()}
        sources |= {name: folder_of(house, other) / other_name for name, (other, other_name) in files.items()}
        for name, path in sources.items():
            (work / name).hardlink_to(path)
        place(house, new_key, {name: work / name for name in sources})


def keep_pending(house: House, key: str, upload: Path) -> str:
    """Keep an upload until it is encoded, durably, and return its name in the uploads folder.

    A file that already lies in the uploads folder gets a second name, which costs nothing; another is copied.
    """
    name = f"{key}{PENDING_SUFFIX}"
    path = pending_of(house, name)
    if upload.parent == house.uploads:
        path.hardlink_to(upload)
    else:
        shutil.copyfile(upload, path)
    path.chmod(0o600)
    os.utime(path)  # its age is counted from now
    _sync(path)
    _sync(house.uploads)
    return name


def keep_stored_pending(house: House, key: str, stored: Path) -> str:
    """Keep a stored file until it is encoded, as ``keep_pending`` does an upload; on one disk it costs a name.

    Raises: FileNotFoundError when it has gone meanwhile.
    """
    name = f"{key}{PENDING_SUFFIX}"
    path = pending_of(house, name)
    try:
        path.hardlink_to(stored)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP}:  # another disk, or one without such names
            raise
        shutil.copyfile(stored, path)
    os.utime(path)
    _sync(path)
    _sync(house.uploads)
    return name


def begin_part(house: House, key: str) -> str:
    """Make the empty file of an upload that comes piece by piece, durably; returns its name in the uploads folder."""
    name = f"{key}{PART_SUFFIX}"
    pending_of(house, name).touch(mode=0o600, exist_ok=False)
    _sync(house.uploads)
    return name


def remove(house: House, key: str) -> None:
    """Take the files of a key out of reach at once, then remove them; nothing happens when there are none."""
    gone = house.media / GONE / key
    for folder in (folder_of(house, key), house.media / HELD / key):
        shutil.rmtree(gone, ignore_errors=True)
        _move(folder, gone)
    shutil.rmtree(gone, ignore_errors=True)


def set_aside(house: House, key: str) -> None:
    """Take the files of a key out of reach for a while."""
    _move(folder_of(house, key), house.media / HELD / key)


def give_back(house: House, key: str) -> None:
    """Put the files of a key that were set aside where links find them."""
    _move(house.media / HELD / key, folder_of(house, key))


def remove_pending(house: House, name: str) -> None:
    """Remove an upload that waited."""
    pending_of(house, name).unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Move a folder, durably; nothing happens when it is not there."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileNotFoundError):
        source.rename(target)
        _sync(source.parent)
        _sync(target.parent)


def _sync(path: Path) -> None:
    """Make a file or a folder durable."""
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)
