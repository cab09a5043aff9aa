"""Files in, posts out: what ``attise scout`` reads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from attise.measurement.scout.bounds import OBSERVATIONS_MOST, POSTS_MOST
from attise.measurement.scout.observed import SIGNALS, Observed, observe
from attise.measurement.scout.reading import documents, tables
from attise.measurement.scout.reading.opened import Source, sources
from attise.measurement.scout.reading.rows import BadRow, Row, Skipped, Tally


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller says: ``columns`` of tables, when looks that name no time were taken, zones, order of days."""

    columns: Mapping[str, str] = field(default_factory=dict)
    at_ms: int | None = None
    zone: str = "UTC"
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What files held. ``skipped_more``: left out beyond those told; ``timed_by_file``: files without times."""

    posts: list[Observed]
    skipped: list[Skipped]
    skipped_more: int
    timed_by_file: list[str]


def read(paths: Sequence[Path], asked: Asked | None = None) -> Read:
    """Return the posts of files and folders, and all that was left out. Never raises for what a file holds."""
    asked = asked or Asked()
    tally, timed = Tally(), []
    gathered: dict[str, list[Row]] = {}
    seen: set[tuple[str, int | None, tuple[float, ...]]] = set()
    for source in sources(paths, tally):
        several = 0
        at_ms, by_name = asked.at_ms, True
        if at_ms is None:
            at_ms, by_name = source.taken_at_ms(asked.zone)
        try:
            for row in _rows(source, asked, tally):
                several += row.at_ms is None
                placed = row if row.at_ms is not None else replace(row, at_ms=at_ms)
                key = (placed.post, placed.at_ms, tuple(-1.0 if math.isnan(one) else one for one in placed.counts))
                if key in seen:
                    tally.skip(source.name, row.line, "duplicate", placed.post[:40])
                elif placed.post not in gathered and len(gathered) >= POSTS_MOST:
                    tally.skip(source.name, row.line, "posts_most")
                else:
                    seen.add(key)
                    gathered.setdefault(placed.post, []).append(placed)
        except BadRow as bad:
            tally.skip(source.name, 0, bad.reason, bad.detail)
        if several and not by_name:
            timed.append(source.name)
    return Read([_post(rows) for rows in gathered.values()], tally.skipped, tally.more, timed)


def _rows(source: Source, asked: Asked, tally: Tally) -> Iterator[Row]:
    """Yield the rows of one file, whatever it is. Raises: BadRow, for the file as a whole."""
    if source.head().lstrip()[0] not in "{[":
        told = tables.Told(asked.columns, asked.zone, asked.day_first)
        yield from tables.rows_of(source.name, source.lines(tally), told, tally)
    elif _is_lines(source):
        for line, text in enumerate(source.lines(tally), 1):
            if text.strip():
                yield from _line(source.name, line, text, asked, tally)
    else:
        yield from _document(source.name, source.text(), asked, tally)


def _document(name: str, text: str, asked: Asked, tally: Tally) -> Iterator[Row]:
    found = documents.posts_in(documents.parse(text))
    if found is None:
        raise BadRow("unknown_format")
    path, entries = found
    lines = documents.lines_of(text, path, entries)
    for line, entry in zip(lines, entries, strict=True):
        row = tally.take(name, line, lambda entry=entry, line=line: documents.row_of(entry, zone=asked.zone, line=line))
        if row is not None:
            yield row


def _line(name: str, line: int, text: str, asked: Asked, tally: Tally) -> Iterator[Row]:
    try:
        value = documents.parse(text)
    except BadRow as bad:
        tally.skip(name, line, bad.reason)
        return
    found = documents.posts_in(value)
    for entry in [value] if found is None else found[1]:
        row = tally.take(name, line, lambda entry=entry: documents.row_of(entry, zone=asked.zone, line=line))
        if row is not None:
            yield row


def _is_lines(source: Source) -> bool:
    """Tell whether a JSON file holds a value a line: its first line is one by itself, and another follows."""
    first, *others = itertools.islice((text for text in source.lines(Tally()) if text.strip()), 2)
    if not others or not others[0].lstrip().startswith("{"):
        return False
    try:
        return isinstance(documents.parse(first), dict)
    except BadRow:
        return False


def _post(rows: list[Row]) -> Observed:
    rows = sorted(rows, key=lambda row: row.at_ms or 0)
    if len(rows) > OBSERVATIONS_MOST:
        rows = [rows[place] for place in np.linspace(0, len(rows) - 1, OBSERVATIONS_MOST).astype(int)]
    counts = np.array([row.counts for row in rows])

    def last(name: str) -> object:
        return next((value for row in reversed(rows) if (value := getattr(row, name))), None)

    return observe(
        rows[0].post,
        np.array([row.at_ms for row in rows]),
        counts[:, 0],
        **{name: counts[:, column] for column, name in enumerate(SIGNALS, 1)},
        published_at_ms=last("published_at_ms"),  # type: ignore[arg-type]
        duration_s=last("duration_s"),  # type: ignore[arg-type]
        creator=str(last("creator") or ""),
        category=str(last("category") or ""),
        title=str(last("title") or ""),
    )
