"""From an ad to a purchase, in a real browser against a served sandbox: the link, the answer, the cart, the log.

The pages are the house's own; the tag, the redirect and what receives it are the real ones, at the edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.conversion import Conversion, Source, decode_conversion
from tests.browser.conftest import DESK, PHONE, violations
from tests.doors.cli.running import serve
from tests.doors.rig import rig, until
from tests.stories.town_of_viewers import FeedTown, build

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedTown]:
    folder = tmp_path_factory.mktemp("shop")
    with rig(folder) as opened:
        served = serve(opened, folder / "house", "--sandbox")
        made = build(served, folder, landing=f"http://127.0.0.1:{served.door.port}/boutique/")
        made.made(f"/v1/advertisers/{made.bundle['advertiser_id']}/pixels", {"name": "Shop"})
        yield made


@pytest.fixture
def visit(browser: Browser, town: FeedTown) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport=PHONE, locale="en", base_url=f"http://127.0.0.1:{town.served.door.port}", reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def kept(town: FeedTown):
    """Return what the log has taken since the test began."""
    log = SqliteLog(town.served.folder, may_write=False)
    begin = log.end()

    def kept() -> list[Conversion]:
        entries = [one for batch in log.read(begin, limit=1_000) for one in batch.entries]
        return [decode_conversion(one.body) for one in entries if one.kind == "conversion"]

    yield kept
    log.close()


def faultless(page: Page) -> list[str]:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    return faults


def buy(page: Page, email: str = "") -> str:
    """Look at a thing, put two of it into the cart, and order; returns the order's name."""
    page.get_by_role("link", name=re.compile("Stoneware bowl")).click()
    page.get_by_label("Quantity").select_option("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", name="Your cart")).to_be_visible()
    page.get_by_role("link", name="Order", exact=True).click()
    if email:
        page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Buy, as an example").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    return page.locator("code").inner_text()


