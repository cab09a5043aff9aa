"""An advertiser keeps a report under a name, changes it, or deletes it."""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import NAME_CHARACTERS, SAVED_REPORTS
from attise.kernel.means import Means
from attise.kernel.text import clean_plain_name
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.outbox.actions import unit, verb
from attise.management.saved_reports import queries
from attise.management.saved_reports.errors import NAME_TAKEN, OF_ANOTHER, TOO_MANY_REPORTS
from attise.management.saved_reports.models import Report
from attise.management.saved_reports.rules import may_change
from attise.management.saved_reports.views import ReportView

log = logging.getLogger(__name__)


@verb
def save_report(means: Means, actor: Actor, *, advertiser_id: int, name: str, plan: str) -> ReportView:
    """Keep a report, whose plan a door has checked.

    Raises: ``not_found`` for the advertiser; the refusals of a name, ``saved_report_name_taken``,
    ``saved_reports_too_many``.
    """
    accounts.get_advertiser(advertiser_id)
    clean = clean_plain_name(name, field="name", limit=NAME_CHARACTERS)
    now_ms = means.clock.world_ms()
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        mine = Report.objects.filter(advertiser_id=advertiser_id)
        if mine.count() >= SAVED_REPORTS:
            raise Refusal(TOO_MANY_REPORTS, limit=SAVED_REPORTS)
        _check_free(advertiser_id, clean)
        row = Report.objects.create(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            name=clean,
            plan=plan,
            made_by=str(actor),
            created_at_ms=now_ms,
            modified_at_ms=now_ms,
        )
    log.info("report %s saved by %s", row.id, actor)
    return queries.get_report(advertiser_id, row.id)


@verb
def change_report(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    report_id: int,
    may_edit: bool,
    name: str | None = None,
    plan: str | None = None,
) -> ReportView:
    """Give a report another name, or another plan, which a door has checked.

    ``may_edit``: whether the actor may change what others made. Raises: ``not_found``, ``saved_report_of_another``, the
    refusals of a name, ``saved_report_name_taken``.
    """
    _check_own(actor, advertiser_id, report_id, may_edit=may_edit)
    changed: dict[str, object] = {}
    if name is not None:
        changed["name"] = clean_plain_name(name, field="name", limit=NAME_CHARACTERS)
    if plan is not None:
        changed["plan"] = plan
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        if "name" in changed:
            _check_free(advertiser_id, str(changed["name"]), but=report_id)
        rows = Report.objects.filter(advertiser_id=advertiser_id, id=report_id)
        if not rows.update(modified_at_ms=means.clock.world_ms(), **changed):
            raise Refusal(NOT_FOUND, field="report_id")
    log.info("report %s changed by %s", report_id, actor)
    return queries.get_report(advertiser_id, report_id)


@verb
def delete_report(means: Means, actor: Actor, *, advertiser_id: int, report_id: int, may_edit: bool) -> None:
    """Delete a report; it is sent to nobody any more. Raises: ``not_found``, ``saved_report_of_another``."""
    _check_own(actor, advertiser_id, report_id, may_edit=may_edit)
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        Report.objects.filter(advertiser_id=advertiser_id, id=report_id).delete()
    log.info("report %s deleted by %s", report_id, actor)


def _check_own(actor: Actor, advertiser_id: int, report_id: int, *, may_edit: bool) -> None:
    """Refuse whoever may not change a report; its author never changes, so nothing is held meanwhile."""
    if not may_change(queries.get_report(advertiser_id, report_id).made_by, str(actor), may_edit=may_edit):
        raise Refusal(OF_ANOTHER, field="report_id")


def _check_free(advertiser_id: int, name: str, *, but: int = 0) -> None:
    if Report.objects.filter(advertiser_id=advertiser_id, name=name).exclude(id=but).exists():
        raise Refusal(NAME_TAKEN, field="name", name=name)
