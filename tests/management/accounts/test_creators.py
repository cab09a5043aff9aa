"""Creators get an account, change it, and go."""

import datetime as dt

import pytest

from attise.kernel.actor import COMMAND
from attise.management.accounts import queries
from attise.management.accounts.actions import create_creator, entrust_creator, retire_creator, update_creator
from attise.management.accounts.models import Creator
from attise.management.outbox.models import Change
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


def changes() -> list[tuple[str, int]]:
    return list(Change.objects.order_by("version").values_list("kind", "object_id"))


def test_a_creator_is_found_by_id_handle_and_person(means, ines):
    made = create_creator(
        means,
        COMMAND,
        handle="@Lea.Cuisine",
        display_name="Léa",
        country="FR",
        language="fr",
        categories=["food_drink", "family", "food_drink"],
        birth_date="2001-05-14",
        person_id=ines.id,
        bio="Recettes\nsans chichi",
    )
    assert (made.handle, made.birth_date, made.categories) == (
        "lea.cuisine",
        dt.date(2001, 5, 14),
        ("food_drink", "family"),
    )
    assert made.is_active
    for found in (
        queries.get_creator(made.id),
        queries.find_creator(made.id),
        queries.find_creator_by_handle("LEA.cuisine"),
        queries.find_creator_by_handle("@lea.cuisine"),
        queries.find_creator_of_person(ines.id),
    ):
        assert found == made
    assert changes() == [("creator_changed", made.id)]


def test_who_does_not_exist_is_not_found(means):
    assert queries.find_creator(1) is None
    assert queries.find_creator_by_handle("no\0body") is None
    assert queries.find_creator_of_person(1) is None
    assert refusals_of(queries.get_creator, 1) == [("creator_id", "not_found")]
    for verb in (update_creator, retire_creator):
        assert refusals_of(verb, means, COMMAND, creator_id=1) == [("creator_id", "not_found")]
    assert refusals_of(create_creator, means, COMMAND, handle="lea", display_name="Léa", person_id=1) == [
        ("person_id", "not_found")
    ]


def test_all_that_is_wrong_is_told_at_once(means):
    found = refusals_of(
        create_creator,
        means,
        COMMAND,
        handle="Léa!",
        display_name="x" * 101,
        country="FRA",
        language="français",
        categories=["food_drink", "astrology"],
        birth_date="2020-01-01",
        bio="\u200b",
    )
    assert found == [
        ("handle", "text_form"),
        ("display_name", "text_too_long"),
        ("bio", "text_characters"),
        ("country", "country_unknown"),
        ("language", "language_unknown"),
        ("categories", "category_unknown"),
        ("birth_date", "too_young"),
    ]
    assert not Creator.objects.exists()


@pytest.mark.parametrize("handle", ["a", "", "lea..", ".lea", "lea cuisine", "x" * 25, "léa", "lеa", "l\u202eea", "@"])
def test_a_handle_has_one_alphabet(means, handle):
    ((field, _),) = refusals_of(create_creator, means, COMMAND, handle=handle, display_name="Léa")
    assert field == "handle"


def test_a_handle_is_given_once_even_after_its_creator_is_gone(means):
    made = create_creator(means, COMMAND, handle="lea", display_name="Léa")
    retire_creator(means, COMMAND, creator_id=made.id)
    assert refusals_of(create_creator, means, COMMAND, handle="LEA", display_name="Une autre") == [
        ("handle", "handle_taken")
    ]


def test_a_person_has_one_creator_account(means, ines):
    create_creator(means, COMMAND, handle="lea", display_name="Léa", person_id=ines.id)
    assert refusals_of(create_creator, means, COMMAND, handle="lea2", display_name="Léa", person_id=ines.id) == [
        ("person_id", "creator_of_person_exists")
    ]


