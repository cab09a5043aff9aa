"""Every page of the consoles, with who sees it and what the town must hold for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from attise.kernel.actor import COMMAND, Actor
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.accounts import actions as accounts
from attise.management.accounts.queries import find_creator_of_person
from attise.management.authorizations import actions as authorizations
from attise.management.policy.actions import set_ads_stopped, set_policy
from attise.management.posts.actions import moderate_comment
from attise.management.posts.models import Preflight
from attise.management.posts.views import PostView
from attise.management.viewers import actions as viewers
from attise.management.viewers.queries import find_record, get_profile_place
from attise.measurement.counters.models import Hour, State
from attise.records.profile import Derived
from attise.records.terms import Terms
from attise.records.viewer import Behaved
from tests.browser.assisted_pages import assisted, choose_private, imported, standard
from tests.browser.brand import a_brand, a_queue, an_asking_brand
from tests.browser.compared_pages import drafted, launched, split_page
from tests.browser.conftest import Visitors
from tests.browser.effect_pages import compared, counted
from tests.browser.lots_pages import chosen_from as lots_to_choose
from tests.browser.lots_pages import lot_page, what_ads_left, what_ads_will_leave
from tests.browser.lots_pages import made as lots_made
from tests.browser.lots_pages import told as lots_told
from tests.browser.money_pages import (
    a_paper,
    asked,
    billed,
    earned,
    earned_grant,
    earned_month,
    finances,
    stated,
    stated_grant,
)
from tests.browser.promoted_pages import promoted_post
from tests.browser.report_pages import broken_down, report, reports
from tests.browser.report_pages import refused as report_refused
from tests.browser.reported_pages import reported
from tests.browser.scouted_pages import asked_for, scouted
from tests.browser.shown_ad import seen_ads, why_page
from tests.browser.sold_pages import events, sold_ad, sold_campaigns
from tests.browser.town import Town
from tests.lived import live
from tests.measurement.circles.met import widen_house
from tests.preflighted import looked_over, unpublished_like
from tests.trying import tried


@dataclass(frozen=True)
class Shown:
    """A page in one of its states."""

    name: str
    open: Callable[[Visitors, Town, dict], Page]


def _anyone(path: Callable[[Town], str] | str) -> Callable[..., Page]:
    return lambda visitors, town, options: visitors.open(path if isinstance(path, str) else path(town), **options)


def _as(
    console: str, path: Callable[[Town], str] | str, then: Callable[[Page], None] | None = None
) -> Callable[..., Page]:
    def open_page(visitors: Visitors, town: Town, options: dict) -> Page:
        where = path if isinstance(path, str) else path(town)
        person = {"creator": town.lea, "advertiser": town.ines}.get(console) or town.olga
        page = visitors.sign_in(person, console, where, **options)
        if then is not None:
            then(page)
        return page

    return open_page


def _full_creator(town: Town) -> None:
    """Give the creator one post of each sort."""
    fresh = town.a_post("Trois semaines de lunch box en un après-midi : voici l’ordre qui marche. #batchcooking")
    town.a_grant(fresh)
    bound = town.a_post("Sérum C, un mois après, sans filtre")
    town.applied(town.a_code(bound, days=60))
    ending = town.a_post("Mon sac de sport, version hiver")
    town.applied(town.a_code(ending, days=7))
    town.a_post("Brouillon privé", visibility="private")
    town.a_post("Story du matin", format="story")
    widen_house(town.means, fresh.id, bound.id)
    expired = town.a_post("Crème hiver : le test des trois jours")
    grant, code = town.a_grant(expired)
    town.applied(code)
    town.revoke(grant)
    town.clock.advance(days=1)


def _say_under(town: Town, post: PostView) -> None:
    """Comments under a post: one that stands, one that its creator hid, and one that the operator did."""
    town.a_comment(post, "Et en 30 litres, il existe ?")
    for text, creator_id in (("Trop cher", post.creator_id), ("Des mots qui blessent", None)):
        one = town.a_comment(post, text)
        moderate_comment(town.means, COMMAND, post_id=post.id, comment_id=one.id, is_hidden=True, creator_id=creator_id)


def _post_page(state: str, query: str = "") -> Callable[[Town], str]:
    def path(town: Town) -> str:
        if state == "off":
            post = town.a_post()
        elif state == "private":
            post = town.a_post(visibility="private")
        elif state == "album":
            post = town.an_album()
        elif state == "story":
            post = town.a_post(format="story")
        elif state in {"advice", "advice-waiting"}:
            post = town.a_post("Mon sac de sport, version hiver. Tu le prendrais en noir ?")
            Preflight.objects.filter(post_id=post.id).delete()
            looked_over(post.id) if state == "advice" else Preflight.objects.create(post_id=post.id)
        elif state == "circle":
            post, other = town.a_post("Trois semaines de lunch box en un après-midi"), town.a_post("Routine du matin")
            widen_house(town.means, post.id, other.id)
            post = other if query else post
            return f"/creation/publications/{post.id}"
        elif state == "removed":
            post = town.a_post(state="removed", state_reason="Music that was not cleared")
        else:
            post = town.a_post()
            terms = Terms(spend_cap_micros=500_000_000, currency="EUR", countries=("FR", "BE"), share_ppm=125_000)
            grant, code = town.a_grant(post, terms=terms)
            if state == "bound":
                town.applied(code)
                _say_under(town, post)
            town.clock.advance(days=2)
            return f"/creation/publications/{post.id}" + query.replace("ID", str(grant.id))
        return f"/creation/publications/{post.id}{query}"

    return path


def _unpublished(path: str, *, seen: bool) -> Callable[[Town], str]:
    """Open a page that shows a video which waits to be published, looked over or not."""

    def open_at(town: Town) -> str:
        post = town.a_post("Mon sac de sport, version hiver. Tu le prendrais en noir ?")
        one = unpublished_like(town.means, post, words={"caption": post.caption, "allow_duet": "on"}, seen=seen)
        return path.format(one)

    return open_at


def _open_tool(page: Page) -> None:
    page.locator("#edit-title").click()
    page.locator("#id_text_0").fill("Version hiver")
    page.locator("#id_to_s").fill("1.5")
    page.locator("at-edit [data-words] p").wait_for()


def _recount(page: Page) -> None:
    page.locator("form[action='/operateur/finances'] button").click()
    page.locator(".banner.good").wait_for()


def _fresh_code(page: Page) -> None:
    page.locator("#authorize").get_by_role("button", name="Générer le code").or_(
        page.locator("#authorize").get_by_role("button", name="Generate the code")
    ).click()
    page.locator("[data-copy-first]").wait_for()


def _at_the_end(page: Page) -> None:
    page.locator("dialog[open] input[value=campaigns_end]").check()


def _own_box(page: Page) -> None:
    page.get_by_role("link", name="Maison Aubrée").first.click()
    page.get_by_role("heading", level=1).wait_for()


def _said(town: Town) -> None:
    """Have people say and do something under the creator's posts."""
    post = town.a_post("Crème hiver : le test des trois jours")
    town.a_comment(post, "Tu la trouves où ? Je la cherche partout depuis deux semaines.")
    hour = town.means.clock.world_ms() // HOUR_MS * HOUR_MS
    Hour.objects.create(subject_id=post.id, hour_ms=hour, is_paid=False, likes=1_284, follows=12)
    Hour.objects.create(subject_id=post.id, hour_ms=hour, is_paid=True, likes=310)


