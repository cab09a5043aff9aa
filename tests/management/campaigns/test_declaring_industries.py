"""A campaign declares later that it is about homes, jobs or loans: what is beneath it may leave nobody out either."""

from __future__ import annotations

import pytest

from attise.management.campaigns import actions, queries
from attise.management.campaigns.targeting_rules import ADULTS, TOLD_AT_ONCE
from attise.management.outbox.models import Change
from attise.records.targeting import Targeting
from tests.management.campaigns.asked import FRANCE, INFINITE, TOKEN, make_campaign, make_group
from tests.management.campaigns.refused import codes

pytestmark = pytest.mark.django_db


def declare(means, brand, campaign, *industries):
    return actions.update_campaign(
        means, TOKEN, advertiser_id=brand.id, campaign_id=campaign.id, special_industries=industries
    )


def read(means, brand, adgroup):
    return queries.get_adgroup(means, advertiser_id=brand.id, adgroup_id=adgroup.id)


@pytest.fixture
def campaign(means, brand):
    return make_campaign(means, brand, budget_mode=INFINITE, budget_micros=None)


def test_an_audience_that_leaves_people_out_stands_against_it(means, brand, campaign):
    men = make_group(means, brand, campaign, targeting=Targeting(locations=(FRANCE,), gender="GENDER_MALE"))
    make_group(means, brand, campaign)
    assert codes(declare, means, brand, campaign, "HOUSING") == [("adgroup_leaves_people_out", "special_industries")]
    found = queries.get_campaign(means, advertiser_id=brand.id, campaign_id=campaign.id)
    assert (found.special_industries, found.revision) == ((), 1)
    actions.update_adgroup(
        means, TOKEN, advertiser_id=brand.id, adgroup_id=men.id, targeting=Targeting(locations=(FRANCE,))
    )
    assert declare(means, brand, campaign, "HOUSING").special_industries == ("HOUSING",)


def test_an_audience_of_all_ages_becomes_one_of_all_adults_and_decisions_hear_of_it(means, brand, campaign):
    everybody = make_group(means, brand, campaign)
    adults = make_group(means, brand, campaign, targeting=Targeting(locations=(FRANCE,), age_groups=ADULTS))
    declare(means, brand, campaign, "CREDIT")
    told = read(means, brand, everybody)
    assert (told.targeting.age_groups, told.revision) == (ADULTS, 2)
    assert read(means, brand, adults).revision == 1
    assert Change.objects.filter(object_id=everybody.id).count() == 2
    assert Change.objects.filter(object_id=adults.id).count() == 1
    (entry, _) = queries.page_history(advertiser_id=brand.id, level="adgroup", object_id=everybody.id).items
    assert entry.after["targeting"]["age_groups"] == list(ADULTS)
    declare(means, brand, campaign, "CREDIT")
    assert read(means, brand, everybody).revision == 2


def test_what_is_deleted_stands_against_nothing(means, brand, campaign):
    men = make_group(means, brand, campaign, targeting=Targeting(locations=(FRANCE,), gender="GENDER_MALE"))
    actions.switch_adgroups(means, TOKEN, advertiser_id=brand.id, adgroup_ids=[men.id], to="DELETE")
    assert declare(means, brand, campaign, "EMPLOYMENT").special_industries == ("EMPLOYMENT",)


def test_taking_a_declaration_back_opens_nothing_again(means, brand, campaign):
    adgroup = make_group(means, brand, campaign)
    declare(means, brand, campaign, "HOUSING")
    assert declare(means, brand, campaign).special_industries == ()
    assert read(means, brand, adgroup).targeting.age_groups == ADULTS


def test_of_very_many_ad_groups_the_first_are_told(means, brand, campaign):
    for _ in range(TOLD_AT_ONCE + 2):
        make_group(means, brand, campaign, targeting=Targeting(locations=(FRANCE,), gender="GENDER_MALE"))
    assert len(codes(declare, means, brand, campaign, "HOUSING")) == TOLD_AT_ONCE
