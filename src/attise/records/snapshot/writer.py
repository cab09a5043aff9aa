"""Writing a snapshot: payloads go straight to the disk, arrays grow in memory, the name comes last."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from numpy.typing import NDArray

from attise.records.snapshot import layout
from attise.records.snapshot.columns import bytes_of
from attise.records.snapshot.layout import ArrayEntry, Header
from attise.records.snapshot.shapes import OwnPart, SnapshotAd, SnapshotPost, encoder
from attise.records.snapshot.tables import Tables

UNFINISHED = ".tmp"
"""How the name of a file in the making ends."""
_BUFFER_BYTES = 1 << 20


class SnapshotWriter:
    """Writes the snapshot of one version into a folder; without ``commit``, nothing is left of it.

    All that is added must be as it stood at ``version``, ads by rising id. Memory: the arrays alone, about 250 bytes
    for an ad with a group and a post of its own. A ``kill -9`` leaves at most an unfinished file beside the others.
    """

    def __init__(self, folder: Path, *, version: int, number: int, made_at_ms: int) -> None:
        """Open a file in ``folder`` for what stood at change ``version`` and makes deltas up to ``number`` needless."""
        self.path = folder / layout.file_name(version)
        self._draft = folder / f".{self.path.name}.{os.getpid()}{UNFINISHED}"
        self._version, self._number, self._made_at_ms = version, number, made_at_ms
        self._tables = Tables()
        self._last_ad = -1
        self._file = self._draft.open("wb", buffering=_BUFFER_BYTES)
        self._at = self._put(bytes(layout.PREAMBLE.size), 0)
        self._is_done = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throw away what was not committed."""
        if not self._is_done:
            self._file.close()
            self._draft.unlink(missing_ok=True)

    def add_post(self, post: SnapshotPost) -> None:
        """Add a post, once however often it is given."""
        if not self._tables.has_post(post.post_id):
            self._tables.add_post(post, self._put_payload(post))

    def add_ad(self, ad: SnapshotAd) -> None:
        """Add an ad with its group and its post."""
        if ad.ad_id <= self._last_ad:
            raise AssertionError("ads are added by rising id")
        self._last_ad = ad.ad_id
        if not self._tables.has_group(ad.group.adgroup_id):
            self._tables.add_group(ad.group, self._put_payload(ad.group))
        if ad.post is not None:
            self.add_post(ad.post)
        own: OwnPart = (ad.creative, ad.grant)
        self._tables.add_ad(ad, self._put_payload(own))

    def commit(self) -> Header:
        """Write arrays and header, bring everything to the disk, and only then give the file its name."""
        entries = [self._put_array(name, values) for name, values in self._tables.arrays().items()]
        header = Header(
            version=self._version,
            number=self._number,
            made_at_ms=self._made_at_ms,
            size=0,
            ads=self._tables.ads.rows,
            posts=self._tables.posts.rows,
            words=self._tables.words.all(),
            arrays=tuple(entries),
        )
        header_at, raw = self._at, _sized(header, self._at)
        self._put(raw, header_at)
        self._file.flush()
        os.pwrite(self._file.fileno(), layout.pack_preamble(header_at, raw), 0)
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self.path)
        self._is_done = True
        _fsync_folder(self.path.parent)
        return msgspec.structs.replace(header, size=header_at + len(raw))

    def _put_payload(self, record: object) -> int:
        """Append a record and return where it lies."""
        raw, place = encoder.encode(record), self._at
        self._file.write(layout.PAYLOAD.pack(len(raw), zlib.crc32(raw)))
        self._at = self._put(raw, place + layout.PAYLOAD.size)
        return place

    def _put_array(self, name: str, values: NDArray[Any]) -> ArrayEntry:
        self._at = self._put(bytes(-self._at % layout.ALIGNMENT), self._at)
        raw, place = bytes_of(values), self._at
        self._at = self._put(raw, place)
        return ArrayEntry(name, values.dtype.str, values.shape, place, len(raw), zlib.crc32(raw))

    def _put(self, raw: bytes | memoryview, at: int) -> int:
        """Write at the end, which is ``at``; returns the new end."""
        self._file.write(raw)
        return at + len(raw)


def _sized(header: Header, header_at: int) -> bytes:
    """Return a header that knows the size of the file it ends, its own length included."""
    size = 0
    while True:
        raw = encoder.encode(msgspec.structs.replace(header, size=size))
        if header_at + len(raw) == size:
            return raw
        size = header_at + len(raw)


def _fsync_folder(folder: Path) -> None:
    """Bring a new name to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
