"""A report as a file: at once where it is short, else written by the worker and taken when it is there.

CSV goes out row after row, so it may be long; a workbook or a Parquet file is whole before its first byte leaves.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from attise.doors.site.own_reports import titles
from attise.doors.site.own_reports.telling import count
from attise.doors.site.own_reports.titles import TECHNICAL
from attise.doors.site.report_files import ROWS_AT_ONCE, ask_for
from attise.doors.site.sheets import answers
from attise.doors.site.sheets.columns import Sheet
from attise.doors.site.sheets.forms import FORMS
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.measurement.reports.actions import tasks as actions
from attise.measurement.reports.asking.answering import iterate
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.metrics import METRICS, Form
from attise.measurement.reports.errors import FILE_NOT_WRITTEN, NO_FILE
from attise.measurement.reports.tasks import TaskView, get_task

ROWS_AT_ONCE_CSV: Final = 200_000
"""Rows of a CSV file that is given at once; below, of any other."""
ROWS_AT_ONCE_OTHER: Final = 20_000
NAMED: Final = "rapport"
_NOT_IN_NAMES: Final = re.compile(r"[^\w-]+")


def is_long(many: int, form: str) -> bool:
    """Tell whether a file of so many rows is left to the worker; ``form`` is a word of ``FORMS``."""
    return many > most_of(form)


def most_of(form: str) -> int:
    """Return how many rows a file may have that is given at once."""
    return ROWS_AT_ONCE_CSV if FORMS[form].separator else ROWS_AT_ONCE_OTHER


def needs_worker(asked: Asked, form: str) -> bool:
    """Tell the same of a report. Raises: Outage. Cost: a statement."""
    return is_long(count(settings.HOUSE, asked), form)


def at_once(asked: Asked, form: str, *, name: str = "", is_technical: bool = False) -> HttpResponseBase:
    """Return a report as a file, in the language of now or by technical names. Raises: Outage, ``file_rows``."""
    assert asked.first is not None
    assert asked.last is not None
    return answers.answer(sheet(asked, name=name, is_technical=is_technical), form, days=(asked.first, asked.last))


def sheet(asked: Asked, *, name: str = "", is_technical: bool = False) -> Sheet:
    """Return a report as a table, its rows read as they are taken."""
    asked = with_currency(asked)
    batches = iterate(settings.HOUSE, asked, at_once=ROWS_AT_ONCE)
    return titles.sheet_in(TECHNICAL if is_technical else "", file_name(name), asked, batches)


def with_currency(asked: Asked) -> Asked:
    """Return a report as a file has it: without a line of totals, its money's currency in a column of its own."""
    asked = replace(asked, with_totals=False)
    has_money = any(METRICS[name].form is Form.MONEY for name in asked.metrics)
    return replace(asked, metrics=tuple(dict.fromkeys((*asked.metrics, "currency")))) if has_money else asked


def later(
    means: Means,
    asked: Asked,
    form: str,
    *,
    advertiser_id: int,
    name: str,
    person_id: int = 0,
    is_technical: bool = False,
) -> int:
    """Have the worker write a report, as ``at_once`` would give it, and tell the advertiser once it is over.

    Returns its id. Raises: ``report_tasks``.
    """
    return ask_for(
        means,
        with_currency(asked),
        advertiser_id=advertiser_id,
        has_titles=True,
        file_name=dated_name(asked, name),
        form=form,
        language=TECHNICAL if is_technical else get_language() or "en",
        person_id=person_id,
        is_told=False,
    )


def written(task_id: int, *, advertiser_id: int) -> FileResponse:
    """Return a file that the worker has written.

    Raises: ``not_found``, ``report_file_not_written``, ``report_no_file``.
    """
    task = get_own(task_id, advertiser_id=advertiser_id)
    if task.state in ("waiting", "running"):
        raise Refusal(FILE_NOT_WRITTEN, field="task_id")
    path = actions.path_of(settings.HOUSE, task.id)
    if task.state != "done" or not path.is_file():
        raise Refusal(NO_FILE, field="task_id")
    form = FORMS[task.form]
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=full_name(task), content_type=form.content_type
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def get_own(task_id: int, *, advertiser_id: int) -> TaskView:
    """Return a file that was asked for here, not through the dialect. Raises: ``not_found``."""
    task = get_task(task_id, advertiser_id=advertiser_id)
    if not task.is_own or task.form not in FORMS:
        raise Refusal(NOT_FOUND, field="task_id")
    return task


def full_name(task: TaskView) -> str:
    """Return what a written file is called where it is saved."""
    return f"{task.file_name}.{FORMS[task.form].ending}"


def dated_name(asked: Asked, name: str) -> str:
    """Return what the file of a report is called, without its ending."""
    days = [day for day in (asked.first, asked.last) if day is not None]
    return f"attise-{file_name(name)}-{'_'.join(dict.fromkeys(day.isoformat() for day in days))}"


def file_name(name: str) -> str:
    """Return the middle of a file's name: that of a saved report, as far as files can be called so."""
    return _NOT_IN_NAMES.sub("-", name).strip("-").lower()[:60] or NAMED
