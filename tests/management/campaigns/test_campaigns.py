"""Campaigns are made, changed, switched and deleted; each step has its envelope, its change and its history."""

from __future__ import annotations

import importlib

import pytest
from django.db import DatabaseError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.campaigns import actions, queries
from attise.management.campaigns.models import HistoryEntry
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.outbox.models import Change
from tests.builders import a_person, an_advertiser
from tests.management.campaigns.asked import (
    DAY,
    DYNAMIC,
    EURO,
    INFINITE,
    TOKEN,
    TOTAL,
    make_campaign,
    make_group,
)
from tests.management.campaigns.refused import codes

pytestmark = pytest.mark.django_db


def update(means, brand, view, actor=TOKEN, **changes):
    return actions.update_campaign(means, actor, advertiser_id=brand.id, campaign_id=view.id, **changes)


def switch(means, brand, to, *views):
    return actions.switch_campaigns(
        means, TOKEN, advertiser_id=brand.id, campaign_ids=[view.id for view in views], to=to
    )


def read(means, brand, view):
    return queries.get_campaign(means, advertiser_id=brand.id, campaign_id=view.id)


def kinds_of(view) -> list[str]:
    return list(Change.objects.filter(object_id=view.id).order_by("version").values_list("kind", flat=True))


class TestMaking:
    """A campaign begins."""

    def test_a_campaign_runs_from_its_creation(self, means, brand):
        made = make_campaign(means, brand, name="  Été 2026 ", special_industries=("CREDIT",), po_number="PO-7")
        assert made == read(means, brand, made)
        assert (made.name, made.secondary_status, made.revision) == ("Été 2026", "CAMPAIGN_STATUS_ENABLE", 1)
        assert (made.budget_micros, made.spent_micros, made.currency) == (100 * EURO, 0, "EUR")
        assert made.envelope_id is not None
        assert kinds_of(made) == ["campaign_changed"]

    def test_one_made_switched_off_costs_nothing_and_is_told_as_stopped(self, means, brand, clock, spend):
        made = make_campaign(means, brand, operation_status="DISABLE")
        assert made.secondary_status == "CAMPAIGN_STATUS_DISABLE"
        assert kinds_of(made) == ["campaign_stopped"]
        clock.advance(seconds=61)
        assert spend(made, euros=1) == "envelope_closed"

    def test_everything_wrong_is_told_at_once_and_nothing_is_kept(self, means, brand):
        draft = CampaignDraft(name="🔥", objective_type="SALES", budget_mode=DAY, budget_micros=1)
        found = codes(actions.create_campaign, means, TOKEN, advertiser_id=brand.id, draft=draft)
        assert [field for _, field in found] == ["name", "objective_type", "budget_micros"]
        assert queries.list_campaigns(means, advertiser_id=brand.id).total == 0
        assert not Change.objects.exists()

    def test_a_name_is_taken_once_in_an_account_until_its_campaign_is_deleted(self, means, brand):
        first = make_campaign(means, brand, name="Été")
        assert codes(make_campaign, means, brand, name="E\u0301te\u0301") == [("campaign_name_taken", "name")]
        assert make_campaign(means, an_advertiser(means, "Rivage"), name="Été")
        switch(means, brand, "DELETE", first)
        assert make_campaign(means, brand, name="Été")

    def test_an_unknown_advertiser_is_not_found(self, means):
        unknown = type("Unknown", (), {"id": 1790000000000000001})
        assert codes(make_campaign, means, unknown) == [("not_found", "advertiser_id")]

    def test_the_quota_is_of_what_is_not_deleted(self, means, brand, monkeypatch):
        module = importlib.import_module("attise.management.campaigns.actions.create_campaign")
        monkeypatch.setattr(module, "CAMPAIGNS_PER_ADVERTISER", 1)
        first = make_campaign(means, brand, name="one")
        assert codes(make_campaign, means, brand, name="two") == [("quota_reached", "advertiser_id")]
        switch(means, brand, "DELETE", first)
        assert make_campaign(means, brand, name="two")


