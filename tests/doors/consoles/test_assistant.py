"""A campaign in five steps: what is typed is kept, what is wrong is said where it is mended, and it is sent once."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from attise.kernel.actor import COMMAND, Actor
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations.queries import list_of_posts
from attise.management.campaigns import queries
from attise.management.campaigns.actions.draft import DRAFTS, save_draft
from attise.management.campaigns.rules.objectives import OBJECTIVES
from attise.management.library.queries import search_videos
from attise.management.pixels import actions as pixels
from attise.management.pixels.queries import list_apps
from attise.management.pixels.rules import EventDraft
from attise.management.posts.actions import hold_back
from attise.management.posts.models import Post, Unpublished
from attise.records.terms import Terms
from tests.browser.town import Town, a_clip, forget_files
from tests.campaigns import fund

pytestmark = pytest.mark.django_db
START = "/ads/creer"


@pytest.fixture(scope="module")
def settled(lasting) -> tuple[Town, Post]:
    """A brand with money, and a post that it may show."""
    town = Town(lasting, lasting.clock, has_files=False)
    post = town.a_post("Sérum C, un mois après, sans filtre")
    town.applied(town.a_code(post, days=60))
    fund(town.means, town.advertiser.id, 2_000)
    return town, post


@pytest.fixture
def town(settled, db, means, clock) -> Town:
    return settled[0].later(means, clock)


@pytest.fixture
def post(settled, town) -> Post:
    return settled[1]


def send(client, address: str, **typed):
    return client.post(address, typed)


def going_on(client, address: str, **typed) -> str:
    """Send a step and return the address of the next one."""
    answer = send(client, address, **typed)
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', answer.content.decode())
    return answer.headers["Location"]


def through(client, post, *, objective: str = "TRAFFIC", link: str = "https://shop.example/soin", **more) -> str:
    """Answer every question and return the address of the check."""
    here = going_on(client, START, objective=objective, name=more.pop("name", "Sérum C"), event=more.pop("event", ""))
    assert here.endswith("/audience")
    audience = {"country": "3017382", "gender": "GENDER_UNLIMITED", "budget": "50", "days": "7", "bid": "", **more}
    here = going_on(client, here, **audience)
    here = going_on(client, here, shown=str(post.id), spark="on")
    return going_on(client, here, call_to_action="SHOP_NOW", landing_page_url=link)


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_five_steps_make_what_was_typed_and_the_button_says_the_most_it_costs(advertiser, post, town):
    check = through(advertiser, post, ages=["AGE_25_34", "AGE_35_44"])
    page = read(advertiser, check)
    assert "Send, €50/day, €350 at most" in page
    assert "Sérum C, un mois après" in page  # in the phone beside it
    assert "Shop now" in page
    answer = send(advertiser, check)
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=1).items[0]
    assert answer.headers["Location"] == f"/ads/annonces/{ad.id}"
    group = queries.get_adgroup(town.means, advertiser_id=town.advertiser.id, adgroup_id=ad.adgroup_id)
    assert (group.budget_micros, group.targeting.age_groups) == (50_000_000, ("AGE_25_34", "AGE_35_44"))
    assert (ad.post.id, ad.call_to_action) == (post.id, "SHOP_NOW")
    assert send(advertiser, check).status_code == 404  # pressed twice: the draft is gone, nothing is made again
    assert queries.list_drafts(advertiser_id=town.advertiser.id) == []


def test_a_campaign_begun_from_a_post_has_it_chosen_and_first(advertiser, town, post):
    town.applied(town.a_code(town.a_post("A newer code"), days=60))
    page = read(advertiser, f"/ads/bibliotheque/{post.id}")
    begin = f"{START}?publication={post.id}"
    assert f'href="{begin}"' in page
    assert f'href="/ads/a-booster/{post.id}"' in page
    here = going_on(advertiser, begin, objective="TRAFFIC", name="From the library", event="")
    here = going_on(advertiser, here, country="3017382", gender="GENDER_UNLIMITED", budget="50", days="7", bid="")
    offered = advertiser.get(here).context["posts"]
    assert [row["checked"] for row in offered] == [True, *[False] * (len(offered) - 1)]
    assert offered[0]["post"].id == post.id
    assert offered[1]["title"] == "A newer code"


def test_a_campaign_begun_from_what_may_not_be_shown_has_nothing_chosen(advertiser, town):
    hidden = town.a_post("Nobody let them")
    here = going_on(advertiser, f"{START}?publication={hidden.id}", objective="TRAFFIC", name="From nowhere", event="")
    assert not any(row["checked"] for row in advertiser.get(here.replace("audience", "publication")).context["posts"])
    assert advertiser.get(f"{START}?publication=abc").status_code == 200


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (
            Terms(share_ppm=100_000, spend_cap_micros=500_000_000, currency="EUR"),
            ("10% of what the ads cost", "nothing comes on top", "Cap set by the creator", "€500"),
        ),
        (Terms(fee_micros=80_000_000, currency="EUR"), ("€80, once per advertiser", "on top of the budget, once")),
    ],
)
def test_the_last_page_tells_what_the_creator_asks_and_whether_the_budget_holds_it(advertiser, town, terms, words):
    paid = town.a_post("Paid for")
    town.applied(town.a_grant(paid, days=60, terms=terms)[1])
    page = read(advertiser, through(advertiser, paid, name="Asked"))
    for one in (*words, "Authorized until"):
        assert one in page


def test_the_most_that_is_spent_is_said_of_what_the_step_proposes_and_follows_what_is_typed(advertiser):
    here = going_on(advertiser, START, objective="TRAFFIC", name="Proposed", event="")
    assert '<p class="figure">€350</p>' in read(advertiser, here)
    kept = send(advertiser, f"{here}?act=garder", country="3017382", budget="80", days="7").content.decode()
    assert '<p class="figure">€560</p>' in kept


def test_what_is_said_after_sending_is_what_the_ads_page_says(advertiser, post):
    sent = advertiser.post(through(advertiser, post), follow=True).content.decode()
    assert "Sent. The ad is in review" in sent
    assert 'data-status="review"' in sent or "In review" in sent


def test_a_campaigns_row_tells_the_budget_of_its_one_ad_group(advertiser, post):
    send(advertiser, through(advertiser, post))
    assert "€50/day, by its ad group" in read(advertiser, "/ads/campagnes?statut=toutes")


def test_a_button_leads_somewhere_or_is_not_there(advertiser, post):
    here = through(advertiser, post, objective="REACH").replace("verifier", "annonce")
    page = send(advertiser, here, call_to_action="SHOP_NOW", landing_page_url="")
    assert page.status_code == 422
    assert "Where should the button lead?" in page.content.decode()
    page = send(advertiser, here, call_to_action="", landing_page_url="https://shop.example/soin")
    assert "Choose the button that leads to this page" in page.content.decode()
    check = going_on(advertiser, here, call_to_action="", landing_page_url="")
    assert send(advertiser, check).status_code == 302


@pytest.mark.parametrize("objective", ["VIDEO_VIEWS", "REACH", "ENGAGEMENT"])
def test_each_objective_can_be_sent(advertiser, post, town, objective):
    answer = send(advertiser, through(advertiser, post, objective=objective))
    assert answer.status_code == 302, answer.content.decode().partition('class="errors"')[2][:400]
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=1).items[0]
    campaign = queries.get_campaign(town.means, advertiser_id=town.advertiser.id, campaign_id=ad.campaign_id)
    assert campaign.objective_type == objective


def test_conversions_ask_for_the_event_that_counts(advertiser, post, town):
    refused = send(advertiser, START, objective="WEB_CONVERSIONS", name="Ventes", event="")
    assert refused.status_code == 422
    assert "Choose the event that counts as a result" in refused.content.decode()


def test_what_is_wrong_is_said_in_its_step_and_what_was_typed_stays(advertiser, post):
    here = going_on(advertiser, START, objective="TRAFFIC", name="Sérum C", event="")
    audience = {"country": "3017382", "gender": "GENDER_MALE", "days": "7"}
    refused = send(advertiser, here, **audience, budget="49,99")
    assert refused.status_code == 422
    assert "The minimum is €50 per day." in refused.content.decode()
    assert 'value="49,99"' in read(advertiser, here)  # left and come back to
    going_on(advertiser, here, **audience, budget="1 200,50")
    assert "€8,403.50" in read(advertiser, here)
    refused = send(
        advertiser, here.replace("audience", "annonce"), call_to_action="SHOP_NOW", landing_page_url="http://a"
    )
    assert refused.status_code == 422
    check = read(advertiser, here.replace("audience", "verifier"))
    assert "Still to complete:" in check
    assert "disabled" in check.partition("Nothing is spent before")[2]


def test_a_field_that_is_left_is_kept_without_being_asked_anything(advertiser, town):
    here = going_on(advertiser, START, objective="TRAFFIC", name="Sérum C", event="")
    answer = advertiser.post(
        f"{here}?act=garder", {"budget": "12", "country": "3017382"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "error" not in answer.content.decode()
    elsewhere = f"{here.replace('audience', 'annonce')}?act=garder"
    answer = advertiser.post(elsewhere, {"landing_page_url": "nowhere"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    (draft,) = queries.list_drafts(advertiser_id=town.advertiser.id)
    assert draft.body["budget"] == "12"
    assert "Sérum C" in read(advertiser, START)
    assert send(advertiser, f"{START}/{draft.id}/supprimer").status_code == 302
    assert queries.list_drafts(advertiser_id=town.advertiser.id) == []


def test_what_is_sent_is_what_the_page_showed(advertiser, post, town, clock):
    def seen() -> str:
        return re.search(r'name="seen" value="([0-9]+)"', read(advertiser, check))[1]

    check = through(advertiser, post)
    shown = seen()
    clock.advance(seconds=5)
    advertiser.post(f"{check.replace('verifier', 'audience')}?act=garder", {"budget": "5000"})  # in another tab
    refused = send(advertiser, check, seen=shown)
    assert refused.status_code == 422
    assert "was changed meanwhile" in refused.content.decode()
    assert "Send, €5,000/day" in refused.content.decode()
    assert queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=1).items == []
    assert send(advertiser, check, seen=seen()).status_code == 302


def test_what_nobody_can_type_is_not_kept(advertiser, town):
    here = going_on(advertiser, START, objective="TRAFFIC", name="Sérum C", event="")
    kept = {"budget": "5\x000", "ages": ["\x00", "AGE_25_34\x00"], "bid": "9" * 5_000}
    assert advertiser.post(f"{here}?act=garder", kept).status_code == 200
    (draft,) = queries.list_drafts(advertiser_id=town.advertiser.id)
    assert (draft.body["budget"], draft.body["ages"], len(draft.body["bid"])) == ("50", ["", "AGE_25_34"], 2_048)
    read(advertiser, here)
    read(advertiser, here.replace("audience", "verifier"))


def test_a_post_that_cannot_be_shown_is_told_with_why_and_is_not_sent(advertiser, post, town):
    check = through(advertiser, post)
    town.revoke(list_of_posts(town.means, post_ids=[post.id])[post.id][0])
    page = read(advertiser, check)
    assert "cannot be used any more" in page
    assert send(advertiser, check).status_code == 422
    assert "Not available" in read(advertiser, check.replace("verifier", "publication"))


def test_a_code_goes_before_access_to_the_whole_account(advertiser, post, town):
    grant = list_of_posts(town.means, post_ids=[post.id])[post.id][0]
    _, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.center.id, permissions=["existing_posts"]
    )
    authorizations.accept_access(town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret)
    check = through(advertiser, post)
    assert send(advertiser, check).status_code == 302
    town.revoke(grant)  # what the creator takes back ends what was made by it
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=1).items[0]
    assert "auth_code_revoked" in [one.code for one in ad.blockers]
    following = through(advertiser, post, name="Suite").replace("verifier", "publication")
    assert f'id="shown_{post.id}"' in read(advertiser, following)


def test_a_post_of_an_account_that_is_open_to_the_business_center_is_sent_without_a_code(advertiser, town):
    _, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.center.id, permissions=["existing_posts"]
    )
    authorizations.accept_access(town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret)
    check = through(advertiser, town.a_post("Sans code"))
    answer = send(advertiser, check)
    assert answer.status_code == 302, answer.content.decode().partition('class="errors"')[2][:400]
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=1).items[0]
    assert (ad.identity_type, ad.business_center_id) == ("BC_AUTH_TT", town.center.id)


def test_what_the_rooms_refuse_leads_to_the_step_where_it_is_mended(advertiser, post, town):
    assert send(advertiser, through(advertiser, post, name="Sérum C")).status_code == 302
    check = through(advertiser, post, name="Sérum C")
    refused = send(advertiser, check)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Another campaign of this advertiser has this name." in page
    assert check.replace("verifier", "objectif") in page


def test_drafts_are_few_and_another_brands_are_nobodys(advertiser, town, means):
    for number in range(DRAFTS + 3):
        save_draft(means, advertiser_id=town.advertiser.id, body={"name": str(number)})
    names = [one.body["name"] for one in queries.list_drafts(advertiser_id=town.advertiser.id)]
    assert names == [str(number) for number in reversed(range(3, DRAFTS + 3))]
    other = save_draft(means, advertiser_id=town.a_rival().id, body={"name": "Rival"})
    assert advertiser.get(f"{START}/{other.id}/audience").status_code == 404


def test_what_nobody_can_type_is_not_looked_for(advertiser, post):
    assert "\x00" not in read(advertiser, "/ads/bibliotheque?q=S%00")


def a_lead_pixel(town):
    pixel = pixels.create_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, name="Boutique")
    drafts = [EventDraft(name=kind, event_type=kind) for kind in ("FORM", "SHOPPING")]
    mine = {"advertiser_id": town.advertiser.id, "pixel_id": pixel.id}
    pixels.create_events(town.means, COMMAND, drafts=drafts, **mine)
    return pixel


def sent_ad(client, check: str, town):
    answer = send(client, check)
    assert answer.status_code == 302, answer.content.decode().partition('class="errors"')[2][:600]
    return queries.page_ads(town.means, advertiser_id=town.advertiser.id, limit=1).items[0]


def group_of(ad, town):
    return queries.get_adgroup(town.means, advertiser_id=town.advertiser.id, adgroup_id=ad.adgroup_id)


EVERY = [(objective, goal.name) for objective, one in OBJECTIVES.items() for goal in one.goals]


@pytest.mark.parametrize(("objective", "goal"), EVERY)
def test_every_objective_ends_in_an_ad_with_each_of_its_goals(advertiser, post, town, objective, goal):
    pixel = a_lead_pixel(town)
    named = {f"goal_{objective.lower()}": goal, "app_link": "https://apps.apple.com/fr/app/soin/id123456789"}
    start = going_on(
        advertiser, START, objective=objective, name="Sérum C", event=f"{pixel.id}:SHOPPING", app_event="FORM", **named
    )
    here = going_on(advertiser, start, country="3017382", gender="GENDER_UNLIMITED", budget="50", days="7", bid="2")
    here = going_on(advertiser, here, shown=str(post.id), spark="on")
    check = going_on(advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example/soin")
    ad = sent_ad(advertiser, check, town)
    group, rule = group_of(ad, town), next(one for one in OBJECTIVES[objective].goals if one.name == goal)
    assert (group.optimization_goal, group.billing_event) == (goal, rule.billing)
    assert [group.bid_micros, group.conversion_bid_micros][rule.billing == "OCPM"] == 2_000_000
    if objective == "APP_PROMOTION":
        (app,) = list_apps(town.advertiser.id)
        assert (group.promotion_type, group.app_id) == ("APP_IOS", app.id)
        assert (group.targeting.operating_systems, ad.landing_page_url) == (("IOS",), "")
        assert group.optimization_event == ("FORM" if goal == "IN_APP_EVENT" else "")
    elif objective == "LEAD_GENERATION" or rule.needs_event:
        event = "FORM" if goal == "LEAD_GENERATION" else "SHOPPING"
        assert (group.pixel_id, group.optimization_event) == (pixel.id, event)


def test_leads_ask_for_the_pixel_that_tells_of_them(advertiser):
    refused = send(advertiser, START, objective="LEAD_GENERATION", name="Devis", event="")
    assert refused.status_code == 422
    assert "Leads need a pixel that tells of forms" in refused.content.decode()


def test_an_app_is_chosen_or_registered_by_its_page_once(advertiser, town):
    asked = {"objective": "APP_PROMOTION", "name": "App", "goal_app_promotion": "INSTALL"}
    assert "Choose the app, or paste" in send(advertiser, START, **asked).content.decode()
    refused = send(advertiser, START, **asked, app_link="https://shop.example/app")
    assert refused.status_code == 422
    assert 'id="id_app_link_error"' in refused.content.decode()
    assert list_apps(town.advertiser.id) == []
    for _time in range(2):
        link = "https://play.google.com/store/apps/details?id=fr.aubree.soin"
        here = going_on(advertiser, START, **asked, app_link=link)
        assert here.endswith("/audience")
    (app,) = list_apps(town.advertiser.id)
    assert {one.body["app"] for one in queries.list_drafts(advertiser_id=town.advertiser.id)} == {str(app.id)}
    assert 'name="system"' not in read(advertiser, here)  # the app's own


def own_post(town, **fields):
    authorizations.link_own_account(town.means, COMMAND, advertiser_id=town.advertiser.id, creator_id=town.creator.id)
    return town.a_post("L’atelier, un matin", **fields)


def up_to_the_post(client) -> str:
    here = going_on(client, START, objective="TRAFFIC", name="Atelier", event="")
    return going_on(client, here, country="3017382", gender="GENDER_UNLIMITED", budget="50", days="7", bid="")


@pytest.mark.parametrize(
    ("typed", "visibility", "ads_only", "words"),
    [
        ({}, "public", False, "it becomes public when you send"),
        ({"ads_only": "on"}, "private", True, "Only shown in ads"),
    ],
)
def test_a_private_post_of_ones_own_is_opened_by_the_launch_and_not_before(
    advertiser, town, post, typed, visibility, ads_only, words
):
    private = own_post(town, visibility="private")
    here = up_to_the_post(advertiser)
    page = read(advertiser, here)
    assert "This video becomes public" in page
    assert re.search(rf'id="shown_{private.id}"[^>]* data-private', page)
    here = going_on(advertiser, here, shown=str(private.id), spark="on", **typed)
    check = going_on(advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example")
    assert words in read(advertiser, check)
    assert Post.objects.get(id=private.id).visibility == "private"  # nothing is opened yet
    ad = sent_ad(advertiser, check, town)
    after = Post.objects.get(id=private.id)
    assert (after.visibility, after.ads_only, ad.post.id) == (visibility, ads_only, private.id)
    assert ad.identity_type == "TT_USER"


def test_a_launch_that_is_refused_leaves_a_private_post_private(advertiser, town, post):
    send(advertiser, through(advertiser, post, name="Atelier"))
    private = own_post(town, visibility="private")
    here = going_on(advertiser, up_to_the_post(advertiser), shown=str(private.id), spark="on")
    check = going_on(advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example")
    assert send(advertiser, check).status_code == 422  # the name is taken
    assert Post.objects.get(id=private.id).visibility == "private"


def test_a_private_post_of_somebody_elses_account_is_not_to_be_used(advertiser, town, post):
    _, secret = authorizations.request_access(
        town.means, COMMAND, business_center_id=town.center.id, permissions=["existing_posts"]
    )
    authorizations.accept_access(town.means, Actor("person", town.lea.id), creator_id=town.creator.id, secret=secret)
    private = town.a_post("Brouillon", visibility="private")
    here = up_to_the_post(advertiser)
    assert f'id="shown_{private.id}"' not in read(advertiser, here)
    here = going_on(advertiser, here, shown=str(private.id), spark="on")
    check = going_on(advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example")
    assert "cannot be used any more" in read(advertiser, check)
    assert send(advertiser, check).status_code == 422


@pytest.fixture
def _files():
    """Chance is seeded: what one test stores lies where the next one would store it."""
    forget_files()
    yield
    forget_files()


def imported(client, here: str) -> str:
    """Send a video by the plain form and return the page where it waits."""
    with a_clip().open("rb") as file:
        return going_on(client, here.replace("publication", "importer"), file=file)


@pytest.mark.usefixtures("_files")
def test_an_imported_video_is_used_in_a_standard_ad_under_the_brands_name(advertiser, town, post):
    here = up_to_the_post(advertiser)
    waits = imported(advertiser, here)
    page = read(advertiser, waits)
    assert "Use this video" in page
    assert "Edit the video" in page
    assert "Your video is being looked over" in page
    assert "Sent and not used yet" in read(advertiser, here)
    assert going_on(advertiser, waits) == here  # in the library, and chosen
    page = read(advertiser, here)
    (video,) = search_videos(town.advertiser.id).items
    assert re.search(rf'id="shown_{video.video_id}" checked', page)
    assert Unpublished.objects.count() == 0
    assert going_on(advertiser, waits) == here  # used twice: once
    assert search_videos(town.advertiser.id).total == 1
    here = going_on(advertiser, here, shown=video.video_id)  # the switch is off
    refused = send(advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example", ad_text="")
    assert refused.status_code == 422
    words = {"ad_text": "Une crème, un mois.", "display_name": "Aubrée"}
    check = going_on(advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example", **words)
    assert "As a standard ad, under your name" in read(advertiser, check)
    ad = sent_ad(advertiser, check, town)
    assert (ad.kind, ad.identity_type, ad.display_name, ad.ad_text) == (
        "standard",
        "CUSTOMIZED_USER",
        "Aubrée",
        "Une crème, un mois.",
    )
    assert ad.video_id == video.video_id


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("dark", [{"dark": "on"}, {}])
def test_an_imported_video_is_published_on_ones_own_account_for_ads_alone_or_for_all(advertiser, town, post, dark):
    own_post(town)
    here = up_to_the_post(advertiser)
    going_on(advertiser, imported(advertiser, here))
    video = search_videos(town.advertiser.id).items[0]
    account = re.search(r'<option value="([^"]+)"[^>]*>@lea.peau', read(advertiser, here))[1]
    here = going_on(advertiser, here, shown=video.video_id, spark="on", account=account, **dark)
    check = going_on(
        advertiser, here, call_to_action="LEARN_MORE", landing_page_url="https://shop.example", ad_text="Bientôt"
    )
    ad = sent_ad(advertiser, check, town)
    assert (ad.kind, ad.identity_type, ad.dark_post) == ("push", "TT_USER", bool(dark))


@pytest.mark.usefixtures("_files")
def test_what_is_no_video_is_refused_where_it_is_sent(advertiser, town, post, tmp_path):
    here = up_to_the_post(advertiser)
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"no video at all")
    with wrong.open("rb") as file:
        refused = send(advertiser, here.replace("publication", "importer"), file=file)
    assert refused.status_code == 422
    assert 'id="file_error"' in refused.content.decode()
    assert send(advertiser, here.replace("publication", "importer")).status_code == 422


@pytest.mark.usefixtures("_files")
def test_a_video_that_waits_is_its_advertisers_alone(advertiser, creator, town, post):
    draft = here = up_to_the_post(advertiser)
    waits = imported(advertiser, here)
    unpublished_id = int(waits.rpartition("/")[2])
    other = hold_back(town.means, house=settings.HOUSE, advertiser_id=town.a_rival().id, upload=a_clip(), typed={})
    for page in ("", "/montage", "/conseils"):
        address = f"{draft.rpartition('/')[0]}/videos/{other.id}{page}"
        answer = advertiser.get(address)
        assert answer.status_code == (302 if not page else 404)
    foreign = f"{draft.rpartition('/')[0]}/videos/{other.id}/montage"
    assert send(advertiser, foreign, to_s="1").status_code == 404
    assert send(advertiser, f"{waits}/montage", to_s="0").status_code == 422
    assert send(advertiser, f"{waits}/montage", to_s="1").headers["Location"] == waits
    assert [one.edits and one.edits["to_ms"] for one in Unpublished.objects.order_by("id")] == [1_000, None]
    assert send(advertiser, f"{waits}/montage", act="original").headers["Location"] == waits
    assert not Unpublished.objects.exclude(edits=None).exists()
    assert creator.get(f"/creation/publier/{unpublished_id}").status_code == 302  # as of one that is not there
    assert creator.get(f"/creation/publier/{unpublished_id}/conseils").status_code == 404
    assert send(advertiser, waits, act="jeter").status_code == 302
    assert [one.id for one in Unpublished.objects.all()] == [other.id]
