"""The scout's page, opened as a file: both languages, no request but its own; in the long tests both widths and axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from attise.doors.cli.scout import scout
from tests.browser.conftest import DESK, PHONE, RULES

pytestmark = pytest.mark.browser
FILES = Path(__file__).parents[1] / "measurement" / "scout" / "files"


@pytest.mark.parametrize("judged", [False, pytest.param(True, marks=pytest.mark.long)], ids=["looked at", "by axe"])
def test_the_page_is_whole_by_itself(browser: Browser, tmp_path, judged):
    page_file = tmp_path / "scout.html"
    done = CliRunner().invoke(scout, [str(FILES), "--html", str(page_file), "--language", "fr"])
    assert done.exit_code == 0, done.output
    looks = ((DESK, "light"), (PHONE, "dark")) if judged else ((PHONE, "dark"),)
    for viewport, scheme in looks:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, asked=asked: asked.append(message.text))
        page.goto(page_file.as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_text("Que booster, et avant quand", use_inner_text=True)
        page.get_by_label("English").check()
        expect(page.get_by_role("heading", level=1)).to_have_text("What to boost, and by when", use_inner_text=True)
        assert page.get_by_role("article").count() == 6
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert asked == [page_file.as_uri()]
        if judged:
            wrong = Axe().run(page, options=RULES)
            assert wrong.violations_count == 0, wrong.generate_report()
        context.close()
