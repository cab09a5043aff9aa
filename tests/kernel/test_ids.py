"""Identifiers are unique on every node, rise, and have one spelling; chance repeats by seed and never otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.chance import SeededChance, SystemChance
from attise.kernel.clock import FakeClock, SystemClock
from attise.kernel.ids import BOUND, NODES, SMALLEST, ClockIds, parse_id
from attise.kernel.seal import Sealer, Signer, decode, encode
from tests.races import at_once


def test_identifiers_rise_even_where_the_clock_stands_still():
    source = ClockIds(FakeClock(), 3)
    made = [source.next() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert all(SMALLEST <= value < BOUND and value >> 12 & (NODES - 1) == 3 for value in made)


def test_no_two_nodes_nor_threads_make_one_identifier():
    clock = SystemClock()
    sources = [ClockIds(clock, node) for node in (0, 1, NODES - 1)]

    def draw(source):
        return [source.next() for _ in range(2_000)]

    drawn = at_once([lambda source=source: draw(source) for source in sources * 3])
    assert len({value for part in drawn for value in part}) == 9 * 2_000


@pytest.mark.parametrize("node", [-1, NODES])
def test_a_node_is_one_of_1024(node):
    with pytest.raises(ValueError, match="node must be"):
        ClockIds(FakeClock(), node)


@given(st.integers(1, BOUND - 1))
def test_an_identifier_has_one_spelling(value):
    assert parse_id(str(value)) == value
    for other in (f"0{value}", f"+{value}", f" {value}", f"{value}.0", f"{value}e0"):
        assert parse_id(other) is None


@pytest.mark.parametrize("text", ["", "0", "-1", str(BOUND), "9" * 40, "²", "١٢", None, 12, b"12", True])
def test_what_is_no_identifier(text):
    assert parse_id(text) is None


def test_chance_repeats_by_seed_and_the_machine_s_never():
    one, same, other = SeededChance("a"), SeededChance("a"), SeededChance("b")
    assert [one.token(20), one.uniform(), one.token(40)] == [same.token(20), same.uniform(), same.token(40)]
    assert one.token(16) != other.token(16)
    assert SystemChance().token(16) != SystemChance().token(16)
    assert 0 <= SystemChance().uniform() < 1


@given(st.binary(max_size=60))
def test_what_is_sealed_opens_for_its_purpose_and_context_alone(plain):
    key, nonce = bytes(32), bytes(12)
    sealed = Sealer(key, "ticket").seal(plain, nonce=nonce, context=b"7")
    assert Sealer(key, "ticket").open(sealed, context=b"7") == plain
    assert Sealer(key, "code-seal").open(sealed, context=b"7") is None
    assert Sealer(key, "ticket").open(sealed, context=b"8") is None
    for bit in range(8 * len(sealed)):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        assert Sealer(key, "ticket").open(bytes(flipped), context=b"7") is None


@given(st.binary(max_size=60))
def test_bytes_have_one_spelling(raw):
    text = encode(raw)
    assert decode(text) == raw
    for other in (f"{text}=", f" {text}", f"{text}\n", text.replace("-", "+").replace("_", "/")):
        assert other == text or decode(other) is None


def test_a_signature_is_of_one_key_and_one_text():
    signer = Signer(bytes(32))
    assert signer.holds(b"a", signer.sign(b"a"))
    assert not signer.holds(b"b", signer.sign(b"a"))
    assert not Signer(bytes(31) + b"1").holds(b"a", signer.sign(b"a"))


def test_several_are_taken_at_once_and_none_is_given_twice():
    ids = ClockIds(FakeClock(), 3)
    taken = [ids.next(), *ids.take(10), ids.next(), *ids.take(5_000), ids.next()]
    assert taken == sorted(set(taken))
    assert ids.take(0) == ()
