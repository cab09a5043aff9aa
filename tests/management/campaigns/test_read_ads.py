"""Ads are listed by what columns and statuses tell, for their advertisers, creators and reviewers, in few queries."""

import pytest

from attise.ledger import actions as ledger
from attise.management.authorizations import actions as grants
from attise.management.authorizations.coverage import Use, covers_of
from attise.management.campaigns import queries
from attise.management.campaigns.actions import switch_ads, update_ads
from attise.management.campaigns.actions.update_ads import AdEdit
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.campaigns.queries import AdWish
from attise.management.campaigns.status import StatusWish
from attise.management.outbox.actions import unit
from attise.records.charge import Charge
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_campaign, an_ad, an_adgroup
from tests.management.campaigns.asked import group_draft, make_campaign
from tests.management.campaigns.town import TOKEN, Town

pytestmark = pytest.mark.django_db
EURO = 1_000_000


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


def ids(town, **wish):
    page = queries.list_ads(town.means, advertiser_id=town.brand.id, wish=AdWish(**wish), page_size=100)
    assert page.total == len(page.items)
    return [view.id for view in page.items]


def by_status(town, primary=None, secondary=None):
    return ids(town, status=StatusWish(primary, secondary))


def test_a_list_is_newest_first_with_an_exact_total(town):
    made = town.make(*[town.spark()] * 7)
    page = queries.list_ads(town.means, advertiser_id=town.brand.id, page=2, page_size=3)
    assert [view.id for view in page.items] == [made[3].id, made[2].id, made[1].id]
    assert (page.total, page.pages) == (7, 3)
    beyond = queries.list_ads(town.means, advertiser_id=town.brand.id, page=9, page_size=3)
    assert (beyond.items, beyond.total) == ([], 7)


def test_filters_hold_together(town, means, clock):
    campaign = a_campaign(means, town.brand, objective_type="REACH")
    reach = an_adgroup(means, campaign, optimization_goal="REACH")
    first = town.ad(town.spark(name="Hiver rouge"))
    clock.advance(seconds=60)
    (second,) = town.make(town.spark(name="Hiver bleu", call_to_action="", landing_page_url=""), group=reach)
    assert ids(town) == [second.id, first.id]
    assert ids(town, name="hiver") == [second.id, first.id]
    assert ids(town, name="BLEU") == [second.id]
    assert ids(town, name="\0") == []
    assert ids(town, adgroup_ids=[reach.id]) == [second.id]
    assert ids(town, campaign_ids=[town.group.campaign_id]) == [first.id]
    assert ids(town, ad_ids=[first.id, 12]) == [first.id]
    assert ids(town, ad_ids=[]) == []
    assert ids(town, objective_type="REACH") == [second.id]
    assert ids(town, optimization_goal="CLICK") == [first.id]
    assert ids(town, created_from_ms=second.created_at_ms) == [second.id]
    assert ids(town, created_to_ms=first.created_at_ms) == [first.id]
    clock.advance(seconds=60)
    edit = AdEdit(first.id, fields={"name": "Été"})
    update_ads(means, TOKEN, house=town.sandbox, advertiser_id=town.brand.id, adgroup_id=town.group.id, edits=[edit])
    assert ids(town, modified_after_ms=second.modified_at_ms) == [first.id]


def test_what_was_deleted_at_any_level_is_asked_for_by_name(town, means):
    alive, gone = town.make(town.spark(), town.spark())
    switch_ads(means, TOKEN, advertiser_id=town.brand.id, ad_ids=[gone.id], to="DELETE")
    dead = an_ad(means, an_adgroup(means, a_campaign(means, town.brand, deleted_at_ms=1)))
    stale = an_ad(means, an_adgroup(means, a_campaign(means, town.brand), deleted_at_ms=1))
    everything = [stale.id, dead.id, gone.id, alive.id]
    assert by_status(town) == [alive.id]
    assert by_status(town, "STATUS_DELETE") == everything[:3]
    assert by_status(town, "STATUS_ALL") == everything
    assert by_status(town, "STATUS_NOT_DELETE", "AD_STATUS_ALL") == everything
    assert by_status(town, None, "AD_STATUS_CAMPAIGN_DELETE") == [dead.id]
    assert by_status(town, None, "AD_STATUS_ADGROUP_DELETE") == [stale.id]
    assert by_status(town, None, "AD_STATUS_DELETE") == [gone.id]


