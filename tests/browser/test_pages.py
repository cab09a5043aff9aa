"""Every page, at both widths, in both themes and languages: nothing is inaccessible that a machine can tell.

``make test`` opens one page in eight, each in another look; the part marked ``long`` opens each in every look.
``ATTISE_SHOTS=folder`` keeps a picture of each, to be looked at before a release.
"""

from __future__ import annotations

import pytest

from tests.browser.catalogue import PAGES, Shown
from tests.browser.conftest import DESK, PHONE, Visitors, note_unused, overflows, shots, violations
from tests.browser.looks import LOOKS

pytestmark = pytest.mark.browser

REST = [
    {"viewport": viewport, "scheme": scheme, "language": language}
    for viewport in (DESK, PHONE)
    for scheme in ("light", "dark")
    for language in ("fr", "en")
]


def name_of(options: dict) -> str:
    width = "desk" if options["viewport"] is DESK else "phone"
    return f"{width}-{options['scheme']}-{options['language']}"


def check(visitors: Visitors, shown: Shown, options: dict) -> None:
    page = shown.open(visitors, visitors.town, {**options, "expected": (403, 409, 410, 422)})
    folder = shots()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{shown.name}-{name_of(options)}.png", full_page=True)
    note_unused(page, f"{shown.name}-{name_of(options)}")
    assert not overflows(page), "the page scrolls sideways"
    assert violations(page) == []


@pytest.mark.parametrize("shown", PAGES[::8], ids=lambda shown: shown.name)
def test_a_page_is_whole(visitors, shown):
    look = list(LOOKS.values())[sum(map(ord, shown.name)) % len(LOOKS)]
    check(visitors, shown, look)


@pytest.mark.long
@pytest.mark.parametrize("options", REST, ids=name_of)
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_is_whole_in_every_look(visitors, shown, options):
    check(visitors, shown, options)
