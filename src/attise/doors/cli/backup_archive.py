"""The file of a backup: a plain tar that says first what it is, and last what every file in it must come to.

Written aside and given its name when it is whole, so that a file of that name is always a backup. Read as a stream:
what it says first is judged before anything is unpacked, and nothing that was unpacked is used before the last member
has been compared. Any tar opens it; the names in it are those of the data folder.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from attise import __version__

FORMAT: Final = 1
"""Raised by a release whose backups an older one would misread."""
HEAD_NAME: Final = "attise-backup.json"
MANIFEST_NAME: Final = "attise-manifest.json"
DATABASE_DUMP: Final = "database.pgdump"
"""What stands for the database where that is PostgreSQL."""
CHUNK: Final = 1 << 20
Told = Callable[[str, int, int], None]
"""Is told how far something is: its name, bytes or pages done, and in all."""


class BackupError(Exception):
    """A backup cannot be made, or is none that can be restored; the text is for the operator, in English."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is of. Grows at its end only."""

    format: int
    release: str
    mode: str
    made_at_ms: int
    """Wire time; everything in it is of this moment or later by seconds."""
    database: str
    """``sqlite`` or ``postgresql``."""
    secrets: str
    """Fingerprint of what sealed it."""
    holds_secrets: bool
    holds_media: bool
    change: int
    """The newest change of the house."""
    settled_to: int
    """Position of the log up to which events are settled in the database."""
    log_to: int
    """Position of the log's end; never before the one above."""


class Manifest(msgspec.Struct, frozen=True):
    """What the members come to: size and SHA-256 by name."""

    head: str
    """SHA-256 of the first member."""
    files: dict[str, tuple[int, str]]


def release_key(text: str) -> tuple[int, ...]:
    """Return what releases are compared by."""
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))


class Packing:
    """A backup that is being written; its file has a name of its own until ``finish``."""

    def __init__(self, path: Path, head: Head, told: Told) -> None:
        """Begin a file beside ``path``. Raises: OSError."""
        self._path, self._told = path, told
        self._aside = path.with_name(f".{path.name}.part")
        self._file = os.fdopen(os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._files: dict[str, tuple[int, str]] = {}
        text = msgspec.json.format(msgspec.json.encode(head)) + b"\n"
        self._head = hashlib.sha256(text).hexdigest()
        self._put(HEAD_NAME, len(text), io.BytesIO(text))

    def add(self, name: str, path: Path) -> None:
        """Add a file that does not change any more. Raises: OSError."""
        with path.open("rb") as file:
            self._add(name, os.fstat(file.fileno()).st_size, file)

    def add_bytes(self, name: str, body: bytes) -> None:
        """Add what a file held at some moment."""
        self._add(name, len(body), io.BytesIO(body))

    def finish(self) -> int:
        """Write what every file must come to, bring all to the disk and give it its name; returns its size in bytes."""
        text = msgspec.json.encode(Manifest(self._head, self._files))
        self._put(MANIFEST_NAME, len(text), io.BytesIO(text))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        size = self._aside.stat().st_size
        self._aside.replace(self._path)
        sync_folder(self._path.parent)
        return size

    def give_up(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._aside.unlink(missing_ok=True)

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        hashing = _Hashing(file, lambda done: self._told(name, done, size))
        self._put(name, size, hashing)
        self._files[name] = (size, hashing.hexdigest())

    def _put(self, name: str, size: int, file: IO[bytes] | _Hashing) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, file)  # type: ignore[arg-type]


class _Hashing:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes], told: Callable[[int], None]) -> None:
        self._file, self._told = file, told
        self._hash = hashlib.sha256()
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        """Return what is read."""
        body = self._file.read(size)
        self._hash.update(body)
        self._done += len(body)
        self._told(self._done)
        return body

    def hexdigest(self) -> str:
        """Return the hash of what was read."""
        return self._hash.hexdigest()


def read_head(path: Path) -> Head:
    """Return what a backup says of itself. Raises: BackupError, also for one of a newer release."""
    try:
        with tarfile.open(path, "r|") as tar:
            return _head_of(tar)[0]
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{path} cannot be read as a backup: {error}") from error


def unpack(path: Path, folder: Path, told: Told) -> Manifest:
    """Unpack a backup into a folder that is there, each file durable and as it was packed; returns what was in it.

    Raises: BackupError when it is damaged, cut short, or holds what no backup does; then nothing of it may be used.
    """
    found: dict[str, tuple[int, str]] = {}
    try:
        with tarfile.open(path, "r|") as tar:
            _, digest = _head_of(tar)
            while (member := tar.next()) is not None:
                if member.name == MANIFEST_NAME:
                    return _checked(path, _read(tar, member), digest, found)
                found[member.name] = _unpack(tar, member, folder, told)
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{path} cannot be unpacked: {error}") from error
    raise BackupError(f"{path} is cut short: it does not say what was in it.")


def _head_of(tar: tarfile.TarFile) -> tuple[Head, str]:
    member = tar.next()
    if member is None or member.name != HEAD_NAME or member.size > CHUNK:
        raise BackupError(f"{tar.name} is no backup of Attise.")
    text = _read(tar, member)
    try:
        head = msgspec.json.decode(text, type=Head)
    except msgspec.MsgspecError as error:
        raise BackupError(f"{tar.name} is no backup of Attise: {error}") from error
    if head.format > FORMAT or release_key(head.release) > release_key(__version__):
        raise BackupError(
            f"This backup was made by a newer release of Attise ({head.release}; this is {__version__}). Install that "
            "release first."
        )
    return head, hashlib.sha256(text).hexdigest()


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    if file is None:
        raise BackupError(f"{member.name} in the backup is no file.")
    return file.read()


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, told: Told) -> tuple[int, str]:
    name = PurePosixPath(member.name)
    file = tar.extractfile(member) if stat.S_IFMT(member.mode) in {0, stat.S_IFREG} and member.isreg() else None
    if file is None or name.is_absolute() or ".." in name.parts:
        raise BackupError(f"The backup holds {member.name!r}, which none does.")
    target = folder / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, done = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as unpacked:
        while body := file.read(CHUNK):
            unpacked.write(body)
            digest.update(body)
            done += len(body)
            told(member.name, done, member.size)
        unpacked.flush()
        os.fsync(unpacked.fileno())
    return done, digest.hexdigest()


def _checked(path: Path, text: bytes, head: str, found: dict[str, tuple[int, str]]) -> Manifest:
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupError(f"{path} is damaged: {error}") from error
    if manifest.head != head:
        raise BackupError(f"{path} is damaged: what it says of itself was changed.")
    for name in sorted(manifest.files.keys() | found.keys()):
        if manifest.files.get(name) != found.get(name):
            raise BackupError(f"{path} is damaged: {name} is not what was packed.")
    return manifest


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
