"""E-mail addresses, telephone numbers and addresses of the web."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.management.accounts.facts import (
    clean_email,
    clean_phone,
    clean_redirect_uri,
    clean_web_address,
    normal_email,
)
from tests.refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ines@example.org", "ines@example.org"),
        ("  Ines@Example.ORG ", "ines@example.org"),
        ("i.n+ads@sub.example.co.uk", "i.n+ads@sub.example.co.uk"),
        ("o'neil@xn--caf-dma.example", "o'neil@xn--caf-dma.example"),
    ],
)
def test_an_e_mail_address_is_kept_in_small_letters(text, kept):
    assert clean_email(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ines",
        "ines@",
        "@example.org",
        "ines@example",
        "ines@@example.org",
        "ines@exa mple.org",
        "ines@example.org\nBcc: all@example.org",
        "inès@example.org",
        "ines@-example.org",
        "ines@example..org",
        ".ines@example.org",
        "<script>@example.org",
        "ines@example.org\0",
        "x" * 65 + "@example.org",
        "ines@" + "x" * 250 + ".org",
        "\udcff@example.org",
        "a" * 1_000_000,
    ],
)
def test_no_other_text_is_an_e_mail_address(text):
    assert refusals_of(clean_email, text) == [("email", "email_invalid")]


@given(st.text())
def test_an_e_mail_address_is_the_same_when_read_again(text):
    email = normal_email(text)
    if email is not None:
        assert normal_email(email) == email


@pytest.mark.parametrize("text", ["", "+33 1 23 45 67 89", "01.23.45.67.89", "(020) 7946-0958"])
def test_telephone_numbers(text):
    assert clean_phone(text, field="contact_phone") == text


@pytest.mark.parametrize("text", ["call me", "12", "+", "١٢٣٤٥٦", "1" * 31, "+33;ext=1"])
def test_no_other_text_is_a_telephone_number(text):
    assert refusals_of(clean_phone, text, field="contact_phone") == [("contact_phone", "phone_invalid")]


def test_a_page_s_address_is_https_or_on_this_machine():
    assert clean_web_address("", field="promotion_link") == ""
    assert clean_web_address("https://example.org/page?x=1", field="promotion_link") == "https://example.org/page?x=1"
    assert clean_web_address("http://127.0.0.1:8000/boutique/", field="promotion_link").startswith("http://127")
    for text in ("javascript:alert(1)", "http://example.org", "https://u:p@example.org", "//example.org", "https://"):
        assert refusals_of(clean_web_address, text, field="promotion_link")[0][0] == "promotion_link"


@pytest.mark.parametrize(
    "text",
    [
        "https://app.example.org/back",
        "https://app.example.org",
        "https://app.example.org:8443/back?step=1&x=%2F",
        "http://127.0.0.1:53682/",
        "http://[::1]:53682/back",
        "http://localhost:3000/back",
    ],
)
def test_people_come_back_to_the_address_exactly_as_entered(text):
    assert clean_redirect_uri(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://app.example.org/back",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "https://app.example.org/back#part",
        "https://app.example.org/back#",
        "https://user@app.example.org/",
        "https://app.example.org/a b",
        "https://app.example.org/\r\nSet-Cookie: a=b",
        "https://app.example.org/<script>",
        "https://app.example.org\\@evil.example/",
        "https:app.example.org",
        "https:///app.example.org",
        "https://аpp.example.org/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "myapp://back",
        "https://" + "a" * 3_000 + ".example.org",
        "https://app.example.org:99999/",
        "https://[::1",
    ],
)
def test_nobody_is_sent_back_to_anything_else(text):
    (refused,) = refusals_of(clean_redirect_uri, text)
    assert refused[0] == "redirect_uris"
    assert refused[1].startswith("url_")
