"""Ad groups are made, changed, switched and deleted; budgets are set at once and from the next midnight on."""

from __future__ import annotations

import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.accounts import actions as accounts
from attise.management.accounts.models import Advertiser
from attise.management.campaigns import actions, queries
from attise.management.campaigns.models import AdGroup, HistoryEntry
from attise.management.outbox.models import Change
from attise.records.targeting import Targeting
from tests.builders import an_advertiser
from tests.management.campaigns.asked import (
    DAY,
    EURO,
    FRANCE,
    INFINITE,
    TOKEN,
    TOTAL,
    make_campaign,
    make_group,
)
from tests.management.campaigns.refused import codes

pytestmark = pytest.mark.django_db


def update(means, brand, view, **changes):
    return actions.update_adgroup(means, TOKEN, advertiser_id=brand.id, adgroup_id=view.id, **changes)


def switch(means, brand, to, *ids, **how):
    return actions.switch_adgroups(means, TOKEN, advertiser_id=brand.id, adgroup_ids=ids, to=to, **how)


def set_budgets(means, brand, now=None, scheduled=None):
    actions.set_adgroup_budgets(means, TOKEN, advertiser_id=brand.id, now=now, scheduled=scheduled)


def read(means, brand, view):
    return queries.get_adgroup(means, advertiser_id=brand.id, adgroup_id=view.id)


def kinds_of(view) -> list[str]:
    return list(Change.objects.filter(object_id=view.id).order_by("version").values_list("kind", flat=True))


class TestMaking:
    """An ad group begins."""

    def test_it_waits_for_ads(self, means, brand):
        made = make_group(means, brand)
        assert made == read(means, brand, made)
        assert made.secondary_status == "ADGROUP_STATUS_CREATE"
        assert (made.starts_at_ms, made.ends_at_ms) == (means.clock.world_ms(), None)
        assert made.targeting == Targeting(locations=(FRANCE,))
        assert kinds_of(made) == ["adgroup_changed"]

    def test_audience_and_the_rest_are_refused_together(self, means, brand):
        wrong = {"targeting": Targeting(gender="x"), "name": "", "optimization_goal": "REACH"}
        fields = [field for _, field in codes(make_group, means, brand, **wrong)]
        assert fields == ["targeting.locations", "targeting.gender", "name", "optimization_goal"]
        assert AdGroup.objects.count() == 0

    def test_the_special_industries_of_the_campaign_open_the_audience(self, means, brand):
        housing = make_campaign(means, brand, special_industries=("HOUSING",))
        made = make_group(means, brand, housing)
        assert len(made.targeting.age_groups) == 5
        found = codes(make_group, means, brand, housing, targeting=Targeting(locations=(FRANCE,), gender="GENDER_MALE"))
        assert [field for _, field in found] == ["targeting.gender"]

    def test_under_a_shared_budget_all_are_alike_and_none_has_its_own(self, means, brand, spend):
        shared = make_campaign(means, brand, budget_optimize_on=True)
        first = make_group(means, brand, shared, bid_micros=EURO)
        assert (first.budget_mode, first.budget_micros, first.pacing) == (INFINITE, None, "PACING_MODE_SMOOTH")
        assert codes(make_group, means, brand, shared) == [("adgroups_differ", "bid_type")]
        second = make_group(means, brand, shared, bid_micros=2 * EURO)
        assert spend(shared, first, euros=60) == "charged"
        assert spend(shared, second, euros=41) == "overdelivery"
        assert read(means, brand, first).spent_micros == 60 * EURO
        assert codes(update, means, brand, first, bid_type="BID_TYPE_NO_BID") == [("adgroups_differ", "bid_type")]
        switch(means, brand, "DELETE", second.id)
        assert update(means, brand, first, bid_type="BID_TYPE_NO_BID").bid_micros is None
        switch(means, brand, "DISABLE", first.id)
        assert spend(shared, first, euros=1, late_s=61) == "envelope_closed"

    def test_both_budgets_bound_what_it_costs(self, means, brand, spend):
        campaign = make_campaign(means, brand)
        first, second = (make_group(means, brand, campaign, budget_micros=70 * EURO) for _ in range(2))
        assert spend(campaign, first, euros=70) == "charged"
        assert read(means, brand, first).secondary_status == "ADGROUP_STATUS_BUDGET_EXCEED"
        assert spend(campaign, second, euros=31) == "overdelivery"
        assert spend(campaign, second, euros=30) == "charged"
        assert read(means, brand, second).secondary_status == "ADGROUP_STATUS_CAMPAIGN_EXCEED"

    def test_without_a_balance_nothing_runs(self, means):
        poor = an_advertiser(means, "Rivage")
        assert make_group(means, poor).secondary_status == "ADGROUP_STATUS_BALANCE_EXCEED"

    def test_an_account_that_waits_or_was_stopped_shows_in_every_status(self, means, brand):
        made = make_group(means, brand)
        for account, status in {
            "STATUS_PENDING_CONFIRM": "ADGROUP_STATUS_ADVERTISER_AUDIT",
            "STATUS_CONFIRM_FAIL": "ADGROUP_STATUS_ADVERTISER_AUDIT_DENY",
            "STATUS_DISABLE": "ADGROUP_STATUS_FROZEN",
            "STATUS_LIMIT": "ADGROUP_STATUS_FROZEN",
        }.items():
            Advertiser.objects.filter(id=brand.id).update(status=account)
            assert read(means, brand, made).secondary_status == status


