"""An advertiser pastes codes, meets each refusal by its real cause, and asks for an account by QR code."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from attise.kernel.actor import COMMAND
from attise.management.authorizations import queries
from attise.management.posts import actions as posts
from tests.browser.conftest import PHONE, Visitors
from tests.browser.town import Town

pytestmark = pytest.mark.browser

LIBRARY = "/ads/bibliotheque"
NARROW, HARD = "\u202f", "\u00a0"


def open_dialog(visitors: Visitors, town: Town, **options) -> Page:
    page = visitors.sign_in(town.ines, "advertiser", LIBRARY, language="fr", **options)
    page.get_by_role("link", name="Coller un code").or_(
        page.get_by_role("link", name="Ajouter un code ou demander un accès")
    ).click()
    return page


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_role("textbox", name="Codes vidéo").focus()
    page.keyboard.press("Control+V")


def test_three_good_codes_are_not_held_back_by_two_bad_ones(visitors, town):
    captions = ["Sérum C, un mois après", "Mon sac de sport", "Baume lèvres, test 24 h"]
    good = [town.a_code(town.a_post(caption)) for caption in captions]
    gone, revoked = town.a_grant(town.a_post("Révoquée"))
    town.revoke(gone)
    page = open_dialog(visitors, town)
    dialog = page.get_by_role("dialog", name="Ajouter un code ou demander un accès")
    expect(page.get_by_role("textbox", name="Codes vidéo")).to_be_focused()
    paste(page, f"\n  « {good[0]} »  \r\n\t{good[1]},\n“{revoked}”\n{good[2]}\n#AQpasCompl \n")
    expect(dialog.locator(".verdict")).to_have_text("3 publications trouvées · 2 codes refusés")
    for caption in captions:
        expect(dialog.get_by_text(caption)).to_be_visible()
    assert "Révoquée" not in page.content(), "nothing is said of the post behind a code that fails"
    confirm = dialog.get_by_role("button", name="Confirmer 3")
    expect(confirm).to_be_focused()
    confirm.press("Enter")
    expect(page.get_by_text("3 publications ajoutées à votre bibliothèque.")).to_be_visible()
    expect(dialog).to_be_hidden()
    for caption in captions:
        row = page.get_by_role("row").filter(has_text=caption)
        expect(row).to_contain_text("@lea.peau")
        expect(row).to_contain_text("Autorisée")
        expect(row).to_contain_text("jusqu’au 21 oct. 2026")
    bound = queries.list_bound_posts(town.means, advertiser_id=town.advertiser.id)
    assert sorted(one.code for one in bound.items) == sorted(good)


def _malformed(town: Town) -> str:
    code = town.a_code()
    return code[:-2] + ("Q=" if code.endswith("A=") else "A=")


def _never_issued(town: Town) -> str:
    return "bonjour"


def _revoked(town: Town) -> str:
    grant, code = town.a_grant(town.a_post())
    town.revoke(grant)
    return code


def _expired(town: Town) -> str:
    code = town.a_code(days=7)
    town.clock.advance(days=7)
    return code


def _taken(town: Town) -> str:
    code = town.a_code()
    town.applied(code, town.a_rival())
    return code


def _deleted(town: Town) -> str:
    from django.conf import settings

    post = town.a_post()
    code = town.a_code(post)
    posts.delete_post(town.means, COMMAND, house=settings.HOUSE, post_id=post.id)
    return code


def _private(town: Town) -> str:
    post = town.a_post()
    code = town.a_code(post)
    posts.edit_post(town.means, COMMAND, post_id=post.id, visibility="private")
    return code


REFUSALS: dict[str, tuple[Callable[[Town], str], str, str, tuple[str, str]]] = {
    "auth_code_format_error": (
        _malformed,
        "Ce code n’est pas valide. Vérifiez qu’il est copié en entier ou demandez-en un nouveau.",
        "This code is not valid. Check it was copied in full, or ask for a new one.",
        ("Corriger", "Fix"),
    ),
    "auth_code_format_error ": (
        _never_issued,
        "Ce code n’est pas valide. Vérifiez qu’il est copié en entier ou demandez-en un nouveau.",
        "This code is not valid. Check it was copied in full, or ask for a new one.",
        ("Corriger", "Fix"),
    ),
    "auth_code_revoked": (
        _revoked,
        "Le créateur a révoqué cette autorisation.",
        "The creator revoked this authorization.",
        ("Choisir une autre vidéo", "Choose another video"),
    ),
    "auth_code_expired": (
        _expired,
        "Ce code a expiré le 28 sept. 2026. Demandez un nouveau code au créateur.",
        "This code expired on 28 Sep 2026. Ask the creator for a new one.",
        ("Demander un nouveau code", "Request a new code"),
    ),
    "auth_code_already_used": (
        _taken,
        "Ce code a déjà été utilisé par un autre annonceur.",
        "This code was already applied by another advertiser.",
        ("Demander un nouveau code", "Request a new code"),
    ),
    "video_unavailable": (
        _deleted,
        (
            f"Cette vidéo n’est plus disponible{HARD}: elle a été supprimée ou ne respecte pas les règles. "
            "Choisissez une autre vidéo."
        ),
        "This video is no longer available: it was deleted or breaks the rules. Choose another video.",
        ("Choisir une autre vidéo", "Choose another video"),
    ),
    "not_public_video": (
        _private,
        "Cette vidéo n’est pas publique. Demandez au créateur de modifier sa visibilité.",
        "This video is not public. Ask the creator to change its visibility.",
        ("Prévenir le créateur", "Notify the creator"),
    ),
}


def test_each_refusal_is_said_exactly_in_both_languages_with_its_next_step(visitors, town):
    codes = {key: make(town) for key, (make, *_) in REFUSALS.items()}
    page = open_dialog(visitors, town)
    for place, language in enumerate(("fr", "en")):
        if language == "en":
            page.goto(LIBRARY)
            page.get_by_role("button", name="English").click()
            expect(page.locator("html")).to_have_attribute("lang", "en")  # leaving sooner would take the choice back
            page.goto(f"{LIBRARY}?dialog=codes")
        box = page.locator("#codes")
        box.fill("\n".join(codes.values()))
        page.locator("#codes-search").click()
        results = page.locator(".result.bad")
        expect(results).to_have_count(len(codes))
        for (key, (_, *told, button)), row in zip(REFUSALS.items(), results.all(), strict=True):
            assert row.locator("> p:not(.result-head, .hint)").inner_text() == told[place]
            assert row.locator(".hint").count() == (key == "auth_code_format_error "), "only where the # is missing"
            assert row.locator(".ref code").inner_text() == key.strip()
            assert row.locator(".buttons .button").first.inner_text() == button[place]
    assert queries.list_bound_posts(town.means, advertiser_id=town.advertiser.id).total == 0
    fix = page.locator(".result.bad").first.get_by_role("link", name="Fix")
    fix.click()
    expect(page.locator("#codes")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == codes["auth_code_format_error"]


def test_a_story_behind_a_code_is_refused_as_a_format(visitors, town):
    post = town.a_post()
    code = town.a_code(post)
    post.format = "story"  # what a code cannot be made for, met all the same
    post.save()
    page = open_dialog(visitors, town)
    paste(page, code)
    expect(page.locator(".result.bad")).to_contain_text(
        "Les carrousels duo et les stories ne peuvent pas devenir des Spark Ads. Choisissez un autre format."
    )


def test_a_video_made_public_again_is_found_by_trying_again(visitors, town):
    code = _private(town)
    page = open_dialog(visitors, town)
    paste(page, code)
    row = page.locator(".result.bad")
    expect(row.get_by_role("link", name="Prévenir le créateur")).to_have_attribute("href", re.compile(r"^mailto:\?"))
    from attise.management.posts.models import Post

    posts.edit_post(town.means, COMMAND, post_id=Post.objects.get().id, visibility="public")
    row.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".verdict")).to_have_text("1 publication trouvée")


def test_a_code_applied_twice_opens_the_post_and_more_than_twenty_are_too_many(visitors, town):
    code = town.a_code()
    town.applied(code)
    page = open_dialog(visitors, town, expected=(422,))
    paste(page, code)
    row = page.locator(".result")
    expect(row).to_contain_text("Cette vidéo est déjà dans votre bibliothèque.")
    expect(page.get_by_role("button", name="Confirmer")).to_have_count(0)
    row.get_by_role("link", name="L’ouvrir").click()
    expect(page.get_by_role("heading", level=1, name="Sérum C, un mois après, sans filtre")).to_be_visible()
    page.goto(f"{LIBRARY}?dialog=codes")
    page.locator("#codes").fill("\n".join(f"#A{number}" for number in range(21)))
    page.locator("#codes-search").click()
    expect(page.get_by_role("alert")).to_have_text("21 codes, 20 au plus à la fois.")


def test_a_guesser_is_asked_to_wait_and_told_how_long(visitors, town):
    page = open_dialog(visitors, town, expected=(429,))
    box, search = page.locator("#codes"), page.locator("#codes-search")
    box.fill("#AQ0")
    for number in range(10):
        with page.expect_response(lambda response: response.url.endswith("/codes")) as answer:
            search.click()
        assert answer.value.status == 200, number
    with page.expect_response(lambda response: response.url.endswith("/codes")) as answer:
        search.click()
    assert answer.value.status == 429
    expect(page.get_by_role("alert")).to_have_text(
        re.compile(r"^Trop d’essais\. Nouvel essai possible dans \d+ secondes\.$")
    )
    expect(box).to_have_value("#AQ0")
    town.clock.advance(seconds=61)
    search.click()
    expect(page.locator(".verdict")).to_have_text("1 code refusé")


def test_the_keyboard_alone_is_enough_to_paste_and_confirm(visitors, town):
    code = town.a_code()
    page = visitors.open("/connexion", language="fr")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("ines@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Vue d’ensemble")).to_be_visible()
    page.evaluate("code => navigator.clipboard.writeText(code)", code)
    _tab_to(page, page.get_by_role("link", name="Coller un code"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Codes vidéo")).to_be_focused()
    page.keyboard.press("Control+V")
    confirm = page.get_by_role("button", name="Confirmer 1")
    expect(confirm).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 publication ajoutée à votre bibliothèque.")).to_be_visible()


def _tab_to(page: Page, wanted) -> None:
    """Press Tab until the wanted control has the focus; at each stop the focus is seen and not covered."""
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const on = document.activeElement, box = on.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                const ring = getComputedStyle(on);
                const clear = top && (on.contains(top) || top.contains(on));
                return [on.outerHTML.slice(0, 120), clear, ring.outlineStyle !== 'none' && ring.outlineWidth !== '0px'];
            }"""
        )
        assert seen[1:] == [True, True], seen[0]
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab never reached it")


