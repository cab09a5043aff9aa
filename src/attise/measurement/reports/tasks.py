"""Reads of reports that are written as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    language: str
    """In which its words are; empty: the dialect's own."""
    person_id: int
    """Who asked for it at a console; 0: nobody did."""
    asked_at_ms: int
    advertiser_id: int
    advertiser_ids: tuple[int, ...]
    """Whose rows it holds: of others too, where it was asked for by somebody who reached them all."""

    @property
    def is_own(self) -> bool:
        """Whether it has a reader's words, rather than the dialect's."""
        return bool(self.language)


class _Whose(msgspec.Struct):
    """What is read here of a report that was asked for, from whichever release."""

    advertiser_ids: tuple[int, ...]


_COLUMNS = (
    *("id", "state", "file_name", "rows", "ended_at_ms"),
    *("form", "language", "person_id", "asked_at_ms", "advertiser_id"),
)


def find_task(task_id: int) -> TaskView | None:
    """Return a report, whoever asked for it: for who holds a link to it. Cost: a keyed read."""
    return _view(Task.objects.filter(id=task_id, state=Task.DONE))


def get_task(task_id: int, *, advertiser_id: int) -> TaskView:
    """Return a report that an advertiser asked for. Raises: ``not_found``, also for another's. Cost: a keyed read."""
    found = _view(Task.objects.filter(id=task_id, advertiser_id=advertiser_id))
    if found is None:
        raise Refusal(NOT_FOUND, field="task_id")
    return found


def list_own(advertiser_id: int, *, limit: int = 20) -> list[TaskView]:
    """Return the files with a reader's words that an advertiser asked for, newest first. Cost: one statement."""
    rows = Task.objects.filter(advertiser_id=advertiser_id).exclude(language="").order_by("-id")
    return [_told(row) for row in rows.values_list(*_COLUMNS, "asked")[:limit]]


def list_untold(*, limit: int = 20) -> list[TaskView]:
    """Return files that are over and of which nobody was told yet, oldest first. Cost: one statement."""
    rows = Task.objects.filter(is_told=False, state__in=[Task.DONE, Task.FAILED]).order_by("id")
    return [_told(row) for row in rows.values_list(*_COLUMNS, "asked")[:limit]]


def _view(rows: QuerySet[Task]) -> TaskView | None:
    found = rows.values_list(*_COLUMNS, "asked").first()
    return None if found is None else _told(found)


def _told(row: Sequence[Any]) -> TaskView:
    *told, asked = row
    return TaskView(*told, msgspec.json.decode(asked, type=_Whose).advertiser_ids)
