"""A sealed value has one spelling, and comes back from no other."""

import base64
import binascii
import hmac
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attise.kernel.seal import Sealer, Signer, decode, decode_many, encode, encode_many

TEXTS = st.one_of(st.binary(max_size=9).map(encode), st.text(max_size=5))
SIGNS = string.ascii_letters + string.digits + "-_+/= \n\té!"


def slowly(text):
    """Return what the standard library makes of a text, if writing that again gives the same text."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text else None


@given(st.one_of(st.text(SIGNS, max_size=12), st.text(max_size=6), st.binary(max_size=9).map(encode)))
@example("")
@example("AA==")
@example("AA=")
@example("AB")
@example("AAB")
@example("A" * 5)
@example("=")
@example("AAAA=")
@example("++++")
@example("A\nAA")
def test_one_spelling_and_no_other_comes_back(text):
    assert decode(text) == slowly(text)


@given(st.binary(max_size=40))
def test_bytes_come_back_as_they_were(raw):
    assert decode(encode(raw)) == raw


@given(st.lists(st.binary(max_size=9), max_size=6))
def test_many_are_written_as_each_is_alone(raws):
    assert encode_many(raws) == [encode(raw) for raw in raws]


@given(st.lists(st.binary(max_size=9), max_size=6), st.binary(max_size=9))
def test_what_is_sealed_together_opens_one_by_one(plains, after):
    sealer = Sealer(bytes(32), "of one purpose")
    sealed = sealer.numbered(b"context", after=after)(b"n" * 11, plains)
    assert [sealer.opener(b"context", after=len(after))(one) for one in sealed] == plains
    assert len({one[: len(after) + 12] for one in sealed}) == len(plains)


def test_no_more_are_sealed_together_than_have_a_number():
    seal = Sealer(bytes(32), "of one purpose").numbered(b"context")
    assert len(seal(b"n" * 11, [b""] * 256)) == 256
    for begin, many in ((b"n" * 11, 257), (b"n" * 12, 1)):
        with pytest.raises(ValueError, match="number of a value"):
            seal(begin, [b""] * many)


@given(st.lists(st.one_of(TEXTS, st.text(SIGNS + '\x01\x02\x03",\\[]', max_size=8)), max_size=6))
@example([])
@example([""])
@example(["AAAA", "AB", "AAAA"])
@example(["AAAA\x01\x02\x01AAAA"])
@example(["AAA\x03", "AA\x03\x03"])
@example(['AAAA","AAAA'])
@example(["\\", ",AAAA"])
@example(["\\u0041AAA"])
@example(["AAAé"])
def test_many_texts_are_read_as_each_is_alone(texts):
    assert decode_many(texts) == [decode(text) for text in texts]


@given(st.binary(max_size=40), st.binary(max_size=9), st.binary(max_size=9))
def test_an_opener_opens_what_its_sealer_sealed_in_its_context_alone(plain, context, before):
    sealer = Sealer(bytes(32), "of one purpose")
    sealed = before + sealer.seal(plain, nonce=b"n" * 12, context=context)
    assert (
        sealer.opener(context, after=len(before))(sealed)
        == plain
        == sealer.open(sealed[len(before) :], context=context)
    )
    assert sealer.opener(context + b"x", after=len(before))(sealed) is None
    assert Sealer(bytes(32), "of another").opener(context, after=len(before))(sealed) is None
    assert sealer.opener(context, after=len(before))(sealed[:-1]) is None


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_a_signature_is_that_of_the_standard_library(key, text):
    whole = hmac.digest(key, text, "sha256")
    assert Signer(key, size=32).sign(text) == whole
    assert Signer(key, size=9).sign_all([text, b"", text]) == [
        whole[:9],
        hmac.digest(key, b"", "sha256")[:9],
        whole[:9],
    ]
