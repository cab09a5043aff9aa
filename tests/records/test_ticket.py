"""A ticket speaks for one viewer until its end, in one spelling, and says nothing to anybody else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.seal import Sealer, decode, encode
from attise.records.ticket import CHARACTERS, PURPOSE, Ticket, Tickets

KEY = bytes(range(32))
NONCE = b"twelve bytes"
VIEWER = 7_507_823_923_200_000_001
END_MS = 1_790_000_900_000


@pytest.fixture
def tickets() -> Tickets:
    return Tickets(KEY)


def test_a_ticket_opens_until_its_end_and_not_a_millisecond_later(tickets):
    text = tickets.make(VIEWER, expires_at_ms=END_MS, nonce=NONCE)
    assert len(text) == CHARACTERS
    assert tickets.open(text, now_ms=END_MS - 1) == Ticket(VIEWER, END_MS)
    assert tickets.open(text, now_ms=END_MS) is None


def test_the_viewer_cannot_be_read_out_of_a_ticket(tickets):
    text = tickets.make(VIEWER, expires_at_ms=END_MS, nonce=NONCE)
    assert VIEWER.to_bytes(8, "big") not in decode(text)
    assert str(VIEWER) not in text


def test_another_house_opens_nothing(tickets):
    text = tickets.make(VIEWER, expires_at_ms=END_MS, nonce=NONCE)
    assert Tickets(bytes(32)).open(text, now_ms=0) is None


def test_what_was_sealed_for_another_purpose_is_no_ticket(tickets):
    body = decode(tickets.make(VIEWER, expires_at_ms=END_MS, nonce=NONCE))
    plain = Sealer(KEY, PURPOSE).open(body)
    other = encode(Sealer(KEY, "code").seal(plain, nonce=NONCE))
    assert len(other) == CHARACTERS
    assert tickets.open(other, now_ms=0) is None


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_no_ticket(tickets, version):
    plain = Sealer(KEY, PURPOSE).open(decode(tickets.make(VIEWER, expires_at_ms=END_MS, nonce=NONCE)))
    text = encode(Sealer(KEY, PURPOSE).seal(bytes([version]) + plain[1:], nonce=NONCE))
    assert tickets.open(text, now_ms=0) is None


@given(place=st.integers(0, CHARACTERS - 1), other=st.sampled_from(string.ascii_letters + string.digits + "-_+/= \0é"))
def test_no_other_spelling_opens(place, other):
    tickets = Tickets(KEY)
    text = tickets.make(VIEWER, expires_at_ms=END_MS, nonce=NONCE)
    changed = text[:place] + other + text[place + 1 :]
    opened = tickets.open(changed, now_ms=0)
    assert (opened is not None) == (changed == text)


@given(
    viewer=st.integers(0, 2**63 - 1),
    end_ms=st.integers(0, 2**53),
    nonce=st.binary(min_size=12, max_size=12),
)
def test_what_is_made_opens(viewer, end_ms, nonce):
    tickets = Tickets(KEY)
    text = tickets.make(viewer, expires_at_ms=end_ms, nonce=nonce)
    assert tickets.open(text, now_ms=end_ms - 1) == Ticket(viewer, end_ms)
    for padded in (text + "=", text + "\n", " " + text, text + "A", text[:-1]):
        assert tickets.open(padded, now_ms=0) is None


@given(text=st.text(max_size=80))
def test_no_text_breaks_it(text):
    assert Tickets(KEY).open(text, now_ms=0) is None
