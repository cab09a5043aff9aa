"""An operator finds somebody, hands them a link, and takes the list away as a file."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PEOPLE = "/operateur/personnes"


def test_somebody_is_found_and_comes_in_by_the_link_they_are_handed(visitors, town):
    page = visitors.sign_in(town.olga, "operator", PEOPLE, language="fr")
    expect(page.get_by_role("row")).to_have_count(4)  # the head and three people
    page.get_by_label("Nom, e-mail ou pseudo").fill("@lea")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Lien de connexion Léa Peau").click()
    expect(page.get_by_role("button", name="Copier le lien")).to_be_focused()
    theirs = visitors.open(page.get_by_role("textbox", name="Lien", exact=True).input_value(), language="fr")
    theirs.get_by_role("button", name="Se connecter").click()
    expect(theirs.get_by_role("button", name="@lea.peau Compte créateur")).to_be_visible()
    page.goto(PEOPLE)
    expect(page.get_by_role("row", name="Léa Peau")).to_contain_text("utilisé")


def test_the_list_is_taken_away_as_a_file_and_the_page_stays(visitors, town, tmp_path):
    page = visitors.sign_in(town.olga, "operator", f"{PEOPLE}?console=creator", language="fr")
    page.get_by_role("link", name="Exporter en CSV").click()
    dialog = page.get_by_role("dialog", name="Exporter en CSV")
    expect(dialog).to_contain_text("1 personne, comme la liste la montre")
    expect(dialog.get_by_role("radio", name="Français")).to_be_checked()
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Exporter", exact=True).click()
    expect(dialog).to_be_hidden()
    coming.value.save_as(tmp_path / "people.csv")
    with (tmp_path / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [row[0] for row in rows] == ["Nom", "Léa Peau"]
    assert page.url.endswith(f"{PEOPLE}?console=creator")


def test_an_account_that_is_refused_is_given_back_to_be_corrected(visitors, town):
    page = visitors.sign_in(town.olga, "operator", PEOPLE, expected=(409,))
    page.get_by_role("link", name="Open an account").click()
    dialog = page.get_by_role("dialog", name="Open an account")
    dialog.get_by_label("Name").fill("Léa again")
    dialog.get_by_label("Email").fill("lea@example.org")
    dialog.get_by_role("button", name="Open the account").click()
    expect(dialog.get_by_text("Somebody already has this e-mail address here.").first).to_be_visible()
    expect(dialog.get_by_label("Name")).to_have_value("Léa again")
    dialog.get_by_label("Email").fill("lea.again@example.org")
    dialog.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("textbox", name="Link", exact=True)).to_be_visible()
