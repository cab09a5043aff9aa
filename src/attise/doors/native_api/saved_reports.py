"""Reports that people make: kept under a name, read part by part, given as a file."""

from __future__ import annotations

from django.http.response import HttpResponseBase

from attise.doors.native_api.cursors import read_cursor, read_page, write_page
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId, Removed
from attise.doors.native_api.schemas.exports import FILES, WORDS, FileForm
from attise.doors.native_api.schemas.saved_reports import (
    FileDraft,
    Member,
    ReportAnswer,
    ReportDraft,
    ReportEdit,
    ReportFileAnswer,
    ReportRows,
    ScheduleAnswer,
    ScheduleDraft,
    Schedules,
    plan_of,
    rhythm_of,
    tell_file,
    tell_report,
    tell_rows,
    tell_schedule,
)
from attise.doors.site.own_reports import files, plans
from attise.doors.site.own_reports.keepers import keeper_of
from attise.doors.site.own_reports.readers import begin_sending
from attise.doors.site.own_reports.telling import tell
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.paging import NumberedPage
from attise.ledger.days import local_day
from attise.management.accounts import queries as accounts
from attise.management.accounts.views import AdvertiserView
from attise.management.saved_reports import actions, queries
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.errors import FILE_LONG

group = Group("Reports")


@group.post("/v1/advertisers/{advertiser_id}/reports", gives=ReportAnswer, status=201, refuses=(409,))
def save_report(call: Call, advertiser_id: PathId, body: ReportDraft) -> ReportAnswer:
    """Keep a report under a name; members of the Business Center find it among theirs."""
    advertiser, plan = accounts.get_advertiser(advertiser_id), plan_of(body.plan)
    keeper = keeper_of(call.actor, advertiser, body.person_id)
    _checked(call, advertiser, plan, at="plan.")
    view = actions.save_report(
        call.means, keeper.actor, advertiser_id=advertiser.id, name=body.name, plan=plans.written(plan)
    )
    return tell_report(view)


@group.get("/v1/advertisers/{advertiser_id}/reports", gives=Listing[ReportAnswer])
def list_reports(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ReportAnswer]:
    """List the reports of an advertiser, newest first."""
    advertiser = accounts.get_advertiser(advertiser_id)
    page = queries.page_reports(advertiser.id, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[ReportAnswer], page, tell_report)


@group.get("/v1/advertisers/{advertiser_id}/reports/{report_id}", gives=ReportAnswer)
def get_report(call: Call, advertiser_id: PathId, report_id: PathId) -> ReportAnswer:  # noqa: ARG001 - the same for all
    """Get a report: its name, and what it asks."""
    return tell_report(queries.get_report(advertiser_id, report_id))


@group.patch("/v1/advertisers/{advertiser_id}/reports/{report_id}", gives=ReportAnswer, refuses=(403, 409))
def change_report(call: Call, advertiser_id: PathId, report_id: PathId, body: ReportEdit) -> ReportAnswer:
    """Give a report another name, or have it ask something else; on behalf of a member, as they may."""
    queries.get_report(advertiser_id, report_id)
    advertiser, plan = accounts.get_advertiser(advertiser_id), None
    keeper = keeper_of(call.actor, advertiser, body.person_id)
    if body.plan is not None:
        plan = plan_of(body.plan)
        _checked(call, advertiser, plan, at="plan.")
    view = actions.change_report(
        call.means,
        keeper.actor,
        advertiser_id=advertiser_id,
        report_id=report_id,
        may_edit=keeper.may_edit,
        name=body.name,
        plan=None if plan is None else plans.written(plan),
    )
    return tell_report(view)


@group.delete("/v1/advertisers/{advertiser_id}/reports/{report_id}", gives=Removed, refuses=(403,))
def delete_report(call: Call, advertiser_id: PathId, report_id: PathId, person_id: Member = None) -> Removed:
    """Delete a report; nobody is sent it any more. On behalf of a member, as they may."""
    queries.get_report(advertiser_id, report_id)
    keeper = keeper_of(call.actor, accounts.get_advertiser(advertiser_id), person_id)
    actions.delete_report(
        call.means, keeper.actor, advertiser_id=advertiser_id, report_id=report_id, may_edit=keeper.may_edit
    )
    return Removed()


