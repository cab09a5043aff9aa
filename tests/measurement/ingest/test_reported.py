"""What is reported becomes a conversion, and what nobody agreed to never reaches the log."""

from decimal import Decimal
from hashlib import sha256

import pytest

from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS
from attise.measurement.ingest.reported import PixelFacts, Receipt, Reported, ReportedContent, receive
from attise.records.click_link import ClickLinks
from attise.records.conversion import Content, Source, encode_conversion

NOW_MS = 1_790_000_000_000
PIXEL = PixelFacts(7, 3, matches_email=True, matches_phone=False)
LINKS = ClickLinks(bytes(32))
CLICK = LINKS.click_id(4_000)
DIGEST = sha256(b"lea@example.org").digest()
WHOLE = Reported(
    "Purchase",
    "order-1",
    value=Decimal("59.970000000000006"),
    currency="EUR",
    contents=(ReportedContent("mug", "Mug", "Home", Decimal("19.99"), 3),),
    click_id=CLICK,
    emails=(DIGEST.hex(),),
    phones=(DIGEST.hex(),),
    external_ids=(DIGEST.hex(),),
    browser_id="b-1",
    page="https://shop.example/merci?name=lea",
    has_consent=True,
)


def received(reported=WHOLE, source=Source.SERVER, pixel=PIXEL, **more):
    receipt = Receipt(11, source, NOW_MS - 5, NOW_MS, agent="a", block="b", **more)
    return receive(reported, pixel, receipt, decision_of=LINKS.decision_of)


def changed(**facts) -> Reported:
    from dataclasses import replace

    return replace(WHOLE, **facts)


def test_a_server_reports_a_purchase():
    made = received()
    assert (made.pixel_id, made.advertiser_id, made.event, made.event_id) == (7, 3, "Purchase", "order-1")
    assert (made.value_micros, made.currency) == (59_970_000, "EUR")
    assert made.contents == (Content("mug", "Mug", "Home", 19_990_000, 3),)
    assert (made.click_id, made.decision_id) == (CLICK, 4_000)
    assert made.emails == made.phones == made.external_ids == (DIGEST,)
    assert (made.page_host, made.page_path) == ("shop.example", "/merci")
    assert (made.at_ms, made.received_ms, made.received_at_ms) == (NOW_MS, NOW_MS - 5, NOW_MS)


def test_the_tag_brings_only_the_contacts_that_its_pixel_may_have():
    made = received(source=Source.BROWSER)
    assert (made.emails, made.phones, made.external_ids) == ((DIGEST,), (), (DIGEST,))


def test_without_consent_nothing_of_the_person_is_kept():
    made = received(changed(has_consent=False))
    assert made.event == "Purchase"
    assert made.value_micros == 59_970_000
    body = encode_conversion(made)
    for told in (DIGEST, CLICK.encode(), b"shop.example", sha256(b"b-1").digest()):
        assert told not in body
    assert (made.decision_id, made.agent, made.block) == (0, "", "")


def test_a_click_that_is_not_ours_is_kept_and_leads_nowhere():
    made = received(changed(click_id="E.C.P.of-another-house"))
    assert (made.click_id, made.decision_id) == ("E.C.P.of-another-house", 0)
    assert received(changed(click_id=CLICK[:-1] + ("A" if CLICK[-1] != "A" else "B"))).decision_id == 0


def test_the_click_is_found_in_the_page_s_address():
    made = received(changed(click_id="", page=f"https://shop.example/?ttclid={CLICK}"))
    assert made.decision_id == 4_000


def test_a_server_s_time_is_bounded_and_a_browser_s_replaced():
    assert received(changed(at_ms=NOW_MS - 5 * DAY_MS)).at_ms == NOW_MS - 5 * DAY_MS
    with pytest.raises(Refusal) as told:
        received(changed(at_ms=NOW_MS - 29 * DAY_MS))
    assert told.value.code == "conversion_time"
    assert received(changed(at_ms=NOW_MS - 1_000), Source.BROWSER).at_ms == NOW_MS - 1_000
    assert received(changed(at_ms=NOW_MS - 5 * DAY_MS), Source.BROWSER).at_ms == NOW_MS
    assert received(changed(at_ms=1 << 60), Source.BROWSER).at_ms == NOW_MS


def test_all_that_is_wrong_is_told_at_once():
    wrong = changed(event="", value=Decimal(-1), currency="EURO", emails=("lea@example.org",))
    with pytest.raises(Refusals) as told:
        received(wrong)
    assert {one.code for one in told.value.items} == {
        *("field_required", "conversion_value", "currency_unknown", "contact_not_hashed")
    }


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"currency": ""}, "conversion_currency_missing"),
        ({"value": None, "currency": ""}, "conversion_currency_missing"),
        ({"contents": (ReportedContent("a"),) * 101}, "contents_too_many"),
        ({"contents": (ReportedContent("a" * 201),)}, "text_too_long"),
        ({"event_id": "a" * 129}, "text_too_long"),
        ({"event": "a\0b"}, "text_characters"),
    ],
)
def test_what_is_out_of_bounds_is_refused(facts, code):
    with pytest.raises(Refusal) as told:
        received(changed(**facts))
    assert told.value.code == code


def test_a_currency_without_an_amount_says_nothing():
    made = received(changed(value=None, contents=(), currency="no"))
    assert (made.value_micros, made.currency) == (-1, "")
