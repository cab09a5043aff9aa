"""What may be asked, by whom, and what every wrong asking is told."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from attise.doors.edge import problems
from attise.doors.edge.feed import asked, shapes
from attise.doors.edge.feed.calls import ADS, FEED
from attise.doors.native_api.schemas.viewers import ViewerFacts
from attise.kernel.errors import REASONS, Refusal, Refusals
from attise.kernel.limits import FEED_BODY_BYTES
from attise.records.change import Change, ChangeKind
from tests.doors.rig import ROOT

NOW_MS = 1_790_000_000_000
PARIS = {"country": "FR", "region": "FR-IDF", "language": "fr", "age": 30, "consent": {"profiling": True}}


def codes(raw):
    with pytest.raises((Refusal, Refusals)) as caught:
        asked.read_asked(raw if isinstance(raw, bytes) else json.dumps(raw).encode(), now_ms=NOW_MS)
    items = caught.value.items if isinstance(caught.value, Refusals) else [caught.value]
    return [(item.field, item.code) for item in items]


def test_the_plain_body_and_the_slow_reading_of_it_are_the_same():
    for body in (
        {},
        {"viewer_id": "5"},
        {"viewer_id": "5", "count": 50, "session_id": "s"},
        {"count": 1},
        {"followed_only": True},
        {"viewer_id": "5", "followed_only": False},
    ):
        raw = json.dumps(body).encode()
        assert asked.read_plain(raw) == asked._read_any(raw, NOW_MS)
    assert asked.read_asked(b"{}", now_ms=NOW_MS) == asked.Asked(10, "", None, None)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"count":5,"count":6}',
        b'{"count":5.0}',
        b'{"count":1e1}',
        b'{"viewer_id":"05"}',
        b'{"viewer_id":5}',
        b'{"count":true}',
        b'{"count":0}',
        b'{"count":51}',
        b'{"session_id":"\\u0000"}',
        b'{"session_id":"' + b"x" * 129 + b'"}',
        b'{"more":1}',
        b"[]",
        b"",
        b"nope",
        b"\xff",
    ],
)
def test_the_quick_reading_takes_nothing_that_the_slow_one_refuses(raw):
    assert asked.read_plain(raw) is None
    codes(raw)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"count": 0}, [("count", "field_invalid")]),
        ({"count": 1_000_000}, [("count", "field_invalid")]),
        ({"count": None}, [("count", "field_invalid")]),
        ({"followed_only": None}, [("followed_only", "field_invalid")]),
        ({"followed_only": 1}, [("followed_only", "field_invalid")]),
        ({"viewer_id": "x", "nope": 1}, [("viewer_id", "field_invalid"), ("nope", "field_unknown")]),
        ({"viewer_id": "5", "viewer": {}}, [("viewer", "viewer_twice")]),
        ({"viewer": []}, [("viewer", "field_invalid")]),
        ({"viewer": {"country": "XX"}}, [("viewer.country", "country_unknown")]),
        ({"viewer": {"country": "FRA"}}, [("viewer.country", "field_invalid")]),
        ({"viewer": {"region": "FR-IDF", "country": "DE"}}, [("viewer.region", "region_elsewhere")]),
        ({"viewer": {"age": 12}}, [("viewer.age", "too_young")]),
        ({"viewer": {"age": -1}}, [("viewer.age", "field_invalid")]),
        ({"viewer": {"age": 20, "birth_date": "2000-01-01"}}, [("viewer.age", "age_twice")]),
        ({"viewer": {"birth_date": "2999-01-01"}}, [("viewer.birth_date", "birth_date_implausible")]),
        ({"viewer": {"birth_date": "1.1.2000"}}, [("viewer.birth_date", "birth_date_form")]),
        ({"viewer": {"interests": ["recipes"] * 61}}, [("viewer.interests", "field_invalid")]),
        ({"viewer": {"interests": ["no-such"]}}, [("viewer.interests", "interest_unknown")]),
        ({"viewer": {"follows": ["0"]}}, [("viewer.follows[0]", "field_invalid")]),
        ({"viewer": {"consent": {}}}, [("viewer.consent.profiling", "field_required")]),
        ({"viewer": {"consent": {"profiling": 1}}}, [("viewer.consent.profiling", "field_invalid")]),
        ({"viewer": {"consent": {"profiling": True, "x": 1}}}, [("viewer.consent.x", "field_unknown")]),
        ({"viewer": {"pseudonym": "p"}}, [("viewer.pseudonym", "field_unknown")]),
        (
            {"viewer": {"country": "XX", "os": "linux", "language": "zz"}, "count": 3},
            [("viewer.country", "country_unknown"), ("viewer.language", "language_unknown")],
        ),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(body, expected):
    assert codes(body) == expected


def test_what_may_be_said_of_a_viewer_here_is_what_may_be_declared_of_one():
    assert set(asked._VIEWER) == set(ViewerFacts.model_fields)
    for body in (
        {"country": "FRA"},
        {"gender": "x"},
        {"age": 151},
        {"device_price": -1},
        {"interests": "recipes"},
        {"interests": ["x" * 41]},
        {"follows": [5]},
        {"follows": ["5"] * 1_001},
        {"consent": None},
        {"consent": {"profiling": "yes"}},
        {"os": "linux", "external_id": "x" * 513},
    ):
        try:
            ViewerFacts.model_validate(body)
            is_good = True
        except ValueError:
            is_good = False
        assert is_good == (not list(shapes.an_object(asked._VIEWER)(body, ""))), body


def test_an_inline_viewer_is_read_whole_and_has_no_name():
    body = {"viewer": {**PARIS, "interests": ["recipes"], "follows": ["7", "7"], "external_id": "me"}}
    viewer = asked.read_asked(json.dumps(body).encode(), now_ms=NOW_MS).viewer
    assert (viewer.viewer_id, viewer.pseudonym) == (0, "")
    assert (viewer.country, viewer.region, viewer.language) == ("FR", "FR-IDF", "fr")
    assert viewer.profiling_consent
    assert viewer.follows == (7,)
    assert len(viewer.interests) == 1
    assert asked.read_asked(b'{"viewer":{"region":"FR-IDF"}}', now_ms=NOW_MS).viewer.country == "FR"


@pytest.mark.parametrize("path", [FEED, ADS])
def test_both_calls_are_asked_with_a_host_key_or_the_viewers_own_ticket(house, path):
    viewer_id = house.viewer()
    assert house.ask({"viewer_id": str(viewer_id)}, path=path).status == 200
    assert house.ask({}, path=path, key=house.ticket(viewer_id)).status == 200
    assert house.ask({"viewer_id": str(viewer_id)}, path=path, key=house.ticket(viewer_id)).status == 200
    assert [request.viewer.pseudonym for request, _, _ in house.decider.asked] == [f"p{viewer_id}"] * 3
    assert {request.ads_only for request, _, _ in house.decider.asked} == {path == ADS}


def test_a_ticket_speaks_for_its_viewer_alone_until_its_end(house):
    viewer_id, other = house.viewer(), house.viewer()
    for body in ({"viewer_id": str(other)}, {"viewer": {}}, {"viewer_id": "5"}):
        reply = house.ask(body, key=house.ticket(viewer_id))
        assert (reply.status, reply.code) == (403, "ticket_of_one")
    assert house.ask({}, key=house.ticket(viewer_id, life_ms=0)).code == "ticket_invalid"
    ticket = house.ticket(viewer_id)
    for text in (ticket + "A", ticket[:-1], ticket.swapcase(), "x" * len(ticket), "x" * 512):
        reply = house.ask({}, key=text)
        assert (reply.status, reply.code) == (401, "ticket_invalid")
        assert reply.headers["www-authenticate"] == 'Bearer realm="attise"'
    assert house.decider.asked == []


def test_an_erased_viewers_ticket_finds_nobody(house):
    viewer_id = house.viewer()
    ticket = house.ticket(viewer_id)
    del house.rows.viewers[viewer_id]
    assert house.ask({}, key=ticket).status == 404


def test_no_credential_a_wrong_one_and_a_revoked_one_are_401(house):
    assert house.ask({}, key="").code == "credential_required"
    for key in ("ahk_", "ahk_" + "0" * 40, house.key.upper(), house.key + "0"):
        reply = house.ask({}, key=key)
        assert reply.status == 401
        assert reply.code in {"host_key_invalid", "ticket_invalid"}
    for header in ("Basic x", "Bearer", f"Bearer  {house.key}", "Bearer a b"):
        assert house.ask({}, key="", headers={"authorization": header}).status == 401
    assert house.decider.asked == []


def test_a_key_is_looked_up_once_and_stops_with_its_change(house):
    for _ in range(3):
        assert house.ask({}).status == 200
    assert house.rows.reads == 1
    house.rows.keys.clear()
    house.credentials.heed([Change(9, ChangeKind.KEY_STOPPED, 77, 0)])
    assert house.ask({}).code == "host_key_invalid"


def test_a_look_up_under_way_does_not_bring_a_stopped_key_back(house):
    async def look_up():
        async def slow(key_hash):
            found = await house.rows.host_key(key_hash)
            house.credentials.heed([Change(9, ChangeKind.KEY_STOPPED, 77, 0)])
            return found

        house.credentials._find_key = slow
        return [await house.send(body={}), await house.send(body={})]

    assert [reply.code for reply in asyncio.run(look_up())] == ["host_key_invalid"] * 2


def test_known_keys_and_viewers_go_on_while_the_database_is_away_and_others_see_videos_without_ads(house):
    known, unknown = house.viewer(), house.viewer()
    assert house.ask({"viewer_id": str(known)}).status == 200
    house.rows.is_away = True
    assert house.ask({"viewer_id": str(known)}).status == 200
    assert house.ask({"viewer_id": str(unknown)}).status == 200
    assert [with_ads for _, _, with_ads in house.decider.asked] == [True, True, False]
    assert house.decider.asked[2][0].viewer.pseudonym == ""
    house.credentials.forget()
    reply = house.ask({})
    assert (reply.status, reply.code) == (503, "unavailable")
    assert reply.headers["retry-after"] == "1"


def test_addresses_methods_types_and_sizes_are_refused_before_a_byte_is_read(house):
    for method in ("GET", "PUT", "DELETE", "HEAD"):
        reply = house.ask(method=method, body={})
        assert reply.status == 405
        assert reply.headers["allow"] == "POST"
    assert house.ask(b"{}", headers={"content-type": "text/plain"}).code == "unsupported_media_type"
    assert house.ask(b"{}", headers={"content-type": "application/json; charset=utf-8"}).status == 200
    reply = house.ask(b" " * (FEED_BODY_BYTES + 1))
    assert (reply.status, reply.code) == (413, "body_too_large")
    many = {"viewer": {"interests": ["recipes"] * 10_000}}
    assert house.ask(many).status == 413
    assert house.ask({"viewer": {"interests": ["recipes"] * 1_000}}).status == 422
    assert house.ask(b"{").code == "bad_json"
    assert house.ask(b"[" * 1_000).status == 400


def test_a_page_of_a_host_may_ask_with_its_viewers_ticket_and_no_page_by_a_cookie(house):
    asked = {"origin": "https://app.example", "access-control-request-method": "POST"}
    before = house.ask(method="OPTIONS", key="", headers=asked)
    assert before.status == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "authorization" in before.headers["access-control-allow-headers"]
    ticket = house.ticket(house.viewer())
    for reply in (
        house.ask({}, key=ticket, headers=asked),
        house.ask({"count": 0}, key=ticket, headers=asked),
        house.ask({}, key="", headers={**asked, "cookie": f"attise={house.key}; sessionid=x"}),
    ):
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in reply.headers
    assert reply.status == 401


def test_a_refusal_names_the_field_the_rule_and_the_next_step_in_both_languages(house):
    english = house.ask({"count": 51, "viewer": {"gender": "x"}}).json["error"]
    assert english["field"] == "count"
    assert english["message"] == "This value is not valid: at most 50 is expected"
    assert english["next"] == "Correct the value and send again."
    assert [entry["field"] for entry in english["errors"]] == ["count", "viewer.gender"]
    french = house.ask({"count": 51}, headers={"accept-language": "fr"}).json["error"]
    assert french["message"] != english["message"]
    assert "50" in french["message"]
    assert french["code"] == english["code"]


def test_unknown_viewers_are_404_and_nobody_at_all_is_somebody_without_profile(house):
    reply = house.ask({"viewer_id": "1234567890123456789"})
    assert (reply.status, reply.code, reply.json["error"]["field"]) == (404, "not_found", "viewer_id")
    assert house.ask({}).status == 200
    viewer = house.decider.asked[0][0].viewer
    assert (viewer.pseudonym, viewer.age, viewer.may_profile) == ("", None, False)


@pytest.mark.parametrize(
    ("facts", "may_profile"),
    [
        ({"age": 17, "consent": {"profiling": True}}, False),
        ({"age": 18, "consent": {"profiling": True}}, True),
        ({"age": 30, "consent": {"profiling": False}}, False),
        ({"age": 30}, False),
        ({"consent": {"profiling": True}}, False),
    ],
)
def test_minors_unknown_ages_and_the_unconsenting_are_never_profiled(house, facts, may_profile):
    house.ask({"viewer": {**facts, "interests": ["recipes"]}})
    viewer = house.decider.asked[0][0].viewer
    assert viewer.may_profile is may_profile
    assert bool(viewer.interests) is may_profile


def test_followed_creators_alone_are_asked_for_by_a_field_whichever_way_the_body_is_read(house):
    for body in ({"followed_only": True}, {"followed_only": True, "viewer": {"follows": ["7"]}}, {}):
        house.ask(body)
    asked_for = [request for request, _, _ in house.decider.asked]
    assert [request.followed_only for request in asked_for] == [True, True, False]
    assert asked_for[1].viewer.follows == (7,)


def test_each_answer_has_ids_and_chance_of_its_own(house):
    for _ in range(2):
        house.ask({"count": 50, "session_id": "s"})
    first, second = (request for request, _, _ in house.decider.asked)
    assert len({*first.ids, *second.ids, first.feed_id, second.feed_id}) == 102
    assert first.seed != second.seed
    assert first.session_id == "s"


def test_before_there_is_a_node_number_one_is_told_to_come_back(house):
    house.node_ids = None
    assert house.ask({}).status == 503


def test_the_page_for_hosts_names_refusals_that_there_are():
    page = (ROOT / "docs" / "feed.md").read_text().partition("## What is refused")[2].partition("## When")[0]
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", page.partition("| --- |")[2]))
    fields = {"viewer", "viewer_id", "count"}
    known = {*REASONS, problems.BUSY.code}
    assert named - fields <= known, named - fields - known
    assert len(named & known) >= 12
