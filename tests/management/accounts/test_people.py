"""People get an account, and change what is said of them."""

import pytest

from attise.management.accounts import queries
from attise.management.accounts.actions import create_person, update_person
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
