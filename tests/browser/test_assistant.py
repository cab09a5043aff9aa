"""A campaign in five steps in a real browser: what is left is kept, what is chosen is seen, what is sent is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from attise.management.campaigns import queries
from tests.campaigns import fund

pytestmark = pytest.mark.browser


def test_a_campaign_is_left_at_its_second_step_taken_up_again_and_sent(visitors, town):
    post = town.a_post("Sérum C, un mois après, sans filtre")
    town.applied(town.a_code(post, days=60))
    fund(town.means, town.advertiser.id, 2_000)
    page = visitors.sign_in(town.ines, "advertiser", "/ads/campagnes", language="fr", expected=(422,))
    page.get_by_role("link", name="Créer une campagne").click()
    page.get_by_role("textbox", name="Nom de la campagne").fill("Sérum C")
    expect(page.get_by_text("Les conversions demandent un pixel")).to_be_hidden()
    page.get_by_role("button", name="Continuer").click()
    budget = page.get_by_role("textbox", name="Budget par jour")
    budget.fill("80")
    with page.expect_response(lambda answer: "act=garder" in answer.url) as kept:
        budget.press("Tab")
    assert kept.value.status == 204

    page.goto(page.url.partition("/ads/")[0] + "/ads/creer")  # left in the middle
    page.get_by_role("link", name="Reprendre Sérum C").click()  # at the first step that nobody answered
    page.get_by_role("main").get_by_role("link", name="Retour").last.click()
    expect(page.get_by_role("textbox", name="Budget par jour")).to_have_value("80")
    page.get_by_role("combobox", name="Jours").select_option("14")
    page.get_by_role("textbox", name="Budget par jour").fill("49,99")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("link", name="Le minimum est de 50 € par jour.")).to_be_visible()
    page.get_by_role("textbox", name="Budget par jour").fill("100")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("radio", name="Sérum C, un mois après").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("combobox", name="Bouton").select_option(label="Acheter")
    page.get_by_role("textbox", name="Lien").fill("https://shop.example/serum")
    page.get_by_role("button", name="Continuer").click()
    phone = page.locator(".phone-preview")
    expect(phone).to_contain_text("Sponsorisé")
    expect(phone).to_contain_text("Acheter")
    page.get_by_role("button", name="Envoyer, 100 €/jour, 1 400 € max").click()
    expect(page.get_by_text("Envoyée. L’annonce est en examen")).to_be_visible()
    (ad,) = queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=5).items
    assert page.url.endswith(f"/ads/annonces/{ad.id}")
