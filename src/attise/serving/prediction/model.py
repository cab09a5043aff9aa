"""One version of everything that predictions are made from, as a file that any number of processes map.

::

    preamble   64 bytes: magic, format, header's place, length and checksum, a checksum of these
    arrays     each at a multiple of 64 bytes, little-endian, as numpy keeps them in memory
    header     msgpack of ``Header``

A file is written under another name and renamed once it is whole and on the disk; its arrays are checked when it is
opened. It is never changed: a turn of training writes the next version. Without any file a house predicts from
``cold_model``: rates that are usual, and what posts did in the feed.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel import large_pages, lines
from attise.serving.prediction.calibration import Grid, plain_grid
from attise.serving.prediction.hashing import DEFAULT_SLOTS_LOG2, LEAST_SLOTS_LOG2, MOST_SLOTS_LOG2
from attise.serving.prediction.heads import HEADS, WIDTH
from attise.serving.prediction.history import LEVELS, Counts, History, no_history
from attise.serving.prediction.priors import Base, cold_base
from attise.serving.prediction.thompson import MOST_SHARE
from attise.serving.prediction.watch import Sketches, cold_sketches

FOLDER: Final = "models"
"""Of the data folder: where a house's models are."""
MAGIC: Final = b"ATTIMODL"
FORMAT: Final = 1
SUFFIX: Final = ".model"
ALIGNMENT: Final = 64
PREAMBLE: Final = struct.Struct("<8sIIQQI24xI")
VERSION_DIGITS: Final = 19
KEPT_FILES: Final = 2
LAMBDA2: Final = 1.0
"""What a weight's precision begins with: a feature that was never seen is worth ±1 logit."""


class ModelUnreadable(Exception):  # noqa: N818 - an outcome: decisions go on with the model they have
    """A file is no whole model that this release can read; the text says which, why, and what to do."""


class ModelArray(msgspec.Struct, frozen=True):
    """Where one array lies."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    checksum: int
    """CRC-32."""


class Header(msgspec.Struct, frozen=True):
    """What a model is about."""

    version: int
    made_at_ms: int
    """World time of the newest fact that it has learned from."""
    rows: int
    """Facts that it has learned from, in all its versions."""
    heads: tuple[str, ...]
    features: str
    """The list of features that its slots were learned for."""
    arrays: tuple[ModelArray, ...] = ()
    explore_share: float = MOST_SHARE
    """Of requests that may explore while this version decides (``thompson.next_share``)."""


FEATURES_VERSION: Final = "1"
"""Raised when a feature changes its meaning: what was learned for others is then not read."""


@dataclass(frozen=True)
class Model:
    """One version; immutable, its arrays are not writable when they come from a file."""

    header: Header
    weights: NDArray[np.float32]
    """float32[slots, 8], heads interleaved: one read from memory serves all of them."""
    precision: NDArray[np.float32]
    """float32[slots, 8]: ``λ₂ + Σ p (1 - p) x²``, what ``thompson`` is unsure by."""
    grid: Grid
    base: Base
    history: History
    watch: Sketches
    """float32[12, 101]: watch times by duration group, for the feed."""

    @property
    def slots_log2(self) -> int:
        """The number of slots is two to this."""
        return len(self.weights).bit_length() - 1

    @property
    def version(self) -> int:
        """Its number; 0 is a house that has learned nothing."""
        return self.header.version


def cold_model(slots_log2: int = DEFAULT_SLOTS_LOG2) -> Model:
    """Return the model of a new house. Cost: no memory to speak of, whatever the number of slots."""
    if not LEAST_SLOTS_LOG2 <= slots_log2 <= MOST_SLOTS_LOG2:
        raise ValueError(f"slots_log2 is {slots_log2}: choose from {LEAST_SLOTS_LOG2} to {MOST_SLOTS_LOG2}")
    shape = (1 << slots_log2, WIDTH)
    return Model(
        header=Header(version=0, made_at_ms=0, rows=0, heads=HEADS, features=FEATURES_VERSION),
        weights=lines.zeros(shape, np.float32),
        precision=np.full(shape, LAMBDA2, dtype=np.float32),
        grid=plain_grid(),
        base=cold_base(),
        history=no_history(),
        watch=cold_sketches(),
    )


def file_name(version: int) -> str:
    """Return the name of the file of a version; names sort as their versions do."""
    return f"{version:0{VERSION_DIGITS}d}{SUFFIX}"


def find_newest(folder: Path) -> Path | None:
    """Return the newest model's file in a folder, or None."""
    return max(folder.glob(f"*{SUFFIX}"), default=None)


