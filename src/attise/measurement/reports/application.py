"""The application of Apache Spark that a process is: begun at its first question, and what it may hold on to.

Only the first question waits for Java. Whoever asks all day must not grow: Spark keeps a session for as long as its
process lives, and what it could show of a thousand questions, whether there is a page to show it on or not.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from attise.kernel.errors import Outage

DRIVER_MEMORY: Final = "1g"
"""Of the Java process beside each process that asks."""
RETRY_S: Final = 30
FORGETTING: Final[Mapping[str, int]] = {
    # A plan is told in megabytes, once for each question; nobody reads it here.
    "spark.sql.maxPlanStringLength": 8_192,
    "spark.sql.ui.retainedExecutions": 1,
    "spark.ui.retainedJobs": 8,
    "spark.ui.retainedStages": 8,
    "spark.ui.retainedTasks": 64,
    "spark.ui.retainedDeadExecutors": 1,
    # Compiled questions with their texts, a thousand otherwise.
    "spark.sql.codegen.cache.maxEntries": 50,
}
"""What is kept of questions that were answered."""
_lending = threading.Lock()
_free: list[Any] = []
"""Sessions of the application that nobody asks in at the moment: no more than were ever asked in at once."""


@contextmanager
def lent_session(master: str, cores: int) -> Iterator[Any]:
    """Lend a session whose tables nobody else sees meanwhile; the first one starts Java. Raises: Outage.

    Its next borrower puts tables of the same names in the place of these.
    """
    with _lending:
        held = _application(master, cores)
        session = _free.pop() if _free else held.newSession()
    try:
        yield session
    finally:
        with _lending:
            if not _is_stopped(session.sparkContext):
                _free.append(session)


def end_if_deserted(context: Any) -> None:
    """End an application that no machine works for: the next question begins another one.

    Why: a master that was started again knows nothing of it, and would never send it anybody.
    """
    with _lending:
        if not _is_stopped(context) and not _workers_of(context):
            _free.clear()
            context.stop()


def _application(master: str, cores: int) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Outage("reports: pip install 'attise[spark]'", retry_after_s=RETRY_S) from None
    builder = (
        SparkSession.builder.appName("attise")
        .master(master)
        .config("spark.cores.max", cores)
        .config("spark.sql.shuffle.partitions", 2 * cores)
        .config("spark.driver.memory", DRIVER_MEMORY)
        .config("spark.sql.session.timeZone", "UTC")
        # What a condition implies of each other name of each column: of two hundred sums, more than a gigabyte holds.
        .config("spark.sql.constraintPropagation.enabled", "false")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
    )
    for name, value in FORGETTING.items():
        builder = builder.config(name, value)
    held = builder.getOrCreate()
    if _is_stopped(held.sparkContext):  # its master went away
        _free.clear()
        held.stop()
        held = builder.getOrCreate()
    return held


def _is_stopped(context: Any) -> bool:
    java = context._jsc  # noqa: SLF001 - nothing public tells it
    return java is None or bool(java.sc().isStopped())


def _workers_of(context: Any) -> int:
    """Return how many machines work for an application; threads of this one count as one."""
    java = context._jsc.sc()  # noqa: SLF001 - as above
    return 1 if java.isLocal() else len(java.statusTracker().getExecutorInfos()) - 1
