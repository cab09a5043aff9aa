"""Reads of reports: up to where facts tell, and in which files they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from attise.measurement.reports.folder import FileView
from attise.measurement.reports.models import File, Watermark


@dataclass(frozen=True, slots=True)
class WatermarkView:
    """Up to where facts tell what happened."""

    position: int
    """Of the log."""
    counted_to_ms: int
    """Wire time: every event received before it stands in files. 0: none does."""
    complete_to_ms: int
    """The same moment in world time."""
    facts: int
    """Rows written in all."""


def get_watermark() -> WatermarkView:
    """Return the watermark. Cost: one keyed read."""
    return WatermarkView(*Watermark.objects.values_list(*WatermarkView.__dataclass_fields__).get(id=1))


def list_files(*, after: int = 0) -> list[FileView]:
    """Return the files that hold facts beyond a position, in order. Cost: one statement."""
    rows = File.objects.filter(to_position__gt=after, replaced_at_ms=None).order_by("from_position")
    return [FileView(*row) for row in rows.values_list(*FileView.__dataclass_fields__)]


def paths_of(folder: Path, files: Sequence[FileView]) -> list[Path]:
    """Return where files lie."""
    return [folder / one.name for one in files]
