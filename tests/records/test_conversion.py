"""A conversion counts once by its pixel, event and name, and what is told of it is bounded."""

from decimal import Decimal
from hashlib import sha256

import msgspec
import pytest

from attise.kernel.errors import Refusal
from attise.kernel.limits import CONVERSION_AGE_MS, CONVERSION_AHEAD_MS
from attise.kernel.money import LARGEST_MICROS
from attise.records import conversion_facts as facts
from attise.records.conversion import Content, Conversion, Source, decode_conversion, encode_conversion, key_of

NOW_MS = 1_790_000_000_000
DIGEST = sha256(b"lea@example.org").hexdigest()


def test_the_key_is_that_of_pixel_event_and_name():
    first = key_of(7, "Purchase", "order-1", receipt_id=1)
    assert first == key_of(7, "Purchase", "order-1", receipt_id=2)
    others = {
        key_of(8, "Purchase", "order-1", receipt_id=1),
        key_of(7, "purchase", "order-1", receipt_id=1),
        key_of(7, "Purchase", "order-2", receipt_id=1),
        key_of(7, "Purchaseorder", "-1", receipt_id=1),
    }
    assert len({first, *others}) == 5
    assert len(first) == 16


def test_what_has_no_name_is_known_by_its_receipt():
    assert key_of(7, "Purchase", "", receipt_id=1) != key_of(7, "Purchase", "", receipt_id=2)
    assert key_of(7, "Purchase", "", receipt_id=1) == key_of(7, "Purchase", "", receipt_id=1)


def test_a_conversion_comes_back_as_it_was_and_the_bytes_of_today_stay_readable():
    whole = Conversion(
        *(b"k" * 16, 1, 2, 3, "Purchase", "a", Source.SERVER, 4, 5, 6),
        value_micros=12_500_000,
        currency="EUR",
        contents=(Content("mug", price_micros=12_500_000),),
        click_id="abc",
        decision_id=9,
        emails=(b"e" * 32,),
        has_consent=True,
    )
    assert decode_conversion(encode_conversion(whole)) == whole
    first_release = msgspec.msgpack.encode([b"k" * 16, 1, 2, 3, "Purchase", "a", "browser", 4, 5, 6])
    old = decode_conversion(first_release)
    assert (old.source, old.value_micros, old.contents, old.has_consent) == (Source.BROWSER, -1, (), False)


@pytest.mark.parametrize("plain", ["lea@example.org", "+33612345678", DIGEST[:-1], DIGEST + "0", "g" * 64])
def test_a_contact_in_plain_is_refused_and_never_echoed(plain):
    with pytest.raises(Refusal) as told:
        facts.clean_contacts([DIGEST, plain], field="user.email")
    assert (told.value.code, told.value.field) == ("contact_not_hashed", "user.email")
    assert plain not in str(told.value)


def test_a_hashed_contact_has_one_spelling():
    digest = sha256(b"lea@example.org").digest()
    assert facts.clean_contacts([DIGEST, f" {DIGEST.upper()} ", ""], field="email") == (digest,)
    with pytest.raises(Refusal) as told:
        facts.clean_contacts([DIGEST] * 11, field="email")
    assert told.value.code == "contacts_too_many"


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        (None, -1),
        (Decimal(0), 0),
        (Decimal("49.9"), 49_900_000),
        (Decimal("59.970000000000006"), 59_970_000),
        (Decimal("0.0000005"), 0),
        (Decimal("1e3"), 1_000_000_000),
        (Decimal(LARGEST_MICROS) / 1_000_000, LARGEST_MICROS),
    ],
)
def test_a_value_is_whole_micros(value, micros):
    assert facts.micros_of(value) == micros


@pytest.mark.parametrize("value", ["-0.01", "1e30", "NaN", "Infinity", "9000000000.01"])
def test_what_nothing_can_be_worth_is_refused(value):
    with pytest.raises(Refusal) as told:
        facts.micros_of(Decimal(value))
    assert told.value.code == "conversion_value"


def test_a_time_lies_within_the_longest_window_and_a_few_minutes_ahead():
    for good in (NOW_MS, NOW_MS - CONVERSION_AGE_MS, NOW_MS + CONVERSION_AHEAD_MS):
        assert facts.check_time(good, now_ms=NOW_MS) == good
    for bad in (NOW_MS - CONVERSION_AGE_MS - 1, NOW_MS + CONVERSION_AHEAD_MS + 1, -1, 1 << 70):
        with pytest.raises(Refusal):
            facts.check_time(bad, now_ms=NOW_MS)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://Shop.example/Cart?mail=a%40b.c&ttclid=E.C.P.1#x", ("shop.example", "/Cart", "E.C.P.1")),
        ("http://127.0.0.1:8000/boutique/", ("127.0.0.1", "/boutique/", "")),
        ("https://shop.example", ("shop.example", "", "")),
        ("javascript:alert(1)", ("", "", "")),
        ("https://[bad", ("", "", "")),
        ("/cart", ("", "", "")),
        ("https://shop.example/\n", ("", "", "")),
        ("https://shop.example/?" + "a=b&" * 200, ("", "", "")),
    ],
)
def test_of_a_page_only_its_place_and_the_click_are_kept(address, told):
    assert facts.page_of(address) == told
