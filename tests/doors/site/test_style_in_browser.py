"""The style page in a real browser: at two widths, in both themes and languages, with and without scripts."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from attise.doors.site.middleware import CSP
from attise.doors.site.uistyle import CODE

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def address(means, no_rows) -> Iterator[str]:
    with override_settings(ROOT_URLCONF="tests.doors.site.style_site"):
        handler = StaticFilesHandler(WSGIHandler())

        def application(environ, start_response):  # static files too bear the policy, as when the site serves them
            def start(status, headers, *rest):
                kept = [pair for pair in headers if pair[0].lower() != "content-security-policy"]
                return start_response(status, [*kept, ("Content-Security-Policy", CSP)], *rest)

            return handler(environ, start)

        server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str):
    """Open pages; any console error, page error, failed or foreign request fails the test at its end."""
    contexts, wrong = [], []

    def open_page(
        path: str, *, viewport=DESK, language="en", scheme="light", scripts=True, expected: tuple[int, ...] = ()
    ) -> Page:
        context = browser.new_context(
            viewport=viewport,
            locale=language,
            color_scheme=scheme,
            java_script_enabled=scripts,
            has_touch=viewport is PHONE,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()

        def on_console(message):
            if message.type in {"error", "warning"} and not any(
                f"status of {code}" in message.text for code in expected
            ):
                wrong.append(message.text)

        page.on("console", on_console)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
        page.on("request", lambda request: request.url.startswith((address, "data:")) or wrong.append(request.url))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/ui/",
        "/ui/?dialog=codes",
        *(
            pytest.param(path, marks=pytest.mark.long)
            for path in ("/ui/auth?errors", "/ui/404", "/ui/?dialog=authorize")
        ),
    ],
)
@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [pytest.param(DESK, "light", marks=pytest.mark.long), (PHONE, "dark")],
    ids=["desk-light", "phone-dark"],
)
def test_nothing_is_inaccessible_that_a_machine_can_tell(visit, path, viewport, scheme):
    page = visit(path, viewport=viewport, scheme=scheme, language="fr", expected=(404,))
    found = Axe().run(page, options=RULES).response["violations"]
    if found:  # a dialog that is still fading in has no contrast yet
        page.wait_for_timeout(1000)
        found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.parametrize(
    "path",
    [
        "/ui/?pseudo=1",
        *(
            pytest.param(path, marks=pytest.mark.long)
            for path in ("/ui/", "/ui/auth?errors", "/ui/500", "/ui/?dialog=codes")
        ),
    ],
)
def test_no_page_scrolls_sideways(visit, path):
    page = visit(path, language="fr")
    for width in (320, 390, 760, 761, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_first_visit_is_small_and_asks_little(visit):
    page = visit("/ui/auth")
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert len(names) <= 7


def test_a_code_is_copied_and_said(visit):
    page = visit("/ui/")
    page.locator("#authorize").get_by_role("button", name="Copy").click()
    expect(page.locator("#live")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == CODE
    expect(page.locator("#authorize [data-copied]")).to_be_visible()
    expect(page.locator("#authorize [data-copied]")).to_have_count(0, timeout=4000)


def test_the_figures_of_a_chart_are_reached_by_arrow_keys_and_by_pointer(visit):
    page = visit("/ui/")
    chart = page.get_by_role("group", name="Views")
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(chart.locator("output")).to_contain_text("24 Oct 2026 · organic ")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(chart.locator("output")).to_have_text("19 Nov 2026 · organic – · paid –")
    chart.locator(".step").nth(3).hover(force=True)
    expect(chart.locator("output")).to_contain_text("27 Oct 2026")


def test_a_countdown_runs_out_and_says_so(visit):
    page = visit("/ui/")
    clock = page.locator("#qr at-countdown")
    expect(clock).to_have_text("9:40", timeout=5000)
    page.evaluate("""() => {
        const clock = document.querySelector('#qr at-countdown');
        const again = clock.cloneNode(true);
        again.dataset.seconds = '1';
        clock.replaceWith(again);
    }""")
    expect(page.locator("#qr").get_by_text("This QR code has expired.")).to_be_visible(timeout=4000)
    expect(clock).to_be_hidden()


def test_a_dialog_opens_keeps_focus_inside_and_gives_it_back(visit):
    page = visit("/ui/")
    opener = page.get_by_role("link", name="Request authorization")
    opener.click()
    dialog = page.get_by_role("dialog", name="Request authorization")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.matches(':modal')")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('main') || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_dialog_sent_open_becomes_modal_and_leaves_the_address_when_closed(visit):
    page = visit("/ui/?dialog=codes")
    dialog = page.get_by_role("dialog", name="Request authorization")
    assert dialog.evaluate("dialog => dialog.matches(':modal')")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/ui/")


def test_what_was_typed_in_a_dialog_is_not_lost_by_a_click_beside_it(visit):
    page = visit("/ui/?dialog=codes")
    dialog = page.get_by_role("dialog", name="Request authorization")
    dialog.get_by_label("Video codes").fill("kept")
    page.mouse.click(5, 5)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Request authorization").click()
    expect(dialog.get_by_label("Video codes")).to_have_value("kept")
    page.evaluate("delete document.querySelector('#dialog-codes').dataset.touched")
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


def test_pasted_codes_are_tidied_around_and_counted(visit):
    page = visit("/ui/")
    field = page.locator("#results").get_by_label("Video codes")
    field.fill("")
    field.focus()
    page.evaluate("navigator.clipboard.writeText(' « k3Vt+Q9/xb== »,\\n\\n\"n8QzT4vb\"; #l0O1I\\r\\n k3Vt+Q9/xb==  ')")
    page.keyboard.press("Control+v")
    expect(field).to_have_value("k3Vt+Q9/xb==\nn8QzT4vb\n#l0O1I\n")
    expect(page.locator("#results output")).to_have_text("3 codes")
    field.fill("\n".join(f"code{number}" for number in range(21)))
    expect(page.locator("#results output")).to_have_text("21 codes, at most 20 at once")


def test_the_theme_changes_at_once_and_is_kept(visit):
    page = visit("/ui/")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(250, 249, 247)"
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(background) == "rgb(19, 18, 17)"
    page.reload()
    assert page.evaluate(background) == "rgb(19, 18, 17)"
    page.get_by_role("button", name="Theme").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="System").click()
    assert page.evaluate(background) == "rgb(250, 249, 247)"


def test_the_language_changes_and_the_page_stays(visit):
    page = visit("/ui/auth?errors")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    assert page.url.endswith("/ui/auth?errors")
    assert page.locator("html").get_attribute("lang") == "fr"


@pytest.mark.parametrize("viewport", [pytest.param(DESK, marks=pytest.mark.long), PHONE], ids=["desk", "phone"])
def test_everything_works_without_scripts(visit, viewport):
    page = visit("/ui/", viewport=viewport, scripts=False)
    page.get_by_role("link", name="Request authorization").click()
    dialog = page.get_by_role("dialog", name="Request authorization")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Page de style")).to_be_visible()
    assert page.locator("#authorize input[readonly]").input_value() == CODE
    expect(page.locator("[data-copy]").first).to_be_hidden()


def test_a_part_is_fetched_and_a_toast_follows(visit):
    page = visit("/ui/")
    page.get_by_role("link", name="Load", exact=True).click()
    expect(page.locator("#part article")).to_be_visible()
    expect(page.locator("#toasts").get_by_text("Loaded")).to_be_visible()


def test_a_part_that_fails_says_so_alone_and_can_be_asked_again(visit):
    page = visit("/ui/", expected=(503,))
    page.get_by_role("link", name="Load, and fail").click()
    banner = page.locator("#part").get_by_role("alert")
    expect(banner).to_contain_text("This part could not be loaded.")

    def answer(route: Route) -> None:
        route.fulfill(status=200, body="<p>At last</p>")

    page.route("**/ui/part?fail", answer)
    banner.get_by_role("button", name="Try again").click()
    expect(page.locator("#part")).to_have_text("At last")
    expect(page.get_by_role("heading", name="Style page")).to_be_visible()


def test_a_summary_of_errors_takes_focus_and_leads_to_the_field(visit):
    page = visit("/ui/auth?errors")
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Password – This field is required.").click()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()


def test_focus_is_always_seen_and_never_under_a_bar(visit):
    page = visit("/ui/", viewport=PHONE)
    hidden = []
    for _ in range(70):
        page.keyboard.press("Tab")
        state = page.evaluate("""() => {
            const it = document.activeElement;
            if (it === document.body) return null;
            const box = it.getBoundingClientRect();
            const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 1);
            const y = Math.min(Math.max(box.y + Math.min(box.height, 120) / 2, 1), innerHeight - 1);
            const seen = document.elementFromPoint(x, y);
            const style = getComputedStyle(it);
            const ring = style.outlineStyle !== 'none' || it.closest('.choice, .drop');
            const around = it.closest('label, .drop, .switch, .check');
            const covered = !(it.contains(seen) || seen?.contains(it) || around?.contains(seen));
            return covered || !ring ? it.outerHTML.slice(0, 120) : null;
        }""")
        if state:
            hidden.append(state)
    assert hidden == []


def test_nothing_moves_for_those_who_asked_for_rest(browser, address):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/ui/?dialog=codes")
    moving = page.evaluate("document.getAnimations().filter(each => each.animationName !== 'toast-out').length")
    context.close()
    assert moving == 0


def test_states_are_still_told_apart_in_forced_colours(browser, address):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{address}/ui/")
    dots = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('#buttons .status')].map(each => {
        const dot = getComputedStyle(each, '::before');
        const look = [dot.backgroundColor, dot.backgroundImage, dot.borderStyle, dot.clipPath, dot.rotate, dot.width];
        return [each.className, look.join(' ')];
    }))""")
    context.close()
    looks = {shape: dots[name] for name in dots for shape in [name.replace("status", "").split()[0]]}
    assert len(set(looks.values())) == len(looks)
