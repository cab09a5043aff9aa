"""Somebody is invited into a Business Center, and comes.

An invitation is a link that its maker sees, copies and hands over: no mail server is asked for. It is for one e-mail
address: whoever has an account under it accepts from that account, whoever has none makes one. It dies with the
membership of the administrator who made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import INVITATION_LIFE_MS, NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.actions.links import follow_link, make_link
from attise.management.accounts.actions.members import add_member, clean_roles
from attise.management.accounts.actions.passwords import clean_password, hash_password, store_password
from attise.management.accounts.actions.people import create_person
from attise.management.accounts.errors import (
    ALREADY_MEMBER,
    INVITATION_OTHER_PERSON,
    INVITATION_SIGN_IN_FIRST,
    LINK_DEAD,
)
from attise.management.accounts.facts import clean_email
from attise.management.accounts.models import BusinessCenter, Link, Member
from attise.management.accounts.queries import find_link, find_person_by_email, roles_in
from attise.management.accounts.rules import Permission, can
from attise.management.accounts.views import InvitationView, MemberView, invitation_view
from attise.management.outbox.actions import unit, verb
from attise.records.credentials import hash_of
from attise.records.declared import clean_language


@verb
def invite_member(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    email: str,
    role: str,
    advertiser_role: str = "",
    finance_role: str = "",
) -> tuple[InvitationView, str]:
    """Return an invitation and the secret of its link; seven days, once. An earlier one to the same address dies.

    Raises: ``email_invalid``, ``roles_unknown``, together; ``not_found``, ``already_member``.
    """
    gather = Gather()
    email = gather.take(clean_email, email)
    roles = gather.take(clean_roles, role, advertiser_role, finance_role)
    gather.tell()
    with unit(means) as work:
        if BusinessCenter.objects.select_for_update(no_key=True).filter(id=business_center_id).first() is None:
            raise Refusal(NOT_FOUND, field="business_center_id")
        if Member.objects.filter(
            business_center_id=business_center_id, person__email=email, removed_at_ms__isnull=True
        ).exists():
            raise Refusal(ALREADY_MEMBER, field="email")
        _waiting(business_center_id).filter(invitation__email=email).update(used_at_ms=means.clock.wire_ms())
        said = {
            "business_center_id": business_center_id,
            "email": email,
            "role": roles.role,
            "advertiser_role": roles.advertiser_role,
            "finance_role": roles.finance_role,
            "invited_by": actor.id if actor.kind == "person" else 0,
        }
        secret = make_link(means, purpose="invitation", invitation=said, life_ms=INVITATION_LIFE_MS)
        row = Link.objects.get(secret_hash=hash_of(secret))
        work.notice("business_center", business_center_id, "member_invited", row.id, by=str(actor))
    return invitation_view(row), secret


@verb
def withdraw_invitation(means: Means, *, business_center_id: int, invitation_id: int) -> None:
    """Make an invitation dead before it is accepted. Raises: ``not_found``."""
    with unit(means):
        rows = _waiting(business_center_id).filter(id=invitation_id)
        if not rows.update(used_at_ms=means.clock.wire_ms()):
            raise Refusal(NOT_FOUND, field="invitation_id")


@verb
def accept_invitation(
    means: Means,
    *,
    secret: str,
    person_id: int | None = None,
    display_name: str = "",
    password: str = "",
    language: str = "",
) -> MemberView:
    """Follow an invitation: make the signed-in person a member, or make the account that the invitation is for.

    ``person_id`` is who is signed in; without one, ``display_name`` and ``password`` are asked. Whatever is refused
    leaves the link as it was.
    Raises: ``link_dead``, ``invitation_sign_in_first``, ``invitation_other_person``, ``already_member``, and the rules
    of names and passwords, together.
    """
    seen = find_link(means, secret)
    if seen is None or seen.invitation is None:
        raise Refusal(LINK_DEAD)
    newcomer = None
    if person_id is None:
        if find_person_by_email(seen.invitation["email"]) is not None:
            raise Refusal(INVITATION_SIGN_IN_FIRST)
        newcomer = _newcomer(display_name, password, language)
    with unit(means):
        said = follow_link(means, secret, purpose="invitation").invitation or {}
        if not _still_invites(said):
            raise Refusal(LINK_DEAD)
        known = find_person_by_email(said["email"])
        if newcomer is not None:
            if known is not None:
                raise Refusal(INVITATION_SIGN_IN_FIRST)
            person_id = _join(means, said["email"], newcomer)
        elif known is None or known.id != person_id:
            raise Refusal(INVITATION_OTHER_PERSON)
        return add_member(
            means,
            Actor("person", person_id),
            business_center_id=said["business_center_id"],
            person_id=person_id,
            role=said["role"],
            advertiser_role=said["advertiser_role"],
            finance_role=said["finance_role"],
        )


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """What somebody without account says when they come."""

    display_name: str
    encoded_password: str
    language: str


def _newcomer(display_name: str, password: str, language: str) -> _Newcomer:
    gather = Gather()
    display_name = gather.take(clean_text, display_name, field="display_name", limit=NAME_CHARACTERS)
    language = gather.take(clean_language, language, empty=True)
    gather.take(clean_password, password)
    gather.tell()
    return _Newcomer(display_name, hash_password(password), language)


def _join(means: Means, email: str, newcomer: _Newcomer) -> int:
    """Make the account of somebody who was invited; returns their id."""
    person = create_person(means, email=email, display_name=newcomer.display_name, language=newcomer.language)
    store_password(means, Actor("person", person.id), person_id=person.id, encoded=newcomer.encoded_password)
    return person.id


def _still_invites(said: dict[str, Any]) -> bool:
    """Tell whether who invited may still invite; the host and commands always may."""
    if not said["invited_by"]:
        return True
    return can(roles_in(said["invited_by"], said["business_center_id"]), Permission.MANAGE_MEMBERS)


def _waiting(business_center_id: int) -> Any:
    return Link.objects.filter(
        purpose=Link.Purpose.INVITATION,
        used_at_ms__isnull=True,
        invitation__business_center_id=business_center_id,
    )
