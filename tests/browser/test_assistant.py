"""A campaign in five steps in a real browser: what is left is kept, what is chosen is seen, what is sent is said."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from attise.kernel.actor import COMMAND
from attise.management.campaigns import queries
from attise.management.campaigns.actions import save_draft
from attise.management.campaigns.models import Ad
from attise.management.library.queries import search_videos
from attise.management.pixels import actions as pixels
from attise.management.posts import actions as posting
from attise.management.posts.models import Post, Unpublished
from attise.management.viewers.models import Viewer
from tests.browser.assisted_pages import ANSWERS, an_own_account
from tests.browser.conftest import PHONE, violations
from tests.browser.town import a_clip
from tests.campaigns import fund
from tests.peopled import people

pytestmark = pytest.mark.browser


def test_a_campaign_is_left_at_its_second_step_taken_up_again_and_sent(visitors, town):
    post = town.a_post("Sérum C, un mois après, sans filtre")
    town.applied(town.a_code(post, days=60))
    fund(town.means, town.advertiser.id, 2_000)
    page = visitors.sign_in(town.ines, "advertiser", "/ads/campagnes", language="fr", expected=(422,))
    page.get_by_role("link", name="Créer une campagne").click()
    page.get_by_role("textbox", name="Nom de la campagne").fill("Sérum C")
    expect(page.get_by_text("Les conversions demandent un pixel")).to_be_hidden()
    expect(page.get_by_role("combobox", name="Optimisée pour")).to_have_count(1)
    page.get_by_role("button", name="Continuer").click()
    budget = page.get_by_role("textbox", name="Budget par jour")
    budget.fill("80")
    with page.expect_response(lambda answer: "act=garder" in answer.url) as kept:
        budget.press("Tab")
    assert kept.value.status == 200

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


@pytest.fixture
def drafted(town):
    """Return how a draft is made that has an answer to everything but what is left out."""
    fund(town.means, town.advertiser.id, 2_000)

    def made(**answers) -> int:
        body = {**ANSWERS, "ages": [], **answers}
        return save_draft(town.means, advertiser_id=town.advertiser.id, body=body).id

    return made


def only_ad(town) -> Ad:
    return Ad.objects.get(advertiser_id=town.advertiser.id)


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_private_post_of_ones_own_says_what_becomes_of_it_before_it_is_sent(visitors, town, drafted, is_kept):
    _public, private = an_own_account(town)
    here = f"/ads/creer/{drafted()}/publication"
    page = visitors.sign_in(town.ines, "advertiser", here, language="fr")
    notice = page.get_by_text("Cette vidéo deviendra publique")
    page.get_by_role("radio", name="L’atelier, un matin d’hiver").check()
    expect(notice).to_be_hidden()
    page.get_by_role("radio", name="Avant-première").check()
    expect(notice).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("Avant-première")  # seen before it is chosen for good
    if is_kept:
        page.get_by_role("checkbox", name="Afficher uniquement dans les publicités").first.check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer").click()
    said = "Affichée uniquement dans les publicités" if is_kept else "elle devient publique à l’envoi"
    expect(page.get_by_role("main")).to_contain_text(said)
    assert Post.objects.get(id=private.id).visibility == "private"
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Envoyée. L’annonce est en examen")).to_be_visible()
    after = Post.objects.get(id=private.id)
    assert (after.visibility, after.ads_only) == (("private", True) if is_kept else ("public", False))
    assert only_ad(town).post_id == private.id


def test_a_video_is_imported_edited_and_published_for_ads_alone_on_the_brands_account(visitors, town, drafted):
    an_own_account(town)
    page = visitors.sign_in(town.ines, "advertiser", f"/ads/creer/{drafted()}/publication", language="fr")
    page.get_by_role("link", name="Importer une vidéo").click()
    page.get_by_label("Déposez une vidéo ici").set_input_files(a_clip())
    page.get_by_role("button", name="Importer").click()  # in pieces, by the page's script
    expect(page.get_by_role("heading", name="clip.mp4", level=1)).to_be_visible()
    expect(page.get_by_text("Votre vidéo est en cours d’examen")).to_be_visible()
    posting.look_over_pending(town.means, settings.HOUSE)
    expect(page.get_by_text("Prêt pour Spark Ads")).to_be_visible()
    expect(page.locator("#preflight")).not_to_contain_text("Commence par")  # that is how creators are spoken to
    page.get_by_role("heading", name="Monter la vidéo").click()
    page.get_by_role("spinbutton", name="À la seconde").first.fill("1.5")
    page.get_by_role("button", name="Faire la vidéo").click()
    expect(page.get_by_text("Celle avec votre montage est en préparation")).to_be_visible()
    assert posting.render_pending(town.means, settings.HOUSE) == 1
    expect(page.get_by_text("Avec le montage : c’est ce que montre l’annonce.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Utiliser cette vidéo").click()
    expect(page.get_by_role("radio", name="clip.mp4")).to_be_checked()
    (video,) = search_videos(town.advertiser.id).items
    assert abs(video.media.duration_ms - 1_500) <= 34
    page.get_by_role("combobox", name="Publiée sur le compte").select_option(label="@maison.aubree")
    expect(page.get_by_role("checkbox", name="Afficher uniquement dans les publicités").last).to_be_checked()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("textbox", name="Texte").fill("La crème de nuit, en avant-première.")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".phone-preview")).to_contain_text("@maison.aubree")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Envoyée. L’annonce est en examen")).to_be_visible()
    ad = only_ad(town)
    assert (ad.kind, ad.dark_post, ad.post_id) == ("push", True, None)  # published once it is approved


def test_an_imported_video_is_a_standard_ad_without_scripts_on_a_phone(visitors, town, drafted):
    page = visitors.sign_in(
        town.ines, "advertiser", f"/ads/creer/{drafted()}/publication", language="fr", viewport=PHONE, scripts=False
    )
    page.get_by_role("link", name="Importer une vidéo").click()
    page.get_by_label("Déposez une vidéo ici").set_input_files(a_clip())
    page.get_by_role("button", name="Importer").click()
    assert Unpublished.objects.get().advertiser_id == town.advertiser.id
    page.get_by_role("button", name="Utiliser cette vidéo").click()
    page.get_by_role("switch", name="Utiliser un compte pour diffuser des Spark Ads").uncheck()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("textbox", name="Nom affiché aux spectateurs").fill("Aubrée")
    page.get_by_role("textbox", name="Texte").fill("Une crème, un mois.")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".phone-preview")).to_contain_text("Aubrée")
    expect(page.get_by_text("ne compte sur aucune publication")).to_be_visible()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Envoyée. L’annonce est en examen")).to_be_visible()
    ad = only_ad(town)
    assert (ad.kind, ad.ad_text, ad.custom_identity.display_name) == ("standard", "Une crème, un mois.", "Aubrée")


def test_the_gauge_follows_what_is_chosen_and_says_when_people_are_few(visitors, town, drafted):
    people(town.means, 1_300, country="FR", gender="female", birth_date="1996-05-01", language="fr")
    people(town.means, 700, country="FR", gender="male", birth_date="1996-05-01", language="fr")
    assert Viewer.objects.count() == 2_000
    here = f"/ads/creer/{drafted()}/audience"
    page = visitors.sign_in(town.ines, "advertiser", here, language="fr")
    gauge = page.locator("#gauge")
    expect(gauge).to_contain_text("Environ 2 000")
    expect(gauge.locator(".on")).to_have_text("Large")
    page.get_by_role("combobox", name="Qui").select_option(label="Hommes")
    expect(gauge).to_contain_text("Moins de 1 000")
    expect(gauge.locator(".on")).to_have_text("Étroite")
    page.get_by_role("combobox", name="Qui").select_option(label="Femmes")
    expect(gauge).to_contain_text("Environ 1 300")
    assert violations(page) == []
    plain = visitors.sign_in(town.ines, "advertiser", here, language="fr", scripts=False, viewport=PHONE)
    plain.get_by_role("combobox", name="Qui").select_option(label="Hommes")
    plain.get_by_role("button", name="Continuer").click()
    expect(plain.locator("#gauge")).to_contain_text("Moins de 1 000")


def test_leads_and_installs_ask_for_what_tells_of_them(visitors, town, drafted):
    post = town.a_post("Sérum C, un mois après, sans filtre")
    town.applied(town.a_code(post, days=60))
    page = visitors.sign_in(
        town.ines, "advertiser", f"/ads/creer/{drafted(shown=str(post.id))}/objectif", language="fr", expected=(422,)
    )
    page.get_by_role("radio", name="Génération de leads").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("Les leads demandent un pixel")
    pixels.create_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, name="Boutique")
    page.get_by_role("radio", name="Installations d’app").check()
    expect(page.get_by_text("Un lead, c’est un formulaire")).to_be_hidden()
    page.get_by_role("combobox", name="Optimisée pour").select_option(label="Événements dans l’app")
    page.get_by_role("textbox", name="Sa page dans une boutique d’apps").fill(
        "https://play.google.com/store/apps/details?id=fr.aubree.soin"
    )
    page.get_by_role("combobox", name="Événement dans l’app").select_option(label="Achat")
    for _step in range(4):
        page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("main")).to_contain_text("fr.aubree.soin · Android")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Envoyée. L’annonce est en examen")).to_be_visible()
    group = only_ad(town).adgroup
    assert (group.promotion_type, group.optimization_goal, group.optimization_event) == (
        "APP_ANDROID",
        "IN_APP_EVENT",
        "SHOPPING",
    )
