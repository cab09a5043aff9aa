"""The wire: who calls, how bodies are read, how a "no" is said, how lists go on."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from attise.doors.native_api import complaints
from attise.doors.native_api.gate import truncate
from attise.kernel.errors import Kind
from attise.kernel.ids import SMALLEST
from attise.management.accounts.actions import make_host_key, revoke_host_key
from attise.management.accounts.models import Creator
from attise.records.native_errors import STATUSES
from tests.doors.native_api.conftest import Host, advertiser_of, creator_of, errors_of
from tests.doors.native_api.specimens import a_world, operations

pytestmark = pytest.mark.django_db
DRAFT = {"handle": "lea", "display_name": "Léa"}
CREATORS = "/v1/creators"


# Who calls


def test_a_host_key_opens_and_its_absence_is_told(host, stranger):
    assert host.get(CREATORS).status_code == 200
    response = stranger.get(CREATORS)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="attise"'
    assert errors_of(response) == [(None, "host_key_required")]


def test_a_revoked_key_opens_nothing_from_the_next_request_on(means, host):
    view, text = make_host_key(means, name="second")
    second = Host(text)
    assert second.get(CREATORS).status_code == 200
    revoke_host_key(means, host_key_id=view.id)
    response = second.get(CREATORS)
    assert response.status_code == 401
    assert errors_of(response) == [(None, "host_key_invalid")]
    assert host.get(CREATORS).status_code == 200


@pytest.mark.parametrize(
    "spell",
    [
        "Bearer",
        "Bearer ",
        "Basic {}",
        "Bearer  {}",
        " Bearer\t{}",
        "Bearer {}=",
        "Bearer {}\u00e9",
        "Bearer {} {}",
        "Token {}",
        "{}",
    ],
)
def test_a_key_has_one_spelling(host, stranger, spell):
    response = stranger.get(CREATORS, authorization=spell.replace("{}", host.key))
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_letters_of_a_key_are_not_interchangeable(host, stranger):
    flipped = host.key.swapcase()
    assert stranger.get(CREATORS, authorization=f"Bearer {flipped}").status_code == 401


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address, kept):
    assert truncate(address) == kept


# How bodies are read


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"{", "it is not JSON"),
        (b"nothing", "it is not JSON"),
        (b'{"handle":"a","handle":"b"}', "twice"),
        (b'{"handle":NaN}', "NaN"),
        (b'{"handle":-Infinity}', "NaN"),
        (b'{"handle":1e999}', "NaN"),
        (b'\xef\xbb\xbf{"handle":"a"}', "byte order mark"),
        (b'{"handle":"\xff"}', "UTF-8"),
        (b'{"handle":"\\ud800"}', "half"),
        (b'{"handle":"a\\u0000b"}', "NUL"),
        (b'{"\\udc00":1}', "half"),
        (b"[" * 33 + b"]" * 33, "deep"),
        (b"[" * 500_000, "deep"),
        (b'{"handle":' + b"9" * 41 + b"}", "too long"),
        (b'{"handle":' + b"9" * 100_000 + b"}", "too long"),
        (b"   ", "empty"),
        (b'{"handle":"a"} {}', "it is not JSON"),
        (b"{'handle':'a'}", "it is not JSON"),
    ],
)
def test_json_has_one_reading_or_none(host, raw, rule):
    response = host.post(CREATORS, raw)
    assert response.status_code == 400
    assert errors_of(response) == [(None, "bad_json")]
    assert rule in response.json()["error"]["message"]


def test_a_deep_text_is_not_a_deep_value(host):
    assert host.post(CREATORS, {"handle": "lea", "display_name": "[" * 40}).status_code == 201


def test_a_body_of_another_value_than_an_object_is_told_so(host):
    for body in (b"[]", b"null", b'"text"', b"5"):
        response = host.post(CREATORS, body)
        assert response.status_code == 422
        assert errors_of(response) == [("body", "field_invalid")]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("30", 201),
        ("0", 201),
        ("null", 201),
        ('"30"', 422),
        ("30.0", 422),
        ("3e1", 422),
        ("1e3", 422),
        ("true", 422),
        ("[30]", 422),
        ("-1", 422),
        ("100001", 422),
        ("9" * 40, 422),
    ],
)
def test_a_number_is_taken_as_a_whole_number_alone(host, raw, status):
    assert host.post("/v1/viewers", f'{{"device_price":{raw}}}').status_code == status


def test_every_wrong_field_is_told_at_once_with_its_rule(host):
    body = {"handle": 5, "display_name": "x" * 500, "categories": ["food", 7], "colour": "red", "size": 1}
    response = host.post(f"{CREATORS}?page=2", body)
    assert response.status_code == 422
    assert errors_of(response) == [
        ("page", "field_unknown"),
        ("handle", "field_invalid"),
        ("display_name", "field_invalid"),
        ("categories[1]", "field_invalid"),
        ("colour", "field_unknown"),
        ("size", "field_unknown"),
    ]
    assert all(error["message"] for error in response.json()["error"]["errors"])


def test_rules_of_the_room_are_told_at_once_too(host):
    response = host.post(CREATORS, {"handle": "é!", "display_name": "", "country": "XX", "birth_date": "1998-02-30"})
    assert response.status_code == 422
    assert {field for field, _ in errors_of(response)} == {"handle", "display_name", "country", "birth_date"}


def test_a_content_type_that_is_not_json_is_refused(host):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
        response = host.post(CREATORS, DRAFT, kind=kind)
        assert response.status_code == 415
        assert errors_of(response) == [(None, "unsupported_media_type")]
        assert "application/json" in response.json()["error"]["next"]
    assert host.post(CREATORS, DRAFT, kind="application/json; charset=UTF-8").status_code == 201


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(host):
    response = host.post(CREATORS, b'{"handle":"' + b"x" * 10_000_000 + b'"}')
    assert response.status_code == 413
    assert errors_of(response) == [(None, "body_too_large")]


def test_a_missing_body_is_broken_json(host):
    response = host.post(CREATORS)
    assert response.status_code == 400
    assert errors_of(response) == [(None, "bad_json")]


# How a "no" is said


def test_an_unknown_address_and_a_wrong_method_have_the_same_shape(host):
    response = host.get("/v1/nothing-here")
    assert response.status_code == 404
    assert errors_of(response) == [(None, "not_found")]
    response = host.send("PUT", CREATORS, DRAFT)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST"
    assert errors_of(response) == [(None, "method_not_allowed")]
    assert host.send("DELETE", "/v1/openapi.json").status_code == 405


@pytest.mark.parametrize("language", ["fr", "fr-CA,fr;q=0.9,en;q=0.5", "en", "de"])
def test_sentences_come_in_the_language_asked_for(host, language):
    response = host.post(CREATORS, {"handle": "lea"}, accept_language=language)
    error = response.json()["error"]
    expected = "Ce champ est obligatoire." if language.startswith("fr") else "This field is required."
    assert (error["code"], error["field"], error["message"]) == ("field_required", "display_name", expected)
    assert error["next"]


def test_every_kind_of_refusal_has_a_status():
    assert set(STATUSES) == set(Kind)


def test_every_complaint_of_a_shape_has_a_sentence_that_its_values_fill():
    """The types of complaint that bad input over every field provokes; any other has a sentence too."""
    values = {
        "expected": "'a'",
        "ge": 1,
        "gt": 1,
        "le": 1,
        "lt": 1,
        "min_length": 1,
        "max_length": 1,
        "pattern": "x",
    }
    for kind in [*complaints.RULES, "a type of a later release"]:
        [refusal] = complaints.refusals_of([{"type": kind, "loc": ("a", 0, "b"), "ctx": values}])
        assert (refusal.field, refusal.code) == ("a[0].b", "field_invalid")
        assert refusal.params["rule"], kind
        assert "%(" not in refusal.params["rule"], kind


def test_an_outage_is_a_503_with_the_time_to_wait(host, monkeypatch):
    from django.db import OperationalError

    from attise.management.accounts import queries

    def away(**_):
        raise OperationalError("the database is locked")

    monkeypatch.setattr(queries, "list_creators", away)
    response = host.get(CREATORS)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) >= 1
    assert errors_of(response) == [(None, "unavailable")]


def test_a_bug_is_a_500_in_the_same_shape_that_tells_nothing(host, monkeypatch):
    from attise.management.accounts import queries

    def broken(**_):
        raise AssertionError("a secret of the house")

    monkeypatch.setattr(queries, "list_creators", broken)
    response = host.get(CREATORS)
    assert response.status_code == 500
    assert errors_of(response) == [(None, "internal_error")]
    assert b"secret" not in response.content


def test_answers_are_not_kept_by_anyone_on_the_way(host):
    for path in (CREATORS, "/v1/creators/5", f"{CREATORS}?limit=0"):
        assert host.get(path).headers["Cache-Control"] == "no-store"
    assert host.get(CREATORS).headers["X-Content-Type-Options"] == "nosniff"


# How lists go on


def test_a_list_goes_on_until_its_end_without_gap_or_repetition(host):
    made = [creator_of(host, f"creator{n}") for n in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        part = host.get(f"{CREATORS}?limit=2{cursor}").json()
        seen += [item["creator_id"] for item in part["items"]]
        assert len(part["items"]) <= 2
        cursor = part["next_cursor"] and f"&cursor={part['next_cursor']}"
    assert seen == made[::-1]


def test_a_cursor_is_taken_back_by_the_list_that_gave_it_alone(host):
    for n in range(3):
        creator_of(host, f"creator{n}")
    cursor = host.get(f"{CREATORS}?limit=1").json()["next_cursor"]
    assert host.get(f"{CREATORS}?limit=2&cursor={cursor}").status_code == 200
    assert host.get(f"{CREATORS}?cursor={cursor}&limit=1").status_code == 200
    for path in (
        f"/v1/viewers?cursor={cursor}",
        f"{CREATORS}?cursor={cursor}&handle=creator1",
        f"{CREATORS}?cursor={cursor[:-1]}",
        f"{CREATORS}?cursor={cursor}A",
        f"{CREATORS}?cursor={cursor.swapcase()}",
        f"{CREATORS}?cursor={SMALLEST}",
        f"{CREATORS}?cursor=",
        f"{CREATORS}?cursor=%00",
        f"{CREATORS}?cursor=%ff",
    ):
        response = host.get(path)
        assert response.status_code == 422, path
        assert errors_of(response) == [("cursor", "cursor_invalid")]


@pytest.mark.parametrize("limit", ["0", "101", "1000", "-1", "1.0", "1e1", " 5", "５", "", "true", "1_0"])
def test_a_limit_is_a_whole_number_from_1_to_100(host, limit):
    response = host.get(f"{CREATORS}?limit={limit}")
    assert response.status_code == 422
    assert errors_of(response) == [("limit", "field_invalid")]


def test_a_name_given_twice_in_a_query_is_refused(host):
    response = host.get(f"{CREATORS}?limit=1&limit=2")
    assert response.status_code == 422
    assert ("limit", "field_invalid") in errors_of(response)


def test_a_list_costs_as_many_queries_for_thirty_rows_as_for_one(host, means, django_assert_max_num_queries):
    from tests.builders import a_post

    world = a_world(host, means)
    paths = [world.path(one) for one in operations() if one.method == "GET" and "limit" in one.query]
    asked = {
        "/v1/posts": f"creator_id={world.creator_id}",
        "/v1/search/posts": "q=a",
        "/v1/unpublished": f"creator_id={world.creator_id}",
    }
    paths = [f"{path}?{asked[path]}" if path in asked else path for path in paths]
    assert len(paths) >= 9

    def costs() -> list[int]:
        found = []
        for path in paths:
            with django_assert_max_num_queries(12) as counted:
                assert host.get(path).status_code == 200, path
            found.append(len(counted))
        return found

    few = costs()
    creator = Creator.objects.get(id=world.creator_id)
    for n in range(30):
        post = a_post(means, creator)
        code = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7}).json()["code"]
        host.post(f"/v1/advertisers/{world.advertiser_id}/codes", {"codes": [code]})
        host.post("/v1/viewers", {})
        advertiser_of(host, f"Advertiser {n}")
    assert costs() <= [cost + 2 for cost in few], "what an empty list does not ask for may be asked once"
    assert max(costs()) <= 12


def test_absolute_addresses_follow_the_public_url(means, host, monkeypatch):
    from dataclasses import replace

    bc_id = host.post(
        "/v1/business-centers",
        {"name": "B", "company": "B", "country": "FR", "currency": "EUR", "timezone": "Europe/Paris"},
    ).json()["bc_id"]
    ask = {"bc_id": bc_id, "permissions": ["existing_posts"]}
    assert host.post("/v1/access-requests", ask).json()["url"].startswith("http://testserver/")
    public = replace(settings.HOUSE.settings, public_url="https://ads.example.org")
    monkeypatch.setattr(settings.HOUSE, "settings", public)
    assert host.post("/v1/access-requests", ask).json()["url"].startswith("https://ads.example.org/")


def test_the_whole_answer_is_json_in_utf8(host):
    response = host.post(CREATORS, DRAFT)
    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(response.content.decode("utf-8"))["display_name"] == "Léa"
    assert "Léa".encode() in response.content
