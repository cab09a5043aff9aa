"""An operator reviews the ads that wait by keyboard; an advertiser contests a refusal and reads what became of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from attise.management.campaigns import queries
from tests.browser.brand import a_queue

pytestmark = pytest.mark.browser
QUEUE = "/operateur/examen"


def review_of(town, ad_id: int) -> str:
    return queries.get_ad(town.means, advertiser_id=town.advertiser.id, ad_id=ad_id).review


def test_a_queue_is_emptied_by_single_letters(visitors, town):
    ids = a_queue(town).ids
    page = visitors.sign_in(town.olga, "operator", QUEUE, language="fr")
    judged = page.locator("#seen")
    expect(judged).to_have_text("Trois gouttes avant de dormir")
    page.keyboard.press("a")
    expect(judged).to_have_text("L’huile, avant et après")
    assert review_of(town, ids["late"]) == "approved"
    page.keyboard.press("r")
    rule = page.get_by_label("Règle")
    expect(rule).to_be_focused()
    rule.press("a")  # within a field a letter is a letter
    expect(judged).to_have_text("L’huile, avant et après")
    rule.select_option("landing_page")
    page.get_by_label("Note").fill("La page demande un mot de passe.")
    page.get_by_role("button", name="Refuser l’annonce").press("Enter")
    expect(judged).to_have_text("J’ai effacé mes rides en une nuit")
    expect(page.get_by_text("La phrase est dite en plaisantant")).to_be_visible()
    assert review_of(town, ids["fresh"]) == "rejected"
    page.keyboard.press("a")
    expect(page.get_by_text("Rien n’attend")).to_be_visible()
    assert review_of(town, ids["appealed"]) == "approved"


def test_a_refusal_without_a_rule_is_given_back_with_its_note(visitors, town):
    a_queue(town)
    page = visitors.sign_in(town.olga, "operator", QUEUE, expected=(422,))
    page.get_by_text("Refuse", exact=False).first.click()
    page.get_by_label("Note").fill("Half a thought")
    page.get_by_role("button", name="Refuse the ad").click()
    expect(page.get_by_label("Rule")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Note")).to_have_value("Half a thought")
    expect(page.locator("#seen")).to_have_text("Trois gouttes avant de dormir")


def test_an_advertiser_contests_a_refusal_once(visitors, town):
    ids = a_queue(town).ids
    operator = visitors.sign_in(town.olga, "operator", QUEUE)
    operator.keyboard.press("r")
    operator.get_by_label("Rule").select_option("minors")
    operator.get_by_role("button", name="Refuse the ad").click()
    expect(operator.locator("#seen")).to_have_text("L’huile, avant et après")
    page = visitors.sign_in(town.ines, "advertiser", f"/ads/annonces/{ids['late']}", language="fr")
    page.get_by_label("Ce que vous y opposez").fill("Elle a 34 ans.")
    page.get_by_role("button", name="Contester").click()
    expect(page.get_by_text("Votre contestation est dans la file d’examen.")).to_be_visible()
    expect(page.get_by_role("button", name="Contester")).to_have_count(0)
    operator.goto(f"{QUEUE}?annonce={ids['late']}")
    expect(operator.get_by_text("Elle a 34 ans.")).to_be_visible()
