"""Many at once on one ad and one ad group: reviewers, advertisers and creators, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from attise.kernel.limits import ADS_PER_ADGROUP
from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization
from attise.management.campaigns.actions import appeal, update_ads
from attise.management.campaigns.actions.update_ads import AdEdit
from attise.management.campaigns.models import Ad
from attise.management.outbox.models import Change
from attise.management.review import queries
from attise.management.review.actions import decide
from tests.management.campaigns.town import HOST, TOKEN, Town
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(means, tmp_path) -> Town:
    return Town(means, tmp_path)


def judging(town, ad, verdict="approved", **grounds):
    call = {"house": town.live, "ad_id": ad.id, "creative_version": 1, "verdict": verdict, **grounds}
    return lambda: decide(town.means, HOST, **call)


def test_race_of_reviewers_takes_one_decision_and_the_others_hear_of_it(town):
    ad = town.ad(house=town.live)
    acts = [judging(town, ad), judging(town, ad, "rejected", rule="minors")] * 5
    answers = at_once(acts)
    assert answers.count("ad_not_in_review") == 9
    (kept,) = queries.page_decisions(ad_id=ad.id).items
    assert town.again(ad).review == kept.verdict


def test_race_of_a_decision_with_a_change_approves_what_was_seen_or_nothing(town):
    for _ in range(5):
        ad = town.ad(house=town.live)
        edit = AdEdit(ad.id, fields={"landing_page_url": "https://www.example.org/autre"})
        call = {"house": town.live, "advertiser_id": town.brand.id, "adgroup_id": ad.adgroup_id, "edits": [edit]}
        decided, changed = at_once([judging(town, ad), lambda call=call: update_ads(town.means, TOKEN, **call)])
        assert changed[0].creative_version == 2
        now = town.again(ad)
        assert (now.review, now.is_reaudit) == ("pending", decided != "ad_changed_since_seen")
        seen = [one.seen["landing_page_url"] for one in queries.page_decisions(ad_id=ad.id).items]
        assert seen in ([], [ad.landing_page_url])


def test_race_of_appeals_is_one_appeal(town):
    ad = town.refuse(town.ad(house=town.live))
    answers = at_once([lambda: appeal(town.means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id)] * 6)
    assert answers.count("ad_not_refused") == 5
    assert town.again(ad).appealed


def test_race_for_the_last_place_of_an_ad_group(town):
    town.make(*[town.spark(**shown) for shown in [town.by_code()] * (ADS_PER_ADGROUP - 2)])
    creative = town.spark(**town.by_code())
    answers = at_once([lambda: town.ad(creative)] * 6)
    assert answers.count("too_many_ads") == 4
    assert Ad.objects.filter(adgroup=town.group).count() == ADS_PER_ADGROUP


def test_race_of_a_revocation_with_a_creation_never_leaves_an_ad_that_runs(town):
    for _ in range(5):
        creative = town.spark(**town.by_code())
        grant = Authorization.objects.latest("id")
        call = {"creator_id": town.lea.id, "authorization_id": grant.id, "when": "now"}
        made, ended = at_once(
            [lambda creative=creative: town.ad(creative), lambda call=call: grants.revoke(town.means, HOST, **call)]
        )
        assert not ended.state.is_live
        if made != "auth_code_revoked":
            assert "auth_code_revoked" in {one.code for one in town.again(made).blockers}
            Ad.objects.all().update(deleted_at_ms=1)
        assert Change.objects.filter(object_id=grant.id, kind="grant_stopped").exists()