def test_an_account_is_asked_for_in_one_browser_and_given_in_another(visitors, town):
    town.a_post("Sérum C, un mois après")
    brand = visitors.sign_in(town.ines, "advertiser", "/ads/comptes", language="fr")
    brand.get_by_role("link", name="Demander l’accès au compte").click()
    expect(brand.get_by_label("Utiliser les publications existantes")).to_be_checked()
    expect(brand.get_by_text("Où les nouvelles vidéos sont montrées")).to_be_hidden()
    brand.get_by_label("Publier de nouvelles vidéos au nom du créateur").check()
    expect(brand.get_by_role("radio", name="Uniquement dans les publicités")).to_be_checked()
    brand.get_by_role("button", name="Générer le QR code").click()
    expect(brand.get_by_role("img", name="QR code du lien d’accès")).to_be_visible()
    expect(brand.get_by_role("timer")).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    brand.get_by_role("button", name="Copier le lien").click()
    link = brand.evaluate("navigator.clipboard.readText()")
    creator = visitors.sign_in(town.lea, "creator", link, language="fr", viewport=PHONE)
    expect(creator.get_by_role("heading", name="Maison Aubrée demande l’accès à @lea.peau")).to_be_visible()
    expect(creator.get_by_text("Utiliser tes publications existantes dans ses annonces")).to_be_visible()
    expect(
        creator.get_by_text("Publier de nouvelles vidéos en ton nom, montrées uniquement dans les publicités")
    ).to_be_visible()
    creator.get_by_role("button", name="Accepter").click()
    expect(creator.get_by_text("Maison Aubrée a maintenant accès à ton compte.")).to_be_visible()
    expect(brand.get_by_role("heading", name="Accès accordé par @lea.peau")).to_be_visible(timeout=4_000)
    brand.get_by_role("link", name="Voir ses publications").click()
    expect(brand.get_by_role("row").filter(has_text="Sérum C, un mois après")).to_contain_text("Accès au compte")
    creator.get_by_role("link", name="Retirer l’accès").click()
    creator.get_by_role("dialog").get_by_role("button", name="Retirer l’accès").click()
    expect(creator.get_by_text("Accès retiré. Les annonces sur ton compte s’arrêtent.")).to_be_visible()
    brand.reload()
    expect(brand.get_by_text("Aucun compte lié")).to_be_visible()
    creator.goto(link)
    expect(creator.get_by_text("Cette demande a déjà reçu une réponse")).to_be_visible()


