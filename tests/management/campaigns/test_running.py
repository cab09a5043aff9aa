"""A creator is told what runs on each of their grants, and until when, before they end one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.kernel.limits import DAY_MS
from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization
from attise.management.campaigns.actions import switch_ads
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.campaigns.queries import end_of_ads_on, running_on_creator
from tests.builders import a_creator
from tests.management.campaigns.town import HOST, TOKEN, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


@pytest.fixture
def ad(town):
    """An ad that runs, on a code of sixty days, of an ad group without an end."""
    return town.ad(town.spark(**town.by_code(days=60)))


def running(town):
    return running_on_creator(town.means, creator_id=town.lea.id)


def until(town, days: int, **which) -> int:
    """End the ad group in so many days."""
    end = town.means.clock.world_ms() + days * DAY_MS
    AdGroup.objects.update(ends_at_ms=end, **which)
    return end


def test_the_last_end_counts_and_ads_are_counted(town, ad):
    near = until(town, 3)
    (found,) = running(town).values()
    assert (found.ads, found.ends_at_ms) == (1, near)
    grant = Authorization.objects.get()
    assert end_of_ads_on(town.means, creator_id=town.lea.id, authorization_id=grant.id) == near
    town.ad(town.spark(identity_type="AUTH_CODE", identity_id=ad.identity_id, post_id=ad.post.id))
    assert running(town)[grant.id].ads == 2


def test_without_an_end_it_is_thirty_days(town, ad):
    (found,) = running(town).values()
    assert found.ends_at_ms == town.means.clock.world_ms() + 30 * DAY_MS


def test_no_ad_outlives_its_grant(town):
    town.ad(town.spark(**town.by_code(days=7)))
    until(town, 20)
    (found,) = running(town).values()
    assert found.ends_at_ms == Authorization.objects.get().ends_at_ms


@pytest.mark.parametrize("level", [Ad, AdGroup, Campaign])
@pytest.mark.parametrize("fields", [{"operation_status": "DISABLE"}, {"deleted_at_ms": 1}], ids=["off", "deleted"])
def test_what_is_off_or_deleted_at_any_level_does_not_run(town, ad, level, fields):
    level.objects.update(**fields)
    assert running(town) == {}


def test_what_is_over_or_refused_does_not_run_and_what_waits_does(town):
    ad = town.ad(town.spark(**town.by_code()), house=town.live)
    assert len(running(town)) == 1
    town.refuse(ad)
    assert running(town) == {}
    Ad.objects.update(review="approved")
    AdGroup.objects.update(ends_at_ms=town.means.clock.world_ms())
    assert running(town) == {}


def test_an_ad_runs_on_the_grant_that_it_stands_on_now(town, ad):
    first = Authorization.objects.get()
    town.by_code(ad.post, days=30)
    (newest,) = running(town)
    assert newest != first.id
    assert end_of_ads_on(town.means, creator_id=town.lea.id, authorization_id=first.id) is None
    grants.revoke(town.means, HOST, creator_id=town.lea.id, authorization_id=newest, when="now")
    assert list(running(town)) == [first.id]
    assert running_on_creator(town.means, creator_id=a_creator(town.means, handle="autre").id) == {}


def test_a_revocation_at_the_end_waits_for_the_last_ad(town, ad, clock):
    end = until(town, 3)
    grant = Authorization.objects.get()
    call = {"creator_id": town.lea.id, "authorization_id": grant.id}
    grants.revoke(town.means, HOST, when="campaigns_end", campaigns_end_ms=end_of_ads_on(town.means, **call), **call)
    assert Authorization.objects.get().revoke_at_ms == end
    clock.advance(days=2.9)
    assert town.again(ad).secondary_status == "AD_STATUS_DELIVERY_OK"
    clock.advance(days=0.1)
    assert town.again(ad).secondary_status != "AD_STATUS_DELIVERY_OK"
    assert running(town) == {}


def test_a_revocation_at_the_end_is_at_once_when_nothing_runs(town, ad):
    switch_ads(town.means, TOKEN, advertiser_id=town.brand.id, ad_ids=[ad.id], to="DISABLE")
    call = {"creator_id": town.lea.id, "authorization_id": Authorization.objects.get().id}
    done = grants.revoke(
        town.means, HOST, when="campaigns_end", campaigns_end_ms=end_of_ads_on(town.means, **call), **call
    )
    assert not done.state.is_live


def test_it_costs_two_queries_whatever_runs(town):
    town.make(*[town.spark() for _ in range(8)])
    with CaptureQueriesContext(connection) as seen:
        assert sum(found.ads for found in running(town).values()) == 8
    assert len(seen) == 2