def test_an_ad_s_click_ends_in_a_purchase_that_the_log_has_once_and_the_ad_is_credited_with(town, visit, kept):
    viewer_id = town.viewer()
    (ad,) = town.ads(viewer_id, call="ads", count=1)
    page = visit.new_page()
    faults = faultless(page)
    page.goto(ad["ad"]["click_url"])
    page.wait_for_url(re.compile(r"/boutique/\?ttclid=[A-Za-z0-9_-]{27}$"))
    expect(page.get_by_role("region", name="Your choice")).to_be_visible()
    page.wait_for_function("window.attise?.calls && !Array.isArray(window.attise.calls)")
    assert [one["name"] for one in visit.cookies() if one["name"] == "_attise"] == []
    assert kept() == []
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_text("You agreed:")).to_be_visible()
    (cookie,) = [one["value"] for one in visit.cookies() if one["name"] == "_attise"]
    assert re.fullmatch(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{27}", cookie)
    order = buy(page, email="Lea@Example.org ")
    names = {"Pageview", "ViewContent", "AddToCart", "InitiateCheckout", "Purchase"}
    until(lambda: {one.event for one in kept()} >= names and len(purchases(kept())) == 2, "every event in the log")
    told = {one.event: one for one in kept()}
    decision_id = int(ad["ad"]["decision_id"])
    assert {one.decision_id for one in kept()} == {decision_id}
    assert {one.page_host for one in kept()} == {"127.0.0.1"}
    assert (told["AddToCart"].value_micros, told["AddToCart"].contents[0].quantity) == (48_000_000, 2)
    by_source = {one.source: one for one in purchases(kept())}
    assert set(by_source) == {Source.BROWSER, Source.SERVER}
    assert {one.event_id for one in by_source.values()} == {order}
    assert {one.value_micros for one in by_source.values()} == {48_000_000}
    assert by_source[Source.SERVER].emails != ()
    assert len({one.browser_id for one in kept()}) == 1
    assert faults == []
    credited(town, decision_id)


def purchases(conversions: list[Conversion]) -> list[Conversion]:
    return [one for one in conversions if one.event == "Purchase"]


def credited(town: FeedTown, decision_id: int) -> None:
    """Wait until the purchase is settled: one row, told by both, credited to the click of that decision."""
    import sqlite3

    def rows() -> list[tuple]:
        connection = sqlite3.connect(town.served.folder / "attise.sqlite3", timeout=10)
        try:
            return connection.execute(
                "SELECT told_by_both, copies, touch, credited_decision_id, ad_id FROM conversions_conversion "
                "WHERE event = 'Purchase' AND decision_id = ?",
                (decision_id,),
            ).fetchall()
        finally:
            connection.close()

    until(lambda: rows() == [(1, 1, "click", decision_id, int(town.ad_id))], "the purchase, credited once")


def test_whoever_refuses_is_told_of_to_nobody_and_the_shop_works_all_the_same(town, visit, kept):
    (ad,) = town.ads(town.viewer(), call="ads", count=1)
    page = visit.new_page()
    faults = faultless(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/attise/collect" in request.url else None)
    page.goto(ad["ad"]["click_url"])
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("You refused:")).to_be_visible()
    buy(page, email="lea@example.org")
    page.goto("/boutique/")
    page.wait_for_timeout(300)
    assert sent == []
    assert {one["name"] for one in visit.cookies()} <= {"boutique-answer", "boutique-cart", "attise-csrf"}
    assert kept() == []
    assert faults == []


def test_without_an_answer_nothing_is_sent_and_a_later_no_takes_the_cookie_back(town, visit, kept):
    page = visit.new_page()
    page.goto("/boutique/")
    page.get_by_role("link", name=re.compile("Enamel mug")).click()
    page.goto("/boutique/")
    page.wait_for_timeout(300)
    assert kept() == []
    page.get_by_role("button", name="Agree").click()
    until(lambda: {one.event for one in kept()} == {"Pageview"}, "the page that was seen")
    assert "_attise" in {one["name"] for one in visit.cookies()}
    page.get_by_role("button", name="Change to: refuse").click()
    expect(page.get_by_text("You refused:")).to_be_visible()
    assert "_attise" not in {one["name"] for one in visit.cookies()}


def test_it_works_without_scripts(browser: Browser, town, kept):
    context = browser.new_context(
        java_script_enabled=False, locale="fr", base_url=f"http://127.0.0.1:{town.served.door.port}"
    )
    page = context.new_page()
    page.goto("/boutique/")
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_text("Tu as accepté")).to_be_visible()
    page.get_by_role("link", name=re.compile("Tasse émaillée")).click()
    page.get_by_role("button", name="Ajouter au panier").click()
    page.get_by_label("Quantité de Tasse émaillée").fill("3")
    page.get_by_role("button", name="Mettre à jour").click()
    expect(page.locator(".shop-total")).to_contain_text("43,50")
    page.get_by_role("link", name="Commander", exact=True).click()
    page.get_by_label("E-mail").fill("x@y")
    page.get_by_role("button", name="Acheter, pour l’exemple").click()
    expect(page.get_by_text("Ce n’est pas une adresse e-mail.")).to_be_visible()
    page.get_by_label("E-mail").fill("")
    page.get_by_role("button", name="Acheter, pour l’exemple").click()
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    # Its server told of the order, as the person had agreed.
    until(lambda: [one.source for one in kept()] == [Source.SERVER], "the order, told by the server alone")
    context.close()


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [
        pytest.param(DESK, "light", id="desk-light"),
        pytest.param(PHONE, "dark", id="phone-dark"),
        pytest.param(DESK, "dark", id="desk-dark", marks=pytest.mark.long),
        pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.long),
    ],
)
def test_its_pages_are_accessible_and_nothing_lies_outside(browser: Browser, town, scheme, viewport):
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, locale="fr", base_url=f"http://127.0.0.1:{town.served.door.port}"
    )
    page = context.new_page()
    for path in ("/boutique/", "/boutique/article/bowl", "/boutique/panier"):
        page.goto(path)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto("/boutique/article/bowl")
    page.get_by_role("button", name="Refuser").click()
    page.get_by_role("button", name="Ajouter au panier").click()
    for path in ("/boutique/panier", "/boutique/commande"):
        page.goto(path)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()