class TestChanging:
    """An ad group takes new values."""

    def test_what_changes_is_judged_as_a_whole(self, means, brand, clock):
        made = make_group(means, brand, schedule_type="SCHEDULE_START_END", ends_at_ms=means.clock.world_ms() + DAY_MS)
        clock.advance(days=2)  # over, and its start is past
        assert read(means, brand, made).secondary_status == "ADGROUP_STATUS_TIME_DONE"
        renamed = update(means, brand, made, name="France, 25-34", frequency=3, frequency_days=7)
        assert (renamed.name, renamed.frequency, renamed.revision) == ("France, 25-34", 3, 2)
        later = update(means, brand, made, ends_at_ms=means.clock.world_ms() + DAY_MS)
        assert later.secondary_status == "ADGROUP_STATUS_CREATE"
        assert codes(update, means, brand, made, starts_at_ms=means.clock.world_ms() - DAY_MS) == [
            ("schedule_invalid", "starts_at_ms")
        ]
        assert codes(update, means, brand, made, frequency=None) == [("frequency_invalid", "frequency")]
        assert read(means, brand, made) == later

    def test_the_audience_changes_alone(self, means, brand):
        made = make_group(means, brand)
        women = Targeting(locations=(FRANCE,), gender="GENDER_FEMALE")
        assert update(means, brand, made, targeting=women).targeting == women
        entry = HistoryEntry.objects.filter(object_id=made.id).latest("id")
        assert entry.before == {"targeting": {"locations": [FRANCE]}}
        assert entry.after == {"targeting": {"locations": [FRANCE], "gender": "GENDER_FEMALE"}}

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({"optimization_goal": "TRAFFIC_LANDING_PAGE_VIEW"}, [("fixed_at_creation", "optimization_goal")]),
            ({"billing_event": "OCPM"}, [("fixed_at_creation", "billing_event")]),
            ({"placements": ("PLACEMENT_PANGLE",)}, [("fixed_at_creation", "placements")]),
            ({"pixel_id": 5, "app_id": 7}, [("fixed_at_creation", "pixel_id"), ("fixed_at_creation", "app_id")]),
            ({"budget_mode": TOTAL}, [("budget_mode_fixed", "budget_mode")]),
            ({"campaign_id": 5}, [("field_unknown", "campaign_id")]),
            ({"review": "approved"}, [("field_unknown", "review")]),
            ({"budget_micros": 49 * EURO}, [("bid_above_budget", "bid_micros")]),
            ({"budget_micros": 19 * EURO}, [("budget_too_low_per_day", "budget_micros")]),
            ({"bid_micros": 51 * EURO}, [("bid_above_budget", "bid_micros")]),
            ({"conversion_bid_micros": EURO}, [("bid_not_taken", "conversion_bid_micros")]),
        ],
    )
    def test_what_is_refused_leaves_everything_as_it_was(self, means, brand, changes, found):
        made = make_group(means, brand, bid_micros=50 * EURO)
        assert codes(update, means, brand, made, **changes) == found
        assert read(means, brand, made) == made

    def test_what_is_fixed_may_be_sent_as_it_is(self, means, brand):
        made = make_group(means, brand)
        same = {"optimization_goal": "CLICK", "budget_mode": DAY, "placements": ("PLACEMENT_TIKTOK",), "pixel_id": None}
        assert update(means, brand, made, **same) == made

    def test_a_bid_makes_the_bid_custom_and_maximum_delivery_has_none(self, means, brand):
        made = make_group(means, brand)
        custom = update(means, brand, made, bid_micros=EURO)
        assert (custom.bid_type, custom.bid_micros) == ("BID_TYPE_CUSTOM", EURO)
        assert update(means, brand, made, name="x").bid_micros == EURO
        free = update(means, brand, made, bid_type="BID_TYPE_NO_BID")
        assert (free.bid_type, free.bid_micros) == ("BID_TYPE_NO_BID", None)

    def test_a_new_budget_holds_what_is_spent_and_rules_at_once(self, means, brand, spend):
        made = make_group(means, brand)
        assert spend(made, euros=30) == "charged"
        assert codes(update, means, brand, made, budget_micros=29 * EURO) == [("budget_under_spend", "budget_micros")]
        assert update(means, brand, made, budget_micros=30 * EURO).secondary_status == "ADGROUP_STATUS_BUDGET_EXCEED"
        assert spend(made, euros=0.01) == "overdelivery"
        update(means, brand, made, budget_micros=40 * EURO)
        assert spend(made, euros=10) == "charged"

    def test_a_total_budget_grows_with_its_schedule(self, means, brand):
        now = means.clock.world_ms()
        made = make_group(
            means,
            brand,
            budget_mode=TOTAL,
            budget_micros=60 * EURO,
            schedule_type="SCHEDULE_START_END",
            ends_at_ms=now + 3 * DAY_MS,
        )
        longer = {"ends_at_ms": now + 4 * DAY_MS}
        assert codes(update, means, brand, made, **longer) == [("budget_too_low_for_schedule", "budget_micros")]
        assert codes(update, means, brand, made, schedule_type="SCHEDULE_FROM_NOW") == [
            ("total_budget_needs_end", "schedule_type")
        ]
        assert update(means, brand, made, **longer, budget_micros=80 * EURO).budget_micros == 80 * EURO

    def test_an_edit_of_what_another_changed_is_refused(self, means, brand):
        made = make_group(means, brand)
        update(means, brand, made, name="x", expected_revision=1)
        assert codes(update, means, brand, made, name="y", expected_revision=1) == [("edited_meanwhile", "revision")]


