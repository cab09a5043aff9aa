"""A person is sent a report from now on, or no more; and one was handed over."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.outbox.actions import unit, verb
from attise.management.saved_reports import queries
from attise.management.saved_reports.models import Schedule
from attise.management.saved_reports.rules import Rhythm, check_rhythm, next_moment_ms
from attise.management.saved_reports.views import ReportView, ScheduleView, view_schedule


@verb
def begin_sending(
    means: Means, *, advertiser_id: int, report_id: int, person_id: int, rhythm: Rhythm, form: str
) -> ScheduleView:
    """Send a person a report from now on, in place of how it was sent to them before.

    Args: form: the kind of file, which the door knows. Raises: ``not_found``, the refusals of a rhythm.
    """
    check_rhythm(rhythm)
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)  # nobody deletes the report meanwhile
        report = queries.get_report(advertiser_id, report_id)
        said = {"rhythm": rhythm.every, "day": rhythm.day, "hour": rhythm.hour, "form": form}
        said["next_at_ms"] = _next(means, report, rhythm)
        row, _made = Schedule.objects.update_or_create(
            report_id=report.id,
            person_id=person_id,
            defaults=said,
            create_defaults={"id": means.ids.next(), **said},
        )
    return view_schedule(row)


@verb
def end_sending(means: Means, *, advertiser_id: int, report_id: int, person_id: int) -> bool:
    """Send a person a report no more; returns whether it was sent. Raises: ``not_found`` for the report."""
    report = queries.get_report(advertiser_id, report_id)
    with unit(means):
        gone, _ = Schedule.objects.filter(report_id=report.id, person_id=person_id).delete()
    return gone > 0


@verb
def note_sent(means: Means, schedule: ScheduleView, report: ReportView) -> bool:
    """Note that a report is being handed over, and when the next time is; False where somebody else did so before.

    Noted before it is handed over, so that nobody gets one twice. Times that passed meanwhile are not made up for.
    """
    with unit(means):
        mine = Schedule.objects.filter(id=schedule.id, next_at_ms=schedule.next_at_ms)
        return bool(mine.update(next_at_ms=_next(means, report, schedule.rhythm), sent_at_ms=means.clock.world_ms()))


@verb
def note_passed(means: Means, schedule: ScheduleView, report: ReportView) -> None:
    """Note that a report is not handed over this time, and when the next time is."""
    with unit(means):
        mine = Schedule.objects.filter(id=schedule.id, next_at_ms=schedule.next_at_ms)
        mine.update(next_at_ms=_next(means, report, schedule.rhythm))


def _next(means: Means, report: ReportView, rhythm: Rhythm) -> int:
    zone = accounts.get_advertiser(report.advertiser_id).timezone
    return next_moment_ms(zone, rhythm, means.clock.world_ms())
