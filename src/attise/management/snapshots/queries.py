"""Reads of snapshots: how far deltas have been made, which files there are, what was told of one object."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.snapshots.models import Delta, File, Position
from attise.records.snapshot.deltas import DeltaKind, SnapshotDelta


@dataclass(frozen=True, slots=True)
class PositionView:
    """How far deltas have been made; all of its numbers are told in the room's tables."""

    number: int
    version: int
    upto: int
    clock_ms: int
    clock_upto_ms: int
    stage: int
    after: int

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is under way."""
        return (self.upto, self.clock_upto_ms) == (self.version, self.clock_ms)


@dataclass(frozen=True, slots=True)
class FileView:
    """A whole snapshot in a data folder."""

    place: str
    version: int
    number: int
    name: str
    ads: int
    posts: int
    size_bytes: int
    took_ms: int
    made_at_ms: int


def get_position() -> PositionView:
    """Return how far deltas have been made. Cost: one keyed read."""
    fields = PositionView.__dataclass_fields__
    found = Position.objects.filter(id=1).values_list(*fields).first()
    if found is None:
        raise AssertionError("the position row of snapshots is missing")
    return PositionView(*found)


def list_files(place: str | None = None) -> list[FileView]:
    """Return the whole snapshots of a data folder, or of all, newest first."""
    rows = File.objects.all() if place is None else File.objects.filter(place=place)
    return [FileView(*row) for row in rows.order_by("-version", "-id").values_list(*FileView.__dataclass_fields__)]


def list_deltas_of(object_id: int, *, after: int = 0) -> list[SnapshotDelta]:
    """Return what was told of one ad or post above the delta ``after``, oldest first. Cost: one query on an index."""
    rows = Delta.objects.filter(object_id=object_id, number__gt=after).order_by("number")
    return [
        SnapshotDelta(number, version, DeltaKind(kind), object_id, bytes(body))
        for number, version, kind, body in rows.values_list("number", "version", "kind", "body")
    ]


def count_deltas(after: int, upto: int) -> int:
    """Return how many deltas are kept above one number and up to another. Cost: one range of an index."""
    return Delta.objects.filter(number__gt=after, number__lte=upto).count()
