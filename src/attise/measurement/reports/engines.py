"""Which engine reads and adds up roll-ups for a house: DuckDB within the process, or Apache Spark on other machines.

Both are asked by the same statements over the same files and give the same answers (``tests/distributed``). What needs
one person's or one ad's facts (training, lift, ``attise verify``) stays on DuckDB, whichever is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from attise.kernel.house import House, Settings
from attise.measurement.reports import columnar
from attise.measurement.reports.columnar import Table


class Engine(Protocol):
    """What reports ask of an engine, as ``columnar`` words it."""

    def read_tables(self, statement: str, *tables: Table) -> dict[str, NDArray[Any]]:
        """Return the columns of a statement over some tables."""

    def iterate_rows(self, statement: str, *tables: Table, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield its rows, some at a time."""

    def write_table(self, path: Path, statement: str, *tables: Table) -> None:
        """Write its rows into one file."""


def engine_of(house: House) -> Engine:
    """Return the engine of a house; one that is no more than a folder has DuckDB. Nothing is asked yet."""
    settings: Settings | None = getattr(house, "settings", None)
    if settings is None or not settings.reports_on_spark:
        return columnar
    from attise.measurement.reports.distributed import Cluster

    return Cluster(settings.spark_master, settings.spark_cores)
