"""Reads of reports that people keep; another advertiser's do not exist. Cost: one statement each."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.ids import BOUND
from attise.kernel.paging import Page
from attise.management.saved_reports.models import Report, Schedule
from attise.management.saved_reports.views import ReportView, ScheduleView, view_report, view_schedule


def get_report(advertiser_id: int, report_id: int) -> ReportView:
    """Return a report of an advertiser. Raises: ``not_found``."""
    found = find_report(advertiser_id, report_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="report_id")
    return found


def find_report(advertiser_id: int, report_id: int) -> ReportView | None:
    """Return a report of an advertiser, or None."""
    if not 0 < report_id < BOUND:
        return None
    row = Report.objects.filter(advertiser_id=advertiser_id, id=report_id).first()
    return None if row is None else view_report(row)


def page_reports(advertiser_id: int, *, after: int | None = None, limit: int = 50) -> Page[ReportView]:
    """Return the reports of an advertiser, newest first; ``after`` is the id that was given last."""
    rows = Report.objects.filter(advertiser_id=advertiser_id).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [view_report(row) for row in rows[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def list_schedules(report_id: int) -> list[ScheduleView]:
    """Return to whom a report is sent, who was added first coming first."""
    return [view_schedule(row) for row in Schedule.objects.filter(report_id=report_id).order_by("id")]


def schedules_of_person(advertiser_id: int, person_id: int) -> dict[int, ScheduleView]:
    """Return when a person is sent which reports of an advertiser, by report."""
    rows = Schedule.objects.filter(report__advertiser_id=advertiser_id, person_id=person_id)
    return {row.report_id: view_schedule(row) for row in rows}


def list_due(
    now_ms: int, *, after: ScheduleView | None = None, limit: int = 20
) -> list[tuple[ScheduleView, ReportView]]:
    """Return what is to be sent by now (world time), what waited longest first; ``after``: the last one of before."""
    rows = Schedule.objects.filter(next_at_ms__lte=now_ms).select_related("report").order_by("next_at_ms", "id")
    if after is not None:
        at = after.next_at_ms
        rows = rows.filter(Q(next_at_ms__gt=at) | Q(next_at_ms=at, id__gt=after.id))
    return [(view_schedule(row), view_report(row.report)) for row in rows[:limit]]
