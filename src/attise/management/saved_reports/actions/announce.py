"""A file of a report that somebody asked for and that took a while is written, or cannot be."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb


@verb
def announce_written(means: Means, *, advertiser_id: int, task_id: int, name: str, is_written: bool) -> None:
    """Tell an advertiser that a file of a report is there, or that there will be none; once for each file."""
    kind = "report_written" if is_written else "report_failed"
    with unit(means) as work:
        work.notice("advertiser", advertiser_id, kind, task_id, once=f"report_over:{task_id}", name=name)
