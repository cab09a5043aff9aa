"""Reports that are written as files by the worker: asked for, looked after, taken as a stream, cancelled."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.conf import settings

from attise.doors.marketing_api.endpoint import Advertiser, BusinessCenter, Call, Data, Params, Streamed, endpoint
from attise.doors.marketing_api.links import absolute
from attise.doors.marketing_api.report import ReportParams, asked_by
from attise.doors.marketing_api.report_links import CONTENT_TYPES, ReportLinks, file_name_of
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Id, Length
from attise.doors.site.report_files import CSV, XLSX, ask_for
from attise.kernel.errors import Refusal
from attise.kernel.limits import REPORT_LINK_LIFE_MS
from attise.management.accounts.rules import Permission, Scope
from attise.measurement.reports.actions import tasks as actions
from attise.measurement.reports.errors import NO_FILE, NOT_WRITTEN
from attise.measurement.reports.tasks import get_task

STATUS: Final = {
    "waiting": "QUEUING",
    "running": "PROCESSING",
    "done": "SUCCESS",
    "failed": "FAILED",
    "cancelled": "CANCELED",
}
"""States as the dialect calls them."""
FORMS: Final = {"CSV_STRING": "", "CSV_DOWNLOAD": CSV, "XLSX_DOWNLOAD": XLSX}
"""Kinds of files, as the dialect calls them."""
_CALLED: Final = {form: name for name, form in FORMS.items()}
EXPORTS: Final = Advertiser(Permission.EXPORT)
OF_SEVERAL: Final = (EXPORTS, Advertiser(Permission.EXPORT, "advertiser_ids"), BusinessCenter(Permission.EXPORT))


class _CreateTask(ReportParams, kw_only=True):
    report_type: Literal["BASIC", "AUDIENCE", "CATALOG"]
    output_format: Literal["CSV_STRING", "CSV_DOWNLOAD", "XLSX_DOWNLOAD"] = "CSV_STRING"
    file_name: Annotated[str, Length(0, 200)] = ""
    enable_report_title_translation: bool = True


class _OfTask(Params, kw_only=True):
    task_id: Id
    advertiser_id: Id


@endpoint("POST", "report/task/create", needs=OF_SEVERAL, scope=Scope.REPORTING)
def create_task(call: Call, params: _CreateTask) -> Data:
    """Ask for a report as a file; it is written when its turn comes, and can be taken for a day."""
    asked = asked_by(call, params)
    task_id = ask_for(
        call.means,
        asked,
        advertiser_id=asked.advertiser_ids[0] if params.advertiser_id is None else params.advertiser_id,
        has_titles=params.enable_report_title_translation,
        file_name=params.file_name.strip(),
        form=FORMS[params.output_format],
    )
    return {"task_id": str(task_id)}


@endpoint("GET", "report/task/check", needs=EXPORTS, scope=Scope.REPORTING)
def check_task(_call: Call, params: _OfTask) -> Data:
    """Tell how far a report is."""
    task = get_task(params.task_id, advertiser_id=params.advertiser_id)
    return {"status": STATUS[task.state], "message": ""}


@endpoint("GET", "report/task/download", needs=EXPORTS, scope=Scope.REPORTING)
def download_task(call: Call, params: _OfTask) -> Data:
    """Give a written report to whoever may export of every advertiser in it: as it is, or by a link that lives an hour.

    CSV that was asked for as a string has no envelope.
    """
    task = get_task(params.task_id, advertiser_id=params.advertiser_id)
    if not all(call.grant.can_on_advertiser(one, Permission.EXPORT) for one in task.advertiser_ids):
        raise Refusal(errors.NO_PERMISSION)
    if STATUS[task.state] in ("QUEUING", "PROCESSING"):
        raise Refusal(NOT_WRITTEN, field="task_id")
    path = actions.path_of(settings.HOUSE, task.id)
    if STATUS[task.state] != "SUCCESS" or not path.is_file() or task.form not in _CALLED:
        raise Refusal(NO_FILE, field="task_id")
    if not task.form:
        return Streamed(path, file_name_of(task), CONTENT_TYPES[CSV])
    link = ReportLinks(call.means.secrets).make(task.id, expires_ms=call.means.clock.wire_ms() + REPORT_LINK_LIFE_MS)
    return {
        "output_format": _CALLED[task.form],
        "file_name": file_name_of(task),
        "download_url": absolute(call, link),
    }


@endpoint("POST", "report/task/cancel", needs=EXPORTS, scope=Scope.REPORTING)
def cancel_task(call: Call, params: _OfTask) -> Data:
    """Have a report not written any further."""
    actions.cancel(call.means, advertiser_id=params.advertiser_id, task_id=params.task_id)
    task = get_task(params.task_id, advertiser_id=params.advertiser_id)
    return {"status": STATUS[task.state]}
