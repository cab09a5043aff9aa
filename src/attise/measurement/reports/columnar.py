"""Files of facts and of roll-ups: Parquet, written and read by DuckDB in memory. The one module that knows this engine.

A file has a column for each of ``records.fact.COLUMNS`` as of the release that wrote it. Read together, files of
several releases are one table: what an older one lacks is null there (``union_by_name``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.errors import Outage
from attise.records.fact import COLUMNS, Fact

SQL_TYPES: Final[Mapping[type, str]] = {int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", str: "VARCHAR"}
_NUMPY: Final[Mapping[type, Any]] = {int: np.int64, float: np.float64, bool: np.bool_, str: object}
MEMORY: Final = "256MB"
"""What one connection may hold; sorting and grouping beyond it go to the disk."""
ADDING_MEMORY: Final = "512MB"
"""What one that adds up facts may."""
COMPRESSION: Final = "zstd"
GROUP_ROWS: Final = (20_000, 122_880)
"""Rows of a group within a file of roll-ups, at least and at most: a reader passes over the groups that hold nothing it
asks for, and reads first what each of them holds."""
GROUPS: Final = 128
"""Of a file, as long as that keeps them within those bounds."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a statement calls ``name``: the rows of some files, which may be none."""

    name: str
    columns: Mapping[str, type]
    files: Sequence[Path]


def write_facts(path: Path, facts: Sequence[Fact]) -> None:
    """Write facts into a file, in their order. Raises: Outage. Cost: some 20 µs a fact."""
    columns = dict(zip(COLUMNS, zip(*map(msgspec.structs.astuple, facts), strict=True), strict=True)) if facts else {}
    arrays = {name: np.array(columns.get(name, ()), dtype=_NUMPY[kind]) for name, kind in COLUMNS.items()}
    casts = ", ".join(f"{name}::{SQL_TYPES[kind]} AS {name}" for name, kind in COLUMNS.items())
    with _engine(path.parent) as engine:
        engine.register("facts", arrays)
        engine.execute(f"COPY (SELECT {casts} FROM facts) TO {_quoted(path)} ({_OPTIONS})")  # noqa: S608 - our names


def join_files(path: Path, parts: Sequence[Path]) -> None:
    """Write the facts of several files into one, by decision. Raises: Outage."""
    table = f"SELECT * FROM {table_of(parts)} ORDER BY decision_id, position"  # noqa: S608 - our names
    with _engine(path.parent) as engine:
        engine.execute(f"COPY ({table}) TO {_quoted(path)} ({_OPTIONS})")


def read_columns(statement: str, files: Sequence[Path]) -> dict[str, NDArray[Any]]:
    """Return the columns of a statement over the table ``facts`` of some files, as ``read_tables`` does."""
    return read_tables(statement, facts_table(files))


def read_tables(statement: str, *tables: Table, **values: Any) -> dict[str, NDArray[Any]]:
    """Return the columns of a statement over some tables, as numpy arrays; ``$name`` in it stands for a value.

    What is null comes as a masked array. Raises: Outage, also where a file is gone.
    """
    with _engine(_folder(tables)) as engine:
        _lay_out(engine, tables)
        found: dict[str, NDArray[Any]] = engine.execute(statement, values or None).fetchnumpy()
        return found


