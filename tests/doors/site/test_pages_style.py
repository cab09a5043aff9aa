"""The pages' foundations: every part renders in both languages, within budget, legible, and without inline anything."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, override_settings
from django.utils import translation

import attise
from attise.doors.site.middleware import CSP
from attise.doors.site.nesting import nested
from attise.doors.site.preferences import THEME_COOKIE
from attise.doors.site.pseudo import lengthen
from attise.doors.site.statuses import LOOKS
from attise.doors.site.tokens import tokens_of, written_with
from attise.doors.site.travelling import lightened

SITE = Path(attise.__file__).parent / "doors/site"
STATIC = SITE / "static/attise"
CSS = (STATIC / "attise.css").read_text()
PAGES = ("", "auth", "auth?errors", "400", "403", "404", "413", "500", "503", "part")


@pytest.fixture
def client(means, no_rows) -> Client:
    with override_settings(ROOT_URLCONF="tests.doors.site.style_site"):
        yield Client()


def page(client: Client, address: str, language: str = "en", **cookies: str) -> str:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language, **cookies})
    return client.get(f"/ui/{address}").content.decode()


class Elements(HTMLParser):
    """Collects every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


# ---- pages


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_nothing_that_the_content_policy_refuses(client, address, language):
    for tag, attributes in Elements(page(client, address, language)).found:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith(("on", "hx-on"))]
        if tag == "script":
            assert (attributes.get("src") or "").startswith("/static/attise/")
        for name in ("src", "href", "action", "hx-get", "hx-post"):
            assert not re.match(r"(https?:)?//", attributes.get(name) or "")
    assert "'unsafe" not in CSP


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", [address for address in PAGES if address != "part"])
def test_a_page_says_its_language_its_name_and_one_heading(client, address, language):
    text = page(client, address, language)
    elements = Elements(text)
    assert elements.named("html")[0]["lang"] == language
    assert re.search(r"<title>[^<]+ · Attise</title>", text)
    assert len(elements.named("h1")) == 1
    assert [each["href"] for each in elements.named("a") if each.get("class") == "skip"] == ["#main"]
    assert len([each for each in elements.named("main") if each.get("id") == "main"]) == 1
    ids = [attributes["id"] for _, attributes in elements.found if attributes.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", PAGES)
def test_every_image_label_and_description_leads_somewhere(client, address):
    elements = Elements(page(client, address))
    ids = {attributes["id"] for _, attributes in elements.found if attributes.get("id")}
    assert all("alt" in image for image in elements.named("img"))
    for _, attributes in elements.found:
        for name in ("for", "aria-describedby", "aria-labelledby", "popovertarget", "data-opens"):
            assert set((attributes.get(name) or "").split()) <= ids, attributes


def test_no_page_shows_an_untranslated_or_broken_piece(client):
    for address in PAGES:
        text = page(client, address, "fr")
        assert "{%" not in text
        assert "{{" not in text
        assert "%(" not in text


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "500", "503"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_error_page_needs_nothing_and_offers_one_way_on(name, language):
    with translation.override(language):
        text = get_template(f"{name}.html").render()
    assert text.count("button main") == 1
    assert f">{name}</p>" in text


def test_an_error_page_carries_its_reference(client):
    with translation.override("en"):
        assert "<code>abc-123</code>" in get_template("500.html").render({"request_id": "abc-123"})


def test_a_form_says_each_error_twice_and_ties_it_to_its_field(client):
    text = page(client, "auth?errors")
    elements = Elements(text)
    summary = next(each for each in elements.named("div") if each.get("class") == "errors")
    assert summary["tabindex"] == "-1"
    assert '<a href="#id_password">' in text
    password = next(each for each in elements.named("input") if each.get("name") == "password")
    assert password["aria-invalid"] == "true"
    assert password["aria-describedby"] == "id_password_error"
    email = next(each for each in elements.named("input") if each.get("name") == "email")
    assert email["value"] == "ines@example.org"


def test_each_total_is_the_sum_of_its_parts(client):
    text = page(client, "")
    counters = re.findall(r"<b>([\d,]+)</b><small>.*?</span> ([\d,]+)</span>.*?</span> ([\d,]+)</span>", text)
    assert len(counters) > 10
    for total, organic, paid in counters:
        assert int(total.replace(",", "")) == int(organic.replace(",", "")) + int(paid.replace(",", ""))


def test_the_pretended_language_leaves_no_short_text(client):
    text = page(client, "?pseudo=1")
    assert "[Ñéxt]" in text
    assert "[Sîgñ îñ]" in text
    assert lengthen("Ends on %(date)s") == "[Éñds øñ %(date)s~]"
    assert len(lengthen("The caption is locked.")) >= 1.3 * len("The caption is locked.")
    visible = re.sub(r"<[^>]+>", "\n", re.sub(r"(?s)<(script|template|title|noscript).*?</\1>|<!--.*?-->", "", text))
    plain = {line.strip() for line in visible.split("\n") if re.search(r"[a-z]{3}", line)}
    sprite = set(re.findall(r'symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))
    given = {"Attise", "Atelier Rive", "Maison Pollen", "Spark", "Standard", "Français", "English", "France"}
    given |= {"auth_code_expired", "auth_code_format_error", "n8QzT4vb", "https://attise.example/a/Qm9uam91cg"}
    left = {line for line in plain - sprite - given if "[" not in line and "]" not in line}
    left = {line for line in left if not re.search(r"@|…|ago$|left$|\d{4}|k3Vt|n8Qz|no data|pts$|/day", line)}
    assert left == set()


# ---- preferences


def test_language_and_theme_are_kept_in_cookies_and_lead_back(client):
    answer = client.post("/preferences", {"language": "fr", "next": "/ui/auth?errors"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ui/auth?errors")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    answer = client.post("/preferences", {"theme": "dark", "next": "/ui/"})
    cookie = answer.cookies[THEME_COOKIE]
    assert (cookie.value, cookie["samesite"], cookie["path"]) == ("dark", "Lax", "/")
    html = Elements(client.get("/ui/").content.decode()).named("html")[0]
    assert (html["lang"], html["data-theme"]) == ("fr", "dark")


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", ""]
)
def test_preferences_lead_nowhere_else(client, away):
    assert client.post("/preferences", {"theme": "dark", "next": away}).headers["Location"] == "/"


def test_unknown_preferences_change_nothing(client):
    answer = client.post("/preferences", {"theme": "pink", "language": "tlh", "next": "/ui/"})
    assert not answer.cookies
    assert client.get("/preferences").status_code == 405
    html = Elements(page(client, "", **{THEME_COOKIE: "<b>"})).named("html")[0]
    assert "data-theme" not in html


def test_preferences_are_refused_from_elsewhere(means, no_rows):
    with override_settings(ROOT_URLCONF="tests.doors.site.style_site"):
        assert Client(enforce_csrf_checks=True).post("/preferences", {"theme": "dark"}).status_code == 403


def test_without_a_cookie_the_browser_s_own_language_is_spoken(client):
    answer = client.get("/ui/", headers={"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"})
    assert 'lang="fr"' in answer.content.decode()


# ---- stylesheet and scripts


@pytest.mark.parametrize(
    ("files", "limit"),
    [(["attise.css"], 12_000), (["attise.js"], 4_000), (["icons.svg"], 2_500), (["vendor/inter-latin.woff2"], 49_152)],
)
def test_files_stay_within_their_budget(files, limit):
    for name in files:
        content = (STATIC / name).read_bytes()
        if name.endswith(".css"):
            content = lightened(content.decode()).encode()
        assert len(content if name.endswith("woff2") else brotli.compress(content)) <= limit


@pytest.mark.parametrize(
    ("accepted", "sent"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("identity", None)]
)
def test_each_browser_is_sent_the_smallest_copy_that_it_reads(client, accepted, sent):
    assembled = json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())["paths"]
    answer = client.get(f"/static/{assembled['attise/attise.css']}", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.get("Content-Encoding") == sent
    assert "Accept-Encoding" in answer["Vary"]


def test_a_lightened_stylesheet_says_the_same_without_its_comments():
    light = lightened(CSS)
    assert "/*" not in light
    assert resolved(spread(light)) == resolved(spread(CSS))
    assert lightened(light) == light
    assert "data:image/svg+xml" in light, "what stands in quotes stays"


def resolved(declarations: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Declarations without those of tokens, each use of a token replaced by all that the token is anywhere."""
    tokens: dict[str, list[tuple[str, str, str]]] = {}
    for rules, selector, said in declarations:
        if said.startswith("--"):
            name, _, value = said.partition(":")
            tokens.setdefault(name, []).append((rules, selector, value))

    def all_of(name: str) -> str:
        whole = [(rules, selector, meant(value)) for rules, selector, value in tokens[name]]
        never_varies = len(whole) == 1 and "light-dark" not in whole[0][2]
        return whole[0][2] if never_varies else repr(whole)

    def meant(value: str) -> str:
        plain = re.sub(r"var\((--[\w-]+)\)", lambda use: all_of(use[1]), value)
        return re.sub(r"var\((--[\w-]+),", lambda use: f"var({all_of(use[1])},", plain)

    return [(rules, selector, meant(said)) for rules, selector, said in declarations if not said.startswith("--")]


def test_what_never_varies_is_written_out_and_what_varies_is_called_by_a_letter():
    style = (
        ":root{--wide:8px;--ink:light-dark(#111,#eee);--gap:4px}@media print{:root{--gap:2px}}"
        ".a{--part:1;x:var(--wide);y:var(--gap);z:var(--ink);w:var(--gap) var(--part,0)}"
    )
    tokens = tokens_of(style)
    assert written_with(tokens, style) == (
        ":root{--b:light-dark(#111,#eee);--a:4px}@media print{:root{--a:2px}}"
        ".a{--c:1;x:8px;y:var(--a);z:var(--b);w:var(--a) var(--c,0)}"
    )
    assert written_with(tokens, ".b{x:var(--wide);y:var(--ink)}") == ".b{x:8px;y:var(--b)}"


def test_a_stylesheet_beside_the_main_one_is_assembled_with_its_tokens():
    beside = (STATIC / "shop.css").read_text()
    (assembled,) = (SITE / "assembled/attise").glob("shop.*.css")
    assert assembled.read_text() == lightened(beside, CSS)
    main = spread(lightened(CSS))
    told = resolved([*main, *spread(assembled.read_text())])
    assert told == resolved([*spread(CSS), *spread(beside)])


def spread(style: str) -> list[tuple[str, str, str]]:
    """Every declaration with the at-rules around it and its whole selector, in order, nested or not."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    found, around, said = [], [("", "")], ""
    for token in re.findall(r'"[^"]*"|\((?:[^()]|\([^()]*\))*\)|[{};]|[^"(){};]+|.', bare):
        rules, selector = around[-1]
        if token == "{" and said.strip().startswith("@"):
            around.append((rules + re.sub(r"\s", "", said), selector))
        elif token == "{":
            around.append((rules, ", ".join(under(selector, part.strip()) for part in re.split(OUTER_COMMA, said))))
        elif token in "};" and said.strip():
            found.append((rules, re.sub(r"\s*([>+~,])\s*", r"\1", selector), re.sub(r"\s", "", said)))
        if token == "}":
            around.pop()
        said = "" if token in "{;}" else said + token
    return found


OUTER_COMMA = r",(?![^()]*(?:\([^()]*\)[^()]*)*\))"


def under(selector: str, part: str) -> str:
    if not selector:
        return part
    return selector + part[1:] if part.startswith("&") else f"{selector} {part}"


def test_rules_are_nested_only_where_they_stand_beside_each_other():
    rules = ".a{x:1}.a:hover,.a>b{y:1}.b .c{z:1}.a{w:1}@media print{.a b{v:1}.a c{u:1}}"
    assert nested(rules) == ".a{x:1;&:hover,>b{y:1}}.b .c{z:1}.a{w:1}@media print{.a{b{v:1}c{u:1}}}"
    for broken in (".a{x:1", ".a{x:1}}"):
        with pytest.raises(ValueError, match="block"):
            nested(broken)


def test_the_assembled_stylesheet_is_the_lightened_one():
    (assembled,) = (SITE / "assembled/attise").glob("attise.*.css")
    named = re.sub(r'url\("(vendor/[\w-]+)\.[0-9a-f]{12}\.woff2"\)', r"url(\1.woff2)", assembled.read_text())
    assert named == lightened(CSS)


def tokens(theme: int) -> dict[str, str]:
    """The colours of a theme: 0 light, 1 dark."""
    found = {}
    for name, value in re.findall(r"--([\w-]+): ([^;]+);", CSS[: CSS.index("@layer base")]):
        pair = re.fullmatch(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", value)
        if pair:
            found[name] = pair[theme + 1]
        elif re.fullmatch(r"#[0-9a-f]{6}", value):
            found[name] = value
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


TEXT_ON = {
    "ink": ("bg", "surface", "sunk", "ember-bg", "slate-bg", "good-bg", "warn-bg", "bad-bg", "select"),
    "ink-2": ("bg", "surface", "sunk", "ember-bg", "slate-bg", "bad-bg"),
    "ember": ("bg", "surface", "sunk", "ember-bg"),
    "slate": ("bg", "surface", "sunk", "slate-bg"),
    "good": ("bg", "surface", "sunk", "good-bg"),
    "warn": ("bg", "surface", "sunk", "warn-bg"),
    "bad": ("bg", "surface", "sunk", "bad-bg"),
    "bad-strong": ("surface", "bad-bg"),
    "on-ember": ("ember", "ember-strong"),
    "on-bad": ("bad", "bad-strong"),
    "on-good": ("good",),
    "on-toast": ("toast",),
    "on-qr": ("qr",),
    "surface": ("ink",),
}
CONTROL_ON = {
    "line-strong": ("bg", "surface"),
    "focus": ("bg", "surface", "sunk", "bad-bg"),
    "ember": ("line",),
    "good": ("line", "knob"),
    "knob": ("line-strong",),
}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_controls_can_be_told_from_what_is_under_them(theme):
    colours = tokens(theme)
    weak = [
        (over, under, round(contrast(colours[over], colours[under]), 2))
        for least, pairs in ((4.5, TEXT_ON), (3.0, CONTROL_ON))
        for over, unders in pairs.items()
        for under in unders
        if contrast(colours[over], colours[under]) < least
    ]
    assert weak == []


def test_colours_are_named_in_the_tokens_alone():
    below = CSS[CSS.index("@layer base") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])|rgba?\(|hsla?\(|light-dark\(", below) == []


def test_the_stylesheet_reaches_nothing_outside_and_has_no_dead_rule():
    assert [url for url in re.findall(r"url\(([^)]+)\)", CSS) if not url.startswith(('"data:', "vendor/"))] == []
    assert "@import" not in CSS
    used = " ".join(
        path.read_text()
        for folder, ending in ((SITE.parent, "**/*.html"), (SITE.parent, "**/*.py"), (STATIC, "*.js"))
        for path in folder.glob(ending)
    )
    words = set(re.findall(r"[\w-]+", used))

    def is_made(name: str) -> bool:
        """Tell whether a template makes a class of a word that some module holds: ``is-{{ size }}``."""
        prefix, _, rest = name.partition("-")
        return f"{prefix}-{{{{" in used and not words.isdisjoint({rest, rest.removeprefix("goal_").upper()})

    bare = re.sub(r'"[^"]*"|/\*.*?\*/|url\([^)]*\)', "", CSS, flags=re.DOTALL)
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", bare)))
    assert len(classes) > 80
    assert sorted(name for name in classes - words if not is_made(name)) == []


def test_every_icon_that_a_page_asks_for_is_in_the_sprite(client):
    sprite = set(re.findall(r'symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))
    asked = {
        (each.get("href") or "").rpartition("#")[2]
        for address in PAGES
        for each in Elements(page(client, address)).named("use")
    }
    assert asked <= sprite
    named = {
        name for path in SITE.parent.rglob("*.html") for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text())
    }
    assert named <= sprite


def test_every_status_has_a_shape_of_its_own_beside_its_colour():
    shapes = {"ring", "dashed", "pie", "triangle", "diamond", "bars", "tick"}
    for key, look in LOOKS.items():
        assert str(look.label), key
        classes = set(look.shape.split())
        assert len(classes & shapes) == (0 if classes == {"good"} else 1), key
