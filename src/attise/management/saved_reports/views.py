"""Reports that people keep, as others see them."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.saved_reports.models import Report, Schedule
from attise.management.saved_reports.rules import Rhythm


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report under a name."""

    id: int
    advertiser_id: int
    name: str
    plan: str
    made_by: str
    created_at_ms: int
    modified_at_ms: int


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """To whom a report is sent, and when."""

    id: int
    report_id: int
    person_id: int
    rhythm: Rhythm
    form: str
    next_at_ms: int
    sent_at_ms: int | None


def view_report(row: Report) -> ReportView:
    """Return a report as others see it."""
    return ReportView(row.id, row.advertiser_id, row.name, row.plan, row.made_by, row.created_at_ms, row.modified_at_ms)


def view_schedule(row: Schedule) -> ScheduleView:
    """Return a schedule as others see it."""
    rhythm = Rhythm(row.rhythm, row.hour, row.day)
    return ScheduleView(row.id, row.report_id, row.person_id, rhythm, row.form, row.next_at_ms, row.sent_at_ms)
