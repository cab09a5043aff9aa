"""Reads of reports that are written as files."""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.measurement.reports.models import Task


@dataclass(frozen=True, slots=True)
class TaskView:
    """One report that was asked for. ``state`` is one of ``models.Task``'s."""

    id: int
    state: str
    file_name: str
    rows: int
    ended_at_ms: int | None


def get_task(task_id: int, *, advertiser_id: int) -> TaskView:
    """Return a report that an advertiser asked for. Raises: ``not_found``, also for another's. Cost: a keyed read."""
    rows = Task.objects.filter(id=task_id, advertiser_id=advertiser_id)
    found = rows.values_list(*TaskView.__dataclass_fields__).first()
    if found is None:
        raise Refusal(NOT_FOUND, field="task_id")
    return TaskView(*found)
