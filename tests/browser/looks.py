"""The looks in which pages are seen: width, theme, language."""

from __future__ import annotations

from tests.browser.conftest import DESK, PHONE

LOOKS = {
    "desk-light-fr": {"viewport": DESK, "scheme": "light", "language": "fr"},
    "phone-dark-fr": {"viewport": PHONE, "scheme": "dark", "language": "fr"},
    "desk-dark-en": {"viewport": DESK, "scheme": "dark", "language": "en"},
    "phone-light-en": {"viewport": PHONE, "scheme": "light", "language": "en"},
}
