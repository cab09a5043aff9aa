"""An advertiser makes pixels and says what they look for."""

from __future__ import annotations

import re

import pytest

from attise.kernel.limits import PIXEL_EVENTS, PIXELS
from attise.management.pixels import actions, queries
from attise.management.pixels.models import Event, Pixel
from attise.management.pixels.rules import EventDraft, EventRule
from tests.management.pixels.conftest import HOST
from tests.races import at_once
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
PAID = EventDraft("SHOPPING", currency="EUR", value="49.90")


@pytest.fixture
def pixel(means, advertiser):
    return actions.create_pixel(means, HOST, advertiser_id=advertiser, name="Boutique", category="ONLINE_STORE")


@pytest.fixture
def add(means, advertiser, pixel):
    def add(*drafts, pixel_id=pixel.id, advertiser_id=advertiser):
        return actions.create_events(means, HOST, advertiser_id=advertiser_id, pixel_id=pixel_id, drafts=drafts)

    return add


def test_a_pixel_has_a_random_code_and_nothing_yet(pixel, means, advertiser):
    assert re.fullmatch(r"[0-9A-Z]{20}", pixel.code)
    assert (pixel.name, pixel.category, pixel.events) == ("Boutique", "ONLINE_STORE", ())
    assert not pixel.matches_email
    assert not pixel.matches_phone
    assert queries.get_pixel(advertiser, pixel.id) == pixel
    other = actions.create_pixel(means, HOST, advertiser_id=advertiser, name="Boutique")
    assert other.code != pixel.code


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"name": ""}, [("name", "field_required")]),
        ({"name": "x" * 41}, [("name", "text_too_long")]),
        ({"name": "Shop 🛒"}, [("name", "name_emoji")]),
        ({"name": "Shop \u200b"}, [("name", "text_characters")]),
        ({"name": "", "category": "X"}, [("name", "field_required"), ("category", "pixel_category")]),
        ({"partner_name": "x" * 101}, [("partner_name", "text_too_long")]),
        ({"advertiser_id": 1}, [("advertiser_id", "not_found")]),
    ],
)
def test_what_cannot_be_a_pixel_is_refused(means, advertiser, facts, told):
    asked = {"advertiser_id": advertiser, "name": "Shop", **facts}
    assert refusals_of(actions.create_pixel, means, HOST, **asked) == told
    assert not Pixel.objects.exists()


def test_there_are_so_many_pixels(means, advertiser, rival):
    Pixel.objects.bulk_create(
        Pixel(id=place, code=f"X{place}", advertiser_id=advertiser, name="x", created_at_ms=0, modified_at_ms=0)
        for place in range(PIXELS)
    )
    asked = {"name": "one more", "advertiser_id": advertiser}
    assert refusals_of(actions.create_pixel, means, HOST, **asked) == [(None, "pixels_too_many")]
    assert actions.create_pixel(means, HOST, advertiser_id=rival, name="theirs")


def test_a_pixel_is_changed_and_its_time_moves(means, clock, advertiser, pixel):
    clock.advance(seconds=5)
    changed = actions.update_pixel(means, HOST, advertiser_id=advertiser, pixel_id=pixel.id, matches_email=True)
    assert (changed.name, changed.matches_email, changed.matches_phone) == ("Boutique", True, False)
    assert changed.modified_at_ms == pixel.modified_at_ms + 5_000
    asked = {"advertiser_id": advertiser, "pixel_id": pixel.id, "name": "Site", "matches_email": False}
    assert actions.update_pixel(means, HOST, **asked).name == "Site"
    assert refusals_of(actions.update_pixel, means, HOST, **{**asked, "name": "😀"}) == [("name", "name_emoji")]


def test_anothers_pixel_and_events_do_not_exist(means, rival, pixel, add):
    (event,) = add(PAID)
    absent = [("pixel_id", "not_found")]
    assert refusals_of(queries.get_pixel, rival, pixel.id) == absent
    assert refusals_of(queries.get_pixel, rival, 0) == absent
    assert queries.find_pixel(rival, 2**70) is None
    assert refusals_of(actions.update_pixel, means, HOST, advertiser_id=rival, pixel_id=pixel.id, name="x") == absent
    assert refusals_of(add, PAID, advertiser_id=rival) == absent
    absent = [("event_id", "not_found")]
    asked = {"advertiser_id": rival, "event_id": event.id}
    assert refusals_of(actions.update_event, means, HOST, **asked, name="x") == absent
    assert refusals_of(actions.delete_event, means, HOST, **asked) == absent
    assert queries.search_pixels(rival, code=pixel.code).items == []
    assert queries.existing_pixels(rival, [pixel.id]) == []


