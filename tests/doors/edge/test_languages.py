from __future__ import annotations

import pytest

from attise.doors.edge.languages import language_of


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "fr", "fr"),
        ("", "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("", "en;q=0.2, fr;q=0.3", "fr"),
        ("", "de, *;q=0.5", "en"),
        ("", "fr;q=0", "en"),
        ("attise-language=fr", "en", "fr"),
        ("a=b; attise-language=en; c=d", "fr", "en"),
        ("attise-language=de", "fr", "fr"),
        ("", "fr;q=abc,,;;=", "en"),
        ("", "x" * 100_000 + ",fr", "en"),
    ],
)
def test_language_by_cookie_then_by_what_the_browser_asks(cookie, accepted, language):
    assert language_of(cookie, accepted) == language