def iterate_rows(statement: str, *tables: Table, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a statement over some tables, ``at_once`` together. Raises: Outage.

    Memory is the engine's ``MEMORY`` however many rows there are: what it sorts beyond that lies on the disk.
    """
    with _engine(_folder(tables)) as engine:
        _lay_out(engine, tables)
        found = engine.execute(statement)
        while rows := found.fetchmany(at_once):
            yield rows


def write_table(path: Path, statement: str, *tables: Table) -> None:
    """Write the rows of a statement over some tables into a file, in their order. Raises: Outage."""
    with _engine(path.parent, memory=ADDING_MEMORY) as engine:
        _lay_out(engine, tables)
        rows = _group_rows(engine, [file for table in tables for file in table.files])
        engine.execute(f"COPY ({statement}) TO {_quoted(path)} ({_OPTIONS}, ROW_GROUP_SIZE {rows})")


def write_texts(path: Path, types: Mapping[str, str], parts: Iterable[Sequence[Sequence[str | None]]]) -> int:
    """Write rows of texts into a file, each column cast to its SQL type; returns how many rows. Raises: Outage.

    Parts are taken in one after the other; what is more than ``MEMORY`` waits on the disk. Invariants: names are ours.
    """
    columns = [f'"{name}"' for name in types]
    many = 0
    with _engine(path.parent) as engine:
        engine.execute(f"CREATE TABLE given ({', '.join(f'{name} VARCHAR' for name in columns)})")
        for rows in parts:
            many += len(rows)
            cells = zip(*rows, strict=True)
            engine.register("part", {name: np.array(column, object) for name, column in zip(types, cells, strict=True)})
            engine.execute("INSERT INTO given SELECT * FROM part")
            engine.unregister("part")
        casts = ", ".join(
            f"CAST({name} AS {kind}) AS {name}" for name, kind in zip(columns, types.values(), strict=True)
        )
        engine.execute(f"COPY (SELECT {casts} FROM given) TO {_quoted(path)} ({_OPTIONS})")  # noqa: S608 - our names
    return many


def facts_table(files: Sequence[Path]) -> Table:
    """Return the table ``facts`` of some files."""
    return Table("facts", COLUMNS, files)


def table_of(files: Sequence[Path]) -> str:
    """Return the SQL of the table that some files make together."""
    return f"read_parquet([{', '.join(_quoted(path) for path in files)}], union_by_name = true)"


_OPTIONS: Final = f"FORMAT parquet, COMPRESSION {COMPRESSION}"


def _folder(tables: Sequence[Table]) -> Path | None:
    return next((path.parent for table in tables for path in table.files), None)


def _lay_out(engine: Any, tables: Sequence[Table]) -> None:
    """Give each table its name, and every column that its files may be too old to have."""
    for table in tables:
        nothing = ", ".join(f"NULL::{SQL_TYPES[kind]} AS {name}" for name, kind in table.columns.items())
        none = f"SELECT {nothing} WHERE FALSE"
        every = f" UNION ALL BY NAME SELECT * FROM {table_of(table.files)}" if table.files else ""  # noqa: S608 - ours
        engine.execute(f"CREATE VIEW {table.name} AS {none}{every}")


def _group_rows(engine: Any, files: Sequence[Path]) -> int:
    """Return how many rows a group is to have of a file that is made of others, and has no more rows than they have."""
    least, most = GROUP_ROWS
    if not files:
        return least
    names = ", ".join(_quoted(path) for path in files)
    found = engine.execute(f"SELECT SUM(num_rows)::BIGINT FROM parquet_file_metadata([{names}])")  # noqa: S608 - ours
    (rows,) = found.fetchone()
    return int(min(max(rows // GROUPS, least), most))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def _engine(spill: Path | None, *, memory: str = MEMORY) -> Iterator[Any]:
    """Open the engine for one task, in this thread alone; it asks no network and keeps nothing."""
    import duckdb  # some 40 MB, for those alone who read or write facts

    # What does not fit into memory is spilled beside the facts: the one folder that has room for them.
    config: dict[str, str | int] = {"threads": 1, "memory_limit": memory, "autoinstall_known_extensions": "false"}
    if spill is not None:
        config["temp_directory"] = str(spill / ".spill")
    engine = duckdb.connect(":memory:", config=config)
    try:
        engine.execute("SET enable_progress_bar = false")  # standard output is the command's
        engine.execute("SET parquet_metadata_cache = true")  # a statement looks at each file twice, and none changes
        yield engine
    except (duckdb.Error, OSError) as error:
        raise Outage(f"facts: {error}") from error
    finally:
        engine.close()
