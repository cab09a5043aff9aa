"""Many at once on campaigns: real threads, real transactions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from attise.management.authorizations import actions as grants
from attise.management.authorizations.models import Authorization
from attise.management.campaigns import actions, queries
from attise.management.campaigns.models import AdGroup, Campaign, HistoryEntry
from attise.management.outbox.models import Change
from tests.management.campaigns.asked import EURO, TOKEN, campaign_draft, group_draft, make_campaign, make_group
from tests.management.campaigns.town import HOST, Town
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_race_of_two_editors_of_one_budget(means, brand):
    """Of all who read revision 1, one is taken and the others hear of it; nobody's change is lost in silence."""
    made = make_campaign(means, brand)
    budgets = [(200 + number) * EURO for number in range(10)]
    answers = at_once(
        [
            lambda budget=budget: actions.update_campaign(
                means,
                TOKEN,
                advertiser_id=brand.id,
                campaign_id=made.id,
                expected_revision=1,
                budget_micros=budget,
            )
            for budget in budgets
        ]
    )
    assert answers.count("edited_meanwhile") == 9
    (taken,) = (answer for answer in answers if answer != "edited_meanwhile")
    found = queries.get_campaign(means, advertiser_id=brand.id, campaign_id=made.id)
    assert found == taken
    assert HistoryEntry.objects.filter(object_id=made.id, verb="updated").count() == 1


def test_race_of_one_name_makes_one_campaign(means, brand):
    answers = at_once(
        [lambda: actions.create_campaign(means, TOKEN, advertiser_id=brand.id, draft=campaign_draft())] * 20
    )
    assert answers.count("campaign_name_taken") == 19
    assert Campaign.objects.count() == 1


def test_race_of_the_first_ad_group_under_a_shared_budget(means, brand):
    """Whichever comes first, the others are like it."""
    shared = make_campaign(means, brand, budget_optimize_on=True)
    drafts = [group_draft(bid_micros=EURO if number % 2 else None) for number in range(10)]
    at_once(
        [
            lambda draft=draft: actions.create_adgroup(
                means, TOKEN, advertiser_id=brand.id, campaign_id=shared.id, draft=draft
            )
            for draft in drafts
        ]
    )
    assert len(set(AdGroup.objects.values_list("bid_type", flat=True))) == 1
    assert AdGroup.objects.count() == 5


def test_race_of_deleting_a_campaign_with_what_happens_beneath_it(means, brand):
    """Nothing beneath a deleted campaign is told as running after the campaign was told as stopped."""
    made = make_campaign(means, brand)
    group = make_group(means, brand, made)
    names = {"advertiser_id": brand.id, "adgroup_id": group.id}
    at_once(
        [
            lambda: actions.switch_campaigns(means, TOKEN, advertiser_id=brand.id, campaign_ids=[made.id], to="DELETE"),
            *[
                lambda number=number: actions.update_adgroup(means, TOKEN, name=f"Group {number}", **names)
                for number in range(6)
            ],
            *[
                lambda: actions.create_adgroup(
                    means, TOKEN, advertiser_id=brand.id, campaign_id=made.id, draft=group_draft()
                )
            ]
            * 3,
        ]
    )
    stopped = Change.objects.get(object_id=made.id, kind="campaign_stopped").version
    assert not Change.objects.filter(version__gt=stopped, kind="adgroup_changed").exists()
    status = queries.get_adgroup(means, **names).secondary_status
    assert status == "ADGROUP_STATUS_CAMPAIGN_DELETE"


