"""A viewer is declared: what is not said is unknown, what is wrong is told all at once, what serving reads follows."""

import datetime as dt
import json

import msgspec
import pytest

from attise.kernel.actor import COMMAND
from attise.management.accounts.actions import create_creator, retire_creator
from attise.management.outbox.models import Change
from attise.management.viewers import queries
from attise.management.viewers.actions import (
    create_viewer,
    erase_viewer,
    make_ticket,
    update_viewer,
    viewer_of_person,
)
from attise.management.viewers.models import Viewer as Row
from attise.records.ticket import Ticket, Tickets
from attise.records.viewer import Viewer
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


def record_of(viewer_id: int) -> Viewer:
    return msgspec.json.decode(Row.objects.get(id=viewer_id).record, type=Viewer)


@pytest.fixture
def creator(means):
    return create_creator(means, COMMAND, handle="lea.cuisine", display_name="Léa")


def test_of_a_viewer_who_says_nothing_nothing_is_known(means):
    viewer = create_viewer(means)
    assert queries.get_viewer(viewer.id) == viewer
    assert viewer.profiling_consent is False
    record = record_of(viewer.id)
    assert record == Viewer(viewer_id=viewer.id, pseudonym=record.pseudonym)


def test_what_a_viewer_says_reaches_the_record_in_one_spelling(means, creator):
    viewer = create_viewer(
        means,
        external_id="u-17",
        birth_date="1994-02-28",
        gender="female",
        country="FR",
        region="FR-IDF",
        language="fr",
        os="ios",
        device_price=800,
        interests=["beauty_care", "100301", "1001"],
        follows=[creator.id, creator.id],
        profiling_consent=True,
    )
    record = record_of(viewer.id)
    assert record == Viewer(
        viewer_id=viewer.id,
        pseudonym=record.pseudonym,
        birth_date="1994-02-28",
        gender="female",
        country="FR",
        region="FR-IDF",
        language="fr",
        os="ios",
        device_price=800,
        interests=("1001", "100301"),
        follows=(creator.id,),
        profiling_consent=True,
    )
    assert "u-17" not in Row.objects.get(id=viewer.id).record
    assert viewer.consented_at_ms == means.clock.world_ms()


def test_an_age_is_kept_as_the_youngest_it_may_mean(means, clock):
    viewer = create_viewer(means, age=17)
    assert viewer.birth_date == dt.date(2009, 9, 21)  # the world stands on 21 September 2026
    clock.advance(days=364)
    assert create_viewer(means, age=18).birth_date > viewer.birth_date - dt.timedelta(days=2)


def test_all_that_is_wrong_is_told_at_once(means):
    found = refusals_of(
        create_viewer,
        means,
        external_id="\u202e",
        birth_date="2026-13-45",
        gender="robot",
        country="FRA",
        region="FR-XXX",
        language="fr-FR",
        os="symbian",
        device_price=True,
        interests=["sport", "astrology"],
        follows=[12],
    )
    assert found == [
        ("external_id", "text_characters"),
        ("birth_date", "birth_date_form"),
        ("gender", "gender_unknown"),
        ("country", "country_unknown"),
        ("region", "region_unknown"),
        ("language", "language_unknown"),
        ("os", "os_unknown"),
        ("device_price", "device_price_invalid"),
        ("interests", "interest_unknown"),
        ("follows", "creator_unknown"),
    ]
    assert not Row.objects.exists()
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"age": 12}, "age", "too_young"),
        ({"age": -1}, "age", "birth_date_implausible"),
        ({"age": 121}, "age", "birth_date_implausible"),
        ({"age": 30, "birth_date": "1996-01-01"}, "age", "age_twice"),
        ({"birth_date": "2014-01-01"}, "birth_date", "too_young"),
        ({"birth_date": "1850-01-01"}, "birth_date", "birth_date_implausible"),
        ({"birth_date": "2027-01-01"}, "birth_date", "birth_date_implausible"),
        ({"birth_date": "1996-02-30"}, "birth_date", "birth_date_form"),
        ({"birth_date": "٢٠٠٠-01-01"}, "birth_date", "birth_date_form"),
        ({"country": "DE", "region": "FR-IDF"}, "region", "region_elsewhere"),
        ({"country": "fr"}, "country", "country_unknown"),
        ({"region": "FR"}, "region", "region_unknown"),
        ({"device_price": 1.5}, "device_price", "device_price_invalid"),
        ({"device_price": -1}, "device_price", "device_price_invalid"),
        ({"interests": ["sport"] * 61}, "interests", "too_many_entries"),
        ({"follows": [2**70]}, "follows", "creator_unknown"),
        ({"follows": [-1]}, "follows", "creator_unknown"),
        ({"follows": range(1, 1_002)}, "follows", "too_many_entries"),
        ({"external_id": "x" * 129}, "external_id", "text_too_long"),
        ({"external_id": ""}, "external_id", "field_required"),
        ({"shoe_size": 42}, "shoe_size", "field_unknown"),
    ],
)
def test_one_thing_that_is_wrong_is_named(means, facts, field, code):
    assert refusals_of(create_viewer, means, **facts) == [(field, code)]


def test_a_region_tells_its_country(means):
    assert create_viewer(means, region="FR-BRE").country == "FR"
    assert create_viewer(means, region="GP", country="FR").country == "FR"


def test_a_region_is_checked_against_the_country_said_earlier(means):
    viewer = create_viewer(means, country="DE")
    assert refusals_of(update_viewer, means, viewer_id=viewer.id, region="FR-IDF") == [("region", "region_elsewhere")]
    assert update_viewer(means, viewer_id=viewer.id, country="FR", region="FR-IDF").region == "FR-IDF"
    assert refusals_of(update_viewer, means, viewer_id=viewer.id, country="DE") == [("region", "region_elsewhere")]


