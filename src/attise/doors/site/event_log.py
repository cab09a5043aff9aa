"""The event log as the site writes it: durable before the answer, one append at a time.

The edge appends for those who watch, thousands of times a second, and gathers; what comes through the site comes in
whole requests, each of which is one append.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from django.conf import settings

from attise.kernel.errors import Outage
from attise.kernel.means import Means
from attise.measurement.ingest.log import Entry
from attise.measurement.ingest.sqlite_log import SqliteLog

_lock = threading.Lock()
_log: SqliteLog | None = None


def append(means: Means, entries: Sequence[Entry]) -> None:
    """Keep entries in their order; they are durable when this returns. Raises: Outage, then none is known to be kept.

    Cost: one commit of the log, about a millisecond, in which others wait.
    """
    global _log  # noqa: PLW0603 - one process, one connection
    if not entries:
        return
    with _lock:
        try:
            if _log is None:
                _log = SqliteLog(settings.HOUSE.folder, may_write=True)
            _log.append(entries, at_ms=means.clock.wire_ms())
        except Outage:
            _let_go()
            raise


def close() -> None:
    """Let go of the log, as before its file goes: the next append opens it anew."""
    with _lock:
        _let_go()


def _let_go() -> None:
    global _log  # noqa: PLW0603 - one process, one connection
    if _log is not None:
        _log.close()
        _log = None
