"""People get an account, and change what is said of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.kernel.actor import COMMAND
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    create_creator,
    create_person,
    follow_link,
    make_reset_link,
    remove_member,
    retire_creator,
    sign_in_link,
    sweep,
    update_person,
)
from attise.management.accounts.models import Person
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


def test_a_person_is_found_by_their_address_whatever_its_case(means):
    person = create_person(means, email=" Ines@Example.org ", display_name="Inès", language="fr")
    assert person.email == "ines@example.org"
    assert queries.find_person_by_email("INES@example.org") == person
    assert queries.find_person(person.id) == person
    assert queries.get_person(person.id) == person
    assert not person.has_password
    assert not person.is_operator


def test_nobody_else_has_the_same_address(means, ines, town):
    assert refusals_of(create_person, means, email="INES@example.org", display_name="Autre") == [
        ("email", "email_taken")
    ]
    paul = town.person("paul")
    assert refusals_of(update_person, means, person_id=paul.id, email="ines@example.org") == [("email", "email_taken")]
    assert queries.get_person(paul.id).email == "paul@example.org"
    assert update_person(means, person_id=paul.id, email="paul.b@example.org").email == "paul.b@example.org"


def test_all_that_is_wrong_is_told_at_once(means):
    found = refusals_of(create_person, means, email="x", display_name="a\u202eb", language="french")
    assert found == [("email", "email_invalid"), ("display_name", "text_characters"), ("language", "language_unknown")]
    assert not Person.objects.exists()


def test_what_is_not_named_stays(means, ines):
    changed = update_person(means, person_id=ines.id, language="fr")
    assert (changed.language, changed.display_name, changed.email) == ("fr", ines.display_name, ines.email)
    assert refusals_of(update_person, means, person_id=ines.id, display_name="", language="xx") == [
        ("display_name", "field_required"),
        ("language", "language_unknown"),
    ]


def test_who_does_not_exist_is_not_found(means):
    assert refusals_of(update_person, means, person_id=1, language="fr") == [("person_id", "not_found")]
    assert refusals_of(queries.get_person, 1) == [("person_id", "not_found")]
    assert queries.find_person(1) is None
    assert queries.find_person_by_email("nobody@example.org") is None
    assert queries.find_person_by_email("no\0body") is None


def test_the_first_operator_is_the_one_who_was_there_first(means, town):
    assert queries.find_first_operator() is None
    first = town.person("first", is_operator=True)
    town.person("second", is_operator=True)
    assert queries.find_first_operator() == first


# ---- the list of them


def listed(**asked):
    return [row.person.display_name for row in queries.list_people(**asked).items]


@pytest.fixture
def crowd(means, town, ines):
    """Inès, who administers; Paul, who publishes; Zoé, who operates; Ana, who only watches."""
    paul, zoe, ana = town.person("paul"), town.person("zoe", is_operator=True), town.person("ana")
    creator = create_creator(means, COMMAND, handle="paul.cuisine", display_name="Paul", person_id=paul.id)
    return {"paul": paul, "zoe": zoe, "ana": ana, "creator": creator, "center": town.center(ines, zoe)}


def test_people_are_listed_newest_first_with_what_they_may_open(means, ines, crowd):
    rows = {row.person.display_name: row for row in queries.list_people().items}
    assert list(rows) == ["Ana", "Zoe", "Paul", ines.display_name]
    assert {name: row.consoles for name, row in rows.items()} == {
        "Ana": ("viewer",),
        "Zoe": ("viewer", "advertiser", "operator"),
        "Paul": ("viewer", "creator"),
        ines.display_name: ("viewer", "advertiser"),
    }
    assert rows["Paul"].handle == "paul.cuisine"
    assert [one.business_center_name for one in rows["Zoe"].memberships] == ["Maison Aubrée"]
    assert listed(console="creator") == ["Paul"]
    assert listed(console="advertiser") == ["Zoe", ines.display_name]
    assert listed(console="operator") == ["Zoe"]
    retire_creator(means, COMMAND, creator_id=crowd["creator"].id)
    remove_member(means, COMMAND, business_center_id=crowd["center"].id, person_id=crowd["zoe"].id)
    assert listed(console="creator") == []
    assert listed(console="advertiser") == [ines.display_name]


def test_a_list_of_people_is_searched_by_name_address_and_handle(crowd, ines):
    assert listed(keyword="PAU") == listed(keyword="@paul.cui") == listed(keyword="paul@example") == ["Paul"]
    assert listed(keyword="example.org", console="operator") == ["Zoe"]
    assert listed(keyword="nobody") == listed(keyword="%") == listed(keyword="\0") == listed(keyword="\ud800") == []


def test_a_list_of_people_is_read_by_pages_at_one_price(town, crowd):
    for number in range(8):
        town.person(f"p{number}")
    with CaptureQueriesContext(connection) as few:
        second = queries.list_people(page=2, page_size=5)
    assert ([row.person.display_name for row in second.items], second.total, second.pages) == (
        ["P2", "P1", "P0", "Ana", "Zoe"], 12, 3,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        assert len(queries.list_people(page_size=50).items) == 12
    assert len(few) == len(many) == 5
    assert queries.list_people(page=9).items == []


def test_a_walk_over_everybody_meets_each_of_them_once(town, crowd, monkeypatch):
    monkeypatch.setattr("attise.management.accounts.queries.people.AT_ONCE", 3)
    for number in range(5):
        town.person(f"p{number}")
    assert [row.person.id for row in queries.all_people()] == [
        row.person.id for row in queries.list_people(page_size=50).items
    ]
    assert [row.person.display_name for row in queries.all_people(keyword="p3")] == ["P3"]


def last_link(person):
    return next(row.last_link for row in queries.list_people().items if row.person.id == person.id)


def test_the_last_link_of_a_person_is_told_also_when_it_is_long_over(means, ines, clock):
    assert last_link(ines) is None
    secret = sign_in_link(means, person_id=ines.id, console="viewer")
    made_at = clock.wire_ms()
    assert (last_link(ines).purpose, last_link(ines).made_at_ms, last_link(ines).used_at_ms) == (
        "sign_in", made_at, None,
    )  # fmt: skip
    clock.advance(seconds=60)
    follow_link(means, secret)
    assert last_link(ines).used_at_ms == clock.wire_ms()
    clock.advance(seconds=60)
    make_reset_link(means, COMMAND, person_id=ines.id)
    assert (last_link(ines).purpose, last_link(ines).used_at_ms) == ("reset", None)
    clock.advance(days=30)
    assert sweep(means) == 1
    assert last_link(ines).made_at_ms == made_at + 120_000