def test_a_creator_who_is_gone_is_not_followed_anew(means, creator):
    retire_creator(means, COMMAND, creator_id=creator.id)
    assert refusals_of(create_viewer, means, follows=[creator.id]) == [("follows", "creator_unknown")]


def test_consent_is_dated_withdrawn_and_told_at_once(means, clock):
    viewer = create_viewer(means, profiling_consent=True)
    granted = viewer.consented_at_ms
    clock.advance(days=3)
    same = update_viewer(means, viewer_id=viewer.id, language="fr", profiling_consent=True)
    assert same.consented_at_ms == granted
    before = Change.objects.count()
    withdrawn = update_viewer(means, viewer_id=viewer.id, profiling_consent=False)
    assert withdrawn.consented_at_ms is None
    assert record_of(viewer.id).profiling_consent is False
    told = Change.objects.order_by("version").last()
    assert (told.kind, told.object_id, Change.objects.count()) == ("viewer_changed", viewer.id, before + 1)
    assert update_viewer(means, viewer_id=viewer.id, profiling_consent=True).consented_at_ms == clock.world_ms()


@pytest.mark.parametrize("said", [None, False, 0, "yes", 1])
def test_anything_but_a_plain_yes_is_a_refusal(means, said):
    assert create_viewer(means, profiling_consent=said).profiling_consent is False


def test_what_is_not_named_stays_and_none_forgets(means, creator):
    viewer = create_viewer(means, external_id="u", age=30, gender="other", follows=[creator.id], interests=["sport"])
    changed = update_viewer(means, viewer_id=viewer.id, gender=None, interests=None)
    assert (changed.gender, changed.interests) == ("", ())
    assert (changed.birth_date, changed.follows, changed.external_id) == (viewer.birth_date, viewer.follows, "u")


def test_the_same_external_id_again_is_a_conflict(means):
    first = create_viewer(means, external_id="u-1")
    other = create_viewer(means, external_id="u-2")
    assert refusals_of(create_viewer, means, external_id="u-1") == [("external_id", "external_id_taken")]
    assert refusals_of(update_viewer, means, viewer_id=other.id, external_id="u-1") == [
        ("external_id", "external_id_taken")
    ]
    assert queries.find_viewer_by_external_id("u-1") == first
    for other in ("u-3", "", "\0", "\udcff"):
        assert queries.find_viewer_by_external_id(other) is None


def test_two_viewers_have_pseudonyms_that_say_nothing_of_each_other(means):
    first, second = create_viewer(means), create_viewer(means)
    names = {record_of(first.id).pseudonym, record_of(second.id).pseudonym}
    assert len(names) == 2
    assert not any(str(first.id) in name or str(second.id) in name for name in names)


def test_a_pseudonym_lasts_as_long_as_its_viewer(means):
    viewer = create_viewer(means)
    before = record_of(viewer.id).pseudonym
    update_viewer(means, viewer_id=viewer.id, language="fr")
    assert record_of(viewer.id).pseudonym == before


def test_an_erased_viewer_leaves_neither_row_nor_key(means):
    viewer = create_viewer(means, external_id="u-1")
    pseudonym = record_of(viewer.id).pseudonym
    erase_viewer(means, viewer_id=viewer.id)
    assert queries.find_viewer(viewer.id) is None
    told = Change.objects.order_by("version").last()
    assert (told.kind, told.object_id, json.loads(told.body)) == ("viewer_changed", viewer.id, {"erased": True})
    for again in (erase_viewer, update_viewer, make_ticket):
        assert refusals_of(again, means, viewer_id=viewer.id) == [("viewer_id", "not_found")]
    back = create_viewer(means, external_id="u-1")
    assert record_of(back.id).pseudonym != pseudonym


def test_a_person_has_one_viewer(means):
    first = viewer_of_person(means, person_id=5)
    assert viewer_of_person(means, person_id=5) == first
    assert queries.find_viewer_of_person(5) == first
    assert refusals_of(create_viewer, means, person_id=5) == [("person_id", "viewer_of_person_exists")]


def test_a_ticket_speaks_for_its_viewer_for_a_quarter_of_an_hour(means, clock):
    viewer = create_viewer(means)
    text, end_ms = make_ticket(means, viewer_id=viewer.id)
    assert end_ms == clock.wire_ms() + 15 * 60_000
    tickets = Tickets(means.secrets.key("ticket"))
    assert tickets.open(text, now_ms=clock.wire_ms()) == Ticket(viewer.id, end_ms)
    assert make_ticket(means, viewer_id=viewer.id)[0] != text
    clock.advance(seconds=900)
    assert tickets.open(text, now_ms=clock.wire_ms()) is None


def test_viewers_are_listed_newest_first(means):
    made = [create_viewer(means).id for _ in range(5)]
    page = queries.list_viewers(limit=3)
    assert [viewer.id for viewer in page.items] == made[:1:-1]
    assert [viewer.id for viewer in queries.list_viewers(limit=3, after=page.after).items] == made[1::-1]


def test_a_viewer_costs_few_queries(means, django_assert_max_num_queries, creator):
    with django_assert_max_num_queries(8):
        create_viewer(means, external_id="u", follows=[creator.id])
    viewer = create_viewer(means)
    with django_assert_max_num_queries(8):
        update_viewer(means, viewer_id=viewer.id, language="fr")
    with django_assert_max_num_queries(1):
        make_ticket(means, viewer_id=viewer.id)
