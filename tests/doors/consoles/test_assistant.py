"""A campaign in five steps: what is typed is kept, what is wrong is said where it is mended, and it is sent once."""

from __future__ import annotations

import re

import pytest

from attise.kernel.actor import Actor
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations.queries import list_of_posts
from attise.management.campaigns import queries
from attise.management.campaigns.actions.draft import DRAFTS, save_draft
from attise.management.posts.models import Post
from tests.browser.town import COMMAND, Town
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
    here = going_on(client, here, post_id=str(post.id))
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
    answer = advertiser.post(f"{here}?act=garder", {"budget": "12"}, headers={"HX-Request": "true"})
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
    assert advertiser.post(f"{here}?act=garder", kept).status_code == 204
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
    assert f'id="post_id_{post.id}"' in read(advertiser, following)


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