def _access_link(town: Town) -> str:
    _, secret = authorizations.request_access(
        town.means,
        COMMAND,
        business_center_id=town.center.id,
        permissions=["existing_posts", "new_posts_ads_only"],
    )
    return f"/acces/{secret}"


def _expired_access(town: Town) -> str:
    path = _access_link(town)
    town.clock.advance(seconds=601)
    return path


def _given_access(town: Town) -> str:
    _accept(town)
    return "/creation/demandes"


def _accept(town: Town) -> None:
    town.a_post("Sérum C, un mois après, sans filtre")
    _, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.center.id, permissions=["existing_posts"]
    )
    authorizations.accept_access(town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret)


def _library(query: str = "") -> Callable[[Town], str]:
    def path(town: Town) -> str:
        _full_creator(town)
        return f"/ads/bibliotheque{query}"

    return path


def _with(act: Callable[[Town], object], path: str) -> Callable[[Town], str]:
    def make(town: Town) -> str:
        act(town)
        return path

    return make


def _tried(town: Town) -> None:
    tried(town.means, [town.a_post(f"Trois erreurs avec un sérum, {number}") for number in range(20)], days=8)


def _library_post(town: Town) -> str:
    post = town.a_post()
    town.applied(town.a_grant(post, terms=Terms(share_ppm=125_000, approve_each_ad=True))[1])
    return f"/ads/bibliotheque/{post.id}"


def _pasted(visitors: Visitors, town: Town, options: dict) -> Page:
    good, known = town.a_code(), town.a_code(town.a_post("Déjà là"))
    town.applied(known)
    gone, code = town.a_grant(town.a_post("Révoquée"))
    town.revoke(gone)
    page = visitors.sign_in(town.ines, "advertiser", "/ads/bibliotheque?dialog=codes", **options)
    page.locator("#codes").fill(f"{good}\n{known}\n{code}\n#AQmalformed")
    page.locator("#codes-search").click()
    page.locator(".verdict").wait_for()
    return page