@group.get("/v1/advertisers/{advertiser_id}/reports/{report_id}/rows", gives=ReportRows, refuses=(409,))
def read_report(
    call: Call, advertiser_id: PathId, report_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> ReportRows:
    """Run a report over the newest figures, part by part, with what all its rows come to."""
    advertiser, asked, _name = _asked(call, advertiser_id, report_id)
    page = read_page(call, cursor, limit)
    told = tell(call.house, asked, advertiser, page=page, page_size=limit)
    found = NumberedPage(told.found.rows, page, limit, told.found.many)
    return tell_rows(told, write_page(call, found))


@group.get_file("/v1/advertisers/{advertiser_id}/reports/{report_id}/file", files=FILES)
def export_report(
    call: Call,
    advertiser_id: PathId,
    report_id: PathId,
    format: FileForm = "csv",  # noqa: A002 - what callers say
) -> HttpResponseBase:
    """Run a report into a file: CSV up to 200,000 rows, XLSX or Parquet up to 20,000; a longer one is to be written."""
    _advertiser, asked, name = _asked(call, advertiser_id, report_id)
    form = WORDS[format]
    if files.needs_worker(asked, form):
        raise Refusal(FILE_LONG, field="format", most=files.most_of(form))
    return files.at_once(asked, form, name=name, is_technical=True)


@group.post(
    "/v1/advertisers/{advertiser_id}/reports/{report_id}/files", gives=ReportFileAnswer, status=201, refuses=(409, 429)
)
def write_report(call: Call, advertiser_id: PathId, report_id: PathId, body: FileDraft) -> ReportFileAnswer:
    """Have a report written into a file in the background, however long it is; it can be taken for a day."""
    advertiser, asked, name = _asked(call, advertiser_id, report_id)
    task_id = files.later(
        call.means, asked, WORDS[body.format], advertiser_id=advertiser.id, name=name, is_technical=True
    )
    return _told(advertiser.id, task_id)


@group.get("/v1/advertisers/{advertiser_id}/report-files/{report_file_id}", gives=ReportFileAnswer)
def get_report_file(call: Call, advertiser_id: PathId, report_file_id: PathId) -> ReportFileAnswer:  # noqa: ARG001
    """Get how far a file is."""
    return _told(advertiser_id, report_file_id)


@group.get_file("/v1/advertisers/{advertiser_id}/report-files/{report_file_id}/content", files=FILES)
def take_report_file(call: Call, advertiser_id: PathId, report_file_id: PathId) -> HttpResponseBase:  # noqa: ARG001
    """Take a file that was written."""
    try:
        return files.written(report_file_id, advertiser_id=advertiser_id)
    except Refusal as refusal:
        raise refusal.at("report_file_id") from None


def _told(advertiser_id: int, task_id: int) -> ReportFileAnswer:
    try:
        task = files.get_own(task_id, advertiser_id=advertiser_id)
    except Refusal as refusal:
        raise refusal.at("report_file_id") from None
    return tell_file(task, files.full_name(task))


def _asked(call: Call, advertiser_id: int, report_id: int) -> tuple[AdvertiserView, Asked, str]:
    """Return whose a report is, what it asks today, and its name. Raises: what it cannot be told by any more."""
    view = queries.get_report(advertiser_id, report_id)
    advertiser = accounts.get_advertiser(advertiser_id)
    return advertiser, _checked(call, advertiser, plans.read(view.plan)), view.name


def _checked(call: Call, advertiser: AdvertiserView, plan: plans.Plan, *, at: str = "") -> Asked:
    """Return what a plan asks today. Raises: Refusals, each naming its field within the body, which begins ``at``."""
    today = local_day(advertiser.timezone, call.now_ms)
    try:
        return plans.asked_of(plan, advertiser, today)
    except Refusals as several:
        raise Refusals([Refusal(one.reason, field=f"{at}{one.field}", **one.params) for one in several.items]) from None


@group.get("/v1/advertisers/{advertiser_id}/reports/{report_id}/readers", gives=Schedules)
def list_report_readers(call: Call, advertiser_id: PathId, report_id: PathId) -> Schedules:  # noqa: ARG001
    """List to whom a report is sent by e-mail, and when."""
    view = queries.get_report(advertiser_id, report_id)
    return Schedules(items=[tell_schedule(one) for one in queries.list_schedules(view.id)])


@group.put("/v1/advertisers/{advertiser_id}/reports/{report_id}/readers/{person_id}", gives=ScheduleAnswer)
def send_report(
    call: Call, advertiser_id: PathId, report_id: PathId, person_id: PathId, body: ScheduleDraft
) -> ScheduleAnswer:
    """Send a member a report by e-mail from now on, in place of how it was sent to them before.

    It ends by itself when they may not read the advertiser's figures any more. Nothing is sent before the operator
    named a mail server.
    """
    queries.get_report(advertiser_id, report_id)
    view = begin_sending(
        call.means,
        accounts.get_advertiser(advertiser_id),
        report_id=report_id,
        person_id=person_id,
        rhythm=rhythm_of(body),
        form=WORDS[body.format],
    )
    return tell_schedule(view)


@group.delete("/v1/advertisers/{advertiser_id}/reports/{report_id}/readers/{person_id}", gives=Removed)
def stop_sending_report(call: Call, advertiser_id: PathId, report_id: PathId, person_id: PathId) -> Removed:
    """Send a person a report no more."""
    if not actions.end_sending(call.means, advertiser_id=advertiser_id, report_id=report_id, person_id=person_id):
        raise Refusal(NOT_FOUND, field="person_id")
    return Removed()
