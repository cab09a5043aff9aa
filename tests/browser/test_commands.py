"""Keys of the consoles: the menu over any page, what it found by arrows, letters that lead somewhere and can be off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.brand import a_brand

pytestmark = pytest.mark.browser


def test_a_campaign_is_opened_without_a_mouse(visitors, town):
    brand = a_brand(town)
    page = visitors.sign_in(town.ines, "advertiser", "/ads/")
    page.keyboard.press("Control+k")
    menu = page.get_by_role("dialog", name="Find")
    field = menu.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.press_sequentially("brume visage")
    expect(menu.get_by_role("link", name="Brume visage · dans mon sac")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/ads/campagnes/{brand.ids['mixed']}"))
    page.keyboard.press("?")
    page.wait_for_url("**/clavier")
    expect(page.get_by_text("open the command menu")).to_be_visible()
    page.get_by_role("button", name="Switch them off").click()
    expect(page.get_by_role("button", name="Switch them on")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("v")
    expect(page).to_have_url(re.compile("/clavier$"))
    page.get_by_role("button", name="Switch them on").click()
    expect(page.get_by_role("button", name="Switch them off")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/boite")


def test_g_and_a_letter_go_to_the_pages_of_the_ads_manager_and_never_from_a_field(visitors, town):
    a_brand(town)
    page = visitors.sign_in(town.ines, "advertiser", "/ads/")
    for letter, where in {"c": "campagnes", "b": "a-booster", "l": "bibliotheque", "r": "rapports", "o": ""}.items():
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(re.compile(rf"/ads/{where}$"))
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/ads/campagnes")
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.keyboard.type("gl")
    expect(page.locator("main input[type=search]")).to_have_value("gl")
    expect(page).to_have_url(re.compile("/ads/campagnes"))