def test_at_thirteen_one_may_publish(means, clock):
    made = create_creator(means, COMMAND, handle="tom", display_name="Tom", birth_date=dt.date(2013, 9, 21))
    assert made.birth_date == dt.date(2013, 9, 21)
    assert refusals_of(
        create_creator, means, COMMAND, handle="lou", display_name="Lou", birth_date=dt.date(2013, 9, 22)
    ) == [("birth_date", "too_young")]
    clock.advance(days=1)
    assert create_creator(means, COMMAND, handle="lou", display_name="Lou", birth_date=dt.date(2013, 9, 22))


def test_what_is_not_named_stays(means):
    made = create_creator(means, COMMAND, handle="lea", display_name="Léa", country="FR", birth_date="2001-05-14")
    changed = update_creator(
        means, COMMAND, creator_id=made.id, bio="Bonjour", legal_answers={"retouched": True}, is_business=True
    )
    assert (changed.bio, changed.legal_answers, changed.is_business) == ("Bonjour", {"retouched": True}, True)
    assert (changed.country, changed.birth_date, changed.display_name) == ("FR", made.birth_date, "Léa")
    assert update_creator(means, COMMAND, creator_id=made.id, birth_date=None).birth_date is None
    assert changes() == [("creator_changed", made.id)] * 3
    assert refusals_of(
        update_creator, means, COMMAND, creator_id=made.id, handle="leo", state="gone", legal_answers={"rich": True}
    ) == [("handle", "field_unknown"), ("state", "field_unknown"), ("legal_answers", "field_invalid")]
    assert refusals_of(update_creator, means, COMMAND, creator_id=made.id, categories=["sport"] * 11) == [
        ("categories", "list_length")
    ]


def test_a_creator_goes_once_and_for_good(means):
    made = create_creator(means, COMMAND, handle="lea", display_name="Léa")
    assert queries.existing_creators([made.id, 5]) == {made.id}
    for _ in range(2):
        gone = retire_creator(means, COMMAND, creator_id=made.id)
        assert gone.state == "gone"
    assert changes() == [("creator_changed", made.id), ("creator_stopped", made.id)]
    assert queries.get_creator(made.id) == gone
    assert queries.existing_creators([made.id]) == set()
    assert refusals_of(update_creator, means, COMMAND, creator_id=made.id, bio="Me revoilà") == [
        ("creator_id", "creator_gone")
    ]


def test_creators_are_listed_newest_first(means):
    made = [create_creator(means, COMMAND, handle=f"c{number}", display_name="C").id for number in range(5)]
    page = queries.list_creators(limit=3)
    assert [creator.id for creator in page.items] == made[:1:-1]
    rest = queries.list_creators(limit=3, after=page.after)
    assert ([creator.id for creator in rest.items], rest.after) == (made[1::-1], None)


def test_a_creator_of_the_host_is_entrusted_to_a_person_once(means, ines, town):
    hosted = create_creator(means, COMMAND, handle="noe.teste", display_name="Noé")
    paul = town.person("paul")
    assert entrust_creator(means, COMMAND, creator_id=hosted.id, person_id=ines.id).person_id == ines.id
    assert queries.find_creator_of_person(ines.id).id == hosted.id
    assert refusals_of(entrust_creator, means, COMMAND, creator_id=hosted.id, person_id=paul.id) == [
        ("creator_id", "creator_has_person")
    ]
    second = create_creator(means, COMMAND, handle="lea.peau", display_name="Léa")
    assert refusals_of(entrust_creator, means, COMMAND, creator_id=second.id, person_id=ines.id) == [
        ("person_id", "creator_of_person_exists")
    ]
    assert refusals_of(entrust_creator, means, COMMAND, creator_id=second.id, person_id=1) == [
        ("person_id", "not_found")
    ]
    retire_creator(means, COMMAND, creator_id=second.id)
    assert refusals_of(entrust_creator, means, COMMAND, creator_id=second.id, person_id=paul.id) == [
        ("creator_id", "creator_gone")
    ]
    assert queries.get_creator(second.id).person_id is None
