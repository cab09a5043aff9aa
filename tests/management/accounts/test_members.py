"""Members come, change roles and leave; what they granted goes with them; somebody always administers."""

import pytest

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import queries
from attise.management.accounts.actions import add_member, change_member, remove_member
from attise.management.accounts.models import Person
from attise.management.accounts.rules import ADMIN, ANALYST, CAMPAIGN_OPERATOR, FINANCE, Permission, can
from attise.management.outbox.queries import list_notices
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


def test_a_member_has_the_roles_they_were_given(means, town, center, ines):
    paul, zoe = town.person("paul"), town.person("zoe")
    town.join(center, paul, "STANDARD", "OPERATOR")
    town.join(center, zoe, "STANDARD", "", "MANAGER")
    assert queries.roles_in(ines.id, center.id) == ADMIN
    assert queries.roles_in(paul.id, center.id) == CAMPAIGN_OPERATOR
    assert queries.roles_in(zoe.id, center.id) == FINANCE
    assert [member.person_id for member in queries.list_members(center.id).items] == [ines.id, paul.id, zoe.id]
    assert queries.get_member(center.id, paul.id).email == "paul@example.org"


def test_a_person_sees_the_business_centers_they_are_in(town, center, ines):
    other = town.center(name="Studio")
    town.join(other, ines, "STANDARD", "ANALYST")
    told = [(one.business_center_name, one.roles) for one in queries.memberships_of(ines.id)]
    assert told == [("Maison Aubrée", ADMIN), ("Studio", ANALYST)]
    assert queries.memberships_of(1) == []


def test_a_member_who_left_may_come_back(means, town, center):
    paul = town.person("paul")
    town.join(center, paul, "STANDARD", "ANALYST")
    remove_member(means, COMMAND, business_center_id=center.id, person_id=paul.id)
    assert queries.roles_in(paul.id, center.id) is None
    assert queries.list_members(center.id).total == 1
    assert refusals_of(remove_member, means, COMMAND, business_center_id=center.id, person_id=paul.id) == [
        ("person_id", "not_found")
    ]
    town.join(center, paul, "STANDARD", "OPERATOR")
    assert queries.roles_in(paul.id, center.id) == CAMPAIGN_OPERATOR


def test_nobody_is_a_member_twice(town, center, ines):
    assert refusals_of(town.join, center, ines, "ADMIN") == [("person_id", "already_member")]


@pytest.mark.parametrize(
    "words", [("admin", "", ""), ("STANDARD", "", ""), ("STANDARD", "OWNER", ""), ("ADMIN", "", "ALL"), ("", "", "")]
)
def test_a_role_that_is_none_is_refused(town, center, words):
    paul = town.person("paul")
    assert refusals_of(town.join, center, paul, *words) == [("role", "roles_unknown")]


def test_ids_that_are_none_are_not_found(means, town, center):
    paul = town.person("paul")
    for verb in (add_member, change_member):
        assert refusals_of(verb, means, COMMAND, business_center_id=1, person_id=paul.id, role="ADMIN") == [
            ("business_center_id", "not_found")
        ]
        assert refusals_of(verb, means, COMMAND, business_center_id=center.id, person_id=1, role="ADMIN") == [
            ("person_id", "not_found")
        ]
    assert refusals_of(remove_member, means, COMMAND, business_center_id=1, person_id=paul.id) == [
        ("business_center_id", "not_found")
    ]


def test_the_last_administrator_neither_leaves_nor_steps_down(means, town, center, ines):
    town.join(center, town.person("paul"), "STANDARD", "ADMIN", "MANAGER")
    here = {"business_center_id": center.id, "person_id": ines.id}
    assert refusals_of(remove_member, means, COMMAND, **here) == [("person_id", "last_admin")]
    stepping_down = {**here, "role": "STANDARD", "advertiser_role": "ADMIN"}
    assert refusals_of(change_member, means, COMMAND, **stepping_down) == [("person_id", "last_admin")]
    assert change_member(means, COMMAND, **here, role="ADMIN", finance_role="MANAGER").roles.finance_role == "MANAGER"
    zoe = town.person("zoe")
    town.join(center, zoe, "ADMIN")
    remove_member(means, COMMAND, **here)
    assert refusals_of(remove_member, means, COMMAND, business_center_id=center.id, person_id=zoe.id) == [
        ("person_id", "last_admin")
    ]


def test_an_administrator_elsewhere_or_one_whose_account_is_closed_does_not_count(means, town, center, ines):
    zoe = town.person("zoe")
    town.center(zoe, name="Studio")
    closed = town.person("closed")
    town.join(center, closed, "ADMIN")
    Person.objects.filter(id=closed.id).update(is_active=False)
    assert refusals_of(remove_member, means, COMMAND, business_center_id=center.id, person_id=ines.id) == [
        ("person_id", "last_admin")
    ]


def test_a_closed_account_has_no_rights_left(town, center, ines):
    Person.objects.filter(id=ines.id).update(is_active=False)
    assert not can(queries.roles_in(ines.id, center.id), Permission.READ)
    assert queries.memberships_of(ines.id) == []


def test_the_business_center_reads_who_came_and_went(means, town, center, ines):
    paul = town.person("paul")
    by = Actor("person", ines.id)
    here = {"business_center_id": center.id, "person_id": paul.id}
    add_member(means, by, **here, role="STANDARD", advertiser_role="ANALYST")
    change_member(means, by, **here, role="ADMIN")
    remove_member(means, by, **here)
    told = [(notice.kind, notice.object_id, notice.body) for notice in list_notices("business_center", center.id).items]
    assert told[:3] == [
        (kind, paul.id, {"by": f"person:{ines.id}"}) for kind in ("member_removed", "member_changed", "member_joined")
    ]


def test_members_are_counted_and_found_by_name_role_and_page(town, center):
    for number in range(25):
        town.join(center, town.person(f"member{number:02}"), "STANDARD", "ANALYST")
    first, last = queries.list_members(center.id, 1, 20), queries.list_members(center.id, 2, 20)
    assert (len(first.items), len(last.items), last.total, last.pages) == (20, 6, 26, 2)
    assert queries.list_members(center.id, keyword="MEMBER1").total == 10
    assert queries.list_members(center.id, keyword="ines@").total == 1
    for keyword in ("%", "\0", "\udcff"):
        assert queries.list_members(center.id, keyword=keyword).total == 0
    assert queries.list_members(center.id, role="ADMIN").total == 1


def test_a_page_of_members_costs_two_queries(town, center, django_assert_max_num_queries):
    for number in range(10):
        town.join(center, town.person(f"member{number}"), "STANDARD", "ANALYST")
    with django_assert_max_num_queries(2):
        queries.list_members(center.id)
