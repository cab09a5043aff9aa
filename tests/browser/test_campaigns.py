"""An advertiser's campaigns in a browser: switched and budgeted in their rows, filtered, paused together, exported."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from attise.kernel.actor import Actor
from attise.kernel.money import MICROS
from attise.management.campaigns import actions, queries
from tests.browser.brand import a_brand
from tests.browser.conftest import PHONE, Visitors
from tests.browser.town import Town

pytestmark = pytest.mark.browser

CAMPAIGNS = "/ads/campagnes"
RUNNING, MIXED = "Sérum C · routine du matin", "Brume visage · dans mon sac"
HARD = "\u00a0"


def opened(visitors: Visitors, town: Town, path: str = CAMPAIGNS, **options) -> Page:
    a_brand(town)
    return visitors.sign_in(town.ines, "advertiser", path, **{"language": "fr", **options})


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def now_of(town: Town, name: str):
    wish = queries.CampaignWish(name=name)
    return queries.list_campaigns(town.means, advertiser_id=town.advertiser.id, wish=wish).items[0]


def test_a_campaign_is_paused_and_resumed_in_its_row_by_keyboard(visitors, town):
    page = opened(visitors, town)
    switch = page.get_by_role("switch", name=f"Diffusion de {RUNNING}")
    expect(switch).to_be_checked()
    switch.press("Space")
    expect(switch).not_to_be_checked()
    expect(switch).to_be_focused()
    expect(page.get_by_text("Campagne mise en pause.")).to_be_visible()
    expect(row_of(page, RUNNING)).to_contain_text("En pause")
    assert now_of(town, RUNNING).operation_status == "DISABLE"
    switch.press("Enter")
    expect(switch).to_be_checked()
    expect(row_of(page, RUNNING)).to_contain_text("Active")


def test_a_budget_is_changed_in_its_cell(visitors, town):
    page = opened(visitors, town, expected=(422,))
    row = row_of(page, RUNNING)
    row.get_by_role("link", name="Modifier le budget").press("Enter")
    field = page.get_by_label(f"Budget de {RUNNING}, en EUR")
    expect(field).to_be_focused()
    expect(field).to_have_value("120")
    field.fill("49,99")
    field.press("Enter")
    expect(row).to_contain_text(f"Il faut au moins 50{HARD}€ par jour.")
    expect(field).to_have_value("49,99")
    expect(field).to_be_focused()
    assert now_of(town, RUNNING).budget_micros == 120 * MICROS
    field.press("Escape")
    link = row.get_by_role("link", name="Modifier le budget")
    expect(link).to_be_focused()
    expect(row).to_contain_text(f"120{HARD}€/jour")
    link.press("Enter")
    field.fill("1 200,50")
    field.press("Enter")
    expect(row).to_contain_text(f"1\u202f200,50{HARD}€ désormais")
    field.fill("150")
    field.press("Enter")
    expect(page.get_by_text("Budget enregistré.")).to_be_visible()
    expect(row).to_contain_text(f"150{HARD}€/jour")
    expect(link).to_be_focused()
    assert now_of(town, RUNNING).budget_micros == 150 * MICROS


def test_a_large_rise_is_confirmed_by_a_second_enter(visitors, town):
    page = opened(visitors, town)
    row = row_of(page, RUNNING)
    row.get_by_role("link", name="Modifier le budget").click()
    page.get_by_label(f"Budget de {RUNNING}").fill("200")
    page.keyboard.press("Enter")
    expect(row).to_contain_text(f"Au plus 7\u202f800{HARD}€ jusqu’au 31 oct. 2026.")
    expect(row.get_by_role("button", name="Confirmer")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row).to_contain_text(f"200{HARD}€/jour")


def test_two_people_who_change_one_budget_hear_of_each_other(visitors, town):
    page = opened(visitors, town, expected=(409,))
    paul = town.a_member("paul@example.org", "Paul Petit", "campaign_operator")
    row = row_of(page, RUNNING)
    row.get_by_role("link", name="Modifier le budget").click()
    actions.update_campaign(
        town.means,
        Actor("person", paul.id),
        advertiser_id=town.advertiser.id,
        campaign_id=now_of(town, RUNNING).id,
        budget_micros=110 * MICROS,
    )
    page.get_by_label(f"Budget de {RUNNING}").fill("130")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Modifié par Paul Petit")
    expect(row).to_contain_text(f"le budget est de 110{HARD}€")
    row.get_by_role("button", name="Garder ma version").click()
    expect(row).to_contain_text(f"130{HARD}€/jour")
    assert now_of(town, RUNNING).budget_micros == 130 * MICROS


def test_filters_are_in_the_address_and_no_page_is_loaded_for_them(visitors, town):
    page = opened(visitors, town)
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_role("searchbox", name="Nom").press_sequentially("sérum")
    expect(page.get_by_text("2 campagnes", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=s%C3%A9rum"))
    expect(page.get_by_role("searchbox", name="Nom")).to_be_focused()
    page.get_by_label("Statut").select_option("En diffusion")
    expect(page).to_have_url(re.compile(r"statut=en-diffusion"))
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.reload()
    expect(page.get_by_text("2 campagnes", exact=True)).to_be_visible()
    expect(page.get_by_label("Statut")).to_have_value("en-diffusion")
    page.get_by_role("link", name="Nom sérum Retirer ce filtre").click()
    expect(page.get_by_text("8 campagnes", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?statut=en-diffusion$"))


def test_of_several_ads_the_blocked_one_is_left_out_by_name(visitors, town):
    page = opened(visitors, town, "/ads/annonces")
    for name in ("La brume dans le métro", "Brume : le geste de 16 h"):
        row_of(page, name).get_by_role("checkbox").check()
    expect(page.get_by_text("2 sélectionnées")).to_be_visible()
    page.get_by_role("button", name="Mettre en pause").click()
    expect(page.get_by_text("2 mises en pause.")).to_be_visible()
    for name in ("La brume dans le métro", "Brume : le geste de 16 h"):
        row_of(page, name).get_by_role("checkbox").check()
    page.get_by_role("button", name="Reprendre").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("1 reprise.")
    expect(said).to_contain_text("1 sur 2 laissée comme avant")
    expect(said).to_contain_text("La brume dans le métro")
    expect(said).to_contain_text("Le créateur a révoqué cette autorisation.")


def test_all_rows_of_a_page_are_picked_at_once(visitors, town):
    page = opened(visitors, town)
    page.get_by_role("checkbox", name="Sélectionner toutes les lignes de cette page").check()
    expect(page.get_by_text("9 sélectionnées")).to_be_visible()
    page.get_by_role("checkbox", name=f"Sélectionner {RUNNING}").uncheck()
    expect(page.get_by_text("8 sélectionnées")).to_be_visible()


def test_the_list_is_kept_as_a_file(visitors, town):
    page = opened(visitors, town, f"{CAMPAIGNS}?q=brume")
    page.get_by_role("link", name="Exporter", exact=True).click()
    dialog = page.get_by_role("dialog", name="Exporter", exact=True)
    with page.expect_download() as kept:
        dialog.get_by_role("button", name="Exporter").click()
    text = kept.value.path().read_text(encoding="utf-8-sig")
    assert kept.value.suggested_filename == "attise-campagnes-2026-08-26_2026-09-22.csv"
    assert text.splitlines()[1].split(";")[1] == f'"{MIXED}"'
    assert len(text.splitlines()) == 2
    expect(dialog).to_be_hidden()


def test_the_file_follows_filters_that_loaded_no_page(visitors, town):
    page = opened(visitors, town)
    page.get_by_role("searchbox", name="Nom").press_sequentially("brume")
    expect(page).to_have_url(re.compile(r"\?q=brume"))
    expect(page.get_by_text("1 campagne", exact=True)).to_be_visible()
    page.get_by_role("link", name="Exporter", exact=True).click()
    dialog = page.get_by_role("dialog", name="Exporter", exact=True)
    expect(dialog).to_contain_text("Ce que gardent les filtres")
    with page.expect_download() as kept:
        dialog.get_by_role("button", name="Exporter").click()
    assert len(kept.value.path().read_text(encoding="utf-8-sig").splitlines()) == 2


def test_an_ad_is_launched_from_its_page(visitors, town):
    page = opened(visitors, town, "/ads/annonces?statut=en-pause")
    page.get_by_role("link", name="Mon sac de sport, version hiver").click()
    expect(page.get_by_text("L’annonce est désactivée.")).to_be_visible()
    page.get_by_role("button", name="Lancer").click()
    expect(page.get_by_text("Annonce lancée.")).to_be_visible()
    expect(page.get_by_role("switch")).to_be_checked()
    expect(page.get_by_role("button", name="Lancer")).to_have_count(0)
    expect(page.get_by_text("Mise en diffusion")).to_be_visible()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desk", "phone"])
def test_all_of_it_works_without_scripts(visitors, town, options):
    page = opened(visitors, town, scripts=False, expected=(422,), **options)
    if options:
        page.get_by_text("Filtres", exact=True).click()
    page.get_by_label("Statut").select_option("En diffusion")
    page.get_by_role("searchbox", name="Nom").fill("sérum c")
    page.get_by_role("searchbox", name="Nom").press("Enter")
    expect(page.get_by_text("1 campagne", exact=True)).to_be_visible()
    row = row_of(page, RUNNING)
    row.get_by_role("link", name="Modifier le budget").click()
    page.get_by_label(f"Budget de {RUNNING}").fill("12")
    page.get_by_role("button", name="Enregistrer").click()
    expect(row).to_contain_text(f"Il faut au moins 50{HARD}€ par jour.")
    page.get_by_label(f"Budget de {RUNNING}").fill("130")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page).to_have_url(re.compile(r"q=s%C3%A9rum\+c&statut=en-diffusion"))
    expect(row).to_contain_text(f"130{HARD}€/jour")
    row.get_by_role("switch").click()
    expect(page.get_by_text("Aucun résultat")).to_be_visible()
    assert now_of(town, RUNNING).operation_status == "DISABLE"
    page.goto(CAMPAIGNS)
    row_of(page, RUNNING).get_by_role("checkbox").check()
    page.get_by_role("button", name="Reprendre").click()
    expect(row_of(page, RUNNING)).to_contain_text("Active")
