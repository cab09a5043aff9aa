"""Which files make the roll-ups of this moment: one small file that takes another's place in one step.

A *generation* is what a manifest names: parts, each of a stretch of the log, with a file for each roll-up. No file that
a manifest names is ever changed. Who reads takes the manifest and then its files; a file that the newest generation
does without stays for ``GRACE_MS``. So nobody waits for anybody.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.limits import MINUTE_MS
from attise.measurement.reports.folder import DIGITS, SUFFIX, aside, publish
from attise.measurement.reports.rollups.kinds import KINDS

FOLDER: Final = "rollups"
NAME: Final = "manifest.json"
SHAPE: Final = 3
"""Of the roll-ups: a release that adds a key or gives a sum another meaning raises it, and they are made anew."""
GRACE_MS: Final = 10 * MINUTE_MS


class Part(msgspec.Struct, frozen=True):
    """A stretch of the log, rolled up."""

    from_position: int
    to_position: int
    generation: int
    """That it was written for."""
    period: int
    """Of its facts (``merging``)."""
    rows: int
    """Facts in it."""
    kinds: tuple[str, ...] = tuple(kind.name for kind in KINDS)
    """What is kept of it: who was reached goes with the facts."""
    first_ms: int | None = None
    """No row of it is of an hour before this one, by UTC or by an advertiser's clock; None: not known."""
    last_ms: int | None = None
    """Nor after this one."""

    def may_tell_of(self, moments: tuple[int, int]) -> bool:
        """Tell whether it may have rows of hours from one moment on and before another."""
        begin_ms, end_ms = moments
        return self.first_ms is None or self.last_ms is None or (self.first_ms < end_ms and self.last_ms >= begin_ms)

    def name_of(self, kind: str) -> str:
        """Return the name of its file of one roll-up."""
        stretch = f"{self.from_position:0{DIGITS}d}-{self.to_position:0{DIGITS}d}"
        return f"{kind}-{stretch}-{self.generation}{SUFFIX}"

    def names(self) -> set[str]:
        """Return the names of all its files."""
        return {self.name_of(kind) for kind in self.kinds}


class Left(msgspec.Struct, frozen=True):
    """A file that the generation does without, and since when (wire time)."""

    name: str
    at_ms: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One generation."""

    shape: int = SHAPE
    generation: int = 0
    position: int = 0
    """Of the log: all facts up to it are rolled up."""
    complete_to_ms: int = 0
    """World time: what happened before it and was received stands in the roll-ups. 0: nothing does."""
    parts: tuple[Part, ...] = ()
    left: tuple[Left, ...] = ()

    def paths_of(self, kind: str, folder: Path, moments: tuple[int, int] | None = None) -> list[Path]:
        """Return the files that hold one roll-up, or those that may tell of hours between two moments."""
        parts = [part for part in self.parts if kind in part.kinds and (moments is None or part.may_tell_of(moments))]
        return [folder / part.name_of(kind) for part in parts]

    def names(self) -> set[str]:
        """Return the names that the folder may hold: the parts' files, and those that somebody may still be reading."""
        return {NAME, *(one.name for one in self.left)}.union(*(part.names() for part in self.parts))


NOTHING: Final = Manifest()


def rollups_folder(house: House) -> Path:
    """Return the folder of a house's roll-ups, made if it is not there."""
    folder = house.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Return the newest generation; ``NOTHING`` where there is none, or one of another shape. Raises: Outage."""
    try:
        found = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return NOTHING
    except msgspec.MsgspecError:  # written by another release: it is made anew
        return NOTHING
    except OSError as error:
        raise Outage(f"the folder of roll-ups: {error.strerror}") from error
    return found if found.shape == SHAPE else NOTHING


def publish_manifest(folder: Path, manifest: Manifest) -> None:
    """Let a generation be the newest; its files are on the disk. Raises: OSError."""
    path = folder / NAME
    aside(path).write_bytes(msgspec.json.encode(manifest))
    publish(aside(path), path)
