"""Which engine reads and adds up roll-ups for a house: DuckDB within the process, or Apache Spark on other machines.

Both are asked by the same statements over the same files and give the same answers (``tests/distributed``). What needs
one person's or one ad's facts (training, lift, ``attise verify``) stays on DuckDB, whichever is chosen.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from numpy.typing import NDArray

from attise.kernel.house import House, Settings
from attise.measurement.reports import columnar
from attise.measurement.reports.columnar import Table

JAVA: Final = 17
"""The oldest release of Java that will do."""
EXTRA: Final = ("pyspark", "sqlglot")


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


def missing_for(settings: Settings) -> Sequence[str]:
    """Return what the chosen engine lacks on this machine, each as a sentence for the operator. Runs ``java`` once."""
    if not settings.reports_on_spark:
        return ()
    found = []
    absent = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if absent:
        found.append(f"ATTISE_REPORT_ENGINE=spark needs {' and '.join(absent)}: pip install 'attise[spark]'.")
    release = java_release()
    if release is None:
        found.append(f"ATTISE_REPORT_ENGINE=spark needs Java {JAVA}: there is no java on PATH, and no JAVA_HOME.")
    elif release < JAVA:
        found.append(f"ATTISE_REPORT_ENGINE=spark needs Java {JAVA} or later; this is {release}.")
    return found


def java_release() -> int | None:
    """Return the release of the Java that would run; None where there is none that tells."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java") if not home else shutil.which(str(Path(home) / "bin" / "java"))
    if java is None:
        return None
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r'version "(?:1\.)?([0-9]+)', said.stderr + said.stdout)
    return int(number[1]) if number else None
