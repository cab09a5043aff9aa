"""A browser, a served town, and pages that tell everything that is wrong with them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from attise.management.accounts.views import PersonView
from tests.browser.served import served
from tests.browser.town import Town, forget_files, session_of

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 20_000
"""For what surely comes; how soon depends on what else the cores do."""
LANDINGS = {"viewer": "/", "creator": "/creation/", "advertiser": "/ads/", "operator": "/operateur/"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django's own objection to that is about code that awaits, which none does.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


def launch(playwright: Playwright) -> Browser:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    return playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


@pytest.fixture
def town(transactional_db, means, clock) -> Iterator[Town]:
    forget_files()
    yield Town(means, clock)
    forget_files()


@pytest.fixture
def address(town) -> Iterator[str]:
    with served() as base:
        yield base


@dataclass
class Visitors:
    """Opens browsers for people; whatever goes wrong in any of them is kept, and fails the test at its end."""

    browser: Browser
    address: str
    town: Town
    wrong: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    elsewhere: tuple[str, ...] = ()
    """Addresses that the story means to go to."""

    def open(
        self,
        path: str | None = "/",
        *,
        viewport: dict[str, int] = DESK,
        language: str = "en",
        scheme: str = "light",
        scripts: bool = True,
        expected: tuple[int, ...] = (),
    ) -> Page:
        """Open a page in a browser of its own; ``expected`` are the statuses that the story means to meet."""
        context = self.browser.new_context(
            viewport=viewport,
            locale=language,
            color_scheme=scheme,
            java_script_enabled=scripts,
            has_touch=viewport is PHONE,
            permissions=["clipboard-read", "clipboard-write"],
            base_url=self.address,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self._on_console(message, expected))
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("request", lambda request: self._on_request(request.url))
        page.on("requestfailed", lambda request: self._on_failure(request.url, request.failure))
        if path is not None:
            page.goto(path)
        return page

    def sign_in(self, person: PersonView, console: str, path: str = "", **options) -> Page:
        """Open a page in a browser where a person is signed in; without path, the first page of the console."""
        page = self.open(None, **options)
        key = session_of(person.id)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}])
        page.goto(path or LANDINGS[console])
        return page

    def _on_console(self, message: ConsoleMessage, expected: tuple[int, ...]) -> None:
        # A page asked for a picture of a video that became a post's meanwhile.
        is_gone = "status of 404" in message.text and "/couverture/" in (message.location or {}).get("url", "")
        is_expected = is_gone or any(f"status of {code}" in message.text for code in expected)
        if message.type in {"error", "warning"} and not is_expected:
            self.wrong.append(f"{message.type}: {message.text}")

    def _on_request(self, url: str) -> None:
        if not url.startswith((self.address + "/", "data:", "blob:", *self.elsewhere)):
            self.wrong.append(f"request to elsewhere: {url}")

    def _on_failure(self, url: str, failure: str | None) -> None:
        # A page that was left, or an answer that became a file instead of a page.
        if failure == "net::ERR_ABORTED" and (
            "/media/" in url
            or "/couverture/" in url
            or url.endswith(("/v1/feed", "/v1/events"))
            or url.partition("?")[0].endswith(("favicon.svg", "/exporter", "/export.csv", "/conseils"))
        ):
            return
        self.wrong.append(f"failed: {url} {failure}")


@pytest.fixture
def visitors(browser: Browser, address: str, town: Town) -> Iterator[Visitors]:
    made = Visitors(browser, address, town)
    yield made
    for context in made.contexts:
        context.close()
    assert made.wrong == []


def violations(page: Page) -> list[str]:
    """Return what a machine can tell is inaccessible on a page, with where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in found
        for node in one["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Tell whether the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def shots() -> Path | None:
    """Return the folder for pictures of pages, when a run asks for them by ATTISE_SHOTS."""
    named = os.environ.get("ATTISE_SHOTS")
    return Path(named) if named else None


def note_unused(page: Page, name: str) -> None:
    """Write which rules of the stylesheet match nothing on a page, when a run asks for it by ATTISE_UNUSED."""
    folder = os.environ.get("ATTISE_UNUSED")
    if folder:
        found = page.evaluate((Path(__file__).parent / "unused.js").read_text())
        (Path(folder) / f"{name}.json").write_text(json.dumps(found))
