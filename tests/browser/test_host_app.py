"""A host's own app, in a real browser, against a served sandbox: videos, an ad with its label, and where it leads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE
from tests.doors.cli.running import serve
from tests.doors.rig import ROOT, rig, until
from tests.stories.town_of_viewers import FeedTown, build

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedTown]:
    folder = tmp_path_factory.mktemp("host-app")
    with rig(folder) as opened:
        yield build(serve(opened, folder / "house", "--sandbox"), folder)


@pytest.fixture(scope="module")
def app(town: FeedTown) -> Iterator[str]:
    environment = {
        **os.environ,
        "ATTISE_URL": f"http://127.0.0.1:{town.served.door.port}",
        "ATTISE_HOST_KEY": town.bundle["host_key"],
    }
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "host-app" / "server.py"), "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().split("?")[0]
    finally:
        process.terminate()
        process.wait(20)


def test_videos_play_and_the_ad_says_that_it_is_one_for_whom_and_leads_on(browser: Browser, app: str):
    context = browser.new_context(viewport=PHONE, locale="fr-FR")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{app}?user=lea")
    frames = page.locator("article")
    expect(frames).to_have_count(9)
    first = page.locator("video").first
    expect(first).to_have_js_property("videoWidth", 360)
    page.wait_for_function("document.querySelector('video').currentTime > 0")
    ad = page.locator("article:has(a.call)")
    expect(ad).to_have_count(1)
    assert page.locator("article").evaluate_all("all => all.findIndex(one => one.querySelector('a.call'))") >= 3
    ad.scroll_into_view_if_needed()
    label = ad.locator(".label", has_text="Sponsorisé")
    expect(label).to_be_visible()
    assert float(label.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 12
    expect(ad).to_contain_text("Sponsorisé · ")
    button = ad.locator("a.call")
    expect(button).to_have_text("En savoir plus")
    context.route("https://shop.example/**", lambda route: route.fulfill(body="soups", content_type="text/plain"))
    with context.expect_page() as opened:
        button.click()
    opened.value.wait_for_url(re.compile(r"https://shop\.example/soups\?ttclid=[A-Za-z0-9_-]{27}"))
    assert faults == []
    context.close()


def test_the_host_key_is_nowhere_in_the_page_and_an_app_without_answers_says_so(browser: Browser, app: str, town):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(str(request.headers)))
    page.goto(f"{app}?user=tom")
    expect(page.locator("article").first).to_be_attached()
    assert town.bundle["host_key"] not in page.content() + "".join(seen)
    context.route("**/feed?*", lambda route: route.fulfill(status=502, body="away"))
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("ne répond pas")
    context.close()


def test_what_is_seen_and_liked_in_the_app_arrives_and_counts(browser: Browser, app: str, town: FeedTown):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    with page.expect_response("**/feed?*") as given:
        page.goto(f"{app}?user=mia")
    post_id = given.value.json()["items"][0]["post_id"]

    def counted(name: str) -> int:
        return town.ask("GET", f"/v1/posts/{post_id}").json["counters"][name]["total"]

    before = {name: counted(name) for name in ("views", "likes")}
    with page.expect_response("**/events") as answer:
        page.locator("article").first.get_by_role("button", name="J’aime").click()
    assert {one["status"] for one in answer.value.json()["results"]} == {"accepted"}
    until(lambda: counted("likes") == before["likes"] + 1, "the like")
    until(lambda: counted("views") == before["views"] + 1, "the view")
    page.locator("article").first.get_by_role("button", name="J’aime").click()
    page.goto("about:blank")  # what waits goes by a beacon
    until(lambda: counted("likes") == before["likes"], "the like taken back")
    context.close()