class TestSwitching:
    """On, off, deleted; all or as many as can be."""

    def test_on_off_and_deleted(self, means, brand, spend, clock):
        made = make_group(means, brand)
        switch(means, brand, "DISABLE", made.id)
        assert read(means, brand, made).secondary_status == "ADGROUP_STATUS_DISABLE"
        assert spend(made, euros=1, late_s=61) == "envelope_closed"
        switch(means, brand, "ENABLE", made.id)
        clock.advance(seconds=90)
        assert spend(made, euros=1) == "charged"
        switch(means, brand, "DELETE", made.id)
        assert read(means, brand, made).secondary_status == "ADGROUP_STATUS_DELETE"
        assert codes(switch, means, brand, "ENABLE", made.id) == [("adgroup_deleted", "adgroup_ids")]
        assert codes(update, means, brand, made, name="x") == [("adgroup_deleted", "adgroup_id")]
        assert switch(means, brand, "DELETE", made.id).done == (made.id,)
        assert kinds_of(made) == ["adgroup_changed", "adgroup_stopped", "adgroup_changed", "adgroup_stopped"]

    def test_all_or_none(self, means, brand):
        mine, theirs = make_group(means, brand), make_group(means, an_advertiser(means, "Rivage"))
        assert codes(switch, means, brand, "DISABLE", mine.id, theirs.id) == [("not_found", "adgroup_ids")]
        assert read(means, brand, mine) == mine

    def test_as_many_as_can_be(self, means, brand):
        first, second, gone = (make_group(means, brand) for _ in range(3))
        theirs = make_group(means, an_advertiser(means, "Rivage"))
        switch(means, brand, "DELETE", gone.id)
        result = switch(means, brand, "DISABLE", first.id, theirs.id, gone.id, second.id, 5, allow_partial=True)
        assert result.done == (first.id, second.id)
        assert {one: refusal.code for one, refusal in result.refused.items()} == {
            theirs.id: "not_found",
            gone.id: "adgroup_deleted",
            5: "not_found",
        }
        assert read(means, brand, second).operation_status == "DISABLE"