def test_derived_statuses_can_be_asked_for(town, means):
    runs, off = town.make(town.spark(), town.spark(operation_status="DISABLE"))
    waits = town.ad(house=town.live)
    lost_post = a_post(means, town.lea)
    lost = town.ad(town.spark(**town.by_code(lost_post)))
    lost_post.state = "deleted"
    lost_post.save()
    assert by_status(town, "STATUS_DELIVERY_OK") == [runs.id]
    assert by_status(town, "STATUS_DISABLE") == [off.id]
    assert by_status(town, "STATUS_NOT_DELIVERY") == [lost.id, waits.id]
    assert by_status(town, None, "AD_STATUS_AUDIT") == [waits.id]
    assert by_status(town, "STATUS_NOT_DELETE", "AD_STATUS_ASSET_AUTHORIZATION_LOST") == [lost.id]
    page = queries.page_ads(
        means, advertiser_id=town.brand.id, wish=AdWish(status=StatusWish("STATUS_NOT_DELIVERY")), limit=1
    )
    assert ([view.id for view in page.items], page.after) == ([lost.id], lost.id)


def test_an_ad_of_another_advertiser_is_not_there(town, means):
    ad = town.ad()
    rival = an_advertiser(means, "Rivale")
    assert queries.get_ads(means, advertiser_id=rival.id, ad_ids=[ad.id]) == []
    assert queries.list_ads(means, advertiser_id=rival.id, wish=AdWish(ad_ids=[ad.id])).items == []
    assert queries.page_ads(means, advertiser_id=rival.id).items == []


def test_a_creator_sees_every_ad_on_their_posts_and_nobody_elses(town, means):
    own = town.ad()
    other_lea = a_creator(means, "noe.teste")
    noe = a_post(means, other_lea)
    foreign = town.ad(town.spark(**town.by_code(noe)))
    switch_ads(means, TOKEN, advertiser_id=town.brand.id, ad_ids=[own.id], to="DELETE")

    def seen(creator, **wish):
        return [view.id for view in queries.page_ads_of_creator(means, creator_id=creator.id, **wish).items]

    assert (seen(town.lea), seen(other_lea)) == ([own.id], [foreign.id])
    assert seen(other_lea, post_id=noe.id) == [foreign.id]
    assert seen(other_lea, post_id=town.post.id) == []


def test_a_creator_finds_the_ads_that_wait_for_their_word(town, means):
    asked = town.ad(town.spark(**town.by_code(a_post(means, town.lea), terms=Terms(approve_each_ad=True))))
    free = town.ad()

    def waiting():
        page = queries.page_ads_of_creator(means, creator_id=town.lea.id, awaiting_word=True)
        return [view.id for view in page.items]

    assert waiting() == [asked.id]
    grants.change_terms(
        means,
        HOST,
        creator_id=town.lea.id,
        authorization_id=free.authorization_id,
        terms=Terms(approve_each_ad=True),
    )
    assert waiting() == [free.id, asked.id]


def test_an_ad_waits_from_when_a_person_is_asked_and_a_change_keeps_its_place(town, means, clock):
    def queue(**page):
        return queries.page_ads_to_review(means, **page)

    first, second, third = town.make(town.spark(), town.spark(), town.spark(), house=town.live)
    town.approve(first)
    clock.advance(seconds=60)
    for ad in (first, second):
        edit = AdEdit(ad.id, fields={"landing_page_url": "https://www.example.org/autre"})
        call = {"house": town.live, "advertiser_id": town.brand.id, "adgroup_id": ad.adgroup_id}
        update_ads(means, TOKEN, edits=[edit], **call)
    assert [view.id for view in queue().items] == [second.id, third.id, first.id]
    ages = [means.clock.world_ms() - view.review_asked_at_ms for view in queue().items]
    assert ages == [60_000, 60_000, 0]
    page = queue(limit=2)
    assert [view.id for view in queue(after=page.after).items] == [first.id]


