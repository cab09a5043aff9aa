"""The feed and a post's own page in a real browser, against a served sandbox: what is seen is told, acts count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO

import av
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.event import decode_event
from tests.browser.conftest import DESK, PHONE, overflows, shots, violations
from tests.browser.looks import LOOKS
from tests.doors.cli.running import serve
from tests.doors.rig import rig, until
from tests.stories.town_of_viewers import FeedTown, build

pytestmark = pytest.mark.browser

AD = "article.reel:has([data-label])"
SAMPLED = {"desk-light-fr", "phone-dark-fr"}
"""Looks of ``make test``: both widths and both schemes; the other tests of this page are in English."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedTown]:
    folder = tmp_path_factory.mktemp("feed-page")
    with rig(folder) as opened:
        yield build(serve(opened, folder / "house", "--sandbox"), folder)


@pytest.fixture
def opened(browser: Browser, town: FeedTown) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own; whatever goes wrong in it fails the test at its end."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []
    address = f"http://127.0.0.1:{town.served.door.port}"

    def open_one(path: str = "/", *, expected: tuple[int, ...] = (), **options: object) -> Page:
        settings = {"viewport": PHONE, "locale": "en-GB", "base_url": address, **options}
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **settings)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on("request", lambda request: _note(request.url, wrong, address))
        page.on(
            "console",
            lambda said: (
                wrong.append(f"{said.type}: {said.text}")
                if said.type in {"error", "warning"} and not any(f"status of {code}" in said.text for code in expected)
                else None
            ),
        )
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


def _note(url: str, wrong: list[str], address: str) -> None:
    if not url.startswith((address + "/", "data:", "blob:", "https://shop.example/")):
        wrong.append(f"request to elsewhere: {url}")


def told(town: FeedTown, of: str) -> Counter[str]:
    """Return how many events of each type the log has of what a viewer was given, by pseudonym or post."""
    log = SqliteLog(town.served.folder, may_write=False)
    try:
        batches = log.read(0, limit=100_000)
        entries = [entry for batch in batches for entry in batch.entries if entry.kind == EntryKind.EVENT]
    finally:
        log.close()
    events = [decode_event(entry.body) for entry in entries]
    return Counter(event.type for event in events if str(event.post_id) == of)


def first(page: Page) -> Locator:
    """Return the item that is watched once the feed is there."""
    shown = page.locator("article.reel").first
    expect(shown).to_be_visible()
    return shown


def page_address(article: Locator) -> str:
    """Return the address of an item's own page."""
    return (article.locator("[data-comments]").get_attribute("href") or "").partition("#")[0]


def post_of(article: Locator) -> str:
    """Return the id of an item's post, by the address of its own page."""
    return page_address(article).rpartition("/")[2]


def becomes(page: Page, expression: str, argument: object = None) -> None:
    """Wait until an expression is true in a page, whose policy lets no text be run."""
    until(lambda: page.evaluate(expression, argument), expression)


def count_of(page: Page, name: str) -> int:
    return int(page.locator(f"[data-count={name}]").get_attribute("data-value") or "-1")


def page_of(page: Page, address: str) -> Page:
    """Open the page of a post beside the feed, in the same browser, as it stands now."""
    other = page.context.new_page()
    other.goto(address)
    return other


def test_videos_play_one_at_a_time_and_what_was_seen_of_them_is_told(opened, town):
    page = opened()
    article = first(page)
    video = article.locator("video")
    becomes(page, "document.querySelector('article.reel video').currentTime > 0.2")
    assert video.evaluate("one => one.muted && !one.loop")
    post_id = post_of(article)
    until(
        lambda: {"impression", "play", "p25", "p50", "p75", "complete", "view_2s"} <= told(town, post_id).keys(), "seen"
    )
    page.locator(".reels").focus()
    page.keyboard.press("j")
    becomes(page, "document.querySelectorAll('article.reel video')[1].currentTime > 0.2")
    playing = page.evaluate("[...document.querySelectorAll('video')].filter(one => !one.paused).length")
    assert playing == 1
    third = page.locator("article.reel").nth(2)
    before = told(town, post_of(third))
    assert before["impression"] == 0, "what is two screens away was not seen"


