"""Reading a snapshot: the file is mapped, arrays are views of the mapping, records are decoded when they are asked for.

However many processes of a machine map one file, its pages are in memory once. Nothing is copied and nothing can be
written; a file that is removed while it is mapped goes on until its last reader lets go.
"""

from __future__ import annotations

import logging
import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import error as struct_error
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.snapshot import layout
from attise.records.snapshot.columns import bytes_of
from attise.records.snapshot.layout import ArrayEntry, Header, SnapshotUnreadable, damaged
from attise.records.snapshot.shapes import OwnPart, SnapshotAd, SnapshotGroup, SnapshotPost
from attise.records.snapshot.tables import GROUPS, LATER, names

log = logging.getLogger(__name__)

_HEADER = msgspec.msgpack.Decoder(Header)
_OWN = msgspec.msgpack.Decoder(OwnPart)
_GROUP = msgspec.msgpack.Decoder(SnapshotGroup)
_POST = msgspec.msgpack.Decoder(SnapshotPost)


class SnapshotFile:
    """One mapped snapshot. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Map a file and check all of it but its payloads, which are checked as they are read.

        Raises: SnapshotUnreadable. Cost: one pass over the arrays, not over the payloads.
        """
        self.path = path
        self._bytes = _map(path)
        what = str(path)
        size = len(self._bytes)
        at, length, checksum = layout.unpack_preamble(self._bytes[: layout.PREAMBLE.size], size=size, what=what)
        raw = self._bytes[at : at + length]
        if zlib.crc32(raw) != checksum:
            raise damaged(what, "its header changed")
        try:
            self.header: Header = _HEADER.decode(raw)
        except msgspec.MsgspecError as error:
            raise damaged(what, f"its header cannot be read ({error})") from error
        if self.header.size != size:
            raise damaged(what, f"it has {size} bytes and should have {self.header.size}")
        self._arrays = {entry.name: self._view(entry) for entry in self.header.arrays}

    @property
    def is_of_this_release(self) -> bool:
        """Whether it has every array that this release writes; an older release's may lack some."""
        return set(names()) <= set(self._arrays)

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that arrays name by their place."""
        return self.header.words

    def array(self, name: str) -> NDArray[Any]:
        """Return an array of ``tables``, as a read-only view of the mapping. Raises: SnapshotUnreadable."""
        found = self._arrays.get(name)
        if found is None and name in LATER:
            dtype = GROUPS[name.removeprefix("groups.")]
            return np.zeros(len(self.array(LATER[name])), dtype)
        if found is None:
            raise SnapshotUnreadable(
                f"{self.path} was written by an older release and has no {name}. The worker writes another."
            )
        return found

    def list_of(self, name: str, place: int) -> NDArray[Any]:
        """Return what one row's list holds."""
        starts = self.array(f"{name}.starts")
        return self.array(name)[starts[place] : starts[place + 1]]

    def place_of_ad(self, ad_id: int) -> int | None:
        """Return the place of an ad, or None when it is not in this snapshot. Cost: one binary search."""
        ids = self.array("ads.ad_id")
        place = int(np.searchsorted(ids, ad_id))
        return place if place < len(ids) and ids[place] == ad_id else None

    def ad(self, place: int) -> SnapshotAd:
        """Return the whole ad of a place. Raises: SnapshotUnreadable, IndexError. Cost: three payloads."""
        creative, grant = self._payload("ads.payload", place, _OWN)
        group = self._payload("groups.payload", self.array("ads.group").item(place), _GROUP)
        post = self.array("ads.post").item(place)
        return SnapshotAd(creative, group, grant, self.post(post) if post >= 0 else None)

    def post(self, place: int) -> SnapshotPost:
        """Return the post of a place. Raises: SnapshotUnreadable, IndexError. Cost: one payload."""
        found: SnapshotPost = self._payload("posts.payload", place, _POST)
        return found

    def ads(self) -> Iterator[SnapshotAd]:
        """Yield every ad, by rising id. Cost: everything; for checks and explanations, not for decisions."""
        return (self.ad(place) for place in range(self.header.ads))

    def organic_posts(self) -> Iterator[SnapshotPost]:
        """Yield every post of the organic feed. Cost: as above."""
        return (self.post(int(place)) for place in np.flatnonzero(self.array("posts.is_organic")))

    def close(self) -> None:
        """Let go of the file now, where no view of it is held; otherwise it goes with the last view."""
        self._arrays = {}
        try:
            self._bytes.close()
        except BufferError:  # a view is still in use, and holds the mapping
            return

    def _view(self, entry: ArrayEntry) -> NDArray[Any]:
        dtype = np.dtype(entry.dtype)
        count = int(np.prod(entry.shape, dtype=np.int64))
        if entry.offset % layout.ALIGNMENT or count * dtype.itemsize != entry.size:
            raise damaged(str(self.path), f"{entry.name} lies where no array can")
        if entry.offset + entry.size > len(self._bytes):
            raise damaged(str(self.path), f"{entry.name} lies beyond its end")
        found = (
            np.frombuffer(self._bytes, dtype=dtype, count=count, offset=entry.offset) if count else np.empty(0, dtype)
        )
        if zlib.crc32(bytes_of(found)) != entry.checksum:
            raise damaged(str(self.path), f"{entry.name} changed")
        return found.reshape(entry.shape)

    def _payload(self, name: str, place: int, decoder: msgspec.msgpack.Decoder[Any]) -> Any:
        """Return the record of a row; ``name``: of the array that says where it lies. Raises: SnapshotUnreadable."""
        held, at = self._bytes, self.array(name).item(place)
        try:
            length, checksum = layout.PAYLOAD.unpack_from(held, at)
        except struct_error as error:
            raise damaged(str(self.path), f"{name} leads beyond its end") from error
        begin = at + layout.PAYLOAD.size
        raw = held[begin : begin + length]
        if len(raw) != length or zlib.crc32(raw) != checksum:
            raise damaged(str(self.path), f"row {place} of {name.partition('.')[0]} changed")
        return decoder.decode(raw)


def find_newest(folder: Path) -> SnapshotFile | None:
    """Return the newest snapshot of a folder that can be read, or None; what cannot is left out."""
    for path in sorted(folder.glob(f"*{layout.SUFFIX}"), reverse=True):
        try:
            return SnapshotFile(path)
        except SnapshotUnreadable as unreadable:
            log.warning("%s", unreadable)
    return None


def _map(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:  # an empty file cannot be mapped
        raise damaged(str(path), "it is empty") from error
    except OSError as error:
        raise SnapshotUnreadable(f"{path} cannot be read: {error.strerror}.") from error
