"""Reports on Apache Spark: the statements of reports, translated, over the same Parquet files, on other machines.

An optional extra (``pip install 'attise[spark]'`` and Java 17); ``docs/how-to/outgrow-one-machine.md`` says when. With
``application``, all that knows it. Every machine finds the data folder under the same path.

A statement is DuckDB's and is translated by ``sqlglot``. Reports keep to what means the same everywhere: counts, exact
distinct counts, integer sums, ``case``, ``group by`` and the order of whole numbers, doubles and texts.
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.errors import Outage
from attise.measurement.reports.application import RETRY_S, end_if_deserted, lent_session
from attise.measurement.reports.columnar import COMPRESSION, Table
from attise.measurement.reports.folder import aside_in_parts

SQL_TYPES: Final = {int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", str: "STRING"}
_NUMPY: Final = {"bigint": np.int64, "int": np.int64, "double": np.float64, "boolean": np.bool_}
GROUP_BYTES: Final = 4 << 20
"""Of a group of rows within a file: a reader passes over those that hold nothing it asks for."""
PATIENCE_S: Final = 60
"""For an answer that somebody waits for."""
WRITING_S: Final = 1_800
"""For what is written to files: a month of a large house takes minutes."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """An engine of reports (``engines.Engine``)."""

    master: str
    """``spark://host:7077``, or ``local[4]`` for threads of this machine."""
    cores: int
    """How many of the cluster this process may take."""

    def read_tables(self, statement: str, *tables: Table) -> dict[str, NDArray[Any]]:
        """Return the columns of a statement over some tables, as ``columnar.read_tables``. Raises: Outage."""
        with _asking(), self._ask(statement, tables) as found, _within(found, PATIENCE_S):
            kinds, rows = found.dtypes, found.collect()
        return {name: _column(kind, [row[place] for row in rows]) for place, (name, kind) in enumerate(kinds)}

    def iterate_rows(self, statement: str, *tables: Table, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a statement over some tables, ``at_once`` together.

        Memory is that of one partition of the answer. Raises: Outage, after ``WRITING_S`` at the latest.
        """
        with _asking(), self._ask(statement, tables) as found:
            together: list[tuple[Any, ...]] = []
            with _within(found, WRITING_S) as is_over:
                for row in found.toLocalIterator():
                    if is_over():  # between two partitions nothing runs that could be cancelled
                        raise Outage("Apache Spark: a report took too long", retry_after_s=RETRY_S)
                    together.append(tuple(row))
                    if len(together) == at_once:
                        yield together
                        together = []
            if together:
                yield together

    def write_table(self, path: Path, statement: str, *tables: Table) -> None:
        """Write the rows of a statement over some tables into one file, in their order.

        Raises: OSError; Outage, after ``WRITING_S`` at the latest.
        """
        parts = aside_in_parts(path)
        try:
            with _asking(), self._ask(statement, tables) as found:
                writer = found.coalesce(1).write.mode("overwrite")
                writer = writer.option("compression", COMPRESSION).option("parquet.block.size", GROUP_BYTES)
                with _within(found, WRITING_S):
                    writer.parquet(parts.absolute().as_uri())
            (part,) = parts.glob("part-*.parquet")
            part.rename(path)
        finally:
            shutil.rmtree(parts, ignore_errors=True)

    @contextmanager
    def _ask(self, statement: str, tables: Sequence[Table]) -> Iterator[Any]:
        """Yield the rows of a statement, in a session whose tables no other question sees meanwhile."""
        with lent_session(self.master, self.cores) as session:
            for table in tables:
                _lay_out(session, table)
            yield session.sql(translated(statement))


def translated(statement: str) -> str:
    """Return a statement of reports in Spark's dialect. Raises: Outage, where the extra is not installed."""
    try:
        import sqlglot
    except ImportError:
        raise Outage("reports: pip install 'attise[spark]'", retry_after_s=RETRY_S) from None
    (found,) = sqlglot.transpile(statement, read="duckdb", write="spark")
    return str(found)


def _lay_out(session: Any, table: Table) -> None:
    """Give a table its name; a column that a file is too old to have is null."""
    if table.files:
        shape = ", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in table.columns.items())
        rows = session.read.schema(shape).parquet(*(path.absolute().as_uri() for path in table.files))
    else:
        nothing = ", ".join(f"CAST(NULL AS {SQL_TYPES[kind]}) AS {name}" for name, kind in table.columns.items())
        rows = session.sql(f"SELECT {nothing} WHERE FALSE")
    rows.createOrReplaceTempView(table.name)


def _column(kind: str, values: list[Any]) -> NDArray[Any]:
    """Return a column as an array, masked where it is null, as DuckDB gives it."""
    of = _NUMPY.get(kind, object)
    gone = [value is None for value in values]
    if not any(gone):
        return np.array(values, dtype=of)
    filled = [("" if of is object else 0) if value is None else value for value in values]
    return np.ma.masked_array(np.array(filled, dtype=of), mask=gone)


@contextmanager
def _within(rows: Any, seconds: float) -> Iterator[Callable[[], bool]]:
    """Cancel what takes longer than anybody waits for: a cluster without workers would never answer.

    Yields what tells whether it was cancelled.
    """
    context, group, is_over = rows.sparkSession.sparkContext, uuid.uuid4().hex, threading.Event()
    context.setJobGroup(group, "a report", interruptOnCancel=True)

    def end() -> None:
        is_over.set()
        context.cancelJobGroup(group)
        end_if_deserted(context)

    bound = threading.Timer(seconds, end)
    bound.daemon = True
    bound.start()
    try:
        yield is_over.is_set
    except Exception as error:
        # Of an application that was ended meanwhile the library tells whatever it stumbles over, as of nothing at all.
        if is_over.is_set() and not _is_of_spark(error):
            raise Outage("Apache Spark: a report took too long", retry_after_s=RETRY_S) from error
        raise
    finally:
        bound.cancel()


@contextmanager
def _asking() -> Iterator[None]:
    """Say of whatever goes wrong beyond this process that reports are away."""
    try:
        yield
    except Outage:
        raise
    except Exception as error:
        if not _is_of_spark(error):
            raise
        told = str(error).strip().splitlines()
        raise Outage(f"Apache Spark: {told[0] if told else type(error).__name__}", retry_after_s=RETRY_S) from error


def _is_of_spark(error: Exception) -> bool:
    # PySpark has many classes for it, py4j others, and a missing java is a RuntimeError of its own.
    return isinstance(error, Outage) or type(error).__module__.startswith(("pyspark", "py4j"))