def test_a_qr_code_expires_and_another_is_generated(visitors, town):
    page = visitors.sign_in(town.ines, "advertiser", "/ads/comptes/demander", language="fr")
    page.get_by_role("button", name="Générer le QR code").click()
    first = page.get_by_role("textbox", name="Lien d’accès").input_value()
    town.clock.advance(seconds=601)
    expect(page.get_by_role("heading", name="Ce QR code a expiré.")).to_be_visible(timeout=4_000)
    page.get_by_role("button", name="Régénérer").click()
    assert page.get_by_role("textbox", name="Lien d’accès").input_value() != first


def test_all_of_it_works_without_scripts_on_a_phone(visitors, town):
    good, bad = town.a_code(), _revoked(town)
    page = visitors.sign_in(
        town.ines, "advertiser", LIBRARY, language="fr", scripts=False, viewport=PHONE, expected=(422,)
    )
    page.get_by_role("link", name="Coller un code").click()
    page.get_by_role("textbox", name="Codes vidéo").fill(f"  {good}  \n{bad}")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_text("Le créateur a révoqué cette autorisation.")).to_be_visible()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("1 publication ajoutée à votre bibliothèque.")).to_be_visible()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Comptes liés").last.click()
    page.get_by_role("link", name="Demander l’accès au compte").click()
    page.get_by_role("button", name="Générer le QR code").click()
    link = page.get_by_role("textbox", name="Lien d’accès").input_value()
    creator = visitors.sign_in(town.lea, "creator", link, language="fr", scripts=False)
    creator.get_by_role("button", name="Accepter").click()
    page.reload()
    expect(page.get_by_role("heading", name="Accès accordé par @lea.peau")).to_be_visible()
