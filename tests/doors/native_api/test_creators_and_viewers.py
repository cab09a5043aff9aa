"""A host declares its creators and its viewers."""

from __future__ import annotations

import pytest

from attise.kernel.limits import TICKET_LIFE_MS
from attise.management.outbox.queries import get_version
from attise.records.ticket import PURPOSE, Tickets
from tests.doors.native_api.conftest import creator_of, errors_of

pytestmark = pytest.mark.django_db


def test_a_creator_is_made_read_found_changed_and_retired(host):
    draft = {
        "handle": "@Lea.Cuisine",
        "display_name": "Léa",
        "bio": "One pan.",
        "country": "FR",
        "language": "fr",
        "categories": ["sport"],
        "birth_date": "1998-04-12",
    }
    made = host.post("/v1/creators", draft)
    assert made.status_code == 201
    creator = made.json()
    told = {**draft, "handle": "lea.cuisine", "is_business": False, "state": "active"}
    assert {name: creator[name] for name in told} == told
    assert creator["created_at"].endswith("Z")
    path = f"/v1/creators/{creator['creator_id']}"
    assert host.get(path).json() == creator
    assert host.get("/v1/creators?handle=lea.cuisine").json() == {"items": [creator], "next_cursor": None}
    assert host.get("/v1/creators?handle=nobody").json()["items"] == []
    assert host.get("/v1/creators?q=L%C3%A9a").json() == {"items": [creator], "next_cursor": None}
    assert host.get("/v1/creators?q=nobody").json()["items"] == []

    changed = host.patch(path, {"display_name": "Léa B.", "bio": None, "is_business": True}).json()
    assert (changed["display_name"], changed["bio"], changed["is_business"]) == ("Léa B.", "", True)
    assert changed["country"] == "FR"
    assert host.get(path).json() == changed

    assert host.delete(path).json()["state"] == "gone"
    assert host.delete(path).json()["state"] == "gone"
    assert errors_of(host.patch(path, {"bio": "x"})) == [("creator_id", "creator_gone")]


def test_a_handle_is_given_once(host):
    creator_of(host, "lea")
    response = host.post("/v1/creators", {"handle": "LEA", "display_name": "Another"})
    assert response.status_code == 409
    assert errors_of(response) == [("handle", "handle_taken")]


def test_what_cannot_be_empty_stays_when_null_is_sent(host):
    path = f"/v1/creators/{creator_of(host)}"
    assert host.patch(path, {"display_name": None}).json()["display_name"] == "Léa"
    assert host.patch(path, {}).json()["display_name"] == "Léa"


def test_a_viewer_without_a_word_is_unknown_and_not_profiled(host):
    viewer = host.post("/v1/viewers", {}).json()
    assert viewer["consent"] == {"profiling": False, "since": None}
    unknown = {"external_id", "birth_date", "gender", "country", "region", "language", "os", "device_price"}
    assert {viewer[name] for name in unknown} == {None}


def test_a_viewer_is_declared_changed_and_forgotten(host, means):
    creator_id = creator_of(host)
    facts = {
        "external_id": "user-1042",
        "birth_date": "2001-06-30",
        "gender": "female",
        "country": "FR",
        "region": "FR-IDF",
        "language": "fr",
        "os": "android",
        "device_price": 350,
        "follows": [creator_id],
        "consent": {"profiling": True},
    }
    made = host.post("/v1/viewers", facts)
    assert made.status_code == 201
    viewer = made.json()
    consent = viewer.pop("consent")
    assert consent["profiling"]
    assert consent["since"].endswith("Z")
    assert {name: viewer[name] for name in facts if name != "consent"} == {
        name: value for name, value in facts.items() if name != "consent"
    }
    path = f"/v1/viewers/{viewer['viewer_id']}"
    assert host.get(path).json() == {**viewer, "consent": consent}
    found = host.get("/v1/viewers?external_id=user-1042").json()["items"]
    assert [one["viewer_id"] for one in found] == [viewer["viewer_id"]]

    before = get_version()
    withdrawn = host.patch(path, {"consent": {"profiling": False}, "gender": None}).json()
    assert withdrawn["consent"] == {"profiling": False, "since": None}
    assert withdrawn["gender"] is None
    assert withdrawn["country"] == "FR"
    assert get_version() == before + 1, "the next decision is bound"

    assert host.delete(path).json() == {"removed": True}
    assert host.get(path).status_code == 404
    assert host.delete(path).status_code == 404


def test_interests_are_taken_by_slug_or_id_and_told_by_slug(host):
    from attise.records.lookups import interests

    first, second = interests.all()[:2]
    viewer = host.post("/v1/viewers", {"interests": [first.slug, second.wire_id]}).json()
    assert viewer["interests"] == [first.slug, second.slug]


def test_two_viewers_have_not_one_name(host):
    host.post("/v1/viewers", {"external_id": "same"})
    response = host.post("/v1/viewers", {"external_id": "same"})
    assert response.status_code == 409
    assert errors_of(response) == [("external_id", "external_id_taken")]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"gender": "woman"}, "gender"),
        ({"os": "symbian"}, "os"),
        ({"age": 30, "birth_date": "1990-01-01"}, "age"),
        ({"birth_date": "1990-1-1"}, "birth_date"),
        ({"region": "FR-XXX"}, "region"),
        ({"country": "DE", "region": "FR-IDF"}, "region"),
        ({"interests": ["unheard-of"]}, "interests"),
        ({"follows": ["1000000000000000001"]}, "follows"),
        ({"follows": ["abc"]}, "follows[0]"),
        ({"follows": [1000000000000000001]}, "follows[0]"),
        ({"consent": True}, "consent"),
        ({"consent": {}}, "consent.profiling"),
        ({"consent": {"profiling": "true"}}, "consent.profiling"),
        ({"consent": {"profiling": True, "ads": True}}, "consent.ads"),
        ({"audiences": ["1"]}, "audiences"),
    ],
)
def test_a_fact_that_is_wrong_is_named(host, facts, field):
    response = host.post("/v1/viewers", facts)
    assert response.status_code == 422
    assert field in {named for named, _ in errors_of(response)}


def test_a_ticket_speaks_for_one_viewer_for_a_quarter_of_an_hour(host, means, clock):
    viewer_id = host.post("/v1/viewers", {}).json()["viewer_id"]
    answer = host.post(f"/v1/viewers/{viewer_id}/ticket")
    assert answer.status_code == 200
    ticket = Tickets(means.secrets.key(PURPOSE)).open(answer.json()["ticket"], now_ms=clock.wire_ms())
    assert ticket is not None
    assert ticket.viewer_id == int(viewer_id)
    assert ticket.expires_at_ms == clock.wire_ms() + TICKET_LIFE_MS
