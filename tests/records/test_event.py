"""An event counts once by its decision and type, or by its person and id, and old bytes stay readable."""

import msgspec
import pytest

from attise.records.event import (
    ONCE,
    REPEATABLE,
    STATES,
    TYPES,
    Event,
    decode_event,
    encode_end,
    encode_event,
    encode_received,
    key_of,
)
from attise.records.token import LIFE_MS
from tests.records.claims import CLAIMS

OTHER = msgspec.structs.replace(CLAIMS, decision_id=CLAIMS.decision_id + 1)


def test_every_type_is_of_one_sort_and_has_a_life():
    assert len(TYPES) == len(ONCE) + len(STATES) + len(REPEATABLE)
    assert set(LIFE_MS) == TYPES


@pytest.mark.parametrize("type_", sorted(ONCE))
def test_what_a_decision_has_once_is_once_whoever_sends_it_under_whatever_name(type_):
    first = key_of(type_, "a", "p", CLAIMS)
    assert first == key_of(type_, "b", "q", CLAIMS) == key_of(type_, "b", "", CLAIMS)
    assert first != key_of(type_, "a", "p", OTHER)
    assert len(first) == 16
    assert len({key_of(one, "a", "p", CLAIMS) for one in ONCE}) == len(ONCE)


@pytest.mark.parametrize("type_", sorted(REPEATABLE | STATES.keys()))
def test_the_rest_is_once_by_its_person_and_name(type_):
    first = key_of(type_, "a", "p", CLAIMS)
    assert first == key_of(type_, "a", "p", None) == key_of("loop", "a", "p", OTHER)
    assert first != key_of(type_, "b", "p", CLAIMS)
    assert first != key_of(type_, "a", "q", CLAIMS)
    nobody = key_of(type_, "a", "", CLAIMS)
    assert nobody != first
    assert nobody != key_of(type_, "a", "", OTHER)


def test_parts_do_not_run_into_each_other():
    assert key_of("loop", "bc", "a", None) != key_of("loop", "c", "ab", None)


def test_what_has_neither_person_nor_token_is_nobodys_to_count():
    with pytest.raises(AssertionError):
        key_of("like", "a", "", None)


def test_an_event_comes_back_as_it_was_and_the_bytes_of_today_stay_readable():
    event = Event(b"k" * 16, "a", "click", "p", 1, 2, 3, 4, 5, watch_ms=6, claims=CLAIMS, doubt="own")
    assert decode_event(encode_event(event)) == event
    first_release = msgspec.msgpack.encode([b"k" * 16, "a", "like", "p", 1, 2, 3, 4, 5])
    old = decode_event(first_release)
    assert (old.type, old.watch_ms, old.claims, old.is_paid) == ("like", -1, None, False)
    assert event.is_paid


def test_what_was_received_is_kept_as_the_same_bytes_as_its_record():
    for claims in (CLAIMS, None):
        event = Event(b"k" * 16, "a", "click", "p", 1, 2, 3, 4, 5, watch_ms=6, claims=claims, doubt="own", owns=(7, 8))
        fields = [getattr(event, name) for name in Event.__struct_fields__]
        at = Event.__struct_fields__.index("claims")
        raw = None if claims is None else msgspec.msgpack.encode(claims)
        assert encode_received(tuple(fields[:at]), raw, encode_end(tuple(fields[at + 1 :]))) == encode_event(event)