def test_a_like_and_a_follow_are_kept_counted_and_still_there_after_a_reload(opened, town):
    page = opened()
    article = first(page)
    address, post_id = page_address(article), post_of(article)
    like, follow = article.locator("[data-kind=like]"), article.locator("[data-kind=follow]")
    with page.expect_response("**/v1/events") as answer:
        like.click()
    assert {one["status"] for one in answer.value.json()["results"]} == {"accepted"}
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(like.locator("[data-count]")).to_have_text("1")
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    until(lambda: {"like", "follow"} <= told(town, post_id).keys(), "the acts")

    def is_counted() -> bool:
        other = page_of(page, address)
        counted = count_of(other, "likes") == 1 and re.search(r"\b[1-9]\d* views?\b", other.content()) is not None
        states = [other.locator(f"[data-kind={kind}]").get_attribute("aria-pressed") for kind in ("like", "follow")]
        other.close()
        return counted and states == ["true", "true"]

    until(is_counted, "the counters")
    page.reload()
    becomes(page, "document.querySelector('at-feed').items.length >= 8")
    known = page.evaluate(
        "id => document.querySelector('at-feed').items.filter(one => one.item.post_id === id).map(one => one.card)",
        post_id,
    )
    for card in known:
        assert (card["liked"], card["followed"], card["likes"]) == (True, True, 1)
    stranger = opened(address)
    assert count_of(stranger, "likes") == 1
    expect(stranger.locator("[data-kind=like]")).to_have_attribute("aria-pressed", "false")


def test_an_act_that_is_not_kept_turns_back_and_says_so(opened, town):
    page = opened(expected=(422,))
    article = first(page)
    page.route("**/v1/events", lambda route: route.fulfill(status=422, body="{}"))
    article.locator("[data-kind=save]").click()
    expect(page.locator(".toast")).to_contain_text("This was not kept")
    expect(article.locator("[data-kind=save]")).to_have_attribute("aria-pressed", "false")
    assert told(town, post_of(article))["save"] == 0


def test_what_waits_is_left_with_the_browser_when_the_page_goes(opened, town):
    page = opened()
    article = first(page)
    post_id = post_of(article)
    becomes(page, "document.querySelector('article.reel video').currentTime > 0.1")
    before = told(town, post_id)["share"]
    page.evaluate(
        "const feed = document.querySelector('at-feed'); feed.outbox.tell({token: feed.items[0].item.token}, 'share')"
    )
    page.goto("about:blank")
    until(lambda: told(town, post_id)["share"] > before, "the beacon")


def with_ads(page: Page, town: FeedTown) -> None:
    """Say of this browser's viewer where they are, so that the town's ad is for them, and look again."""
    first(page)
    viewer = town.ask("GET", "/v1/viewers").json["items"][0]["viewer_id"]
    assert town.ask("PATCH", f"/v1/viewers/{viewer}", {"country": "FR"}).status == 200

    def has_one() -> bool:
        page.reload()
        first(page)
        return page.evaluate("document.querySelector('at-feed').items.some(one => one.item.ad)")

    until(has_one, "an ad for this viewer")


def show_ad(page: Page) -> Locator:
    page.evaluate(
        "document.querySelector('at-feed').items.find(one => one.item.ad).frame.scrollIntoView({behavior: 'instant'})"
    )
    ad = page.locator(AD).first
    expect(ad).to_be_visible()
    return ad


