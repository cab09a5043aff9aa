"""Credentials: 160 bits of chance, one spelling, kept as a hash."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.chance import SeededChance, SystemChance
from attise.records.credentials import (
    LONGEST,
    RANDOM_BYTES,
    CredentialKind,
    hash_of,
    is_same,
    is_spelled,
    make_credential,
)

kinds = st.sampled_from(CredentialKind)


def test_a_credential_holds_at_least_128_bits_of_chance():
    assert RANDOM_BYTES * 8 >= 128
    made = {make_credential(SystemChance(), CredentialKind.ACCESS_TOKEN) for _ in range(1_000)}
    assert len(made) == 1_000
    for place in range(4, 44):  # every digit of it varies
        assert len({text[place] for text in made}) == 16


@given(kind=kinds, other=kinds, seed=st.text())
def test_a_credential_is_spelled_as_its_own_kind_alone(kind, other, seed):
    text = make_credential(SeededChance(seed), kind)
    assert is_spelled(text, other) == (kind is other)
    assert len(text) <= LONGEST


@given(kind=kinds, place=st.integers(0, 43), sign=st.sampled_from(string.printable + "éа０"))
def test_no_other_text_is_the_same_credential(kind, place, sign):
    text = make_credential(SeededChance("one"), kind)
    other = text[:place] + sign + text[place + 1 :]
    assert is_same(other, hash_of(text)) == (other == text)


@pytest.mark.parametrize("change", [str.upper, str.title, "{} ".format, " {}".format, "{}\n".format, "{}\0".format])
def test_what_would_decode_to_the_same_bits_is_not_spelled(change):
    text = make_credential(SeededChance("one"), CredentialKind.HOST_KEY)
    assert not is_spelled(change(text), CredentialKind.HOST_KEY)


@given(text=st.text(max_size=100), kind=kinds)
def test_no_text_breaks_the_look_at_it(text, kind):
    assert not is_spelled(text, kind)
