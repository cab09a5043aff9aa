"""Statuses by truth tables: every branch of the three functions, and the order in which they are looked at.

Each line is one thing that can be so, from what is told first to what is told last. Whatever else is so, the first true
line is the status: this is checked for every pair of lines, and for random sets of them.
"""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.management.campaigns import status
from attise.management.campaigns.status import AdFacts, AdGroupFacts, CampaignFacts, StatusWish

CAMPAIGN = [
    ({"is_deleted": True}, "CAMPAIGN_STATUS_DELETE"),
    ({"account_denied": True}, "CAMPAIGN_STATUS_ADVERTISER_AUDIT_DENY"),
    ({"account_in_review": True}, "CAMPAIGN_STATUS_ADVERTISER_AUDIT"),
    ({"account_punished": True}, "ADVERTISER_ACCOUNT_PUNISH"),
    ({"is_on": False}, "CAMPAIGN_STATUS_DISABLE"),
    ({"budget_spent": True}, "CAMPAIGN_STATUS_BUDGET_EXCEED"),
]
ADGROUP = [
    ({"is_deleted": True}, "ADGROUP_STATUS_DELETE"),
    ({"campaign.is_deleted": True}, "ADGROUP_STATUS_CAMPAIGN_DELETE"),
    ({"campaign.account_denied": True}, "ADGROUP_STATUS_ADVERTISER_AUDIT_DENY"),
    ({"campaign.account_in_review": True}, "ADGROUP_STATUS_ADVERTISER_AUDIT"),
    ({"campaign.is_on": False}, "ADGROUP_STATUS_CAMPAIGN_DISABLE"),
    ({"is_on": False}, "ADGROUP_STATUS_DISABLE"),
    ({"campaign.account_punished": True}, "ADGROUP_STATUS_FROZEN"),
    ({"is_done": True}, "ADGROUP_STATUS_TIME_DONE"),
    ({"all_rejected": True}, "ADGROUP_STATUS_AUDIT_DENY"),
    ({"all_in_review": True, "is_reaudit": True}, "ADGROUP_STATUS_REAUDIT"),
    ({"all_in_review": True}, "ADGROUP_STATUS_AUDIT"),
    ({"all_unauthorized": True}, "ADGROUP_STATUS_ASSET_AUTHORIZATION_LOST"),
    ({"pixel_lost": True}, "ADGROUP_STATUS_PIXEL_UNBIND"),
    ({"balance_spent": True}, "ADGROUP_STATUS_BALANCE_EXCEED"),
    ({"campaign.budget_spent": True}, "ADGROUP_STATUS_CAMPAIGN_EXCEED"),
    ({"budget_spent": True}, "ADGROUP_STATUS_BUDGET_EXCEED"),
    ({"is_early": True}, "ADGROUP_STATUS_NOT_START"),
    ({"has_ads": False}, "ADGROUP_STATUS_CREATE"),
]
AD = [
    ({"is_deleted": True}, "AD_STATUS_DELETE"),
    ({"campaign.is_deleted": True}, "AD_STATUS_CAMPAIGN_DELETE"),
    ({"adgroup.is_deleted": True}, "AD_STATUS_ADGROUP_DELETE"),
    ({"campaign.account_denied": True}, "AD_STATUS_ADVERTISER_AUDIT_DENY"),
    ({"campaign.account_in_review": True}, "AD_STATUS_ADVERTISER_AUDIT"),
    ({"campaign.account_punished": True}, "AD_STATUS_CAMPAIGN_DISABLE"),
    ({"campaign.is_on": False}, "AD_STATUS_CAMPAIGN_DISABLE"),
    ({"adgroup.is_on": False}, "AD_STATUS_ADGROUP_DISABLE"),
    ({"is_on": False}, "AD_STATUS_DISABLE"),
    ({"adgroup.is_done": True}, "AD_STATUS_DONE"),
    ({"grant_live": False}, "AD_STATUS_CREATOR_AUTHORIZATION_REVOKED"),
    ({"post_ok": False}, "AD_STATUS_ASSET_AUTHORIZATION_LOST"),
    ({"review": "rejected"}, "AD_STATUS_AUDIT_DENY"),
    ({"is_gated": True}, "AD_STATUS_AUDIT_DENY"),
    ({"review": "pending", "is_reaudit": True}, "AD_STATUS_REAUDIT"),
    ({"review": "pending"}, "AD_STATUS_AUDIT"),
    ({"word_pending": True}, "AD_STATUS_AUDIT"),
    ({"adgroup.balance_spent": True}, "AD_STATUS_BALANCE_EXCEED"),
    ({"campaign.budget_spent": True}, "AD_STATUS_CAMPAIGN_EXCEED"),
    ({"adgroup.budget_spent": True}, "AD_STATUS_BUDGET_EXCEED"),
    ({"cap_spent": True}, "AD_STATUS_BUDGET_EXCEED"),
    ({"adgroup.is_early": True}, "AD_STATUS_NOT_START"),
    ({"adgroup.pixel_lost": True}, "AD_STAUS_PIXEL_UNBIND"),
]
RUNS = {
    CampaignFacts: "CAMPAIGN_STATUS_ENABLE",
    AdGroupFacts: "ADGROUP_STATUS_DELIVERY_OK",
    AdFacts: "AD_STATUS_DELIVERY_OK",
}
TABLES = [
    pytest.param(status.campaign_status, CampaignFacts, CAMPAIGN, id="campaign"),
    pytest.param(status.adgroup_status, AdGroupFacts, ADGROUP, id="adgroup"),
    pytest.param(status.ad_status, AdFacts, AD, id="ad"),
]
PRIMARY = {
    "STATUS_DELETE": {
        *("CAMPAIGN_STATUS_DELETE", "ADGROUP_STATUS_DELETE", "ADGROUP_STATUS_CAMPAIGN_DELETE", "AD_STATUS_DELETE"),
        *("AD_STATUS_CAMPAIGN_DELETE", "AD_STATUS_ADGROUP_DELETE"),
    },
    "STATUS_DISABLE": {
        *("CAMPAIGN_STATUS_DISABLE", "ADGROUP_STATUS_DISABLE", "ADGROUP_STATUS_CAMPAIGN_DISABLE", "AD_STATUS_DISABLE"),
        *("AD_STATUS_CAMPAIGN_DISABLE", "AD_STATUS_ADGROUP_DISABLE"),
    },
    "STATUS_TIME_DONE": {"ADGROUP_STATUS_TIME_DONE", "AD_STATUS_DONE"},
    "STATUS_DELIVERY_OK": set(RUNS.values()),
}


