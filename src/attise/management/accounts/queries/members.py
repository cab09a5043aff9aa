"""Reads of members and of the invitations that wait."""

from __future__ import annotations

from django.db.models import Q

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.kernel.paging import NumberedPage
from attise.kernel.text import is_storable
from attise.management.accounts.models import Link, Member
from attise.management.accounts.rules import Roles
from attise.management.accounts.views import (
    InvitationView,
    MembershipView,
    MemberView,
    invitation_view,
    member_view,
    roles_view,
)


def memberships_of(person_id: int) -> list[MembershipView]:
    """Return the Business Centers a person is a member of, oldest membership first."""
    rows = Member.objects.filter(person_id=person_id, removed_at_ms__isnull=True, person__is_active=True)
    return [
        MembershipView(row.business_center_id, row.business_center.name, roles_view(row))
        for row in rows.select_related("business_center").order_by("id")
    ]


def list_centers_ever(person_id: int) -> list[int]:
    """Return the Business Centers that a person is or was a member of."""
    return sorted(set(Member.objects.filter(person_id=person_id).values_list("business_center_id", flat=True)))


def roles_in(person_id: int, business_center_id: int) -> Roles | None:
    """Return a person's roles in a Business Center, or None when they are not a member."""
    row = Member.objects.filter(
        person_id=person_id,
        business_center_id=business_center_id,
        removed_at_ms__isnull=True,
        person__is_active=True,
    ).first()
    return None if row is None else roles_view(row)


def get_member(business_center_id: int, person_id: int) -> MemberView:
    """Return a member. Raises: ``not_found``."""
    row = (
        Member.objects.select_related("person")
        .filter(person_id=person_id, business_center_id=business_center_id, removed_at_ms__isnull=True)
        .first()
    )
    if row is None:
        raise Refusal(NOT_FOUND, field="person_id")
    return member_view(row)


def list_members(
    business_center_id: int, page: int = 1, page_size: int = 20, *, keyword: str = "", role: str = ""
) -> NumberedPage[MemberView]:
    """Return the members of a Business Center, oldest first; ``keyword`` is part of a name or e-mail address."""
    rows = Member.objects.filter(business_center_id=business_center_id, removed_at_ms__isnull=True)
    if not is_storable(keyword):
        return NumberedPage([], page, page_size, 0)
    if keyword:
        rows = rows.filter(Q(person__email__icontains=keyword) | Q(person__display_name__icontains=keyword))
    if role:
        rows = rows.filter(role=role)
    first = (page - 1) * page_size
    found = rows.select_related("person").order_by("id")[first : first + page_size]
    return NumberedPage([member_view(row) for row in found], page, page_size, rows.count())


def list_invitations(means: Means, business_center_id: int) -> list[InvitationView]:
    """Return the invitations of a Business Center that can still be accepted, newest first."""
    rows = Link.objects.filter(
        purpose=Link.Purpose.INVITATION,
        used_at_ms__isnull=True,
        expires_at_ms__gt=means.clock.wire_ms(),
        invitation__business_center_id=business_center_id,
    )
    return [invitation_view(row) for row in rows.order_by("-id")]
