"""The rows of a report: read from the newest generation, told in text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attise.kernel.clock import to_datetime
from attise.kernel.house import House
from attise.measurement.reports.asking import statement
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import DAY, HOUR, IDS, POST
from attise.measurement.reports.asking.metrics import METRICS
from attise.measurement.reports.columnar import Table
from attise.measurement.reports.engines import Engine, engine_of
from attise.measurement.reports.rollups.kinds import SEEN
from attise.measurement.reports.rollups.reading import Generation, newest
from attise.records.lookups import regions


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is told by, in text, and its sums by name."""

    dimensions: dict[str, str]
    currency: str
    """Empty where several are mixed."""
    sums: dict[str, int]

    def told(self, metric: str) -> str:
        """Return a metric in text; ``-`` for a word about the object, which others know."""
        return METRICS[metric].told(self.sums, self.currency)


@dataclass(frozen=True, slots=True)
class Answer:
    """Some rows of a report, and of how many."""

    rows: list[Row]
    many: int
    totals: Row | None
    """All rows as one, where that was asked for; None too where there is nothing."""
    complete_to_ms: int
    """World time up to which it tells everything."""
    generation: int


def answer(house: House, asked: Asked, *, page: int, page_size: int) -> Answer:
    """Return a page of a report that ``asked.check`` let pass. Raises: Outage. Cost: one or two statements."""
    found = newest(house)
    manifest = found.manifest
    if asked.is_always_empty:
        return Answer([], 0, None, manifest.complete_to_ms, manifest.generation)
    engine = engine_of(house)
    offset = (page - 1) * page_size
    columns = _read(engine, found, asked, statement.rows_sql(asked, limit=page_size, offset=offset))
    many = int(columns["many"][0]) if len(columns["many"]) else 0
    if not many and offset:
        many = int(_read(engine, found, asked, statement.count_sql(asked))["many"][0])
    totals: Row | None = None
    if asked.with_totals:
        every = replace(asked, dimensions=(), order="", with_totals=False)
        totals = next(iter(rows_of(every, _read(engine, found, every, statement.every_row_sql(every)))), None)
    return Answer(list(rows_of(asked, columns)), many, totals, manifest.complete_to_ms, manifest.generation)


def iterate(house: House, asked: Asked, *, at_once: int) -> Iterator[list[Row]]:
    """Yield all rows of a report that ``asked.check`` let pass, some at a time, from one generation. Raises: Outage."""
    if asked.is_always_empty:
        return
    found = newest(house)
    found_rows = engine_of(house).iterate_rows(
        statement.every_row_sql(asked), *tables_of(found, asked), at_once=at_once
    )
    for values in found_rows:
        yield list(told_rows(asked, values))


def tables_of(found: Generation, asked: Asked) -> list[Table]:
    """Return the tables that the statements of a report are over."""
    moments = statement.moments_of(asked)
    people = [found.table(SEEN, moments)] if statement.needs_people(asked) else []
    return [found.table(statement.kind_of(asked), moments), *people]


def _read(engine: Engine, found: Generation, asked: Asked, sql: str) -> dict[str, Any]:
    return engine.read_tables(sql, *tables_of(found, asked))


def rows_of(asked: Asked, columns: dict[str, Any]) -> Iterator[Row]:
    """Yield rows from the columns of a statement."""
    lists = [np.ma.getdata(columns[name]).tolist() for name in statement.columns_of(asked)]
    return told_rows(asked, zip(*lists, strict=True))


def told_rows(asked: Asked, values: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Yield rows from rows of values, in the order of ``statement.columns_of``."""
    names, sums, width = asked.dimensions, statement.sums_of(asked), len(asked.dimensions)
    for row in values:
        currency, other = row[width : width + 2]
        yield Row(
            {name: _told(name, value) for name, value in zip(names, row[:width], strict=True)},
            currency if currency == other else "",
            dict(zip(sums, row[width + 2 :], strict=True)),
        )


def _told(name: str, value: Any) -> str:
    if name in (*IDS, POST):
        return str(value)
    if name in (DAY, HOUR):
        return f"{to_datetime(value):%Y-%m-%d %H:%M:%S}"
    if name == "province_id":
        region = regions.by_iso(value)
        return value if region is None else region.wire_id
    return str(value)
