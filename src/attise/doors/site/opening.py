"""The first opening of a house: its first person, their viewer and their own account, in one unit of work."""

from __future__ import annotations

from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.management.accounts.views import FirstStart
from attise.management.authorizations import actions as authorizations
from attise.management.billing import actions as billing
from attise.management.outbox.actions import unit, verb
from attise.management.viewers import actions as viewers


@verb
def open_first_time(means: Means, mode: Mode) -> FirstStart | None:
    """Make what a house opens with, or return None: it was opened before, or it is a sandbox, which starts empty."""
    with unit(means):
        first = accounts.first_start(means, mode)
        if first is not None:
            viewers.viewer_of_person(means, person_id=first.person_id)
            authorizations.link_own_account(
                means, COMMAND, advertiser_id=first.advertiser_id, creator_id=first.creator_id
            )
            billing.give_test_credit(means, mode, advertiser_id=first.advertiser_id)
        return first