def _pasted_without_its_mark(visitors: Visitors, town: Town, options: dict) -> Page:
    page = visitors.sign_in(town.ines, "advertiser", "/ads/bibliotheque?dialog=codes", **options)
    page.locator("#codes").fill(town.a_code().removeprefix("#"))
    page.locator("#codes-search").click()
    page.locator(".hint").wait_for()
    return page


def _qr(page: Page) -> None:
    page.locator("form.card-body button.main").click()
    page.locator(".qr").wait_for()


def _invited(town: Town) -> str:
    _, secret = accounts.invite_member(
        town.means,
        Actor("person", town.ines.id),
        business_center_id=town.center.id,
        email="new@example.org",
        role="STANDARD",
        advertiser_role="OPERATOR",
    )
    return f"/invitation/{secret}"


def _reset(town: Town) -> str:
    return f"/mot-de-passe/lien/{accounts.make_reset_link(town.means, COMMAND, person_id=town.lea.id)}"


def _consent(town: Town) -> str:
    app, _ = accounts.create_app(
        town.means, name="Rapports du lundi", redirect_uris=["https://app.example.org/back"], owner_id=town.ines.id
    )
    town.an_advertiser("Maison Aubrée Belgique")
    return f"/portal/auth?app_id={app.id}&redirect_uri=https://app.example.org/back&state=x"


def _make_key(page: Page) -> None:
    page.locator("#id_name").fill("Rapports du lundi")
    page.locator("main form button.main").click()
    page.locator("[data-copy-first]").wait_for()


def _forgot(town: Town) -> None:
    accounts.request_reset(town.means, email="lea@example.org")


def _looking(whose: str, path: str) -> Callable[..., Page]:
    """Open a page as an operator who looks at the consoles of one of the town's people."""

    def open_page(visitors: Visitors, town: Town, options: dict) -> Page:
        person = town.ines if whose == "ines" else town.lea
        page = visitors.sign_in(town.olga, "operator", f"/operateur/comptes/login/{person.id}", **options)
        page.locator("#look_reason").fill("Signalement 42 : ses chiffres ne concordent pas.")
        page.locator(f"form[action$='{person.id}/voir'] button").click()
        page.locator(".looking").wait_for()
        page.goto(path)
        return page

    return open_page


def _looked_at(town: Town) -> None:
    for reason in ("Signalement 42 : ses chiffres ne concordent pas.", "Une facture contestée"):
        look = accounts.begin_look(town.means, COMMAND, operator_id=town.olga.id, person_id=town.ines.id, reason=reason)
    accounts.end_look(town.means, COMMAND, look_id=look.id)


def _all_stopped(town: Town) -> None:
    """Let an operator have stopped every ad."""
    stop = "Des prix faux dans une vente : tout est arrêté le temps de comprendre."
    set_ads_stopped(town.means, Actor("person", town.olga.id), stopped=True, note=stop)


def _suspended_twice(town: Town) -> str:
    """Let a creator be suspended, restored and suspended again; return where it is decided on."""
    who, lea = Actor("person", town.olga.id), find_creator_of_person(town.lea.id)
    about = {"subject": "creator", "subject_id": lea.id}
    accounts.suspend_account(town.means, who, reason="Des abonnés achetés, vus dans les comptes du mois.", **about)
    town.clock.advance(days=3)
    accounts.restore_account(town.means, who, reason="Le prestataire est seul en cause.", **about)
    town.clock.advance(days=9)
    accounts.suspend_account(town.means, who, reason="Encore.", strike=False, **about)
    return f"/operateur/comptes/creator/{lea.id}"


def _set_twice(town: Town) -> None:
    """Let an operator have set several things, for reasons."""
    who = Actor("person", town.olga.id)
    first = {"fee_ppm": 125_000, "least_budget_micros": 20_000_000, "grant_days": [7, 30, 60]}
    set_policy(town.means, who, changes=first, note="Tarifs de janvier, décidés avec les créateurs.")
    town.clock.advance(days=2)
    set_policy(town.means, who, changes={"review": "person"}, note="Deux plaintes cette semaine.")


def _crowd(town: Town) -> None:
    """Let there be more than a page of people, of every sort, with links in every state."""
    for number in range(46):
        town.a_person(f"viewer{number}@example.org", f"Viewer {number}")
    first = accounts.create_person(town.means, email="operator@attise.invalid", display_name="Attise", is_operator=True)
    accounts.create_creator(town.means, COMMAND, handle="attise", display_name="Attise", person_id=first.id)
    accounts.add_member(town.means, COMMAND, business_center_id=town.center.id, person_id=first.id, role="ADMIN")
    ana = town.a_member("ana@example.org", "Ana-Clara de Vasconcelos e Albuquerque", "analyst")
    for person in (ana, first):
        secret = accounts.sign_in_link(
            town.means, person_id=person.id, console="viewer", by=Actor("person", town.olga.id)
        )
    accounts.follow_link(town.means, secret)
    town.clock.advance(days=1)
    mara = town.a_person("mara.cuisine@example.org", "Mara")
    accounts.create_creator(town.means, COMMAND, handle="mara.cuisine", display_name="Mara", person_id=mara.id)
    accounts.make_reset_link(town.means, COMMAND, person_id=mara.id)
    _forgot(town)
    key, _ = accounts.make_host_key(town.means, Actor("person", town.olga.id), name="Application mobile")
    accounts.revoke_host_key(town.means, host_key_id=key.id)