def test_race_of_pausing_resuming_raising_and_lowering_while_it_is_spent(means, brand, spend):
    """The last revision is the last history entry, its limit is the ledger's, and never more than a limit was spent."""
    made = make_campaign(means, brand)
    names = {"advertiser_id": brand.id, "campaign_ids": [made.id]}

    def set_budget(euros):
        return lambda: actions.update_campaign(
            means, TOKEN, advertiser_id=brand.id, campaign_id=made.id, budget_micros=euros * EURO
        )

    answers = at_once(
        [
            *[lambda to=to: actions.switch_campaigns(means, TOKEN, to=to, **names) for to in ("DISABLE", "ENABLE") * 5],
            *[set_budget(euros) for euros in (60, 80, 120, 150, 90, 110)],
            *[lambda: spend(made, euros=20)] * 10,
        ]
    )
    found = queries.get_campaign(means, advertiser_id=brand.id, campaign_id=made.id)
    entries = list(HistoryEntry.objects.filter(object_id=made.id).order_by("-id"))
    assert found.revision == len(entries)
    assert found.spent_micros == answers.count("charged") * 20 * EURO
    assert found.spent_micros <= 150 * EURO
    assert found.budget_micros >= found.spent_micros
    assert set(answers) <= {"charged", "overdelivery", "budget_under_spend", (made.id,), *answers[10:16]}


def test_race_of_several_workers_begins_each_scheduled_budget_once(means, brand, clock):
    groups = [make_group(means, brand) for _ in range(5)]
    actions.set_adgroup_budgets(
        means, TOKEN, advertiser_id=brand.id, scheduled={group.id: 80 * EURO for group in groups}
    )
    clock.advance(days=1)
    at_once([lambda: actions.begin_scheduled_budgets(means)] * 4)
    assert HistoryEntry.objects.filter(verb="scheduled_budget_begun").count() == 5
    assert set(AdGroup.objects.values_list("budget_micros", flat=True)) == {80 * EURO}


def test_race_of_many_in_one_account_waits_in_no_circle(means, brand):
    """Switching several rows in any order, with edits of each, ends."""
    made = [make_campaign(means, brand, name=f"Campaign {number}") for number in range(4)]
    chosen = [view.id for view in made]
    groups = [make_group(means, brand, view) for view in made]
    at_once(
        [
            lambda: actions.switch_campaigns(means, TOKEN, advertiser_id=brand.id, campaign_ids=chosen, to="DISABLE"),
            lambda: actions.switch_campaigns(
                means, TOKEN, advertiser_id=brand.id, campaign_ids=chosen[::-1], to="ENABLE"
            ),
            lambda: actions.switch_adgroups(
                means, TOKEN, advertiser_id=brand.id, adgroup_ids=[one.id for one in groups], to="DISABLE"
            ),
            lambda: actions.switch_adgroups(
                means, TOKEN, advertiser_id=brand.id, adgroup_ids=[one.id for one in groups[::-1]], to="ENABLE"
            ),
            *[
                lambda one=one: actions.update_adgroup(
                    means, TOKEN, advertiser_id=brand.id, adgroup_id=one.id, name=f"{one.id}"
                )
                for one in groups
            ],
        ]
    )
    assert all(name == str(number) for number, name in AdGroup.objects.values_list("id", "name"))


def test_race_of_an_approval_with_the_end_of_the_account(means, tmp_path):
    """A push is published before its account is taken back, or not at all."""
    town = Town(means, tmp_path)
    for _ in range(5):
        ad = town.ad(town.upload(**town.by_access()), house=town.live)
        grant = Authorization.objects.exclude(state="revoked").get()
        names = {"creator_id": town.lea.id, "authorization_id": grant.id, "when": "now"}
        approved, ended = at_once(
            [lambda ad=ad: town.approve(ad), lambda names=names: grants.revoke(means, HOST, **names)]
        )
        assert ended.id == grant.id
        kinds = ["ad_changed", "account_access_stopped"]
        told = Change.objects.filter(object_id__in=[ad.id, grant.id], kind__in=kinds).order_by("version")
        if approved == "account_access_ended":
            assert town.again(ad).post is None
        else:
            assert (approved.post.creator_id, [one.kind for one in told]) == (town.lea.id, kinds)