def write_model(folder: Path, model: Model) -> Path:
    """Write a version aside, bring it to the disk, give it its name, and remove all but ``KEPT_FILES``.

    Cost: 64 bytes a slot, and 40 for each id that is counted; about a second at 2²⁰ slots.
    """
    arrays = arrays_of(model)
    target = folder / file_name(model.version)
    write_arrays(target, model.header, arrays)
    for old in sorted(folder.glob(f"*{SUFFIX}"))[:-KEPT_FILES]:
        old.unlink(missing_ok=True)
    return target


def read_model(path: Path) -> Model:
    """Map a model's file and check it.

    Raises: ModelUnreadable. Cost: one pass over the file; its memory is shared by all who map it.
    """
    header, arrays = read_arrays(path)
    if header.heads != HEADS or header.features != FEATURES_VERSION:
        raise ModelUnreadable(
            f"{path.name} predicts {', '.join(header.heads)} from features {header.features}, which this release does "
            "not. Remove it: training writes another."
        )
    try:
        return Model(
            header=header,
            weights=arrays["weights"],
            precision=arrays["precision"],
            grid=arrays["grid"],
            base=Base(arrays["base.paid"], arrays["base.organic"]),
            history=tuple(Counts(arrays[f"{level}.ids"], arrays[f"{level}.rows"]) for level in LEVELS),
            watch=arrays["watch"],
        )
    except KeyError as error:
        raise ModelUnreadable(f"{path.name} has no array {error}. Remove it: training writes another.") from None


def arrays_of(model: Model) -> dict[str, NDArray[Any]]:
    """Return every array of a model by the name that it has in a file."""
    found: dict[str, NDArray[Any]] = {
        "weights": model.weights,
        "precision": model.precision,
        "grid": model.grid,
        "base.paid": model.base.paid,
        "base.organic": model.base.organic,
        "watch": model.watch,
    }
    for level, counts in zip(LEVELS, model.history, strict=True):
        found[f"{level}.ids"] = counts.ids
        found[f"{level}.rows"] = counts.rows
    return found


def write_arrays(target: Path, header: Header, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays under a header, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            file.write(bytes(PREAMBLE.size))
            entries = []
            for name, values in arrays.items():
                file.write(bytes(-file.tell() % ALIGNMENT))
                held = np.ascontiguousarray(values)
                raw = held.reshape(-1).view(np.uint8).data if held.size else memoryview(b"")
                entries.append(ModelArray(name, held.dtype.str, held.shape, file.tell(), zlib.crc32(raw)))
                file.write(raw)
            at = file.tell()
            head = msgspec.msgpack.encode(msgspec.structs.replace(header, arrays=tuple(entries)))
            file.write(head)
            file.seek(0)
            preamble = PREAMBLE.pack(MAGIC, FORMAT, 0, at, len(head), zlib.crc32(head), 0)[:-4]
            file.write(preamble + struct.pack("<I", zlib.crc32(preamble)))
            file.flush()
            os.fsync(file.fileno())
            large_pages.let_go(file.fileno())
        aside.rename(target)
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_arrays(path: Path) -> tuple[Header, dict[str, NDArray[Any]]]:
    """Map what ``write_arrays`` wrote, and check it. Raises: ModelUnreadable."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            whole = large_pages.ask_for(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)) if size else b""
    except OSError as error:
        raise ModelUnreadable(f"{path.name} cannot be opened ({error.strerror}).") from None
    preamble = bytes(whole[: PREAMBLE.size])
    if len(preamble) < PREAMBLE.size or preamble[: len(MAGIC)] != MAGIC:
        raise ModelUnreadable(f"{path.name} is not a model. Remove it: training writes another.")
    _, number, _, at, length, checksum, own = PREAMBLE.unpack(preamble)
    if own != zlib.crc32(preamble[:-4]):
        raise _damaged(path, "its first bytes changed")
    if number > FORMAT:
        raise ModelUnreadable(
            f"{path.name} was written by a newer release (format {number}, this one reads {FORMAT}). Install that "
            "release here too, or let this one train its own."
        )
    head = bytes(whole[at : at + length])
    if len(head) != length or zlib.crc32(head) != checksum:
        raise _damaged(path, "its header is not as it was written")
    header = msgspec.msgpack.decode(head, type=Header)
    found: dict[str, NDArray[Any]] = {}
    for entry in header.arrays:
        count = int(np.prod(entry.shape, dtype=np.int64))
        values = np.frombuffer(whole, dtype=entry.dtype, count=count, offset=entry.offset) if count else np.zeros(0)
        if count and zlib.crc32(values.view(np.uint8).data) != entry.checksum:
            raise _damaged(path, f"its array {entry.name} changed")
        found[entry.name] = values.astype(entry.dtype, copy=False).reshape(entry.shape)
    return header, found


def _damaged(path: Path, how: str) -> ModelUnreadable:
    return ModelUnreadable(f"{path.name} is damaged: {how}. Remove it: training writes another.")
