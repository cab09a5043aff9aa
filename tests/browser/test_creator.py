"""A creator authorizes a post by hand: the days, the code, the caption, extending, revoking; without scripts too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from attise.management.authorizations import queries
from attise.management.authorizations.rules import State
from attise.management.posts.models import Preflight
from tests.browser.conftest import PHONE
from tests.browser.town import a_clip
from tests.drawing import a_picture
from tests.preflighted import looked_over

pytestmark = pytest.mark.browser

ENDS = {7: "28 sept. 2026", 30: "21 oct. 2026", 60: "20 nov. 2026", 365: "21 sept. 2027"}
"""From the frozen day, 21 September 2026."""


def sheet(page):
    return page.get_by_role("dialog", name="Autoriser cette publication")


def test_each_duration_says_its_last_day_before_and_after(visitors, town):
    page = visitors.sign_in(town.lea, "creator", language="fr")
    for days, end in ENDS.items():
        page.goto(f"/creation/publications/{town.a_post().id}")
        switch = page.get_by_role("switch", name="Autorisation publicitaire")
        expect(switch).to_have_attribute("aria-checked", "false")
        switch.click()
        for offered, last_day in ENDS.items():
            radio = sheet(page).get_by_role("radio", name=f"{offered} jours")
            expect(radio).to_have_accessible_name(f"{offered} jours jusqu’au {last_day}")
        expect(sheet(page).get_by_role("radio", name="30 jours")).to_be_checked()
        sheet(page).get_by_role("radio", name=f"{days} jours").check()
        sheet(page).get_by_role("button", name="Générer le code").click()
        expect(page.get_by_text(f"Autorisée jusqu’au {end} · code jamais utilisé")).to_be_visible()
        expect(switch).to_have_attribute("aria-checked", "true")


def test_a_code_is_shown_once_copied_and_locks_the_caption(visitors, town):
    post = town.a_post(caption="Avant")
    page = visitors.sign_in(town.lea, "creator", "/creation/publications", language="fr")
    page.get_by_role("link", name="Avant", exact=True).click()
    caption = page.get_by_role("textbox", name="Légende")
    caption.fill("Après, avec une faute corrigée")
    page.get_by_role("button", name="Enregistrer la légende").click()
    expect(page.get_by_text("Légende enregistrée.")).to_be_visible()
    page.get_by_role("link", name="Autoriser cette publication").click()
    expect(sheet(page)).to_contain_text(
        "La légende ne pourra plus être modifiée tant que la publication est autorisée."
    )
    sheet(page).get_by_role("button", name="Générer le code").click()
    copy = page.get_by_role("button", name="Copier")
    expect(copy).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text("Copié")
    code = page.get_by_role("textbox", name="Code vidéo").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == code
    assert re.fullmatch(r"#[A-Za-z0-9+/]{47}=", code)
    expect(caption).to_be_disabled()
    page.reload()
    expect(page.get_by_role("textbox", name="Code vidéo")).to_have_count(0)
    assert code not in page.content()
    expect(page.locator(".grant code")).to_have_text(f"{code[:5]}…{code[-4:]}")
    found = queries.list_of_posts(town.means, post_ids=[post.id])[post.id]
    assert [grant.state for grant in found] == [State.ISSUED]


def test_extending_adds_to_the_end_and_revoking_frees_the_caption(visitors, town):
    post = town.a_post()
    town.applied(town.a_code(post, days=7))
    page = visitors.sign_in(town.lea, "creator", f"/creation/publications/{post.id}", language="fr")
    expect(page.get_by_text("Autorisée jusqu’au 28 sept. 2026 · Maison Aubrée")).to_be_visible()
    page.get_by_role("link", name="Prolonger").click()
    dialog = page.get_by_role("dialog", name="Prolonger l’autorisation")
    expect(dialog.get_by_label("60 jours")).to_have_accessible_name("60 jours jusqu’au 27 nov. 2026")
    dialog.get_by_label("60 jours").check()
    dialog.get_by_role("button", name="Prolonger").click()
    expect(page.get_by_text("Autorisée jusqu’au 27 nov. 2026 · Maison Aubrée")).to_be_visible()
    page.get_by_role("link", name="Révoquer").click()
    dialog = page.get_by_role("dialog", name="Révoquer l’autorisation")
    now, end = "plus aucune annonce par ce code", "jusqu’à la fin des campagnes en cours"
    expect(dialog.get_by_text(now)).to_be_visible()
    expect(dialog.get_by_text(end)).to_be_hidden()
    dialog.get_by_role("radio", name="À la fin des campagnes en cours").check()
    expect(dialog.get_by_text(now)).to_be_hidden()
    expect(dialog.get_by_text(end)).to_be_visible()
    expect(dialog.get_by_role("button", name="Révoquer à la fin", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("switch", name="Autorisation publicitaire").click()
    dialog.get_by_role("radio", name="Maintenant Les annonces").check()
    dialog.get_by_role("button", name="Révoquer maintenant", exact=True).click()
    expect(page.get_by_text("Autorisation révoquée. Le code ne marche plus.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Légende")).to_be_enabled()
    expect(page.get_by_text("Code appliqué · Maison Aubrée")).to_be_visible()


def test_conditions_are_read_refused_and_kept_as_typed(visitors, town):
    post = town.a_post()
    page = visitors.sign_in(
        town.lea, "creator", f"/creation/publications/{post.id}?dialog=autoriser", language="fr", expected=(422,)
    )
    sheet(page).get_by_text("Tes conditions").click()
    expect(sheet(page).get_by_label("Ta part, en pour cent")).to_be_hidden()
    sheet(page).get_by_label("Une part de ce que coûtent les annonces").check()
    sheet(page).get_by_label("Ta part, en pour cent").fill("12,5 %")
    sheet(page).get_by_label("Dépense maximale").fill("mille euros")
    sheet(page).get_by_label("7 jours").check()
    sheet(page).get_by_role("button", name="Générer le code").click()
    expect(sheet(page).locator(".errors")).to_be_focused()
    expect(sheet(page).locator(".field .error")).to_have_text(
        "Indique un montant comme 50 ou 1\u00a0200,50.".replace("\u00a0", " ")
    )
    expect(sheet(page).get_by_label("Ta part, en pour cent")).to_have_value("12,5 %")
    expect(sheet(page).get_by_label("7 jours")).to_be_checked()
    sheet(page).get_by_label("Dépense maximale").fill("1 200,50")
    sheet(page).locator("summary", has_text="Seulement dans ces pays").click()
    sheet(page).get_by_label("Belgique").check()
    sheet(page).get_by_role("button", name="Générer le code").click()
    panel = page.get_by_role("region", name="Autorisation publicitaire")
    expect(panel.locator("dl.facts")).to_contain_text("1\u202f200,50\u00a0€")
    expect(panel.locator("dl.facts")).to_contain_text("12,5\u00a0% de ce que coûtent les annonces")
    expect(panel.locator("dl.facts")).to_contain_text("Belgique")
    expect(page.locator("h1 + small")).to_contain_text("Collaboration commerciale")


def test_a_private_post_is_made_public_first_and_a_story_never_runs(visitors, town):
    private = town.a_post(visibility="private")
    story = town.a_post(caption="Story du matin", format="story")
    page = visitors.sign_in(town.lea, "creator", f"/creation/publications/{private.id}", language="fr")
    expect(page.get_by_role("switch")).to_be_disabled()
    expect(page.get_by_text("Rends d’abord la vidéo publique.")).to_be_visible()
    page.get_by_role("button", name="Rendre publique").click()
    expect(sheet(page)).to_be_visible()
    page.goto(f"/creation/publications/{story.id}")
    expect(page.get_by_role("switch")).to_have_count(0)
    expect(page.get_by_text("Ce format ne peut pas être sponsorisé.")).to_be_visible()


def test_a_video_is_published_with_its_words_and_plays(visitors, town):
    page = visitors.sign_in(town.lea, "creator", "/creation/publier", language="fr", expected=(422,))
    page.get_by_role("textbox", name="Légende").fill("Mon premier essai #cuisine")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_role("textbox", name="Légende")).to_have_value("Mon premier essai #cuisine")
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(a_clip())
    expect(page.locator(".drop output")).to_have_text("clip.mp4")
    page.get_by_label("Tags").fill("cuisine #rapide")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("heading", name="Mon premier essai #cuisine", level=1)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Ta vidéo est en ligne.")).to_be_visible()
    assert page.evaluate(
        "document.querySelector('video').readyState >= 1 || new Promise(done => "
        "document.querySelector('video').addEventListener('loadedmetadata', () => done(true)))"
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_several_pictures_are_published_in_one_go_and_seen_one_after_the_other(visitors, town, tmp_path, scripts):
    album = [a_picture(tmp_path / f"{number}.png", light=60 * number, width=90, height=160) for number in (1, 2, 3)]
    page = visitors.sign_in(town.lea, "creator", "/creation/publier", language="fr", scripts=scripts)
    page.get_by_role("textbox", name="Légende").fill("Mon marché")
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(album)
    if scripts:
        expect(page.locator(".drop output")).to_have_text("1.png, 2.png, 3.png")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("heading", name="Mon marché", level=1)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Tes images sont en ligne.")).to_be_visible()
    pictures = page.get_by_role("list", name="Mon marché").get_by_role("img")
    expect(pictures).to_have_count(3)
    for number in (1, 2, 3):
        expect(page.get_by_role("img", name=f"Mon marché, image {number} sur 3")).to_be_in_viewport(ratio=0.9)
        if number < 3:
            page.locator(f"#picture-{number}").get_by_role("link", name="Image suivante").click()
    page.locator("#picture-3").get_by_role("link", name="Image précédente").click()
    expect(page.get_by_role("img", name="Mon marché, image 2 sur 3")).to_be_in_viewport(ratio=0.9)


def test_all_of_it_works_without_scripts_on_a_phone(visitors, town):
    post = town.a_post()
    page = visitors.sign_in(
        town.lea, "creator", "/creation/publications", language="fr", scripts=False, viewport=PHONE, expected=(422,)
    )
    page.get_by_role("link", name="Paramètres publicitaires").first.click()
    page.get_by_role("switch", name="Autorisation publicitaire").click()
    page.get_by_role("radio", name="365 jours").check()
    page.get_by_role("button", name="Générer le code").click()
    expect(page.get_by_text("Autorisée jusqu’au 21 sept. 2027 · code jamais utilisé")).to_be_visible()
    assert page.get_by_role("textbox", name="Code vidéo").input_value().startswith("#")
    page.get_by_role("link", name="Prolonger").click()
    page.get_by_role("radio", name="7 jours").check()
    page.get_by_role("button", name="Prolonger").click()
    expect(page.get_by_text("Autorisée jusqu’au 28 sept. 2027")).to_be_visible()
    page.get_by_role("link", name="Révoquer").click()
    page.get_by_role("button", name="Révoquer").click()
    expect(page.get_by_text("Autorisation révoquée. Le code ne marche plus.")).to_be_visible()
    found = queries.list_of_posts(town.means, post_ids=[post.id])[post.id]
    assert [grant.state for grant in found] == [State.REVOKED]
    page.goto("/creation/publier")
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(a_clip())
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Ta vidéo est en ligne.")).to_be_visible(timeout=20_000)


def test_a_place_of_the_advice_is_shown_in_the_player(visitors, town):
    """The advice comes by itself once the worker has looked; a click on a time brings the player there."""
    post = town.a_post()
    Preflight.objects.filter(post_id=post.id).delete()
    row = Preflight.objects.create(post_id=post.id)
    page = visitors.sign_in(town.lea, "creator", f"/creation/publications/{post.id}", language="fr")
    expect(page.get_by_text("Ta vidéo est en cours d’examen")).to_be_visible()
    row.delete()
    looked_over(post.id, still_from_ms=1_200, still_ms=4_500)
    place = page.get_by_role("link", name="à 1,2 s")
    place.click()
    page.wait_for_function("document.querySelector('.player video').currentTime === 1.2")
    expect(page.locator(".player video")).to_be_focused()
    assert page.url.endswith(str(post.id))