def _make_link(page: Page) -> None:
    page.locator("table button[value=creator]").click()
    page.locator("[data-copy-first]").wait_for()


def _first_person(visitors: Visitors, town: Town, options: dict) -> Page:
    """Sign in, by their link, whoever the first start made: every console, an address that is none, no password."""
    first = accounts.create_person(town.means, email="operator@attise.invalid", display_name="Attise", is_operator=True)
    accounts.create_creator(town.means, COMMAND, handle="attise", display_name="Attise", person_id=first.id)
    accounts.add_member(town.means, COMMAND, business_center_id=town.center.id, person_id=first.id, role="ADMIN")
    return visitors.sign_in(first, "viewer", "/accueil", **options)


def _analyst_of(path: Callable[[Town], str]) -> Callable[..., Page]:
    def open_page(visitors: Visitors, town: Town, options: dict) -> Page:
        return _analyst(path(town))(visitors, town, options)

    return open_page


def _type_budget(page: Page, text: str) -> None:
    page.locator("[data-cell] [name=budget]").fill(text)
    page.keyboard.press("Enter")


def _refused_budget(page: Page) -> None:
    _type_budget(page, "12")
    page.locator("[data-cell] .error").wait_for()


def _large_budget(page: Page) -> None:
    _type_budget(page, "500")
    page.locator(".cell-note").wait_for()


def _pick_all(page: Page) -> None:
    for box in page.locator("tbody [name=id]").all()[:3]:
        box.check()


def _analyst(path: str) -> Callable[..., Page]:
    def open_page(visitors: Visitors, town: Town, options: dict) -> Page:
        return visitors.sign_in(town.a_member("ana@example.org", "Ana Lyste", "analyst"), "advertiser", path, **options)

    return open_page


def _tree(path: str) -> Callable[[Town], str]:
    """Give the brand campaigns in every state; ``{name}`` in the path is one of its objects."""

    def make(town: Town) -> str:
        brand = a_brand(town)
        return path.format(**brand.ids)

    return make


def _low_budget(page: Page) -> None:
    page.locator("#id_budget").fill("49,99")
    page.locator("form .button.main").click()
    page.locator(".errors").wait_for()


def _lived(path: str) -> Callable[[Town], str]:
    """Return a path that is asked after the brand's ads and the creator's posts were seen for weeks."""

    def make(town: Town) -> str:
        brand = a_brand(town)
        ids = brand.ids | live(brand)
        scouted("")(town)
        return path.format(**ids)

    return make


def _asked_words(path: str) -> Callable[[Town], str]:
    """Have three ads ask for the creator's word, of which one has it."""

    def make(town: Town) -> str:
        return path.format(**an_asking_brand(town).ids)

    return make


def _queue(path: str) -> Callable[[Town], str]:
    """Have three ads wait for a reviewer; ``{name}`` in the path is one of them."""

    def make(town: Town) -> str:
        return path.format(**a_queue(town).ids)

    return make


def _refuse_without_rule(page: Page) -> None:
    page.locator("summary[data-key]").click()
    page.locator(".decision [value=rejected]").click()
    page.locator("#rule-error").wait_for()


def _less(options: dict) -> dict:
    """Return options under which the page's own 404 is no surprise, and an edge that is away (``served``) neither."""
    return {**options, "expected": (*options.get("expected", ()), 404, 503)}


def _found_by(text: str, path: str = "") -> Callable[[Town], str]:
    """Return where a search of a town with some posts stands, or another page of it."""

    def where(town: Town) -> str:
        for caption in ("Sérum C, un mois après, sans filtre #peau", "Trois semaines de lunch box", "Sac de sport"):
            town.a_post(caption)
        return path or f"/recherche?q={text}"

    return where


def _follower(town: Town) -> str:
    """Let the creator follow themselves and see their own posts among those they follow."""
    viewer = find_record(viewers.viewer_of_person(town.means, person_id=town.lea.id).id)
    State.objects.create(person=viewer.pseudonym, kind="follow", object_id=town.creator.id, is_on=True, body=b"")
    return _found_by("", "/abonnements/comptes")(town)


def _feed_away(visitors: Visitors, town: Town, options: dict) -> Page:
    page = visitors.open("/", **_less(options))
    page.locator("[data-away]:not([hidden])").wait_for()
    return page