class TestChanging:
    """A campaign takes new values."""

    def test_what_changes_moves_revision_and_time_and_leaves_both_sides_in_the_history(self, means, brand, clock):
        made = make_campaign(means, brand)
        clock.advance(seconds=5)
        changed = update(means, brand, made, name="Hiver", budget_micros=200 * EURO, special_industries=("HOUSING",))
        assert (changed.name, changed.budget_micros, changed.revision) == ("Hiver", 200 * EURO, 2)
        assert changed.modified_at_ms == made.modified_at_ms + 5000
        (entry, first) = queries.page_history(advertiser_id=brand.id, level="campaign", object_id=made.id).items
        assert entry.before == {"name": "Été", "budget_micros": 100 * EURO, "special_industries": []}
        assert entry.after == {"name": "Hiver", "budget_micros": 200 * EURO, "special_industries": ["HOUSING"]}
        assert (entry.verb, entry.actor, first.verb) == ("updated", "token:1", "created")
        assert kinds_of(made) == ["campaign_changed", "campaign_changed"]

    def test_a_holdout_is_given_changed_and_taken_away_and_decisions_hear_of_it(self, means, brand):
        made = make_campaign(means, brand, holdout_ppm=100_000)
        assert (made.holdout_ppm, make_campaign(means, brand, name="All").holdout_ppm) == (100_000, 0)
        assert update(means, brand, made, holdout_ppm=250_000).holdout_ppm == 250_000
        assert update(means, brand, made, holdout_ppm=0) == read(means, brand, made)
        last, wider, first = queries.page_history(advertiser_id=brand.id, level="campaign", object_id=made.id).items
        assert (last.before, last.after) == ({"holdout_ppm": 250_000}, {"holdout_ppm": 0})
        assert (wider.before, wider.after) == ({"holdout_ppm": 100_000}, {"holdout_ppm": 250_000})
        assert first.after["holdout_ppm"] == 100_000
        assert kinds_of(made) == ["campaign_changed"] * 3
        assert codes(update, means, brand, made, holdout_ppm=500_001) == [("holdout_invalid", "holdout_ppm")]

    def test_what_is_sent_as_it_is_changes_nothing(self, means, brand, clock):
        made = make_campaign(means, brand)
        clock.advance(seconds=5)
        assert update(means, brand, made, name="Été", budget_micros=100 * EURO, budget_mode=DAY) == made
        assert HistoryEntry.objects.filter(object_id=made.id).count() == 1
        assert kinds_of(made) == ["campaign_changed"]

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({"budget_mode": TOTAL}, [("budget_mode_fixed", "budget_mode")]),
            ({"budget_micros": 49 * EURO}, [("budget_too_low_per_day", "budget_micros")]),
            ({"budget_micros": 0}, [("budget_required", "budget_micros")]),
            ({"name": "", "po_number": "a\nb"}, [("field_required", "name"), ("text_characters", "po_number")]),
            ({"objective_type": "REACH"}, [("field_unknown", "objective_type")]),
            ({"operation_status": "DISABLE"}, [("field_unknown", "operation_status")]),
            ({"advertiser": 5}, [("field_unknown", "advertiser")]),
        ],
    )
    def test_what_is_refused_leaves_everything_as_it_was(self, means, brand, changes, found):
        made = make_campaign(means, brand)
        assert codes(update, means, brand, made, **changes) == found
        assert read(means, brand, made) == made

    def test_the_name_of_another_campaign_is_refused(self, means, brand):
        make_campaign(means, brand, name="Hiver")
        made = make_campaign(means, brand)
        assert codes(update, means, brand, made, name="Hiver", budget_micros=200 * EURO) == [
            ("campaign_name_taken", "name")
        ]
        assert read(means, brand, made) == made

    def test_a_new_budget_rules_the_current_day_at_once(self, means, brand, spend):
        made = make_campaign(means, brand)
        assert spend(made, euros=100) == "charged"
        assert read(means, brand, made).secondary_status == "CAMPAIGN_STATUS_BUDGET_EXCEED"
        assert spend(made, euros=0.01) == "overdelivery"
        raised = update(means, brand, made, budget_micros=150 * EURO)
        assert (raised.secondary_status, raised.spent_micros) == ("CAMPAIGN_STATUS_ENABLE", 100 * EURO)
        assert spend(made, euros=50) == "charged"

    @pytest.mark.parametrize(("mode", "spent", "least"), [(DAY, 80, 80), (TOTAL, 80, 84), (DYNAMIC, 100, 80)])
    def test_a_new_budget_holds_what_is_spent(self, means, brand, spend, mode, spent, least):
        made = make_campaign(means, brand, budget_mode=mode)
        assert spend(made, euros=spent) == "charged"
        too_low = least * EURO - 10_000
        assert codes(update, means, brand, made, name="x", budget_micros=too_low) == [
            ("budget_under_spend", "budget_micros")
        ]
        assert read(means, brand, made).name == made.name
        assert update(means, brand, made, budget_micros=least * EURO).budget_micros == least * EURO

    def test_a_dynamic_budget_takes_125_percent_of_a_day_and_seven_times_a_week(self, means, brand, spend, clock):
        made = make_campaign(means, brand, budget_mode=DYNAMIC)
        for _monday_to_friday in range(5):
            assert spend(made, euros=125) == "charged"
            assert spend(made, euros=0.01) == "overdelivery"
            assert read(means, brand, made).secondary_status == "CAMPAIGN_STATUS_BUDGET_EXCEED"
            clock.advance(days=1)
        assert spend(made, euros=75.01) == "overdelivery"  # of the week, 700 are all
        assert spend(made, euros=75) == "charged"
        assert read(means, brand, made).secondary_status == "CAMPAIGN_STATUS_BUDGET_EXCEED"
        assert codes(update, means, brand, made, budget_micros=99 * EURO) == [("budget_under_spend", "budget_micros")]
        clock.advance(days=1)
        assert read(means, brand, made).secondary_status == "CAMPAIGN_STATUS_ENABLE"
        assert spend(made, euros=125) == "charged"

    def test_a_budget_below_a_bid_beneath_it_is_refused(self, means, brand):
        made = make_campaign(means, brand)
        make_group(means, brand, made, budget_micros=100 * EURO, bid_micros=90 * EURO)
        assert codes(update, means, brand, made, budget_micros=89 * EURO) == [("bid_above_budget", "budget_micros")]
        assert update(means, brand, made, budget_micros=90 * EURO)

    def test_a_campaign_without_budget_takes_none(self, means, brand):
        made = make_campaign(means, brand, budget_mode=INFINITE, budget_micros=None)
        assert codes(update, means, brand, made, budget_micros=50 * EURO) == [("budget_not_taken", "budget_micros")]
        assert update(means, brand, made, budget_micros=0).budget_micros is None

    def test_who_edits_what_another_changed_is_told_who_and_when(self, means, brand, clock):
        made = make_campaign(means, brand)
        ines = a_person(means)
        update(means, brand, made, Actor("person", ines.id), name="Hiver", expected_revision=1)
        clock.advance(days=1)
        with pytest.raises(Refusal) as caught:
            update(means, brand, made, name="Automne", expected_revision=1)
        assert caught.value.code == "edited_meanwhile"
        assert caught.value.params == {"who": "Inès", "when": "2026-09-21 14:13 UTC"}
        assert update(means, brand, made, name="Automne", expected_revision=2).revision == 3


