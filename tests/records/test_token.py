"""A token vouches for the events of one decision, each type for its time, in one spelling, and for nothing else."""

import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import DAY_MS, TOKEN_CHARACTERS
from attise.kernel.seal import decode, encode
from attise.kernel.secrets import Secrets
from attise.records.token import (
    LIFE_MS,
    Claims,
    Item,
    TokenFault,
    TokenSealer,
    claims_of,
    fault_of,
)
from tests.records.claims import AD, CLAIMS, NOW_MS, ORGANIC

SECRETS = Secrets(bytes(range(32)))


@pytest.fixture
def sealer() -> TokenSealer:
    return TokenSealer(lambda day: SECRETS.key(f"token/{day}"))


def test_what_is_sealed_opens_as_it_was(sealer):
    for claims in (CLAIMS, ORGANIC):
        assert sealer.open(sealer.seal(claims), now_ms=NOW_MS) == claims


def test_flipping_any_bit_of_a_token_leaves_nothing_of_it(sealer):
    raw = decode(sealer.seal(CLAIMS))
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        assert isinstance(sealer.open(encode(bytes(changed)), now_ms=NOW_MS), TokenFault), bit


@given(place=st.integers(0, 400), other=st.sampled_from(string.ascii_letters + string.digits + "-_+/= \0é"))
def test_no_other_spelling_opens(place, other):
    sealer = TokenSealer(lambda day: SECRETS.key(f"token/{day}"))
    text = sealer.seal(CLAIMS)
    changed = text[:place] + other + text[place + 1 :]
    assert (sealer.open(changed, now_ms=NOW_MS) == CLAIMS) == (changed == text)
    for padded in (text + "=", text + "\n", " " + text, text + "A", text[:-1], text.swapcase()):
        assert isinstance(sealer.open(padded, now_ms=NOW_MS), TokenFault)


@given(text=st.text(max_size=300) | st.binary(max_size=300).map(encode))
def test_no_text_breaks_it(text):
    sealer = TokenSealer(lambda day: SECRETS.key(f"token/{day}"))
    assert isinstance(sealer.open(text, now_ms=NOW_MS), TokenFault)


def test_neither_price_nor_viewer_can_be_read_out_of_a_token(sealer):
    raw = decode(sealer.seal(CLAIMS))
    assert b"pppp" not in raw
    assert AD.price_micros.to_bytes(2, "big") not in raw


def test_the_same_claims_give_the_same_token_and_others_another_nonce(sealer):
    other = msgspec.structs.replace(CLAIMS, ad=msgspec.structs.replace(AD, price_micros=AD.price_micros + 1))
    assert sealer.seal(CLAIMS) == sealer.seal(CLAIMS)
    assert decode(sealer.seal(CLAIMS))[5:17] != decode(sealer.seal(other))[5:17]


