"""A sealed value has one spelling, and comes back from no other."""

import base64
import binascii
import string

from hypothesis import example, given
from hypothesis import strategies as st

from attise.kernel.seal import decode, encode

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