def test_a_pixel_looks_for_events(add, advertiser, pixel):
    rule = EventRule("TRIGGERTYPE_CLICK", "ELEMENT", "OPERATORTYPE_EQUALS", "#buy")
    paid, own = add(PAID, EventDraft(code="Quiz", counts_every_time=False, rules=(rule,)))
    assert (paid.event_type, paid.code, paid.name) == ("SHOPPING", "Purchase", "Purchase")
    assert (paid.currency, paid.value_micros, paid.counts_every_time) == ("EUR", 49_900_000, True)
    assert (own.event_type, own.code, own.counts_every_time, own.rules) == ("", "Quiz", False, (rule,))
    found = queries.get_pixel(advertiser, pixel.id)
    assert found.events == (paid, own)
    assert found.has_rules


def test_all_events_are_added_or_none(add):
    asked = (PAID, EventDraft("NOPE"), EventDraft(code="-"))
    assert refusals_of(add, *asked) == [
        ("events[1].event_type", "pixel_event_type"),
        ("events[2].code", "pixel_event_code"),
    ]
    assert refusals_of(add) == [("events", "pixel_events_none")]
    assert not Event.objects.exists()


def test_a_name_is_given_once_in_a_pixel(means, add, advertiser):
    add(PAID)
    taken = "pixel_event_name_taken"
    assert refusals_of(add, EventDraft("FORM"), PAID) == [("events[1].name", taken)]
    assert refusals_of(add, EventDraft("FORM"), EventDraft("FORM")) == [("events[1].name", taken)]
    assert Event.objects.count() == 1
    other = actions.create_pixel(means, HOST, advertiser_id=advertiser, name="Other")
    assert add(PAID, pixel_id=other.id)


def test_there_are_so_many_events(add):
    many = [EventDraft(code=f"e{place}") for place in range(PIXEL_EVENTS)]
    assert refusals_of(add, *many, PAID) == [("events", "pixel_events_too_many")]
    assert len(add(*many)) == PIXEL_EVENTS
    assert refusals_of(add, PAID) == [("events", "pixel_events_too_many")]


def test_an_event_is_changed_and_deleted(means, add, advertiser, pixel):
    paid, form = add(PAID, EventDraft("FORM"))
    here = {"advertiser_id": advertiser, "event_id": paid.id}
    changed = actions.update_event(means, HOST, **here, name="Order", currency="USD", value="5")
    assert (changed.name, changed.currency, changed.value_micros) == ("Order", "USD", 5_000_000)
    changed = actions.update_event(means, HOST, **here, name="Order 2")
    assert (changed.name, changed.value_micros) == ("Order 2", 5_000_000)
    told = refusals_of(actions.update_event, means, HOST, **here, name=form.name)
    assert told == [("name", "pixel_event_name_taken")]
    told = refusals_of(actions.update_event, means, HOST, **here, name="", currency="EUR", value="x")
    assert told == [("value", "pixel_event_value"), ("name", "field_required")]
    actions.delete_event(means, HOST, **here)
    assert queries.get_pixel(advertiser, pixel.id).events == (form,)
    assert refusals_of(actions.delete_event, means, HOST, **here) == [("event_id", "not_found")]


def test_pixels_are_found_by_part_of_their_name_by_code_and_in_both_orders(means, advertiser, pixel):
    site = actions.create_pixel(means, HOST, advertiser_id=advertiser, name="Site vitrine")

    def names(**asked):
        return [one.name for one in queries.search_pixels(advertiser, **asked).items]

    assert names() == ["Boutique", "Site vitrine"]
    assert names(newest_first=True) == ["Site vitrine", "Boutique"]
    assert names(name="BOUT") == ["Boutique"]
    assert names(code=site.code) == ["Site vitrine"]
    assert names(pixel_id=pixel.id) == ["Boutique"]
    assert names(pixel_id=0) == []
    assert names(name="\0") == names(code="\ud800") == []
    page = queries.search_pixels(advertiser, page=2, page_size=1)
    assert ([one.name for one in page.items], page.total, page.pages) == (["Site vitrine"], 2, 2)
    assert queries.search_pixels(advertiser, page=9, page_size=1).items == []
    first = queries.page_pixels(advertiser, limit=1)
    assert ([one.name for one in first.items], first.after) == (["Site vitrine"], site.id)
    rest = queries.page_pixels(advertiser, after=first.after, limit=1)
    assert ([one.name for one in rest.items], rest.after) == (["Boutique"], None)
    assert queries.existing_pixels(advertiser, [1, site.id, pixel.id, site.id]) == [site.id, pixel.id]


def test_a_page_of_pixels_costs_three_statements(means, advertiser, add, django_assert_num_queries):
    add(PAID)
    for place in range(5):
        actions.create_pixel(means, HOST, advertiser_id=advertiser, name=f"Site {place}")
    with django_assert_num_queries(3):
        queries.search_pixels(advertiser, page_size=20)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_one_event_at_once_one_does(means, advertiser, pixel):
    def add_it():
        actions.create_events(means, HOST, advertiser_id=advertiser, pixel_id=pixel.id, drafts=[PAID])
        return "made"

    assert sorted(at_once([add_it] * 6)) == ["made"] + ["pixel_event_name_taken"] * 5