def _feed_of_followed_away(visitors: Visitors, town: Town, options: dict) -> Page:
    _follower(town)
    page = visitors.sign_in(town.lea, "creator", "/abonnements", **_less(options))
    page.locator("[data-away]:not([hidden])").wait_for()
    return page


def _viewer_post(visitors: Visitors, town: Town, options: dict) -> Page:
    post = town.a_post("Sérum C, un mois après, sans filtre\nLa routine complète en commentaire", partnership=True)
    for text in ("Achète mes abonnés ici, lien en bio", "Enfin un avis sans blabla"):
        town.a_comment(post, text)
    return visitors.open(f"/@lea.peau/p/{post.id}", **_less(options))


def _guessed_about(town: Town) -> None:
    """Have a creator, as a viewer, choose an interest, remove one, and be guessed about."""
    viewer = viewers.viewer_of_person(town.means, person_id=town.lea.id)
    viewers.update_viewer(town.means, viewer_id=viewer.id, birth_date="1990-05-01", profiling_consent=True)
    viewers.change_interests(town.means, viewer_id=viewer.id, add=["recipes"], remove=["vehicles"])
    now_ms = town.clock.world_ms()
    profile = Derived(
        interests=((1001, now_ms), (100703, now_ms)),
        behaviours=(Behaved(200101, "LIKED", now_ms // DAY_MS), Behaved(200401, "FOLLOWING", now_ms // DAY_MS)),
        evidence=b"",
    )
    place = get_profile_place()
    pseudonym = find_record(viewer.id).pseudonym
    viewers.derive_profiles(town.means, lambda held, acts: profile, {pseudonym: ()}, after=place, upto=place)


def _without_a_birth_date(page: Page) -> None:
    page.locator("button[value=accepter]").click()
    page.locator("#birth_date_error").wait_for()


PAGES: tuple[Shown, ...] = (
    Shown("feed-away", _feed_away),
    Shown("viewer-post", _viewer_post),
    Shown(
        "viewer-post-gone",
        lambda visitors, town, options: visitors.open("/@lea.peau/p/1234567890123456789", **_less(options)),
    ),
    Shown("viewer-settings", _as("creator", _with(_guessed_about, "/parametres/publicites"))),
    Shown("viewer-settings-new", _as("creator", "/parametres/publicites", _without_a_birth_date)),
    Shown("viewer-settings-ads", _as("creator", seen_ads)),
    Shown("viewer-settings-nobody", _anyone("/parametres/publicites")),
    Shown("following-away", _feed_of_followed_away),
    Shown("followed", _as("creator", _follower)),
    Shown("followed-nobody", _anyone("/abonnements/comptes")),
    Shown("search", _anyone("/recherche")),
    Shown("search-found", _anyone(_found_by("s"))),
    Shown("search-nothing", _anyone(_found_by("lea.paeu"))),
    Shown("profile-own", _as("creator", _found_by("", "/@lea.peau"))),
    Shown("welcome", _anyone("/accueil")),
    Shown("sign-in", _anyone("/connexion")),
    Shown("sign-in-link", _anyone(lambda town: town.link(town.lea, "creator"))),
    Shown("forgotten", _anyone("/mot-de-passe/oubli")),
    Shown("password-link", _anyone(_reset)),
    Shown("invitation", _anyone(_invited)),
    Shown("home-first-person", _first_person),
    Shown("account", _as("creator", "/compte")),
    Shown("consent", _as("advertiser", _consent)),
    Shown("creator-home", _as("creator", _with(_full_creator, "/creation/"))),
    Shown("creator-home-empty", _as("creator", "/creation/")),
    Shown("creator-home-lived", _as("creator", _lived("/creation/"))),
    Shown("creator-posts", _as("creator", _with(_full_creator, "/creation/publications"))),
    Shown("creator-post-off", _as("creator", _post_page("off"))),
    Shown("creator-post-sheet", _as("creator", _post_page("off", "?dialog=autoriser"))),
    Shown("creator-post-code", _as("creator", _post_page("off", "?dialog=autoriser"), _fresh_code)),
    Shown("creator-post-issued", _as("creator", _post_page("issued"))),
    Shown("creator-post-bound", _as("creator", _post_page("bound"))),
    Shown("creator-post-extend", _as("creator", _post_page("bound", "?dialog=prolonger-ID"))),
    Shown("creator-post-revoke", _as("creator", _post_page("bound", "?dialog=revoquer-ID"))),
    Shown("creator-post-revoke-end", _as("creator", _post_page("bound", "?dialog=revoquer-ID"), _at_the_end)),
    Shown("creator-post-revoke-unused", _as("creator", _post_page("issued", "?dialog=revoquer-ID"))),
    Shown("creator-post-advice", _as("creator", _post_page("advice"))),
    Shown("creator-post-circle", _as("creator", _post_page("circle"))),
    Shown("creator-post-stopped", _as("creator", _post_page("circle", "stopped"))),
    Shown("creator-post-advice-waiting", _as("creator", _post_page("advice-waiting"))),
    Shown("creator-post-private", _as("creator", _post_page("private"))),
    Shown("creator-post-story", _as("creator", _post_page("story"))),
    Shown("creator-post-album", _as("creator", _post_page("album"))),
    Shown("creator-post-removed", _as("creator", _post_page("removed"))),
    Shown("creator-authorizations", _as("creator", _with(_full_creator, "/creation/autorisations"))),
    Shown("creator-authorizations-empty", _as("creator", "/creation/autorisations")),
    Shown("creator-words", _as("creator", _asked_words("/creation/autorisations"))),
    Shown("creator-post-ads", _as("creator", _asked_words("/creation/publications/{post}"))),
    Shown("creator-requests", _as("creator", _given_access)),
    Shown("creator-requests-empty", _as("creator", "/creation/demandes")),
    Shown("access-request", _as("creator", _access_link)),
    Shown("access-request-expired", _as("creator", _expired_access)),
    Shown("publish", _as("creator", _unpublished("/creation/publier", seen=True))),
    Shown("unpublished", _as("creator", _unpublished("/creation/publier/{}", seen=True))),
    Shown("unpublished-editing", _as("creator", _unpublished("/creation/publier/{}", seen=True), _open_tool)),
    Shown("unpublished-waiting", _as("creator", _unpublished("/creation/publier/{}", seen=False))),
    Shown("ads-home", _as("advertiser", _with(_full_creator, "/ads/"))),
    Shown("ads-home-empty", _as("advertiser", "/ads/")),
    Shown("ads-home-lived", _as("advertiser", _lived("/ads/?mesure=cout-par-resultat"))),
    Shown("ads-home-today", _as("advertiser", _lived("/ads/?periode=aujourdhui&mesure=impressions"))),
    Shown("campaigns", _as("advertiser", _tree("/ads/campagnes"))),
    Shown("campaigns-empty", _as("advertiser", "/ads/campagnes")),
    Shown("campaigns-none", _as("advertiser", _tree("/ads/campagnes?q=zzz&statut=en-pause&objectif=trafic"))),
    Shown("campaigns-budget", _as("advertiser", _tree("/ads/campagnes?budget={running}"), _refused_budget)),
    Shown("campaigns-large", _as("advertiser", _tree("/ads/campagnes?budget={running}"), _large_budget)),
    Shown("campaigns-picked", _as("advertiser", _tree("/ads/campagnes"), _pick_all)),
    Shown("campaigns-analyst", _analyst_of(_tree("/ads/campagnes"))),
    Shown("campaigns-export", _as("advertiser", _tree("/ads/campagnes?dialog=exporter"))),
    Shown("campaigns-sold", _as("advertiser", sold_campaigns)),
    Shown("campaigns-broken-down", _as("advertiser", broken_down)),
    Shown("reports-none", _as("advertiser", "/ads/rapports")),
    Shown("reports", _as("advertiser", reports)),
    Shown("report", _as("advertiser", report)),
    Shown("report-new", _as("advertiser", "/ads/rapports/nouveau")),
    Shown("report-refused", _as("advertiser", report_refused)),
    Shown("adgroups", _as("advertiser", _tree("/ads/groupes"))),
    Shown("ads", _as("advertiser", _tree("/ads/annonces"))),
    Shown("campaign", _as("advertiser", _tree("/ads/campagnes/{mixed}"))),
    Shown("adgroup", _as("advertiser", _tree("/ads/groupes/{group}"))),
    Shown("ad-refused", _as("advertiser", _tree("/ads/annonces/{rejected}"))),
    Shown("ad-blocked", _as("advertiser", _tree("/ads/annonces/{blocked}"))),
    Shown("ad-sold", _as("advertiser", sold_ad)),
    Shown("ad-lived", _as("advertiser", _lived("/ads/annonces/{spark}?mesure=resultats"))),
    Shown("campaign-effect", _as("advertiser", compared)),
    Shown("creator-post-counts", _as("creator", lambda town: f"/creation/publications/{counted(town)}")),
    Shown("library-post-counts", _as("advertiser", lambda town: f"/ads/bibliotheque/{counted(town)}")),
    Shown("creator-post-promoted", _as("creator", promoted_post("/creation/publications/{post}"))),
    Shown("library-post-promoted", _as("advertiser", promoted_post("/ads/bibliotheque/{post}", several=8))),
    Shown("campaign-lived", _as("advertiser", _lived("/ads/campagnes/{mixed}"))),
    Shown("ad-off", _as("advertiser", _tree("/ads/annonces/{off}"))),
    Shown("comparison", _as("advertiser", _with(drafted, "/ads/comparaison"))),
    Shown("comparison-empty", _as("advertiser", "/ads/comparaison")),
    Shown("comparison-formats", _as("advertiser", _with(drafted, "/ads/comparaison?dialog=formats"))),
    Shown("comparison-sides", _as("advertiser", _with(drafted, "/ads/comparaison?dialog=deux-cotes"))),
    Shown("comparison-analyst", _analyst("/ads/comparaison")),
    Shown("split-test", _as("advertiser", split_page(launched))),
    Shown("split-test-draft", _as("advertiser", split_page(drafted))),
    Shown("draws", _as("advertiser", _with(lots_made, "/ads/a-booster/tirages"))),
    Shown("draws-empty", _as("advertiser", "/ads/a-booster/tirages")),
    Shown("draw-new", _as("advertiser", lots_to_choose)),
    Shown("draw-too-few-posts", _as("advertiser", "/ads/a-booster/tirages/nouveau")),
    Shown("draw-told", _as("advertiser", lot_page(lots_told))),
    Shown("draw-made", _as("advertiser", lot_page(lots_made))),
    Shown("draw-analyst", _analyst_of(lot_page(lots_told))),
    Shown("what-ads-leave", _as("advertiser", what_ads_left)),
    Shown("what-ads-leave-soon", _as("advertiser", what_ads_will_leave)),
    Shown("what-ads-leave-empty", _as("advertiser", "/ads/publications-promues")),
    Shown("scout", _as("advertiser", scouted("/ads/a-booster"))),
    Shown("scout-empty", _as("advertiser", "/ads/a-booster")),
    Shown("scout-analyst", _analyst("/ads/a-booster")),
    Shown("boost", _as("advertiser", scouted("/ads/a-booster/{usable}"))),
    Shown("boost-ask", _as("advertiser", scouted("/ads/a-booster/{other}"))),
    Shown("scout-waiting", _as("advertiser", asked_for("/ads/a-booster"))),
    Shown("post-request", _as("creator", asked_for("/creation/demandes/publications/{request}"))),
    Shown("creator-requests-asked", _as("creator", asked_for("/creation/demandes"))),
    Shown("creator-post-scouted", _as("creator", scouted("/creation/publications/{usable}"))),
    Shown("assistant", _as("advertiser", assisted("objectif"))),
    Shown("assistant-leads", _as("advertiser", assisted("objectif", objective="LEAD_GENERATION"))),
    Shown("assistant-app", _as("advertiser", assisted("objectif", objective="APP_PROMOTION"))),
    Shown("assistant-audience", _as("advertiser", assisted("audience"), _low_budget)),
    Shown("assistant-interests", _as("advertiser", assisted("audience", interests=["1001"], behaviours=["200101"]))),
    Shown("assistant-post", _as("advertiser", assisted("publication"))),
    Shown("assistant-private", _as("advertiser", assisted("publication"), choose_private)),
    Shown("assistant-import", _as("advertiser", imported("importer"))),
    Shown("assistant-video", _as("advertiser", imported("videos/{video}"))),
    Shown("assistant-standard", _as("advertiser", standard("publication"))),
    Shown("assistant-standard-ad", _as("advertiser", standard("annonce"))),
    Shown("assistant-ad", _as("advertiser", assisted("annonce"))),
    Shown("assistant-check", _as("advertiser", assisted("verifier"))),
    Shown("library", _as("advertiser", _library())),
    Shown("library-empty", _as("advertiser", "/ads/bibliotheque")),
    Shown("library-analyst", _analyst("/ads/bibliotheque")),
    Shown("library-dialog", _as("advertiser", "/ads/bibliotheque?dialog=codes")),
    Shown("library-pasted", _pasted),
    Shown("library-pasted-unmarked", _pasted_without_its_mark),
    Shown("library-accounts", _as("advertiser", _with(_accept, "/ads/bibliotheque?source=comptes"))),
    Shown("library-post", _as("advertiser", _library_post)),
    Shown("accounts", _as("advertiser", _with(_accept, "/ads/comptes"))),
    Shown("accounts-empty", _as("advertiser", "/ads/comptes")),
    Shown("ask-account", _as("advertiser", "/ads/comptes/demander")),
    Shown("account-request", _as("advertiser", "/ads/comptes/demander", _qr)),
    Shown("members", _as("advertiser", "/ads/membres")),
    Shown("members-analyst", _analyst("/ads/membres")),
    Shown("access-keys", _as("advertiser", "/ads/acces-api", _make_key)),
    Shown("events", _as("advertiser", events)),
    Shown("events-empty", _as("advertiser", "/ads/evenements")),
    Shown("events-analyst", _analyst("/ads/evenements")),
    Shown("events-export", _as("advertiser", lambda town: events(town) + "&dialog=exporter")),
    Shown("billing", _as("advertiser", billed)),
    Shown("billing-empty", _as("advertiser", "/ads/facturation")),
    Shown("billing-export", _as("advertiser", lambda town: billed(town) + "?dialog=exporter")),
    Shown("invoice", _as("advertiser", a_paper)),
    Shown("statement", _as("advertiser", stated)),
    Shown("statement-export", _as("advertiser", lambda town: stated(town) + "?dialog=exporter")),
    Shown("statement-grant", _as("advertiser", stated_grant)),
    Shown("earnings-month", _as("creator", earned_month)),
    Shown("earnings-grant", _as("creator", earned_grant)),
    Shown("earnings", _as("creator", earned)),
    Shown("earnings-asked", _as("creator", asked)),
    Shown("earnings-empty", _as("creator", "/creation/revenus")),
    Shown("finances", _as("operator", finances, _recount)),
    Shown("finances-empty", _as("operator", "/operateur/finances")),
    Shown("operator-home", _as("operator", _with(_forgot, "/operateur/"))),
    Shown("operator-home-queue", _as("operator", _queue("/operateur/"))),
    Shown("operator-review", _as("operator", _queue("/operateur/examen"))),
    Shown("operator-review-appeal", _as("operator", _queue("/operateur/examen?annonce={appealed}"))),
    Shown("operator-review-errors", _as("operator", _queue("/operateur/examen"), _refuse_without_rule)),
    Shown("operator-review-empty", _as("operator", "/operateur/examen")),
    Shown("operator-people", _as("operator", _with(_crowd, "/operateur/personnes"))),
    Shown("operator-people-link", _as("operator", _with(_crowd, "/operateur/personnes?q=lea"), _make_link)),
    Shown("operator-people-open", _as("operator", "/operateur/personnes?dialog=ouvrir")),
    Shown("operator-people-export", _as("operator", _with(_crowd, "/operateur/personnes?dialog=exporter"))),
    Shown("operator-people-none", _as("operator", "/operateur/personnes?q=nobody")),
    Shown("commands", _as("advertiser", _tree("/commandes?q=sérum"))),
    Shown("keys", _as("operator", "/clavier")),
    Shown("inbox", _as("creator", _with(_full_creator, "/boite?de=creator"))),
    Shown("inbox-viewer", _as("creator", _with(_said, "/boite"))),
    Shown("inbox-advertiser", _as("advertiser", _with(_full_creator, "/boite"), _own_box)),
    Shown("operator-reports", _as("operator", reported("/operateur/signalements"))),
    Shown("operator-reports-empty", _as("operator", "/operateur/signalements")),
    Shown("operator-post", _as("operator", reported("/operateur/publications/{post}"))),
    Shown("operator-delivery", _as("operator", "/operateur/diffusion")),
    Shown("operator-scoreboard", _as("operator", _with(_tried, "/operateur/eclaireur"))),
    Shown("operator-scoreboard-empty", _as("operator", "/operateur/eclaireur")),
    Shown("operator-delivery-stop", _as("operator", "/operateur/diffusion?dialog=publicites")),
    Shown("operator-delivery-stopped", _as("operator", _with(_all_stopped, "/operateur/diffusion"))),
    Shown("operator-accounts", _as("operator", _with(_crowd, "/operateur/comptes?sorte=login"))),
    Shown("operator-accounts-creators", _as("operator", _with(_suspended_twice, "/operateur/comptes"))),
    Shown("operator-accounts-none", _as("operator", "/operateur/comptes?q=nobody")),
    Shown("operator-account", _as("operator", _suspended_twice)),
    Shown("operator-look-ads", _looking("ines", "/ads/campagnes")),
    Shown("operator-look-creator", _looking("lea", "/creation/publications")),
    Shown("operator-look-refused", _looking("ines", "/invitation/unknown")),
    Shown("login-looked-at", _as("advertiser", _with(_looked_at, "/compte"))),
    Shown("house-settings", _as("operator", _with(_set_twice, "/operateur/reglages"))),
    Shown("house-settings-untouched", _as("operator", "/operateur/reglages")),
    Shown("host-keys", _as("operator", "/operateur/cles", _make_key)),
    Shown("journal", _as("operator", _with(_crowd, "/operateur/journal"))),
    Shown("journal-narrowed", _as("operator", _tree("/operateur/journal?objet=ad&du=2026-01-01&acteur=person"))),
    Shown("journal-tree", _as("operator", _tree("/operateur/journal"))),
    Shown("journal-none", _as("operator", _tree("/operateur/journal?objet=campaign&acte=issued"))),
    Shown("journal-export", _as("operator", _tree("/operateur/journal?dialog=exporter"))),
    Shown("why-this-ad", _anyone(why_page)),
)
