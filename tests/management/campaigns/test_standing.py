"""Where ads and ad groups stand, by their rows and by what happened to what they depend on."""

import pytest

from attise.kernel.limits import DAY_MS
from attise.management.authorizations import actions as grants
from attise.management.authorizations.coverage import Use, covers_of
from attise.management.authorizations.rules import State
from attise.management.campaigns import standing, status
from attise.management.campaigns.models import Ad, AdGroup
from attise.management.campaigns.standing import Spent
from attise.management.posts.models import Post
from attise.records.terms import Terms
from tests.builders import a_business_center, a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_code, a_group_of, a_spark_ad, an_ad

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand(means):
    return an_advertiser(means)


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


def ads(*rows):
    wanted = Ad.objects.select_related("adgroup__campaign", "advertiser", "creator", "custom_identity")
    return list(wanted.filter(id__in=[row.id for row in rows]))


def status_of(means, row, spent=None):
    return standing.of_ads(means, ads(row), spent or Spent())[row.id].status


def group_status(means, row, spent=None):
    rows = list(AdGroup.objects.select_related("campaign", "advertiser").filter(id=row.id))
    return status.adgroup_status(standing.of_adgroups(means, rows, spent or Spent())[row.id])


def test_a_revoked_grant_and_a_deleted_post_are_seen_at_once(means, brand, post):
    ad = a_spark_ad(means, a_group_of(means, brand), post)
    assert status_of(means, ad) == "AD_STATUS_DELIVERY_OK"
    Post.objects.filter(id=post.id).update(visibility="private")
    assert status_of(means, ad) == "AD_STATUS_ASSET_AUTHORIZATION_LOST"
    Post.objects.filter(id=post.id).update(visibility="public", state="processing")
    assert status_of(means, ad) == "AD_STATUS_AUDIT"
    Post.objects.filter(id=post.id).update(state="live")
    (grant,) = covers_of(means, [Use(brand.id, ad.identity_id, post.id)]).values()
    grants.revoke(means, HOST, creator_id=post.creator_id, authorization_id=grant.authorization_id, when="now")
    assert status_of(means, ad) == "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED"


def test_a_new_code_of_the_same_post_revives_the_ad(means, clock, brand, post):
    ad = a_spark_ad(means, a_group_of(means, brand), post)
    clock.advance(days=30)
    assert status_of(means, ad) == "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED"
    assert a_code(means, post, brand) == ad.identity_id
    assert status_of(means, ad) == "AD_STATUS_DELIVERY_OK"


def test_of_several_grants_the_newest_that_lives_counts(means, clock, brand, post):
    identity = a_code(means, post, brand, days=365, terms=Terms(countries=("FR",)))
    a_code(means, post, brand, days=7, terms=Terms(countries=("BE",)))
    use = Use(brand.id, identity, post.id)
    assert covers_of(means, [use])[use].terms.countries == ("BE",)
    clock.advance(days=7)
    assert covers_of(means, [use])[use].terms.countries == ("FR",)
    clock.advance(days=358)
    last = covers_of(means, [use])[use]
    assert (last.state, last.is_live, last.terms.countries) == (State.EXPIRED, False, ("BE",))


def test_a_grant_of_a_post_opens_no_other_post_and_no_other_advertiser(means, brand, post):
    identity = a_code(means, post, brand)
    other_post = a_post(means, post.creator)
    rival = an_advertiser(means, "Rivage")
    uses = [Use(brand.id, identity, other_post.id), Use(brand.id, identity, None), Use(rival.id, identity, post.id)]
    assert covers_of(means, uses) == {}


def test_an_account_covers_all_its_posts_until_it_is_taken_back(means, post):
    center = a_business_center(means)
    brand = an_advertiser(means, center=center)
    _, secret = grants.request_access(means, HOST, business_center_id=center.id, permissions=["existing_posts"])
    grants.accept_access(means, HOST, creator_id=post.creator_id, secret=secret)
    from attise.management.authorizations import queries

    (identity,) = queries.list_identities(means, advertiser_id=brand.id).items
    ad = an_ad(
        means,
        a_group_of(means, brand),
        identity_type="BC_AUTH_TT",
        identity_id=identity.identity_id,
        creator_id=post.creator_id,
        post=post,
    )
    assert status_of(means, ad) == "AD_STATUS_DELIVERY_OK"
    grants.unassign_account(
        means, HOST, business_center_id=center.id, advertiser_id=brand.id, creator_id=post.creator_id
    )
    assert status_of(means, ad) == "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED"


def test_money_and_switches_are_seen_in_their_order(means, brand, post):
    group = a_group_of(means, brand)
    ad = a_spark_ad(means, group, post)
    spent = Spent(frozenset({brand.id}), frozenset({group.id, group.campaign_id}))
    assert status_of(means, ad, spent) == "AD_STATUS_BALANCE_EXCEED"
    assert status_of(means, ad, Spent(budgets=spent.budgets)) == "AD_STATUS_CAMPAIGN_EXCEED"
    assert status_of(means, ad, Spent(budgets=frozenset({group.id}))) == "AD_STATUS_BUDGET_EXCEED"
    AdGroup.objects.filter(id=group.id).update(operation_status="DISABLE")
    assert status_of(means, ad, spent) == "AD_STATUS_ADGROUP_DISABLE"
    assert group_status(means, group, spent) == "ADGROUP_STATUS_DISABLE"


def test_an_ad_group_is_what_its_ads_are_together(means, brand, post):
    group = a_group_of(means, brand)
    assert group_status(means, group) == "ADGROUP_STATUS_CREATE"
    first = a_spark_ad(means, group, post, review="rejected")
    assert group_status(means, group) == "ADGROUP_STATUS_AUDIT_DENY"
    second = a_spark_ad(means, group, post, review="pending")
    assert group_status(means, group) == "ADGROUP_STATUS_AUDIT"
    Ad.objects.filter(id=second.id).update(reviewed_before=True)
    assert group_status(means, group) == "ADGROUP_STATUS_REAUDIT"
    Ad.objects.filter(id=second.id).update(review="approved")
    assert group_status(means, group) == "ADGROUP_STATUS_DELIVERY_OK"
    Post.objects.filter(id=post.id).update(state="deleted")
    assert group_status(means, group) == "ADGROUP_STATUS_ASSET_AUTHORIZATION_LOST"
    Ad.objects.filter(id__in=[first.id, second.id]).update(deleted_at_ms=means.clock.world_ms())
    assert group_status(means, group) == "ADGROUP_STATUS_CREATE"
    AdGroup.objects.filter(id=group.id).update(ends_at_ms=means.clock.world_ms() + DAY_MS)
    means.clock.advance(days=1)
    assert group_status(means, group) == "ADGROUP_STATUS_TIME_DONE"


def test_a_thousand_ads_cost_as_many_queries_as_one(means, brand, post, django_assert_num_queries):
    group = a_group_of(means, brand)
    rows = [a_spark_ad(means, group, post)]
    rows += [
        an_ad(means, group, identity_id=rows[0].identity_id, creator_id=post.creator_id, post=post) for _ in range(30)
    ]
    loaded = ads(*rows)
    with django_assert_num_queries(2):
        found = standing.of_ads(means, loaded, Spent())
    assert {one.status for one in found.values()} == {"AD_STATUS_DELIVERY_OK"}