class TestBudgets:
    """Several at once, now or from the next local midnight on."""

    def test_several_are_set_at_once_or_none(self, means, brand):
        first, second = make_group(means, brand), make_group(means, brand)
        set_budgets(means, brand, {first.id: 60 * EURO, second.id: 70 * EURO})
        assert [read(means, brand, one).budget_micros for one in (first, second)] == [60 * EURO, 70 * EURO]
        assert codes(set_budgets, means, brand, {first.id: 80 * EURO, second.id: EURO}) == [
            ("budget_too_low_per_day", "budget")
        ]
        assert codes(set_budgets, means, brand, {first.id: 80 * EURO, 5: 80 * EURO}) == [("not_found", "adgroup_id")]
        assert codes(set_budgets, means, brand) == [("too_many_at_once", "budget")]
        assert read(means, brand, first).budget_micros == 60 * EURO

    def test_a_scheduled_budget_begins_at_the_next_local_midnight(self, means, brand, clock, spend):
        made = make_group(means, brand)
        set_budgets(means, brand, scheduled={made.id: 80 * EURO})
        waiting = read(means, brand, made)
        midnight = waiting.scheduled_from_ms
        assert (waiting.budget_micros, waiting.scheduled_budget_micros) == (50 * EURO, 80 * EURO)
        assert midnight - means.clock.world_ms() < DAY_MS
        assert (midnight + 2 * HOUR_MS) % DAY_MS == 0  # Paris, in summer
        clock.advance(seconds=(midnight - means.clock.world_ms()) / 1000 - 1)
        assert actions.begin_scheduled_budgets(means) == 0
        assert spend(made, euros=50) == "charged"
        assert spend(made, euros=1) == "overdelivery"
        clock.advance(seconds=1)
        assert actions.begin_scheduled_budgets(means) == 1
        assert actions.begin_scheduled_budgets(means) == 0
        begun = read(means, brand, made)
        assert (begun.budget_micros, begun.scheduled_budget_micros, begun.scheduled_from_ms) == (80 * EURO, None, None)
        assert spend(made, euros=80) == "charged"
        entry = HistoryEntry.objects.filter(object_id=made.id).latest("id")
        assert (entry.verb, entry.actor) == ("scheduled_budget_begun", "clock")

    def test_one_that_begins_late_takes_nothing_back(self, means, brand, clock, spend):
        made = make_group(means, brand)
        set_budgets(means, brand, scheduled={made.id: 20 * EURO})
        clock.advance(days=1)
        assert spend(made, euros=30) == "charged"
        assert actions.begin_scheduled_budgets(means) == 1
        assert read(means, brand, made).budget_micros == 20 * EURO
        assert spend(made, euros=0.01) == "overdelivery"

    def test_a_scheduled_budget_is_forgotten_or_replaced(self, means, brand, clock):
        made = make_group(means, brand)
        set_budgets(means, brand, scheduled={made.id: 80 * EURO})
        set_budgets(means, brand, scheduled={made.id: 90 * EURO})
        assert read(means, brand, made).scheduled_budget_micros == 90 * EURO
        set_budgets(means, brand, scheduled={made.id: None})
        clock.advance(days=2)
        assert actions.begin_scheduled_budgets(means) == 0
        assert read(means, brand, made).budget_micros == 50 * EURO

    def test_what_cannot_be_scheduled(self, means, brand):
        now = means.clock.world_ms()
        total = make_group(means, brand, budget_mode=TOTAL, schedule_type="SCHEDULE_START_END", ends_at_ms=now + DAY_MS)
        shared = make_group(means, brand, make_campaign(means, brand, budget_optimize_on=True))
        bidding = make_group(means, brand, bid_micros=50 * EURO)
        assert codes(set_budgets, means, brand, {}, {total.id: 80 * EURO}) == [
            ("scheduled_budget_daily_only", "scheduled_budget")
        ]
        assert codes(set_budgets, means, brand, {}, {shared.id: 80 * EURO}) == [
            ("budget_of_campaign", "scheduled_budget")
        ]
        assert codes(set_budgets, means, brand, {}, {bidding.id: 49 * EURO}) == [
            ("bid_above_budget", "scheduled_budget")
        ]
        set_budgets(means, brand, {}, {bidding.id: 55 * EURO})
        set_budgets(means, brand, {bidding.id: 70 * EURO})
        assert codes(update, means, brand, bidding, bid_micros=56 * EURO) == [("bid_above_budget", "bid_micros")]

    def test_what_was_deleted_before_its_midnight_keeps_its_budget(self, means, brand, clock):
        made = make_group(means, brand)
        set_budgets(means, brand, scheduled={made.id: 80 * EURO})
        switch(means, brand, "DELETE", made.id)
        clock.advance(days=1)
        actions.begin_scheduled_budgets(means)
        assert read(means, brand, made).budget_micros == 50 * EURO
        assert not AdGroup.objects.filter(scheduled_from_ms__isnull=False).exists()

    def test_many_advertisers_in_several_currencies_begin_together(self, means, brand, fund, clock):
        groups = [(brand, make_group(means, brand))]
        for number, currency in enumerate(("USD", "CHF", "EUR")):
            other = an_advertiser(means, f"Brand {number}")
            Advertiser.objects.filter(id=other.id).update(currency=currency)
            other.currency = currency
            fund(other)
            groups.append((other, make_group(means, other, budget_micros=80 * EURO)))
        for owner, group in groups:
            set_budgets(means, owner, scheduled={group.id: 90 * EURO})
        clock.advance(days=1)
        assert actions.begin_scheduled_budgets(means) == 4
        assert {read(means, owner, group).budget_micros for owner, group in groups} == {90 * EURO}


def test_anothers_ad_group_is_told_like_one_that_does_not_exist(means, brand):
    theirs = make_group(means, an_advertiser(means, "Rivage"))
    assert codes(read, means, brand, theirs) == [("not_found", "adgroup_id")]
    assert codes(update, means, brand, theirs, name="x") == [("not_found", "adgroup_id")]
    assert codes(set_budgets, means, brand, {theirs.id: 80 * EURO}) == [("not_found", "adgroup_id")]


def test_a_new_time_zone_grants_no_second_day_of_budget(means, brand, clock, spend):
    """New York's day, which rules from its next midnight on, has the date of Paris's: one date is one day's budget."""
    made = make_group(means, brand)
    assert spend(made, euros=50) == "charged"
    accounts.update_advertiser(means, TOKEN, advertiser_id=brand.id, timezone="America/New_York")
    assert spend(made, euros=1) == "overdelivery"
    assert read(means, brand, made).secondary_status == "ADGROUP_STATUS_BUDGET_EXCEED"
    charged = 0
    for _hour in range(3 * 24):
        clock.advance(seconds=3600)
        charged += spend(made, euros=50) == "charged"
    assert charged == 3