def test_an_ad_says_so_for_whom_and_why_and_what_is_done_with_it_lands_on_the_post(opened, town):
    page = opened(locale="fr-FR")
    with_ads(page, town)
    ad = show_ad(page)
    label = ad.locator("[data-label]")
    expect(label).to_have_text("Sponsorisé")
    assert float(label.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 12
    expect(ad.locator("[data-sponsor]")).to_have_text(re.compile("^Annonceur"))
    assert post_of(ad) == town.posts[0]
    ad.locator("[data-kind=like]").click()
    until(lambda: told(town, town.posts[0])["like"] >= 1, "the like of the ad")
    with page.context.expect_page() as why:
        ad.locator("[data-why]").click()
    expect(why.value.get_by_role("heading", level=1)).to_have_text("Pourquoi cette publicité\u202f?")
    page.context.route("https://shop.example/**", lambda route: route.fulfill(body="soups", content_type="text/plain"))
    with page.context.expect_page() as led:
        ad.locator("[data-call]").click()
    led.value.wait_for_url(re.compile(r"https://shop\.example/soups\?ttclid=[A-Za-z0-9_-]{27}"))
    until(lambda: told(town, town.posts[0])["click"] >= 1, "the click")
    organic = page_of(page, f"/@town.0/p/{town.posts[0]}")
    until(lambda: organic.reload() and count_of(organic, "likes") >= 1, "one number on the post")


def test_an_ad_that_is_hidden_is_gone_and_its_viewer_goes_on(opened, town):
    page = opened()
    with_ads(page, town)
    ad = show_ad(page)
    before = told(town, town.posts[0])["hide"]
    ad.get_by_role("button", name="Hide this ad").click()
    expect(page.locator(AD)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    becomes(page, "(feed => feed.items[feed.at].item.ad)(document.querySelector('at-feed'))")
    expect(page.locator(".toast")).to_have_count(0)
    ad.get_by_role("button", name="Hide this ad").click()
    expect(page.locator(AD)).to_have_count(0)
    expect(page.locator("article.reel").first).to_be_attached()
    assert told(town, town.posts[0])["hide"] == before, "nothing is told while it may be undone"
    page.reload()  # leaving is letting it be
    until(lambda: told(town, town.posts[0])["hide"] == before + 1, "the hide, once")


def test_beside_the_frame_keys_and_the_wheel_move_the_feed(opened):
    page = opened(viewport={"width": 1_440, "height": 900})
    first(page)
    page.mouse.click(1_300, 100)  # beside the frame
    page.keyboard.press("ArrowDown")
    becomes(page, "document.querySelector('at-feed').at === 1")
    page.locator(".side").get_by_role("link", name="Following").focus()
    page.keyboard.press("ArrowUp")
    becomes(page, "document.querySelector('at-feed').at === 0")
    page.mouse.move(1_300, 100)
    page.mouse.wheel(0, 120)
    becomes(page, "document.querySelector('at-feed').at === 1")


def test_by_the_keyboard_alone_and_quietly_for_whoever_wants_no_motion(opened, town):
    page = opened(reduced_motion="reduce")
    article = first(page)
    expect(article.get_by_role("button", name="Play")).to_be_visible()
    assert article.locator("video").evaluate("one => one.paused")
    page.keyboard.press("ArrowDown")  # nothing has the focus: what scrolls any page moves the feed
    becomes(page, "document.querySelector('at-feed').at === 1")
    page.keyboard.press("l")  # and letters do nothing
    page.keyboard.press("ArrowUp")
    becomes(page, "document.querySelector('at-feed').at === 0")
    expect(page.locator("[data-kind=like][aria-pressed=true]")).to_have_count(0)
    page.locator(".reels").focus()
    page.keyboard.press("Space")
    becomes(page, "document.querySelector('article.reel video').currentTime > 0.1")
    page.keyboard.press("Space")
    expect(article.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("l")
    expect(article.locator("[data-kind=like]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Turn the sound off")).to_be_visible()
    page.keyboard.press("ArrowDown")
    becomes(page, "document.querySelector('at-feed').at === 1")


def test_more_comes_as_one_scrolls_and_what_is_far_is_let_go(opened, town):
    page = opened()
    first(page)
    for place in range(1, 10):  # again and again, as somebody at the last item does until there is another
        becomes(
            page,
            """place => { const feed = document.querySelector('at-feed');
            if (feed.at < place) feed.move(1, true); return feed.at >= place; }""",
            place,
        )
    assert page.evaluate("document.querySelector('at-feed').items.length") > 8
    assert page.locator("article.reel").count() <= 5
    assert page.evaluate("document.querySelectorAll('*').length") <= 400


def test_a_ticket_that_ran_out_is_renewed(opened, town):
    page = opened(expected=(401,))
    article = first(page)
    page.evaluate("const house = document.querySelector('at-feed').house; house.ticket = 'x'.repeat(60)")
    article.locator("[data-kind=save]").click()
    until(lambda: told(town, post_of(article))["save"] >= 1, "the act under a new ticket")
    expect(article.locator("[data-kind=save]")).to_have_attribute("aria-pressed", "true")


def test_without_scripts_it_is_a_list_whose_forms_work(opened, town):
    page = opened(java_script_enabled=False)
    posts = page.locator(".plain-post")
    expect(posts).to_have_count(6)
    one = posts.nth(1)
    address = one.get_by_role("heading").get_by_role("link").get_attribute("href")
    one.locator("[data-kind=like]").click()
    expect(page.locator(".toast")).to_contain_text("Liked.")
    page.goto(address)
    until(lambda: page.reload() and count_of(page, "likes") >= 1, "the like of a form")
    expect(page.locator("[data-kind=like]")).to_have_attribute("value", "unlike")


def test_when_the_feed_does_not_answer_it_says_so_and_asks_again(opened, town):
    page = opened("/accueil", expected=(503,))
    page.context.route("**/v1/feed", lambda route: route.fulfill(status=503, body="{}"))
    page.goto("/")
    expect(page.get_by_text("The feed does not answer.")).to_be_visible()
    page.context.unroute("**/v1/feed")
    page.get_by_role("button", name="Try again").click()
    first(page)


def test_a_profile_is_a_click_away_and_the_visit_counts_for_the_ad_that_led_there(opened, town):
    page = opened()
    with_ads(page, town)
    ad = show_ad(page)
    post_id = post_of(ad)
    before = told(town, post_id).get("profile_visit", 0)
    with page.expect_navigation():
        ad.locator("[data-who]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("@")
    until(lambda: told(town, post_id).get("profile_visit", 0) == before + 1, "the visit, by the ad's own token")
    follow = page.locator("[data-kind=follow]")
    with page.expect_response("**/v1/events") as answer:
        follow.click()
    assert {one["status"] for one in answer.value.json()["results"]} == {"accepted"}
    expect(follow).to_have_attribute("aria-pressed", "true")


def test_whom_one_follows_play_in_a_feed_of_their_own_and_nobody_else(opened, town):
    page = opened("/abonnements")
    nothing = page.locator("[data-none]:not([hidden])")
    expect(nothing).to_contain_text("Follow creators to fill this feed.")
    nothing.get_by_role("link", name="See For you").click()
    followed = first(page)
    who = followed.locator("[data-who]").inner_text()
    follow = followed.locator("[data-kind=follow]")
    with page.expect_response("**/v1/events"):
        follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    until(lambda: whom_it_plays(page) == {who}, "a feed of the one who is followed")
    becomes(page, "document.querySelector('article.reel video').currentTime > 0.2")
    page.get_by_role("link", name="Creators you follow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Creators you follow")
    expect(page.locator(".lines a")).to_have_text([who])


def whom_it_plays(page: Page) -> set[str]:
    """Open *Following* again, and return the names of the creators of posts that it has; ads are anybody's."""
    page.goto("/abonnements")
    page.locator("article.reel, [data-none]:not([hidden])").first.wait_for()
    items = page.evaluate("document.querySelector('at-feed').items.map(one => one.item)")
    return {f"@{item['creator']['handle']}" for item in items if item["kind"] == "organic"}


@pytest.mark.parametrize(
    "look", [one if one in SAMPLED else pytest.param(one, marks=pytest.mark.long) for one in LOOKS]
)
def test_every_look_is_whole(opened, town, look):
    options = dict(LOOKS[look])
    page = opened(
        viewport=options["viewport"],
        color_scheme=options["scheme"],
        locale=options["language"],
        reduced_motion="reduce",
    )
    with_ads(page, town)
    ad = show_ad(page)
    post = page_of(page, page_address(ad))
    profile = page_of(page, page_address(ad).partition("/p/")[0])
    pages = [("feed", page), ("post", post), ("profile", profile), ("following", feed_of_followed(page, profile))]
    for name, each in pages:
        folder = shots()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            each.screenshot(path=folder / f"{name}-{look}.png")
        assert not overflows(each), "the page scrolls sideways"
        assert violations(each) == []


def feed_of_followed(page: Page, profile: Page) -> Page:
    """Follow a creator on their profile, and return *Following* once it plays them."""
    with profile.expect_response("**/v1/events"):
        profile.locator("[data-kind=follow]").click()
    other = page_of(page, "/abonnements")
    until(lambda: whom_it_plays(other), "a feed of those who are followed")
    first(other)
    return other


def test_the_words_over_a_white_video_can_be_read(opened, town):
    """White text on the darkest scrim that a white frame leaves: 4.5 to 1, where the text stands."""
    page = opened(viewport=DESK)
    article = first(page)
    article.evaluate(
        """one => { const white = document.createElement('canvas'); white.width = 9; white.height = 16;
        const brush = white.getContext('2d'); brush.fillStyle = 'white'; brush.fillRect(0, 0, 9, 16);
        one.querySelector('[data-media]').replaceChildren(white);
        one.querySelector('.reel-text').style.visibility = 'hidden'; }"""
    )
    box = article.locator(".reel-who").bounding_box()
    picture = page.screenshot(clip={"x": box["x"], "y": box["y"], "width": 60, "height": box["height"]})
    with av.open(BytesIO(picture)) as file:
        light = int(next(file.decode(video=0)).to_ndarray(format="rgb24").max()) / 255
    linear = light / 12.92 if light <= 0.04045 else ((light + 0.055) / 1.055) ** 2.4
    assert 1.05 / (linear + 0.05) >= 4.5
