"""A creator edits a video before publishing it: by the video's own moments, by keyboard, and without a script."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from attise.management.posts import actions
from attise.management.posts.models import Post, Unpublished
from tests.browser.conftest import PHONE, shots, violations
from tests.browser.town import a_clip


@pytest.fixture
def open_tool(visitors, town):
    def opened(**options) -> Page:
        page = visitors.sign_in(town.lea, "creator", "/creation/publier", language="fr", **options)
        page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(a_clip())
        page.get_by_role("button", name="Conseils d’abord").click()
        page.get_by_role("heading", name="Monter la vidéo").click()
        return page

    return opened


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_a_video_is_cut_by_what_it_shows_with_words_seen_over_it(open_tool, town, viewport):
    page = open_tool(viewport=viewport)
    tool = page.locator("at-edit")
    video = tool.locator("video")
    tool.get_by_role("slider", name="De la seconde").first.fill("0.5")
    expect(tool.get_by_role("spinbutton", name="De la seconde").first).to_have_value("0.5")
    video.evaluate("video => { video.currentTime = 1.6 }")
    tool.get_by_role("button", name="Finir ici").focus()
    page.keyboard.press("Enter")
    expect(tool.get_by_role("spinbutton", name="À la seconde").first).to_have_value("1.6")
    tool.get_by_role("textbox", name="Texte").first.fill("Mes pâtes")
    video.evaluate("video => { video.currentTime = 0.8 }")
    expect(tool.locator("[data-words] p")).to_have_text("Mes pâtes")
    video.evaluate("video => { video.currentTime = 1.8 }")
    expect(tool.locator("[data-words] p")).to_have_count(0)
    tool.get_by_role("radio", name="Néon").check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    tool.get_by_role("button", name="Faire la vidéo").click()
    expect(page.get_by_text("Celle avec ton montage est en préparation")).to_be_visible()
    page.get_by_role("textbox", name="Légende").fill("Sans attendre")
    assert actions.render_pending(town.means, settings.HOUSE) == 1
    expect(page.get_by_text("Avec ton montage : c’est ce qui sera publié.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Légende")).to_have_value("Sans attendre")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("Ta vidéo est en ligne.")).to_be_visible()
    post = Post.objects.get()
    assert (post.sound, abs(post.media.duration_ms - 1_100) <= 34) == ("Néon – Attise", True)


def test_the_fields_alone_do_it_without_scripts_on_a_phone(open_tool):
    page = open_tool(viewport=PHONE, scripts=False)
    expect(page.get_by_role("button", name="Finir ici")).to_have_count(0)
    page.get_by_role("spinbutton", name="À la seconde").first.fill("1.5")
    page.get_by_role("textbox", name="Texte").first.fill("Bonjour")
    page.get_by_role("button", name="Faire la vidéo").click()
    expect(page.get_by_text("Ton montage est gardé")).to_be_visible()
    edits = Unpublished.objects.get().edits
    assert (edits["to_ms"], edits["texts"][0]["text"]) == (1_500, "Bonjour")


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_a_cover_is_chosen_by_keyboard_from_pictures_that_the_video_shows_at_once(open_tool, viewport):
    page = open_tool(viewport=viewport)
    tool = page.locator("at-edit")
    strip = tool.locator(".strip")
    pictures = strip.locator("img")
    expect(pictures).to_have_count(8)
    pictures.last.scroll_into_view_if_needed()
    expect(pictures.last).not_to_have_js_property("naturalWidth", 0)
    strip.get_by_role("radio").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(strip.get_by_role("radio", name="0,6 s")).to_be_checked()
    assert abs(tool.locator("video").evaluate("video => video.currentTime") - 0.625) < 0.05
    second = tool.get_by_role("spinbutton", name="Couverture")
    second.fill("1.2")
    expect(strip.get_by_role("radio", name="À une seconde que j’écris")).to_be_checked()
    strip.get_by_role("radio", name="1,4 s").check()
    expect(second).to_have_value("")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if shots() is not None:
        tool.locator("[data-strip]").screenshot(path=shots() / f"strip-{viewport['width']}.png")
    tool.get_by_role("button", name="Faire la vidéo").click()
    expect(page.get_by_text("Ton montage est gardé")).to_be_visible()
    assert Unpublished.objects.get().edits["cover_ms"] == 1_375


def test_a_video_of_few_pictures_lets_its_cover_be_chosen_by_seconds(open_tool, monkeypatch):
    monkeypatch.setattr(actions, "take_frames", lambda *_, **__: [])
    page = open_tool()
    strip = page.locator("at-edit .strip")
    strip.scroll_into_view_if_needed()
    expect(strip.get_by_text("L’image à 0,1 s")).to_be_visible()
    strip.get_by_role("radio", name="0,1 s").check()
