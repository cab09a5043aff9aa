"""Reports that are written as files: asked for, written by the worker one after the other, taken, and let go of.

A file is written aside and renamed when it is whole; killed in between, it is written again from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import Q

from attise.kernel.alone import alone
from attise.kernel.errors import NOT_FOUND, Outage, Refusal, Refusals
from attise.kernel.house import House
from attise.kernel.limits import REPORT_LIFE_MS, REPORT_TASKS
from attise.kernel.means import Means
from attise.measurement.reports.asking.asked import Asked, check
from attise.measurement.reports.errors import TASKS_MANY
from attise.measurement.reports.folder import aside, publish, remove_strangers
from attise.measurement.reports.models import Task

FOLDER: Final = "reports"
AGAIN_S: Final = 60
"""When to ask again where as many are being written as may be."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A report as it is to be written: what is asked, and how. Fields are those of ``models.Task``."""

    asked: Asked
    has_titles: bool
    form: str = ""
    language: str = ""


Write = Callable[[Ordered, Path, Callable[[], bool]], int]
"""Writes a report into a file: what is ordered, where, and whether it is still wanted; returns how many rows."""


def reports_folder(house: House) -> Path:
    """Return the folder of written reports, made if it is not there."""
    folder = house.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def path_of(house: House, task_id: int) -> Path:
    """Return where a report is once it is written, whatever kind of file it is."""
    return reports_folder(house) / f"{task_id}.csv"


@transaction.atomic
def ask_for(
    means: Means,
    asked: Asked,
    *,
    advertiser_id: int,
    has_titles: bool,
    file_name: str,
    form: str = "",
    language: str = "",
    person_id: int = 0,
    is_told: bool = True,
) -> int:
    """Ask for a report that ``asked.check`` let pass; returns its id. Raises: ``report_tasks``.

    Whoever calls it lets one request of an advertiser through at a time. Args: those of ``models.Task``.
    """
    open_ones = Task.objects.filter(advertiser_id=advertiser_id, state__in=[Task.WAITING, Task.RUNNING])
    if open_ones.count() >= REPORT_TASKS:
        raise Refusal(TASKS_MANY, most=REPORT_TASKS, retry_after_s=AGAIN_S)
    task = Task.objects.create(
        id=means.ids.next(),
        advertiser_id=advertiser_id,
        asked=msgspec.json.encode(asked).decode(),
        has_titles=has_titles,
        file_name=file_name,
        state=Task.WAITING,
        asked_at_ms=means.clock.wire_ms(),
        form=form,
        language=language,
        person_id=person_id,
        is_told=is_told,
    )
    return task.id


def cancel(means: Means, *, advertiser_id: int, task_id: int) -> None:
    """Have a report not written, or not any further; one that is over stays so. Raises: ``not_found``."""
    mine = Task.objects.filter(id=task_id, advertiser_id=advertiser_id)
    if not mine.exists():
        raise Refusal(NOT_FOUND, field="task_id")
    still = mine.filter(state__in=[Task.WAITING, Task.RUNNING])
    still.update(state=Task.CANCELLED, ended_at_ms=means.clock.wire_ms())


def write_next(means: Means, house: House, write: Write) -> bool:
    """Write the report that has waited longest; False where none does, or another process writes.

    One that stumbles over a bug has failed, and the bug is told. Raises: Outage; then it is written again, for a day.
    """
    folder = reports_folder(house)
    with alone(folder) as ours:
        if not ours:
            return False
        # One that is running was left by a writer who is gone, or stumbled: the folder is ours. It comes after those
        # that wait, so that one that needs more than there is keeps nobody else from theirs.
        unwritten = Task.objects.order_by("id")
        task = unwritten.filter(state=Task.WAITING).first() or unwritten.filter(state=Task.RUNNING).first()
        if task is None:
            return False
        mine = Task.objects.filter(id=task.id)
        mine.filter(state=Task.WAITING).update(state=Task.RUNNING)
        path = path_of(house, task.id)
        try:
            asked = msgspec.json.decode(task.asked, type=Asked)
            check(asked)
            ordered = Ordered(asked, task.has_titles, task.form, task.language)
            rows = write(ordered, aside(path), mine.filter(state=Task.RUNNING).exists)
            publish(aside(path), path)
        except OSError as error:  # the disk is full, or goes
            raise Outage(f"the folder of reports: {error.strerror}") from error
        except (msgspec.MsgspecError, Refusal, Refusals):  # asked for from another release, or longer than its file
            _fail(means, task.id)
            return True
        except Outage:
            if task.asked_at_ms < means.clock.wire_ms() - REPORT_LIFE_MS:
                _fail(means, task.id)  # whoever asked for it does not come for it any more
            raise
        except Exception:
            _fail(means, task.id)  # else it would stumble here for ever, and all that wait behind it with it
            raise
        done = {"state": Task.DONE, "rows": rows, "ended_at_ms": means.clock.wire_ms()}
        if not mine.filter(state=Task.RUNNING).update(**done):
            path.unlink(missing_ok=True)
    return True


def note_told(task_id: int) -> None:
    """Note that whoever waits for a report was told that it is over."""
    Task.objects.filter(id=task_id).update(is_told=True)


def _fail(means: Means, task_id: int) -> None:
    """Note that a report cannot be written; one that was cancelled meanwhile stays so."""
    running = Task.objects.filter(id=task_id, state=Task.RUNNING)
    running.update(state=Task.FAILED, ended_at_ms=means.clock.wire_ms())


def sweep(means: Means, house: House) -> int:
    """Let go of reports that could be taken for a day; returns how many. Nothing is done while another writes."""
    folder = reports_folder(house)
    with alone(folder) as ours:
        if not ours:
            return 0
        gone, _ = Task.objects.filter(ended_at_ms__lt=means.clock.wire_ms() - REPORT_LIFE_MS).delete()
        kept = Task.objects.filter(Q(state=Task.DONE)).values_list("id", flat=True)
        remove_strangers(folder, {path_of(house, id_).name for id_ in kept})
    return gone
