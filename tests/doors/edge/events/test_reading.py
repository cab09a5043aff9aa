"""A batch is read in one way, or refused with all that is wrong with it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.doors.edge.events import reading
from attise.doors.native_api.schemas.events import EventItem, EventsBeacon, EventsRequest
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import EVENTS_AT_ONCE, EVENTS_BODY_BYTES
from attise.measurement.ingest.sent import SentBatch

GOOD = {"event_id": "a", "type": "like", "at_ms": 5}
FULL = {
    **GOOD,
    "token": "t",
    "viewer_id": "5",
    "watch_ms": 7,
    "post_id": "6",
    "creator_id": "8",
    "hidden": False,
    "agent": "Mozilla/5.0 (X11)",
    "address": "2001:db8::1",
}


def batch(*items, **more):
    return {"events": list(items), **more}


def raw_of(body):
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def codes(body):
    with pytest.raises((Refusal, Refusals)) as caught:
        reading.read_batch(raw_of(body))
    items = caught.value.items if isinstance(caught.value, Refusals) else [caught.value]
    return [(item.field, item.code) for item in items]


def slowly(raw):
    return reading._read_any(raw, reading._BATCH, ("events",), SentBatch)


@pytest.mark.parametrize(
    "body",
    [
        batch(GOOD),
        batch(FULL, GOOD),
        batch({**GOOD, "token": None, "watch_ms": None, "agent": None}, agent="A/1", address="::1"),
        batch({**GOOD, "event_id": "x" * 128, "type": "nothing that is known"}),
        batch({**GOOD, "event_id": "a:b", "at_ms": -(2**63)}),
        b' {"events" : [ ' + raw_of(GOOD) + b"]}",
    ],
)
def test_the_plain_reading_and_the_slow_one_are_the_same(body):
    raw = raw_of(body)
    assert reading._read_plain(raw, reading._batch) == slowly(raw)


def test_what_is_good_but_not_plain_is_read_slowly():
    raw = b'{"events":[{"event_id":"\\u00e9","type":"like","at_ms":5}]}'
    assert reading._read_plain(raw, reading._batch) is None
    assert len(reading.read_batch(raw).events) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("events", "field_required")]),
        ({"events": None}, [("events", "field_invalid")]),
        ({"events": {}}, [("events", "field_invalid")]),
        (batch(), [("events", "field_invalid")]),
        (batch(*[GOOD] * (EVENTS_AT_ONCE + 1)), [("events", "field_invalid")]),
        (batch(GOOD, price_micros=1), [("price_micros", "field_unknown")]),
        (
            batch({**GOOD, "price_micros": 1, "advertiser_id": "5"}),
            [("events[0].price_micros", "field_unknown"), ("events[0].advertiser_id", "field_unknown")],
        ),
        (
            batch(GOOD, {"type": "like"}),
            [("events[1].event_id", "field_required"), ("events[1].at_ms", "field_required")],
        ),
        (batch(5), [("events[0]", "field_invalid")]),
        (batch({**GOOD, "event_id": ""}), [("events[0].event_id", "field_invalid")]),
        (batch({**GOOD, "event_id": "x" * 129}), [("events[0].event_id", "field_invalid")]),
        (batch({**GOOD, "event_id": 5}), [("events[0].event_id", "field_invalid")]),
        (batch({**GOOD, "event_id": None}), [("events[0].event_id", "field_invalid")]),
        (batch({**GOOD, "at_ms": "5"}), [("events[0].at_ms", "field_invalid")]),
        (batch({**GOOD, "at_ms": 5.0}), [("events[0].at_ms", "field_invalid")]),
        (batch({**GOOD, "at_ms": True}), [("events[0].at_ms", "field_invalid")]),
        (batch({**GOOD, "at_ms": 2**63}), [("events[0].at_ms", "field_invalid")]),
        (batch({**GOOD, "watch_ms": -(2**63) - 1}), [("events[0].watch_ms", "field_invalid")]),
        (batch({**GOOD, "viewer_id": 5}), [("events[0].viewer_id", "field_invalid")]),
        (batch({**GOOD, "viewer_id": "05"}), [("events[0].viewer_id", "field_invalid")]),
        (batch({**GOOD, "post_id": "x"}), [("events[0].post_id", "field_invalid")]),
        (batch({**GOOD, "creator_id": ""}), [("events[0].creator_id", "field_invalid")]),
        (batch({**GOOD, "hidden": 1}), [("events[0].hidden", "field_invalid")]),
        (batch({**GOOD, "agent": "x" * 513}), [("events[0].agent", "field_invalid")]),
        (batch({**GOOD, "address": "203.0.113.256"}), [("events[0].address", "field_invalid")]),
        (batch(GOOD, address="nowhere"), [("address", "field_invalid")]),
        (b"", [(None, "bad_json")]),
        (b"nope", [(None, "bad_json")]),
        (b"[]", [("body", "field_invalid")]),
        (b"\xef\xbb\xbf" + raw_of(batch(GOOD)), [(None, "bad_json")]),
        (b'{"events":[{"event_id":"a","event_id":"b","type":"like","at_ms":5}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"a","type":"like","at_ms":5,"token":null,"token":"t"}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"a:b","type":"like","at_ms":5,"post_id":"7","post_id":"7"}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"a","type":"like","at_ms":5}],"agent":"A","agent":"A"}', [(None, "bad_json")]),
        (b'{"events":[],"events":[{"event_id":"b","type":"like","at_ms":5}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"a","type":"like","at_ms":NaN}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"a","type":"like","at_ms":1e999}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"\\u0000","type":"like","at_ms":5}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"\\ud800","type":"like","at_ms":5}]}', [(None, "bad_json")]),
        (b'{"events":[{"event_id":"\xff","type":"like","at_ms":5}]}', [(None, "bad_json")]),
        (b'{"events":' + b"[" * 40 + b"]" * 40 + b"}", [(None, "bad_json")]),
        (b'{"events":' * 100_000, [(None, "bad_json")]),
        (raw_of(batch(GOOD)) + b"{}", [(None, "bad_json")]),
    ],
)
def test_what_is_wrong_is_named_all_of_it(body, expected):
    assert codes(body) == expected


def test_a_thousand_wrong_events_are_told_by_the_first_hundred():
    assert len(codes(batch(*[{**GOOD, "at_ms": "x"}] * 1_000))) == reading.TOLD


def test_a_batch_cut_at_any_of_its_first_bytes_is_refused_whole():
    raw = raw_of(batch(FULL, GOOD))
    assert len(raw) > 200
    for length in range(200):
        assert [code for _, code in codes(raw[:length])] == ["bad_json"], length


def test_a_thousand_events_as_long_as_they_get_fit_into_a_body():
    longest = {**FULL, "event_id": "x" * 128, "token": "t" * 600, "agent": "M" * 512, "at_ms": 2**62, "watch_ms": 2**62}
    for name in ("viewer_id", "post_id", "creator_id"):
        longest[name] = "9" * 18
    raw = raw_of(batch(*[longest] * EVENTS_AT_ONCE))
    assert len(raw) <= EVENTS_BODY_BYTES
    assert len(reading.read_batch(raw).events) == EVENTS_AT_ONCE


def test_a_page_leaves_its_ticket_in_the_body():
    read = reading.read_beacon(raw_of({"ticket": "t", "events": [GOOD]}))
    assert (read.ticket, read.events[0].type) == ("t", "like")
    with pytest.raises(Refusals) as caught:
        reading.read_beacon(raw_of(batch(GOOD)))
    assert [(one.field, one.code) for one in caught.value.items] == [("ticket", "field_required")]
    assert codes({"ticket": "t", "events": [GOOD]}) == [("ticket", "field_unknown")]


def test_what_is_read_is_what_is_described():
    assert set(reading._ITEM) == set(EventItem.model_fields)
    assert set(reading._BATCH) == set(EventsRequest.model_fields)
    assert set(reading._BEACON) == set(EventsBeacon.model_fields)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("5"), st.just([]))
ITEMS = st.dictionaries(st.sampled_from([*reading._ITEM, "more"]), VALUES, max_size=6).map(
    lambda more: {**GOOD, **more}
)


@given(st.lists(st.one_of(ITEMS, VALUES), max_size=3))
def test_the_plain_reading_takes_nothing_that_the_slow_one_refuses(items):
    raw = raw_of(batch(*items))
    plain = reading._read_plain(raw, reading._batch)
    if plain is not None:
        assert plain == slowly(raw)