class TestSwitching:
    """On, off, deleted."""

    def test_a_pause_closes_and_a_resumption_reopens(self, means, brand, clock, spend):
        made = make_campaign(means, brand)
        switch(means, brand, "DISABLE", made)
        assert read(means, brand, made).secondary_status == "CAMPAIGN_STATUS_DISABLE"
        assert spend(made, euros=1, late_s=60) == "charged"
        assert spend(made, euros=1, late_s=61) == "envelope_closed"
        switch(means, brand, "ENABLE", made)
        clock.advance(seconds=90)
        assert spend(made, euros=1) == "charged"
        assert kinds_of(made) == ["campaign_changed", "campaign_stopped", "campaign_changed"]

    def test_pausing_a_campaign_without_budget_stops_what_its_ad_groups_cost(self, means, brand, spend):
        made = make_campaign(means, brand, budget_mode=INFINITE, budget_micros=None)
        group = make_group(means, brand, made)
        switch(means, brand, "DISABLE", made)
        assert spend(read(means, brand, made), group, euros=1, late_s=61) == "envelope_closed"

    def test_what_stands_so_already_is_left_alone(self, means, brand, clock):
        made = make_campaign(means, brand)
        clock.advance(seconds=5)
        assert switch(means, brand, "ENABLE", made) == (made.id,)
        assert read(means, brand, made) == made
        assert kinds_of(made) == ["campaign_changed"]

    def test_deleting_is_final_and_carries_along_what_is_beneath(self, means, brand, clock):
        made = make_campaign(means, brand)
        group = make_group(means, brand, made)
        clock.advance(seconds=5)
        switch(means, brand, "DELETE", made)
        assert read(means, brand, made).secondary_status == "CAMPAIGN_STATUS_DELETE"
        below = queries.get_adgroup(means, advertiser_id=brand.id, adgroup_id=group.id)
        assert (below.secondary_status, below.is_deleted) == ("ADGROUP_STATUS_CAMPAIGN_DELETE", True)
        assert below.modified_at_ms > group.modified_at_ms
        for to in ("ENABLE", "DISABLE"):
            assert codes(switch, means, brand, to, made) == [("campaign_deleted", "campaign_ids")]
        assert codes(update, means, brand, made, name="x") == [("campaign_deleted", "campaign_id")]
        assert codes(make_group, means, brand, made) == [("campaign_deleted", "campaign_id")]
        assert switch(means, brand, "DELETE", made) == (made.id,)
        assert kinds_of(made) == ["campaign_changed", "campaign_stopped"]

    def test_all_are_switched_or_none(self, means, brand):
        mine, theirs = make_campaign(means, brand), make_campaign(means, an_advertiser(means, "Rivage"))
        assert codes(switch, means, brand, "DISABLE", mine, theirs) == [("not_found", "campaign_ids")]
        gone = make_campaign(means, brand, name="x")
        switch(means, brand, "DELETE", gone)
        assert codes(switch, means, brand, "DISABLE", mine, gone) == [("campaign_deleted", "campaign_ids")]
        assert read(means, brand, mine) == mine

    def test_from_one_to_twenty_at_once(self, means, brand):
        many = [make_campaign(means, brand, name=f"Campaign {number}") for number in range(21)]
        assert codes(switch, means, brand, "DISABLE") == [("too_many_at_once", "campaign_ids")]
        assert codes(switch, means, brand, "DISABLE", *many) == [("too_many_at_once", "campaign_ids")]
        assert switch(means, brand, "DISABLE", *many[:20], many[0]) == tuple(view.id for view in many[:20])
        assert codes(switch, means, brand, "PAUSE", *many[:1]) == [("choice_unknown", "operation_status")]


def test_anothers_campaign_is_told_like_one_that_does_not_exist(means, brand):
    theirs = make_campaign(means, an_advertiser(means, "Rivage"))
    assert codes(read, means, brand, theirs) == [("not_found", "campaign_id")]
    assert codes(update, means, brand, theirs, name="x") == [("not_found", "campaign_id")]
    assert codes(make_group, means, brand, theirs) == [("not_found", "campaign_id")]


def test_the_history_refuses_to_be_changed(means, brand):
    make_campaign(means, brand)
    for act in (
        lambda: HistoryEntry.objects.update(actor="nobody"),
        lambda: HistoryEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert HistoryEntry.objects.get().actor == "token:1"