def test_tokens_that_are_sealed_together_are_each_their_own(sealer):
    """The same claims too: what they are sealed with is never used twice."""
    many = [msgspec.structs.replace(CLAIMS, decision_id=CLAIMS.decision_id + number // 2) for number in range(50)]
    tokens = sealer.seal_all(many)
    assert [sealer.open(token, now_ms=NOW_MS) for token in tokens] == many
    assert len({decode(token)[5:17] for token in tokens}) == len(many)
    others = sealer.seal_all([*many[:-1], ORGANIC])
    assert not {decode(token)[5:17] for token in others} & {decode(token)[5:17] for token in tokens}
    assert sealer.seal_all([]) == []


@pytest.mark.parametrize("event_type", sorted(LIFE_MS))
def test_each_type_of_event_lives_as_long_as_it_is_promised_and_not_a_millisecond_longer(sealer, event_type):
    promised = {"impression": 30, "play": 30, "view_6s": 120, "complete": 120, "click": 1440, "like": 1440}
    life_ms = LIFE_MS[event_type]
    if event_type in promised:
        assert life_ms == promised[event_type] * 60_000
    text = sealer.seal(CLAIMS)
    assert sealer.open_for(text, event_type, now_ms=NOW_MS + life_ms) == CLAIMS
    assert sealer.open_for(text, event_type, now_ms=NOW_MS + life_ms + 1) is TokenFault.EXPIRED


@pytest.mark.parametrize("sealed_at_ms", [NOW_MS, NOW_MS // DAY_MS * DAY_MS, NOW_MS // DAY_MS * DAY_MS + DAY_MS - 1])
def test_a_key_opens_through_the_longest_life_and_nothing_from_the_second_midnight_on(sealer, sealed_at_ms):
    claims = msgspec.structs.replace(CLAIMS, sealed_at_ms=sealed_at_ms)
    text = sealer.seal(claims)
    assert sealer.open(text, now_ms=sealed_at_ms + DAY_MS) == claims
    assert sealer.open(text, now_ms=(sealed_at_ms // DAY_MS + 2) * DAY_MS) is TokenFault.EXPIRED
    assert sealer.open(text, now_ms=(sealed_at_ms // DAY_MS) * DAY_MS - 1) is TokenFault.FORGED


def test_a_token_of_one_day_does_not_pass_as_one_of_another(sealer):
    raw = decode(sealer.seal(CLAIMS))
    day = NOW_MS // DAY_MS
    moved = encode(raw[:1] + (day - 1).to_bytes(4, "big") + raw[5:])
    assert sealer.open(moved, now_ms=NOW_MS) is TokenFault.FORGED


def test_many_are_opened_as_each_is_alone(sealer):
    texts = [sealer.seal(CLAIMS), "x", sealer.seal(ORGANIC), FIRST, sealer.seal(CLAIMS)[:-1], "", FIRST + FIRST * 5]
    later = msgspec.structs.replace(CLAIMS, sealed_at_ms=NOW_MS + 2 * DAY_MS)
    texts += [sealer.seal(later), sealer.seal(msgspec.structs.replace(CLAIMS, sealed_at_ms=NOW_MS - 2 * DAY_MS))]
    for asked in (texts, [texts[0], texts[2], texts[3]]):
        opened = sealer.open_many(asked, now_ms=NOW_MS)
        alone = [sealer.open(text, now_ms=NOW_MS) for text in asked]
        assert [one if isinstance(one, TokenFault) else claims_of(one[1]) for one in opened] == alone


def test_what_an_event_is_judged_by_is_what_the_claims_begin_with(sealer):
    assert Item.__struct_fields__ == Claims.__struct_fields__[: len(Item.__struct_fields__)]
    ((item, raw),) = sealer.open_many([sealer.seal(CLAIMS)], now_ms=NOW_MS)
    assert [getattr(item, name) for name in Item.__struct_fields__] == [
        getattr(CLAIMS, name) for name in Item.__struct_fields__
    ]
    assert raw == msgspec.msgpack.encode(CLAIMS)


def test_another_house_opens_nothing(sealer):
    other = TokenSealer(lambda day: Secrets(bytes(32)).key(f"token/{day}"))
    assert other.open(sealer.seal(CLAIMS), now_ms=NOW_MS) is TokenFault.FORGED


def test_an_organic_item_vouches_for_what_people_do_with_it_but_not_for_clicks():
    assert fault_of(ORGANIC, "click", now_ms=NOW_MS) is TokenFault.TYPE
    assert all(fault_of(ORGANIC, kind, now_ms=NOW_MS) is None for kind in LIFE_MS if kind != "click")
    assert fault_of(CLAIMS, "purchase", now_ms=NOW_MS) is TokenFault.TYPE


def test_a_token_of_the_longest_claims_is_within_its_bound(sealer):
    ad = msgspec.structs.replace(AD, goal="TRAFFIC_LANDING_PAGE_VIEW")
    longest = msgspec.structs.replace(CLAIMS, viewer="v" * 64, session_id="s" * 128, ad=ad)
    assert len(sealer.seal(longest)) <= TOKEN_CHARACTERS


def test_many_days_leave_only_those_that_still_open(sealer):
    for day in range(50):
        sealer.seal(msgspec.structs.replace(CLAIMS, sealed_at_ms=day * DAY_MS))
    assert len(sealer._days) <= 3


def test_claims_that_have_grown_at_their_end_are_read_by_what_is_known_of_them():
    grown = msgspec.msgpack.encode([*msgspec.msgpack.decode(msgspec.msgpack.encode(CLAIMS)), "of a later release"])
    assert msgspec.msgpack.decode(grown, type=Claims) == CLAIMS


def test_a_token_of_the_first_release_opens(sealer):
    """It did not say what the ad group is there for."""
    assert sealer.open(FIRST, now_ms=NOW_MS) == CLAIMS


FIRST = (
    "AQAAUNzFZaLfqjMP6nYq0kftpES_QJ7MxklU3E6FLdoMNr8RNYESX_Tht4wLJIKxrmZxF1Ohg7D-1vDMoHDtvoG2yZPOjGt1wBe1"
    "JTg8DyxBF34lOghuGc1iAnoMQGBghb2g6oMkPZlNdwX4vWFP6u1HMxrz0DUKCTgbOPRf4GuNn2abL-38b6n8O7FgjHimL6bS1Qi_"
    "t_psXuw-8LnYtkULjHRRID3Vxe1SZXO--S9DzxTZhy8EuuVdbJC-T5zZkdtCJhKxSS3Iwc8xN59aeWI9PcIzvihKx05HBoEWt-1O"
    "49nhj89juOm4DCV6CTfYF7Q_5tOTraQZOQk74PoEnqC4Sb3YHA6JlD8N7X9342ds1DWelWKoshq6CI5hWwmhIfVvdN4"
)
