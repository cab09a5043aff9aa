"""Reads of reports: up to where facts tell, and in which files they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from attise.measurement.reports.folder import FileView
from attise.measurement.reports.models import File, PromotedTogether, Watermark
from attise.measurement.reports.promoted import Course, Together


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


class TogetherView(NamedTuple):
    """What ads brought the newest promoted posts, taken together."""

    as_of_ms: int
    """World time: of the hours that were over then."""
    found: Together | None
    """None: too few posts can be told of."""


def find_together(advertiser_id: int) -> TogetherView | None:
    """Return what is kept of an advertiser's ads, or of all (0); None: nothing was worked out yet. One keyed read."""
    row = PromotedTogether.objects.filter(advertiser_id=advertiser_id).values_list("as_of_ms", "body").first()
    if row is None:
        return None
    try:
        return TogetherView(row[0], None if row[1] is None else msgspec.msgpack.decode(bytes(row[1]), type=Together))
    except msgspec.MsgspecError:  # kept by another release: it is worked out anew within the hour
        return None


class CoursesView(NamedTuple):
    """The newest posts that an advertiser's ads have shown, each with its course."""

    as_of_ms: int
    """As of ``TogetherView``."""
    courses: list[tuple[int, Course]]
    """By post."""


def find_courses(advertiser_id: int) -> CoursesView | None:
    """Return what is kept of an advertiser's promoted posts; None: nothing was worked out yet. One keyed read."""
    row = PromotedTogether.objects.filter(advertiser_id=advertiser_id).values_list("as_of_ms", "courses").first()
    if row is None or row[1] is None:
        return None
    try:
        return CoursesView(row[0], msgspec.msgpack.decode(bytes(row[1]), type=list[tuple[int, Course]]))
    except msgspec.MsgspecError:  # as above
        return None


def ages_of_together() -> dict[int, int]:
    """Return as of when what is kept is, by advertiser; of what is kept alone. Cost: one statement."""
    return dict(PromotedTogether.objects.values_list("advertiser_id", "as_of_ms"))


def list_files(*, after: int = 0) -> list[FileView]:
    """Return the files that hold facts beyond a position, in order. Cost: one statement."""
    rows = File.objects.filter(to_position__gt=after, replaced_at_ms=None).order_by("from_position")
    return [FileView(*row) for row in rows.values_list(*FileView.__dataclass_fields__)]


def paths_of(folder: Path, files: Sequence[FileView]) -> list[Path]:
    """Return where files lie."""
    return [folder / one.name for one in files]
