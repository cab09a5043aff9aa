"""Reads of reports that are written as files."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

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
    form: str
    """The kind of file; empty: the dialect's CSV."""
    person_id: int
    """Who asked for it at a console; 0: nobody did."""
    advertiser_ids: tuple[int, ...]
    """Whose rows it holds: of others too, where it was asked for by somebody who reached them all."""


class _Whose(msgspec.Struct):
    """What is read here of a report that was asked for, from whichever release."""

    advertiser_ids: tuple[int, ...]


_COLUMNS = ("id", "state", "file_name", "rows", "ended_at_ms", "form", "person_id")


def find_task(task_id: int) -> TaskView | None:
    """Return a report, whoever asked for it: for who holds a link to it. Cost: a keyed read."""
    return _view(Task.objects.filter(id=task_id, state=Task.DONE))


def get_task(task_id: int, *, advertiser_id: int) -> TaskView:
    """Return a report that an advertiser asked for. Raises: ``not_found``, also for another's. Cost: a keyed read."""
    found = _view(Task.objects.filter(id=task_id, advertiser_id=advertiser_id))
    if found is None:
        raise Refusal(NOT_FOUND, field="task_id")
    return found


def _view(rows: QuerySet[Task]) -> TaskView | None:
    found = rows.values_list(*_COLUMNS, "asked").first()
    if found is None:
        return None
    *told, asked = found
    return TaskView(*told, msgspec.json.decode(asked, type=_Whose).advertiser_ids)
