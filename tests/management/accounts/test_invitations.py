"""Invitations: a link that an administrator hands over, for one address, once."""

import pytest

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    accept_invitation,
    change_member,
    invite_member,
    remove_member,
    sign_in,
    withdraw_invitation,
)
from attise.management.accounts.models import Link, Member, Person
from attise.management.accounts.rules import ADMIN, ANALYST
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
DEAD = [(None, "link_dead")]
NEWCOMER = {"display_name": "Zoé", "password": "trois girafes roses", "language": "fr"}


@pytest.fixture
def invite(means, center, ines):
    def invited(email="zoe@example.org", role="STANDARD", advertiser_role="ANALYST", **more):
        return invite_member(
            means,
            Actor("person", ines.id),
            business_center_id=center.id,
            email=email,
            role=role,
            advertiser_role=advertiser_role,
            **more,
        )

    return invited


def test_a_newcomer_makes_an_account_and_is_a_member(means, center, invite, ines):
    view, secret = invite(email="Zoe@Example.org")
    assert (view.email, view.roles, view.invited_by) == ("zoe@example.org", ANALYST, ines.id)
    assert secret not in str(list(Link.objects.values()))
    assert queries.find_link(means, secret).invitation["email"] == "zoe@example.org"
    member = accept_invitation(means, secret=secret, **NEWCOMER)
    assert (member.business_center_id, member.email, member.roles) == (center.id, "zoe@example.org", ANALYST)
    person = sign_in(means, email="zoe@example.org", password=NEWCOMER["password"])
    assert (person.id, person.language, person.is_operator) == (member.person_id, "fr", False)


def test_an_invitation_is_accepted_once(means, invite):
    _, secret = invite()
    accept_invitation(means, secret=secret, **NEWCOMER)
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD
    assert Person.objects.filter(email="zoe@example.org").count() == 1


def test_somebody_with_an_account_accepts_from_it(means, town, center, invite):
    zoe = town.person("zoe", password=NEWCOMER["password"])
    _, secret = invite()
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == [(None, "invitation_sign_in_first")]
    assert accept_invitation(means, secret=secret, person_id=zoe.id).person_id == zoe.id
    assert queries.roles_in(zoe.id, center.id) == ANALYST


def test_somebody_else_s_account_does_not_do(means, town, invite):
    paul = town.person("paul")
    _, secret = invite()
    assert refusals_of(accept_invitation, means, secret=secret, person_id=paul.id) == [
        (None, "invitation_other_person")
    ]
    assert accept_invitation(means, secret=secret, **NEWCOMER)


def test_what_is_refused_leaves_the_invitation_as_it_was(means, invite):
    _, secret = invite()
    assert refusals_of(
        accept_invitation, means, secret=secret, display_name="", password="short", language="klingon"
    ) == [("display_name", "field_required"), ("language", "language_unknown"), ("password", "password_too_short")]
    assert not Person.objects.filter(email="zoe@example.org").exists()
    assert accept_invitation(means, secret=secret, **NEWCOMER)


def test_an_invitation_lives_seven_days(means, invite, center, clock):
    view, secret = invite()
    clock.advance(days=6.9)
    assert queries.list_invitations(means, center.id) == [view]
    clock.advance(days=0.1)
    assert queries.list_invitations(means, center.id) == []
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD


def test_a_second_invitation_to_the_same_address_replaces_the_first(means, center, invite):
    _, first = invite()
    view, second = invite(role="ADMIN", advertiser_role="")
    assert queries.list_invitations(means, center.id) == [view]
    assert refusals_of(accept_invitation, means, secret=first, **NEWCOMER) == DEAD
    assert accept_invitation(means, secret=second, **NEWCOMER).roles == ADMIN


def test_an_invitation_is_withdrawn_by_its_own_business_center(means, town, center, invite, ines):
    view, secret = invite()
    other = town.center(ines, name="Studio")
    assert refusals_of(withdraw_invitation, means, business_center_id=other.id, invitation_id=view.id) == [
        ("invitation_id", "not_found")
    ]
    withdraw_invitation(means, business_center_id=center.id, invitation_id=view.id)
    assert refusals_of(withdraw_invitation, means, business_center_id=center.id, invitation_id=view.id) == [
        ("invitation_id", "not_found")
    ]
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD


def test_an_invitation_dies_with_the_right_of_who_made_it(means, town, center, invite, ines):
    _, secret = invite()
    town.join(center, town.person("paul"), "ADMIN")
    here = {"business_center_id": center.id, "person_id": ines.id}
    change_member(means, COMMAND, **here, role="STANDARD", advertiser_role="ADMIN")
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD
    remove_member(means, COMMAND, **here)
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD
    town.join(center, ines, "ADMIN")  # who comes back does not bring their old invitations
    assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD
    assert not Person.objects.filter(email="zoe@example.org").exists()


def test_the_host_s_invitation_needs_no_member_behind_it(means, town):
    empty = town.center(name="Studio")
    _, secret = invite_member(means, COMMAND, business_center_id=empty.id, email="zoe@example.org", role="ADMIN")
    member = accept_invitation(means, secret=secret, **NEWCOMER)
    assert queries.roles_in(member.person_id, empty.id) == ADMIN


def test_a_member_is_not_invited_again(invite, town, center):
    zoe = town.person("zoe")
    _, _ = invite()
    town.join(center, zoe, "STANDARD", "ANALYST")
    assert refusals_of(invite) == [("email", "already_member")]


def test_who_became_a_member_meanwhile_is_told(means, invite, town, center):
    zoe = town.person("zoe")
    _, secret = invite()
    town.join(center, zoe, "STANDARD", "ANALYST")
    assert refusals_of(accept_invitation, means, secret=secret, person_id=zoe.id) == [("person_id", "already_member")]
    assert Member.objects.filter(person_id=zoe.id).count() == 1


def test_what_an_invitation_cannot_be(means, invite, center, ines):
    assert refusals_of(invite, email="zoe", role="OWNER") == [("email", "email_invalid"), ("role", "roles_unknown")]
    assert refusals_of(invite_member, means, COMMAND, business_center_id=1, email="zoe@example.org", role="ADMIN") == [
        ("business_center_id", "not_found")
    ]
    for secret in ("", "\0", "alk_" + "0" * 40):
        assert refusals_of(accept_invitation, means, secret=secret, **NEWCOMER) == DEAD
