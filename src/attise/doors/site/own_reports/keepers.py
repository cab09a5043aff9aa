"""Who keeps reports: for whom a host does it, and whether they may change what others made. For both doors."""

from __future__ import annotations

from typing import NamedTuple

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, can
from attise.management.accounts.views import AdvertiserView
from attise.management.saved_reports.errors import NOT_A_READER


class Keeper(NamedTuple):
    """Who acts on reports. ``may_edit``: whether also on those that others made."""

    actor: Actor
    may_edit: bool


def keeper_of(host: Actor, advertiser: AdvertiserView, person_id: int | None) -> Keeper:
    """Return the host itself, or the member for whom it acts, with their rights.

    Raises: ``not_found`` for who is no member, ``report_reader`` for one who may not read. Cost: two statements.
    """
    if person_id is None:
        return Keeper(host, may_edit=True)
    accounts.get_member(advertiser.business_center_id, person_id)
    roles = accounts.roles_in(person_id, advertiser.business_center_id)
    if not can(roles, Permission.READ):
        raise Refusal(NOT_A_READER, field="person_id")
    return Keeper(Actor("person", person_id, host.origin), can(roles, Permission.EDIT_CAMPAIGNS))
