"""What a page tells is bounded, judged one by one, and durable before the answer; without consent nobody is in it."""

from __future__ import annotations

from hashlib import sha256

import pytest

from attise.kernel.limits import TAG_BODY_BYTES, TAG_EVENTS
from attise.records.conversion import Content, Source, encode_conversion
from tests.doors.edge.tag.conftest import CODE

DIGEST = sha256(b"lea@example.org").hexdigest()
AGENT = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}


def told(*events, **more):
    return {"pixel": CODE, "consent": True, "events": list(events) or [{"event": "Pageview"}], **more}


def test_a_purchase_is_kept_whole(site):
    click = site.links.click_id(4_000)
    event = {
        "event": "Purchase",
        "event_id": "order-1",
        "at_ms": site.clock.world_ms() - 1_000,
        "value": 59.97,
        "currency": "EUR",
        "contents": [{"id": "mug", "name": "Mug", "price": 19.99, "quantity": 3}],
    }
    person = {"click_id": click, "browser_id": "b" * 32, "page": "https://shop.example/merci", "email": DIGEST}
    reply = site.tell(told(event, phone_number=DIGEST, **person), headers=AGENT)
    assert (reply.status, reply.json) == (200, {"results": [{"event_id": "order-1", "status": "accepted"}]})
    assert reply.headers["access-control-allow-origin"] == "*"
    (one,) = site.kept()
    assert (one.pixel_id, one.advertiser_id, one.event, one.source) == (7, 3, "Purchase", Source.BROWSER)
    assert (one.value_micros, one.currency) == (59_970_000, "EUR")
    assert one.contents == (Content("mug", "Mug", price_micros=19_990_000, quantity=3),)
    assert (one.decision_id, one.page_host, one.page_path) == (4_000, "shop.example", "/merci")
    assert (one.emails, one.phones) == ((bytes.fromhex(DIGEST),), ())
    assert (one.at_ms, one.has_consent, one.doubt) == (site.clock.world_ms() - 1_000, True, "")
    assert len(one.agent) == len(one.block) == 18


@pytest.mark.parametrize("consent", [{"consent": False}, {"consent": None}])
def test_without_consent_nobody_is_in_it(site, consent):
    click = site.links.click_id(4_000)
    person = {"click_id": click, "browser_id": "b1", "page": "https://shop.example/x", "email": DIGEST}
    assert site.tell({**told(**person), **consent}, headers=AGENT).status == 200
    (one,) = site.kept()
    assert (one.has_consent, one.decision_id, one.emails, one.agent, one.block) == (False, 0, (), "", "")
    assert click.encode() not in encode_conversion(one)


def test_events_are_judged_one_by_one(site):
    reply = site.tell(
        told(
            {"event": "AddToCart", "event_id": "a"},
            {"event": "Purchase", "event_id": "b", "value": 5},
            {"event": "Purchase", "event_id": "c", "value": -5, "currency": "EUR"},
            {"event": "", "event_id": "d"},
            {"event": "Purchase", "event_id": "e", "value": 10**30, "currency": "EUR"},
        )
    )
    assert [(one["event_id"], one["status"], one.get("code")) for one in reply.json["results"]] == [
        ("a", "accepted", None),
        ("b", "rejected", "conversion_currency_missing"),
        ("c", "rejected", "conversion_value"),
        ("d", "rejected", "field_required"),
        ("e", "rejected", "conversion_value"),
    ]
    assert [one.event_id for one in site.kept()] == ["a"]


def test_a_contact_in_plain_is_refused_and_not_kept(site):
    reply = site.tell(told(email="lea@example.org"))
    assert [one["code"] for one in reply.json["results"]] == ["contact_not_hashed"]
    assert "lea@" not in reply.body.decode()
    assert site.kept() == []


def test_a_code_that_no_pixel_has_is_refused_and_looked_up_once_in_a_while(site):
    for _ in range(5):
        reply = site.tell({**told(), "pixel": "0123456789ABCDEFGHIJ"})
        assert (reply.status, reply.code) == (404, "pixel_unknown")
    assert site.pixels.reads == 1
    site.clock.advance(seconds=31)
    site.tell({**told(), "pixel": "0123456789ABCDEFGHIJ"})
    assert site.pixels.reads == 2
    assert site.kept() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"pixel":"A","pixel":"B","events":[{"event":"a"}]}',
        b"\xff",
        {"pixel": CODE, "events": []},
        {"pixel": CODE, "events": [{"event": "Lead"}] * (TAG_EVENTS + 1)},
        {"pixel": CODE},
        {"events": [{"event": "Lead"}]},
        {"pixel": 5, "events": [{"event": "Lead"}]},
        told({"event": 5}),
        told({"event": "Lead", "value": "5"}),
        told({"event": "Lead", "value": True}),
        told({"event": "Lead", "at_ms": 1.5}),
        told({"event": "Lead", "contents": [{"quantity": -1}]}),
        told({"event": "Lead", "contents": [{}] * 101}),
        told({"event": "Lead", "surprise": 1}),
        told(consent="yes"),
        told(surprise=1),
        told(page="x" * 2_049),
    ],
)
def test_what_is_no_such_body_is_refused_whole(site, body):
    reply = site.tell(body)
    assert reply.status in {400, 422}
    assert reply.headers["access-control-allow-origin"] == "*"
    assert site.kept() == []


def test_a_body_cut_anywhere_is_refused(site):
    import msgspec

    whole = msgspec.json.encode(told({"event": "Purchase", "value": 5, "currency": "EUR"}))
    for end in range(len(whole)):
        assert site.tell(whole[:end]).status in {400, 422}, end
    assert site.kept() == []


def test_too_much_is_refused_by_its_length_and_by_its_bytes(site):
    large = b" " * (TAG_BODY_BYTES + 1)
    assert site.tell(large).status == 413
    assert site.tell(large, headers={"content-length": "10"}).status == 413


def test_only_a_beacon_or_json_is_taken(site):
    assert site.tell(told(), kind="application/json").status == 200
    assert site.tell(told(), kind="application/x-www-form-urlencoded").status == 415
    assert site.ask(None, path="/attise/collect", method="GET", key="").status == 405
    preflight = site.ask(None, path="/attise/collect", method="OPTIONS", key="")
    assert (preflight.status, preflight.headers["access-control-allow-methods"]) == (204, "POST")


def test_programs_and_prefetched_pages_are_doubted(site):
    site.tell(told(), headers={"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"})
    site.tell(told(), headers={**AGENT, "sec-purpose": "prefetch;prerender"})
    assert [one.doubt for one in site.kept()] == ["declared_bot", "prefetch"]


def test_while_the_database_is_away_known_pixels_go_on(site):
    assert site.tell(told()).status == 200
    site.is_database_away = True
    site.clock.advance(seconds=60)
    assert site.tell(told()).status == 200
    reply = site.tell({**told(), "pixel": "0123456789ABCDEFGHIJ"})
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert len(site.kept()) == 2


def test_without_a_node_nothing_is_taken(site):
    site.node_ids = None
    assert site.tell(told()).status == 503
    assert site.kept() == []


def test_while_the_log_is_away_nothing_is_said_to_be_kept(site):
    site.keeping.keeper._is_ending = True
    reply = site.tell(told())
    assert (reply.status, reply.code) == (503, "unavailable")


def test_more_pages_than_there_is_room_for_are_told_to_come_back(site):
    site.collect = site.make_collect(in_flight=0)
    reply = site.tell(told())
    assert (reply.status, reply.code) == (503, "busy")
