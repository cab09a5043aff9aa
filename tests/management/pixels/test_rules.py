"""Codes, events, scripts and pages of stores: what needs no row."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.errors import Refusal
from attise.kernel.limits import PIXEL_RULES
from attise.kernel.urls import read_url
from attise.management.pixels import rules
from attise.management.pixels.rules import EventDraft, EventRule, StorePage
from attise.records.web_events import APP_EVENTS, BY_NAME, BY_TYPE, WEB_EVENTS
from tests.refusals import refusals_of

RULE = EventRule("TRIGGERTYPE_PAGEVIEW", "PAGE_PATH", "OPERATORTYPE_CONTAINS", "/thanks")


@given(st.binary(min_size=13, max_size=13))
def test_a_code_is_twenty_capitals_and_digits(random):
    assert re.fullmatch(r"[0-9A-Z]{20}", rules.code_of(random))


def test_two_codes_of_other_bytes_differ():
    assert len({rules.code_of(bytes([first, *[0] * 12])) for first in range(256)}) == 256


class TestWebEvents:
    def test_a_name_and_a_type_are_said_once(self):
        every = (*WEB_EVENTS, *APP_EVENTS)
        assert len({event.type for event in every}) == len(every)
        assert len(BY_TYPE) == len(WEB_EVENTS)
        assert len(BY_NAME) == sum(len(event.names) for event in every)

    def test_what_pages_report_leads_to_the_goal_of_ad_groups(self):
        for name, goal in (("CompletePayment", "SHOPPING"), ("Purchase", "SHOPPING"), ("AddToCart", "ON_WEB_CART")):
            assert BY_NAME[name].type == goal
            assert BY_NAME[name].is_goal
        assert not BY_NAME["Pageview"].is_goal


class TestEvents:
    def test_a_type_gives_its_code_and_name(self):
        made = rules.clean_event(EventDraft("SHOPPING"), "events[0]")
        assert (made.code, made.name) == ("Purchase", "Purchase")
        assert rules.clean_event(EventDraft("VIEW"), "events[0]").code == "VIEW"

    def test_an_event_of_ones_own_has_a_code(self):
        made = rules.clean_event(EventDraft(code="Quiz.done", name=" Quiz "), "events[0]")
        assert (made.event_type, made.code, made.name) == ("", "Quiz.done", "Quiz")

    @pytest.mark.parametrize(
        ("draft", "told"),
        [
            (EventDraft(), [("event_type", "pixel_event_unnamed")]),
            (EventDraft("BUY"), [("event_type", "pixel_event_type")]),
            (EventDraft(code="1st"), [("code", "pixel_event_code")]),
            (EventDraft(code="a b"), [("code", "pixel_event_code")]),
            (EventDraft(code="a" * 101), [("code", "pixel_event_code"), ("name", "text_too_long")]),
            (EventDraft("SHOPPING", name="x\u202e"), [("name", "text_characters")]),
            (EventDraft("SHOPPING", currency="EUR"), [("value", "pixel_event_value_currency")]),
            (EventDraft("SHOPPING", value="5"), [("currency", "pixel_event_value_currency")]),
            (EventDraft("SHOPPING", currency="EURO", value="5"), [("currency", "currency_unknown")]),
            (EventDraft("SHOPPING", currency="JPY", value="5.5"), [("value", "pixel_event_value")]),
            (EventDraft("SHOPPING", currency="EUR", value="-5"), [("value", "pixel_event_value")]),
            (EventDraft("SHOPPING", currency="EUR", value="1e3"), [("value", "pixel_event_value")]),
            (EventDraft("SHOPPING", rules=(RULE,) * (PIXEL_RULES + 1)), [("rules", "pixel_rules_too_many")]),
            (
                EventDraft("SHOPPING", rules=(RULE, EventRule("x", "y", "z", ""))),
                [
                    ("rules[1].trigger", "pixel_event_choice"),
                    ("rules[1].variable", "pixel_event_choice"),
                    ("rules[1].operator", "pixel_event_choice"),
                    ("rules[1].value", "field_required"),
                ],
            ),
        ],
    )
    def test_what_cannot_be_looked_for_is_refused_by_its_place(self, draft, told):
        expected = [(f"events[3].{field}", code) for field, code in told]
        assert refusals_of(rules.clean_event, draft, "events[3]") == expected

    @pytest.mark.parametrize(
        ("currency", "value", "micros"),
        [("EUR", "12.50", 12_500_000), ("JPY", "800", 800_000_000), ("", "", None), ("KWD", "1.234", 1_234_000)],
    )
    def test_a_worth_is_kept_in_micros(self, currency, value, micros):
        assert rules.micros_of(currency, value) == micros


class TestScript:
    def test_it_loads_the_tag_and_names_the_code(self):
        script = rules.script_of("COQDA8RC77U2TMR44LI0", "https://ads.example.org/attise.js")
        assert script.startswith("<script>\n")
        assert script.endswith("\n</script>")
        assert '"https://ads.example.org/attise.js"' in script
        assert '"COQDA8RC77U2TMR44LI0"' in script

    @pytest.mark.parametrize("text", ["</script><script>alert(1)//", '";alert(1);"', "\u2028", "<!--"])
    def test_nothing_in_it_can_end_it(self, text):
        script = rules.script_of(text, text)
        inner = script.removeprefix("<script>").removesuffix("</script>")
        assert "<" not in inner
        assert "\u2028" not in inner
        assert json.loads(re.search(r"tag\.src = (.*);", inner)[1].replace("\\u003c", "<")) == text

    def test_its_brackets_close(self):
        inner = rules.script_of("X", "https://x/attise.js")
        assert [inner.count(sign) for sign in "({"] == [inner.count(sign) for sign in ")}"]


class TestStorePages:
    @pytest.mark.parametrize(
        ("address", "page"),
        [
            (
                "https://play.google.com/store/apps/details?id=org.example.shop&hl=fr",
                StorePage("ANDROID", "org.example.shop", "org.example.shop"),
            ),
            ("https://apps.apple.com/fr/app/ma-boutique/id1234567890", StorePage("IOS", "1234567890", "ma-boutique")),
            ("https://apps.apple.com/app/id1234567890", StorePage("IOS", "1234567890", "1234567890")),
            ("https://itunes.apple.com/us/app/x/id123456?mt=8", StorePage("IOS", "123456", "x")),
            ("https://play.google.com/store/apps/details?id=shop", None),
            ("https://play.google.com/store/apps/details", None),
            ("https://play.google.com/store/books/details?id=org.example.shop", None),
            ("https://apps.apple.com/fr/developer/x/id1234567890", None),
            ("https://apps.apple.com.example.org/app/id1234567890", None),
            ("https://example.org/app/id1234567890", None),
        ],
    )
    def test_the_page_of_a_known_store_says_which_app_it_is(self, address, page):
        assert rules.store_page_of(read_url(address, field="f")) == page

    @pytest.mark.parametrize(
        ("platform", "text", "can"),
        [
            ("ANDROID", "org.example.shop", True),
            ("ANDROID", "1234567890", False),
            ("ANDROID", "shop", False),
            ("ANDROID", "a." + "b" * 149, False),
            ("IOS", "org.example.shop", True),
            ("IOS", "1234567890", True),
            ("IOS", "12", False),
        ],
    )
    def test_a_package_or_a_number(self, platform, text, can):
        assert rules.is_store_id(platform, text) is can


def test_a_category_is_one_of_five_or_none():
    assert rules.check_category("") == ""
    assert rules.check_category("ONLINE_STORE") == "ONLINE_STORE"
    with pytest.raises(Refusal):
        rules.check_category("SHOP")