def facts_of(kind, *lines):
    """Return facts in which the given things are so, at their levels."""
    levels = {"": {}, "adgroup": {}, "campaign": {}}
    for line in lines:
        for name, value in line.items():
            level, _, field = name.rpartition(".")
            levels[level].setdefault(field, value)
    campaign = CampaignFacts(**levels["campaign"])
    if kind is CampaignFacts:
        return CampaignFacts(**levels[""])
    if kind is AdGroupFacts:
        return AdGroupFacts(campaign=campaign, **levels[""])
    return AdFacts(adgroup=AdGroupFacts(campaign=campaign, **levels["adgroup"]), **levels[""])


@pytest.mark.parametrize(("tell", "kind", "table"), TABLES)
def test_with_nothing_in_the_way_it_runs(tell, kind, table):
    assert tell(facts_of(kind)) == RUNS[kind]


@pytest.mark.parametrize(("tell", "kind", "table"), TABLES)
def test_each_line_alone_is_its_status(tell, kind, table):
    for line, told in table:
        assert tell(facts_of(kind, line)) == told


@pytest.mark.parametrize(("tell", "kind", "table"), TABLES)
def test_of_two_lines_the_first_is_told(tell, kind, table):
    for (first, told), (second, _) in combinations(table, 2):
        assert tell(facts_of(kind, first, second)) == told


@pytest.mark.parametrize(("tell", "kind", "table"), TABLES)
def test_of_many_lines_the_first_is_told(tell, kind, table):
    @given(st.sets(st.integers(0, len(table) - 1), min_size=1))
    def check(chosen):
        lines = [table[number] for number in sorted(chosen)]
        assert tell(facts_of(kind, *(line for line, _ in lines))) == lines[0][1]

    check()


