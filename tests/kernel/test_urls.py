"""Addresses are read one way only: what programs disagree about is refused, the rest has one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.errors import Refusal
from attise.kernel.urls import Hosts, clean_deeplink, clean_url, read_url

SPELLINGS = {
    "https://Example.org": "https://example.org/",
    "HTTPS://example.org:443/a": "https://example.org/a",
    "https://example.org:8443/a?b=c&d=%20": "https://example.org:8443/a?b=c&d=%20",
    "https://exämple.org/é?q=à#x": "https://xn--exmple-cua.org/%C3%A9?q=%C3%A0#x",
    "https://例え。jp/": "https://xn--r8jz45g.jp/",
    "https://example.org?q=1": "https://example.org/?q=1",
    "https://example.org/a<b>": "https://example.org/a%3Cb%3E",
    "https://example.org/?utm={campaign}": "https://example.org/?utm={campaign}",
    "https://93.184.216.34/": "https://93.184.216.34/",
    "https://①⑨③.184.216.34/": "https://193.184.216.34/",
    "https://[2606:2800:220:1::0248]/": "https://[2606:2800:220:1::248]/",
    "https://cdn_1.example.org/": "https://cdn_1.example.org/",
}


@pytest.mark.parametrize(("text", "spelling"), SPELLINGS.items())
def test_an_address_has_one_spelling(text, spelling):
    assert clean_url(text, field="url") == spelling
    assert clean_url(spelling, field="url") == spelling


REFUSED = {
    "url_form": [
        "",
        "example.org",
        "//example.org",
        "/path",
        "https:example.org",
        "https:/example.org",
        "https:///example.org",
        "https://user@example.org",
        "https://user:secret@example.org",
        "https://@example.org",
        "https://example.org\\@other.org",
        "https://example.org/a b",
        " https://example.org",
        "https://example.org\n",
        "ht\ttps://example.org",
        "https://exam\nple.org",
        "https://example.org/\r\nSet-Cookie:a=b",
        "https://example.org/\x00",
        "https://example.org/\u202egpj.exe",
        "https://exam\u00adple.org",
        "https://exa\u200bmple.org",
        "https://example.org/\ud800",
        "\ufeffhttps://example.org",
    ],
    "url_scheme": [
        "http://example.org",
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,hello",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org:70/",
        "blob:https://example.org/a",
    ],
    "url_host": [
        "https://",
        "https://?q",
        "https://#part",
        "https://localhost/",
        "https://intranet/",
        "https://example.org./",
        "https://.example.org/",
        "https://example..org/",
        "https://-example.org/",
        "https://exam%70le.org/",
        "https://example.org%2f.other.org/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1.1/",
        "https://256.256.256.256/",
        "https://1.2.3.0x4/",
        "https://example.123/",
        "https://[::1/",
        "https://::1/",
        "https://[fe80::1%25eth0]/",
        "https://[example.org]/",
        "https://faß.de/",
        "https://exam!ple.org/",
        "https://" + "a" * 64 + ".org/",
        "https://" + "a." * 127 + "org/",
        "https://example.org:80:80/",
        "https://example.org:http/",
        "https://example.org:+80/",
        "https://example.org:/",
        "https://[::1]x/",
        "https://ex[am]ple.org/",
        "https://℀.example.org/",
    ],
    "url_port": [
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:080/",
    ],
    "url_too_long": ["https://example.org/" + "a" * 2_048, "https://example.org/" + "é" * 1_000],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts])
def test_a_doubtful_address_is_refused_at_its_field(code, text):
    with pytest.raises(Refusal) as refused:
        clean_url(text, field="landing_page_url")
    assert (refused.value.code, refused.value.field) == (code, "landing_page_url")
    assert refused.value.english


def test_a_listed_host_may_be_plain_private_and_on_any_port():
    listed = Hosts.parse(["media.internal", "127.0.0.1:9000", "[::1]:9000"])
    assert clean_url("http://media.internal:81/a", field="u", plain_hosts=listed) == "http://media.internal:81/a"
    assert clean_url("http://127.0.0.1:9000/a", field="u", plain_hosts=listed) == "http://127.0.0.1:9000/a"
    assert clean_url("http://[::1]:9000/a", field="u", plain_hosts=listed) == "http://[::1]:9000/a"
    for text in ("http://127.0.0.1:9001/a", "http://example.org/", "ftp://media.internal/"):
        with pytest.raises(Refusal) as refused:
            clean_url(text, field="u", plain_hosts=listed)
        assert refused.value.code == "url_scheme"


def test_ports_are_those_allowed():
    assert read_url("https://example.org:443", field="u", ports=(80, 443)).port == 443
    with pytest.raises(Refusal) as refused:
        read_url("https://example.org:22", field="u", ports=(80, 443))
    assert refused.value.code == "url_port"


def test_a_redirect_address_has_no_fragment():
    with pytest.raises(Refusal) as refused:
        clean_url("https://example.org/back#token", field="redirect_uri", fragment=False)
    assert refused.value.code == "url_form"


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{1,30}(/.*)?", fullmatch=True))
def test_any_text_is_read_or_refused_and_what_is_read_reads_the_same_again(text):
    try:
        once = clean_url(text, field="u")
    except Refusal:
        return
    assert once.isascii()
    assert clean_url(once, field="u") == once


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://Example.org/app", "https://example.org/app"),
        ("myapp://product/12?from=ad", "myapp://product/12?from=ad"),
        ("Com.Example.App://home", "com.example.app://home"),
        ("myapp://é", "myapp://%C3%A9"),
    ],
)
def test_a_link_into_an_app_has_one_spelling(text, link):
    assert clean_deeplink(text, field="deeplink") == link
    assert clean_deeplink(link, field="deeplink") == link


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "java\tscript://x",
        "data:text/html,<script>",
        "data://x",
        "file:///etc/passwd",
        "file://host/share",
        "vbscript://x",
        "blob://x",
        "intent://x#Intent;S.browser_fallback_url=http%3A%2F%2Fexample.org;end",
        "http://example.org/",
        "view-source://example.org",
        "tel:+33123456789",
        "myapp:home",
        "//example.org",
        "product/12",
        "",
        "myapp://a b",
        "myapp://a\u202eb",
        "myapp://" + "a" * 2048,
        "myapp://" + "é" * 1000,
    ],
)
def test_what_a_browser_would_run_or_read_is_no_link_into_an_app(text):
    with pytest.raises(Refusal) as refused:
        clean_deeplink(text, field="deeplink")
    assert refused.value.field == "deeplink"