def test_the_queue_holds_what_waits_oldest_first(town, means):
    made = town.make(town.spark(), town.spark(), town.spark(), house=town.live)
    town.approve(made[1])
    switch_ads(means, TOKEN, advertiser_id=town.brand.id, ad_ids=[made[2].id], to="DELETE")
    page = queries.page_ads_to_review(means)
    assert ([view.id for view in page.items], page.after) == ([made[0].id], None)
    assert queries.count_ads_to_review() == (1, town.again(made[0]).review_asked_at_ms)
    assert queries.find_ad_of_house(means, ad_id=made[2].id).is_deleted
    assert queries.find_ad_of_house(means, ad_id=12) is None


# Money ----------------------------------------------------------------------------------------------------------------


def charge(means, euros, *envelopes):
    asked = Charge(
        key=f"event:{means.ids.next()}",
        envelopes=tuple(envelopes),
        amount_micros=euros * EURO,
        legs=(("house:revenue", euros * EURO),),
        decided_at_ms=means.clock.world_ms(),
        received_at_ms=means.clock.wire_ms(),
    )
    with unit(means):
        assert ledger.charge(means, asked, currency="EUR").outcome == "charged"


def codes(town, ad):
    view = town.again(ad)
    return view.secondary_status, [found.code for found in view.blockers]


def test_money_that_is_gone_is_told_where_it_is_gone(town, means):
    from attise.management.campaigns.actions import create_adgroup

    campaign = make_campaign(means, town.brand, budget_micros=100 * EURO)
    group = create_adgroup(
        means, TOKEN, advertiser_id=town.brand.id, campaign_id=campaign.id, draft=group_draft(budget_micros=50 * EURO)
    )
    (ad,) = town.make(town.spark(), group=AdGroup.objects.get(id=group.id))
    assert codes(town, ad) == ("AD_STATUS_DELIVERY_OK", [])
    charge(means, 50, campaign.envelope_id, group.envelope_id)
    assert codes(town, ad) == ("AD_STATUS_BUDGET_EXCEED", ["adgroup_budget_spent"])
    charge(means, 50, campaign.envelope_id)
    assert codes(town, ad) == ("AD_STATUS_CAMPAIGN_EXCEED", ["campaign_budget_spent", "adgroup_budget_spent"])
    means.clock.advance(days=1)
    assert codes(town, ad) == ("AD_STATUS_DELIVERY_OK", [])
    envelope_id = Campaign.objects.values_list("envelope_id", flat=True).get(id=campaign.id)
    for _ in range(9):
        charge(means, 100, envelope_id)
        means.clock.advance(days=1)
    assert codes(town, ad) == ("AD_STATUS_BALANCE_EXCEED", ["balance_empty"])


def test_a_cap_of_the_terms_is_spent(town, means):
    ad = town.ad(town.spark(**town.by_code(terms=Terms(spend_cap_micros=10 * EURO, currency="EUR"))))
    use = Use(town.brand.id, ad.identity_id, ad.post.id)
    assert codes(town, ad) == ("AD_STATUS_DELIVERY_OK", [])
    charge(means, 10, covers_of(means, [use])[use].envelope_id)
    assert codes(town, ad) == ("AD_STATUS_BUDGET_EXCEED", ["terms_cap_spent"])


# Cost -----------------------------------------------------------------------------------------------------------------


def test_a_page_of_any_length_costs_the_same_queries(town, means, django_assert_num_queries):
    first = town.ad(town.spark(**town.by_code(terms=Terms(spend_cap_micros=10 * EURO, currency="EUR"))))
    town.ad(town.upload())
    for _ in range(60):
        an_ad(means, town.group, identity_id=first.identity_id, creator=town.lea, post=town.post)
    with django_assert_num_queries(8):
        page = queries.list_ads(means, advertiser_id=town.brand.id, page_size=1000)
    assert page.total == len(page.items) == 62
    with django_assert_num_queries(7):
        queries.list_ads(
            means, advertiser_id=town.brand.id, wish=AdWish(status=StatusWish("STATUS_DISABLE")), page_size=1000
        )
    assert Ad.objects.count() == 62
