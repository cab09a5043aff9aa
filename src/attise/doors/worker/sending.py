"""Reports by e-mail, at the hour that somebody chose: the file itself where it is short, else where to find it.

Noted before it is handed over: a mail server that is away costs that one, and nobody gets one twice. Whoever may not
read the figures any more is sent nothing from then on.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException
from typing import Final
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attise.doors.site import formats
from attise.doors.site.notices import shown_email
from attise.doors.site.own_reports import files, plans
from attise.doors.site.own_reports.readers import may_read
from attise.doors.site.own_reports.telling import count
from attise.doors.site.sheets import answers
from attise.doors.site.sheets.forms import FORMS
from attise.kernel.errors import Outage, Refusal, Refusals
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.ledger.days import local_day
from attise.management.accounts import queries as accounts
from attise.management.accounts.views import AdvertiserView
from attise.management.saved_reports import actions, queries
from attise.management.saved_reports.views import ReportView, ScheduleView
from attise.measurement.reports.asking.asked import Asked

log = logging.getLogger("attise.worker")

ATTACHED_ROWS: Final = 20_000
ATTACHED_BYTES: Final = 8_000_000
"""What mail servers take; above either, the mail says where the report is."""


def send_reports(means: Means, house: House) -> int:
    """Send what is due and return how many reports that were; none where no mail server is named.

    Raises: what the first that could not be told stumbled over, once the others are sent.
    """
    if not house.settings.email_url:
        return 0
    sent, stumbled = 0, []
    for schedule, report in _due(means.clock.world_ms()):
        try:
            sent += _send(means, house, schedule, report)
        except Exception as error:  # noqa: BLE001 - one that needs more memory than there is is nobody else's fault
            stumbled.append(error)
    if stumbled:
        raise stumbled[0]
    return sent


def _due(now_ms: int) -> Iterator[tuple[ScheduleView, ReportView]]:
    """Yield all that is due. Those that wait out an outage are passed by, however many, on the way to the others."""
    after: ScheduleView | None = None
    while part := queries.list_due(now_ms, after=after):
        yield from part
        after = part[-1][0]


def _send(means: Means, house: House, schedule: ScheduleView, report: ReportView) -> bool:
    """Send one report; False where nobody is to be sent it."""
    advertiser = accounts.get_advertiser(report.advertiser_id)
    person = accounts.find_person(schedule.person_id)
    if person is not None and not person.is_active:  # suspended: it goes on once they are restored
        actions.note_passed(means, schedule, report)
        return False
    if person is None or not may_read(advertiser, person.id):
        named = {"advertiser_id": advertiser.id, "report_id": report.id}
        actions.end_sending(means, person_id=schedule.person_id, **named)
        return False
    with translation.override(person.language or "en"), timezone.override(ZoneInfo(advertiser.timezone)):
        try:
            message = _message(means, house, schedule, report, advertiser)
        except Outage:
            raise
        except Exception:
            actions.note_sent(means, schedule, report)  # else it would stumble here for ever, and all behind it with it
            raise
    address = _address(advertiser, person.id)
    if not actions.note_sent(means, schedule, report) or not address:
        return False
    message.to = [address]
    try:
        message.send()
    except (OSError, SMTPException) as error:
        log.warning("a report could not be handed over: %s", type(error).__name__)
        return False
    return True


def _address(advertiser: AdvertiserView, person_id: int) -> str:
    """Return where a person is written to, as of now: figures take a while to gather, and rights end meanwhile."""
    person = accounts.find_person(person_id)
    if person is None or not person.is_active or not may_read(advertiser, person.id):
        return ""
    return shown_email(person.email)


def _message(
    means: Means, house: House, schedule: ScheduleView, report: ReportView, advertiser: AdvertiserView
) -> EmailMessage:
    """Return the mail, to nobody yet. Raises: Outage."""
    subject = _("%(report)s – %(advertiser)s") % {"report": report.name, "advertiser": advertiser.name}
    where = f"{reverse('report', args=[report.id])}?compte={advertiser.id}"
    ends = [
        _("The report: %(address)s") % {"address": f"{house.settings.public_url or ''}{where}"},
        _("You asked for it by e-mail; the same page ends it."),
    ]
    try:
        today = local_day(advertiser.timezone, means.clock.world_ms())
        asked = plans.asked_of(plans.read(report.plan), advertiser, today)
    except (Refusal, Refusals):  # kept by another release
        return EmailMessage(subject, "\n".join([_("What it asks cannot be told any more. Change it."), *ends]) + "\n")
    many = count(house, asked)
    said = ngettext("%(count)s row, %(days)s.", "%(count)s rows, %(days)s.", many) % {
        "count": formats.integer(many, formats.language_of(get_language())),
        "days": formats.day_range(asked.first, asked.last, formats.language_of(get_language())),
    }
    attached = _attached(asked, schedule.form, report.name) if many <= ATTACHED_ROWS else None
    lines = [said, *([] if attached else [_("It is too long for an e-mail.")]), "", *ends]
    message = EmailMessage(subject, "\n".join(lines) + "\n")
    if attached is not None:
        message.attach(*attached)
    return message


def _attached(asked: Asked, form: str, name: str) -> tuple[str, bytes, str] | None:
    """Return a report as a file to attach: its name, its bytes, its type; None where it is too large."""
    kind = FORMS[form]
    with tempfile.TemporaryDirectory(prefix="attise-report-") as folder:
        path = Path(folder) / "report"
        answers.write(files.sheet(asked, name=name), form, path)
        if path.stat().st_size > ATTACHED_BYTES:
            return None
        called = f"{files.dated_name(asked, name)}.{kind.ending}"
        return called, path.read_bytes(), kind.content_type.partition(";")[0]