@pytest.mark.parametrize(("tell", "kind", "table"), TABLES)
def test_every_fact_matters(tell, kind, table):
    """A field that no line names would be gathered for nothing."""
    named = {name for line, _ in table for name in line}
    own = {field.name for field in fields(kind)} - {"campaign", "adgroup"}
    assert own <= named


def test_a_punished_account_is_told_under_the_switch_of_an_ad_group_as_frozen_and_of_an_ad_as_off():
    punished = CampaignFacts(account_punished=True)
    assert status.campaign_status(punished) == "ADVERTISER_ACCOUNT_PUNISH"
    group = AdGroupFacts(campaign=punished)
    assert status.adgroup_status(group) == "ADGROUP_STATUS_FROZEN"
    assert status.adgroup_status(replace(group, is_on=False)) == "ADGROUP_STATUS_DISABLE"
    assert status.ad_status(AdFacts(adgroup=group)) == "AD_STATUS_CAMPAIGN_DISABLE"


def test_the_lists_of_statuses_are_the_statuses_that_are_told_in_their_order():
    for listed, table, kind in (
        (status.CAMPAIGN_STATUSES, CAMPAIGN, CampaignFacts),
        (status.ADGROUP_STATUSES, ADGROUP, AdGroupFacts),
        (status.AD_STATUSES, AD, AdFacts),
    ):
        assert listed == tuple(dict.fromkeys([*(told for _, told in table), RUNS[kind]]))


def test_every_status_has_a_coarse_one():
    for name in (*status.CAMPAIGN_STATUSES, *status.ADGROUP_STATUSES, *status.AD_STATUSES):
        expected = next((coarse for coarse, names in PRIMARY.items() if name in names), "STATUS_NOT_DELIVERY")
        assert status.primary_status(name) == expected


ANY = status.ADGROUP_STATUSES
LIVE = {name for name in ANY if not name.endswith("_DELETE")}
GONE = set(ANY) - LIVE


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        (StatusWish(), LIVE),
        (StatusWish("STATUS_NOT_DELETE"), LIVE),
        (StatusWish("STATUS_ALL"), set(ANY)),
        (StatusWish("STATUS_DELETE"), GONE),
        (StatusWish("STATUS_DELIVERY_OK"), {"ADGROUP_STATUS_DELIVERY_OK"}),
        (StatusWish("STATUS_DISABLE"), {"ADGROUP_STATUS_DISABLE", "ADGROUP_STATUS_CAMPAIGN_DISABLE"}),
        (StatusWish("STATUS_FROZEN"), set()),
        (StatusWish(None, "ADGROUP_STATUS_ALL"), set(ANY)),
        (StatusWish("STATUS_NOT_DELETE", "ADGROUP_STATUS_ALL"), set(ANY)),
        (StatusWish("STATUS_DELETE", "ADGROUP_STATUS_ALL"), GONE),
        (StatusWish("STATUS_ALL", "ADGROUP_STATUS_NOT_DELETE"), LIVE),
        (StatusWish("STATUS_NOT_DELETE", "ADGROUP_STATUS_DELETE"), {"ADGROUP_STATUS_DELETE"}),
        (StatusWish(None, "ADGROUP_STATUS_CREATE"), {"ADGROUP_STATUS_CREATE"}),
        (StatusWish("STATUS_NOT_DELIVERY", "ADGROUP_STATUS_CREATE"), {"ADGROUP_STATUS_CREATE"}),
        (StatusWish("STATUS_DELIVERY_OK", "ADGROUP_STATUS_CREATE"), set()),
        (StatusWish("STATUS_DELETE", "ADGROUP_STATUS_CREATE"), set()),
    ],
)
def test_which_statuses_a_reader_asks_for(wish, kept):
    assert {name for name in ANY if wish.keeps(name)} == kept


@given(st.sampled_from([None, *status.PRIMARY]), st.sampled_from([None, "ADGROUP_STATUS_ALL", *ANY]))
def test_what_columns_tell_of_a_wish_leaves_out_nothing_that_is_asked_for(primary, secondary):
    wish = StatusWish(primary, secondary)
    for name in ANY:
        by_columns = wish.deleted in (None, name.endswith("_DELETE"))
        assert by_columns or not wish.keeps(name)
        if wish.is_told_by_rows:
            assert wish.keeps(name) == by_columns
