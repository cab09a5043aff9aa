"""Somebody joins a Business Center, changes role, or leaves.

Every change of roles locks the Business Center first: two administrators who remove each other at the same moment come
one after the other, and the second finds that they are the last.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.accounts.actions.leaving import end_grants_of
from attise.management.accounts.errors import ALREADY_MEMBER, LAST_ADMIN, ROLES_UNKNOWN
from attise.management.accounts.models import BusinessCenter, Member, Person
from attise.management.accounts.rules import Roles, is_known, is_last_admin
from attise.management.accounts.views import MemberView, member_view, roles_view
from attise.management.outbox.actions import unit, verb
from attise.records.stop import MEMBER_REMOVED


@verb
def add_member(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    person_id: int,
    role: str,
    advertiser_role: str = "",
    finance_role: str = "",
) -> MemberView:
    """Make a person a member. Raises: ``roles_unknown``, ``not_found``, ``already_member``."""
    roles = clean_roles(role, advertiser_role, finance_role)
    with unit(means) as work:
        _lock(business_center_id)
        person = Person.objects.filter(id=person_id).first()
        if person is None:
            raise Refusal(NOT_FOUND, field="person_id")
        try:
            with transaction.atomic():
                row = Member.objects.create(
                    id=means.ids.next(),
                    person=person,
                    business_center_id=business_center_id,
                    role=roles.role,
                    advertiser_role=roles.advertiser_role,
                    finance_role=roles.finance_role,
                    created_at_ms=means.clock.world_ms(),
                )
        except IntegrityError:
            raise Refusal(ALREADY_MEMBER, field="person_id") from None
        work.notice("business_center", business_center_id, "member_joined", person_id, by=str(actor))
    return member_view(row)


@verb
def change_member(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    person_id: int,
    role: str,
    advertiser_role: str = "",
    finance_role: str = "",
) -> MemberView:
    """Give a member other roles; what they granted follows at once. Raises: ``last_admin`` and those above."""
    roles = clean_roles(role, advertiser_role, finance_role)
    with unit(means) as work:
        _lock(business_center_id)
        row = _member(business_center_id, person_id)
        if roles.role != "ADMIN":
            _refuse_last_admin(row)
        row.role, row.advertiser_role, row.finance_role = roles.role, roles.advertiser_role, roles.finance_role
        row.save()
        work.notice("business_center", business_center_id, "member_changed", person_id, by=str(actor))
    return member_view(row)


@verb
def remove_member(means: Means, actor: Actor, *, business_center_id: int, person_id: int) -> None:
    """End a membership; the tokens the person granted stop reaching this Business Center with this answer, for good.

    Raises: ``not_found``, ``last_admin``.
    """
    with unit(means) as work:
        _lock(business_center_id)
        row = _member(business_center_id, person_id)
        _refuse_last_admin(row)
        row.removed_at_ms = means.clock.world_ms()
        row.save()
        end_grants_of(means, business_center_id=business_center_id, person_id=person_id)
        work.stays(MEMBER_REMOVED, person_id, business_center_id=business_center_id)
        work.notice("business_center", business_center_id, "member_removed", person_id, by=str(actor))


def clean_roles(role: str, advertiser_role: str = "", finance_role: str = "") -> Roles:
    """Return the three words as roles. Raises: ``roles_unknown``."""
    roles = Roles(role, advertiser_role, finance_role)
    if not is_known(roles):
        raise Refusal(ROLES_UNKNOWN, field="role")
    return roles


def _lock(business_center_id: int) -> None:
    """Hold the Business Center until the end of the unit."""
    if BusinessCenter.objects.select_for_update(no_key=True).filter(id=business_center_id).first() is None:
        raise Refusal(NOT_FOUND, field="business_center_id")


def _member(business_center_id: int, person_id: int) -> Member:
    row = (
        Member.objects.select_related("person")
        .filter(business_center_id=business_center_id, person_id=person_id, removed_at_ms__isnull=True)
        .first()
    )
    if row is None:
        raise Refusal(NOT_FOUND, field="person_id")
    return row


def _refuse_last_admin(row: Member) -> None:
    others = Member.objects.filter(
        business_center_id=row.business_center_id, removed_at_ms__isnull=True, person__is_active=True
    ).exclude(id=row.id)
    if is_last_admin(roles_view(row), [roles_view(other) for other in others]):
        raise Refusal(LAST_ADMIN, field="person_id")
