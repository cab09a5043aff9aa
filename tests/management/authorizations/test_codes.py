"""A Spark code has one spelling, proves itself before any look-up, and is never readable at rest."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.chance import SeededChance
from attise.kernel.secrets import Secrets
from attise.management.authorizations.codes import (
    CODE_CHARACTERS,
    hash_code,
    make_code,
    open_code,
    parse_code,
    seal_code,
)

SECRETS = Secrets(bytes(range(32)))
CHANCE = SeededChance("codes")


def test_a_code_looks_like_a_spark_code_and_reads_back():
    code = make_code(SECRETS, CHANCE)
    assert code.text.startswith("#")
    assert code.text.endswith("=")
    assert len(code.text) == CODE_CHARACTERS >= 44
    assert parse_code(SECRETS, code.text) == code


def test_outer_spaces_and_a_plus_turned_into_a_space_are_repaired():
    code = next(code for code in iter(lambda: make_code(SECRETS, CHANCE), None) if "+" in code.text[2:-2])
    assert parse_code(SECRETS, f" \n\t{code.text}\r\n ") == code
    assert parse_code(SECRETS, code.text.replace("+", " ")) == code


def test_another_spelling_of_the_same_bytes_is_malformed():
    code = make_code(SECRETS, CHANCE).text
    body = code[1:]
    # The last character before the padding carries two bits that decoding throws away.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = alphabet[alphabet.index(body[-2]) ^ 1]
    other = f"#{body[:-2]}{twin}="
    assert base64.b64decode(other[1:]) == base64.b64decode(body)
    for spelling in (other, body, f"#{body.rstrip('=')}", code.replace("#", "##"), code.replace("+", "-").lower(), ""):
        assert parse_code(SECRETS, spelling) is None


@given(st.integers(min_value=0, max_value=8 * 35 - 1))
def test_each_bit_of_a_code_counts(bit):
    raw = bytearray(base64.b64decode(make_code(SECRETS, SeededChance("one")).text[1:]))
    raw[bit // 8] ^= 1 << (bit % 8)
    assert parse_code(SECRETS, "#" + base64.b64encode(bytes(raw)).decode()) is None


@given(st.text(max_size=200))
def test_no_text_makes_the_parser_fall(text):
    assert parse_code(SECRETS, text) is None


def test_a_code_of_another_house_is_malformed():
    assert parse_code(Secrets(bytes(32)), make_code(SECRETS, CHANCE).text) is None


def test_the_sealed_copy_opens_for_its_advertiser_alone():
    code = make_code(SECRETS, CHANCE)
    sealed = seal_code(SECRETS, CHANCE, code, advertiser_id=7)
    assert code.text.encode() not in sealed
    assert open_code(SECRETS, sealed, advertiser_id=7) == code.text
    with pytest.raises(AssertionError):
        open_code(SECRETS, sealed, advertiser_id=8)


def test_printing_a_code_shows_its_mask_only():
    code = make_code(SECRETS, CHANCE)
    assert code.text not in repr(code)
    assert code.mask == f"{code.text[:5]}…{code.text[-4:]}"
    assert hash_code(SECRETS, code) != hash_code(Secrets(bytes(32)), code)
