"""Who may be sent a report: a member who may read its advertiser's figures, as long as that lasts."""

from __future__ import annotations

from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, can
from attise.management.accounts.views import AdvertiserView
from attise.management.saved_reports import actions
from attise.management.saved_reports.errors import NOT_A_READER
from attise.management.saved_reports.rules import Rhythm
from attise.management.saved_reports.views import ScheduleView


def may_read(advertiser: AdvertiserView, person_id: int) -> bool:
    """Tell whether a person may read an advertiser's figures now. Cost: one statement."""
    return can(accounts.roles_in(person_id, advertiser.business_center_id), Permission.READ)


def begin_sending(
    means: Means, advertiser: AdvertiserView, *, report_id: int, person_id: int, rhythm: Rhythm, form: str
) -> ScheduleView:
    """Send a member a report from now on.

    Raises: ``not_found`` for the report and for who is no member, ``report_reader``, the refusals of a rhythm.
    """
    accounts.get_member(advertiser.business_center_id, person_id)
    if not may_read(advertiser, person_id):
        raise Refusal(NOT_A_READER, field="person_id")
    return actions.begin_sending(
        means, advertiser_id=advertiser.id, report_id=report_id, person_id=person_id, rhythm=rhythm, form=form
    )
