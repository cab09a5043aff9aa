"""What campaigns and ad groups may be: the pure rules, by tables and by properties."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.clock import to_ms
from attise.kernel.errors import Refusal
from attise.kernel.limits import DAY_MS, DECLARED_MICROS, HOUR_MS, NAME_SIGNS
from attise.kernel.money import MICROS, format_amount
from attise.kernel.text import find_emoji
from attise.management.authorizations import rules as grants
from attise.management.campaigns.rules import bids, budgets, delivery, names, objectives, schedules
from attise.management.campaigns.rules.adgroup import AdGroupDraft, Sibling, clean_adgroup
from attise.management.campaigns.rules.campaign import CampaignBasis, CampaignDraft, clean_campaign, clean_holdout
from attise.records.lookups import currencies
from tests.management.campaigns.refused import codes

NOW = 1_790_000_000_000
EURO = 1_000_000
CURRENCIES = [row.code for row in currencies.all()]


def a_basis(**fields) -> CampaignBasis:
    values = {
        "objective_type": "TRAFFIC",
        "budget_mode": budgets.INFINITE,
        "budget_micros": None,
        "budget_optimize_on": False,
        "currency": "EUR",
        **fields,
    }
    return CampaignBasis(**values)


def a_draft(**fields) -> AdGroupDraft:
    values = {
        "name": "Paris, 25-34",
        "optimization_goal": "CLICK",
        "billing_event": "CPC",
        "budget_mode": budgets.DAY,
        "budget_micros": 50 * EURO,
        **fields,
    }
    return AdGroupDraft(**values)


class TestPairs:
    """Objective, goal, billing event and kind of bid."""

    TABLE = [
        ("REACH", "REACH", "CPM", "bid_micros"),
        ("VIDEO_VIEWS", "ENGAGED_VIEW", "CPV", "bid_micros"),
        ("VIDEO_VIEWS", "ENGAGED_VIEW_FIFTEEN", "CPV", "bid_micros"),
        ("VIDEO_VIEWS", "VIDEO_VIEW", "CPV", "bid_micros"),
        ("TRAFFIC", "CLICK", "CPC", "bid_micros"),
        ("TRAFFIC", "TRAFFIC_LANDING_PAGE_VIEW", "OCPM", "conversion_bid_micros"),
        ("ENGAGEMENT", "FOLLOWERS", "OCPM", "conversion_bid_micros"),
        ("ENGAGEMENT", "PAGE_VISIT", "CPC", "bid_micros"),
        ("WEB_CONVERSIONS", "CONVERT", "OCPM", "conversion_bid_micros"),
        ("WEB_CONVERSIONS", "VALUE", "OCPM", "conversion_bid_micros"),
        ("WEB_CONVERSIONS", "CLICK", "CPC", "bid_micros"),
        ("LEAD_GENERATION", "LEAD_GENERATION", "OCPM", "conversion_bid_micros"),
        ("LEAD_GENERATION", "CONVERT", "OCPM", "conversion_bid_micros"),
        ("APP_PROMOTION", "INSTALL", "OCPM", "conversion_bid_micros"),
        ("APP_PROMOTION", "IN_APP_EVENT", "OCPM", "conversion_bid_micros"),
        ("APP_PROMOTION", "CLICK", "CPC", "bid_micros"),
    ]
    """Written out a second time on purpose: a change of the table is a change of the product."""

    def test_the_table_is_the_whole_of_what_is_taken(self):
        made = [
            (name, goal.name, goal.billing, goal.bid)
            for name, objective in objectives.OBJECTIVES.items()
            for goal in objective.goals
        ]
        assert made == self.TABLE

    def test_every_other_pair_is_refused_naming_both(self):
        taken = {(objective, goal): billing for objective, goal, billing, _ in self.TABLE}
        for objective in objectives.OBJECTIVES:
            for goal in (*objectives.GOALS, "SHOW", ""):
                if (objective, goal) not in taken:
                    with pytest.raises(Refusal) as caught:
                        objectives.check_goal(objective, goal)
                    assert objective in caught.value.english
                    assert goal in caught.value.english
                    continue
                known = objectives.check_goal(objective, goal)
                for billing in objectives.BILLING_EVENTS:
                    if billing == taken[objective, goal]:
                        assert objectives.check_billing(known, billing) == billing
                        continue
                    with pytest.raises(Refusal) as caught:
                        objectives.check_billing(known, billing)
                    assert {goal, billing, known.billing} <= set(caught.value.params.values())

    def test_the_billing_event_may_be_left_to_the_goal(self):
        assert objectives.check_billing(objectives.check_goal("ENGAGEMENT", "FOLLOWERS"), None) == "OCPM"

    def test_a_creator_may_refuse_every_objective_that_there_is(self):
        assert set(grants.OBJECTIVES) == set(objectives.OBJECTIVES)

    def test_an_objective_of_shops_is_not_taken(self):
        assert codes(objectives.check_objective, "PRODUCT_SALES") == [("choice_unknown", "objective_type")]

    @pytest.mark.parametrize(
        ("objective", "given", "kept"),
        [
            ("REACH", "", ""),
            ("REACH", "WEBSITE_OR_DISPLAY", "WEBSITE_OR_DISPLAY"),
            ("TRAFFIC", "", "WEBSITE"),
            ("TRAFFIC", "APP_IOS", "APP_IOS"),
            ("ENGAGEMENT", "", "EXTERNAL_OR_DISPLAY"),
            ("LEAD_GENERATION", "", "LEAD_GENERATION"),
        ],
    )
    def test_a_promotion_type_is_the_objectives_own_when_none_is_said(self, objective, given, kept):
        assert objectives.check_promotion(objective, given) == kept

    def test_a_promotion_type_of_another_objective_is_refused(self):
        assert codes(objectives.check_promotion, "TRAFFIC", "LEAD_GENERATION") == [
            ("promotion_mismatch", "promotion_type")
        ]
        assert codes(objectives.check_promotion, "APP_PROMOTION", "") == [("field_required", "promotion_type")]


class TestBudgets:
    """Minimums, modes, and what is spent."""

    @pytest.mark.parametrize("currency", CURRENCIES)
    @pytest.mark.parametrize("mode", [budgets.DAY, budgets.TOTAL, budgets.DYNAMIC_DAILY])
    def test_a_campaign_needs_fifty_euros_worth_in_every_currency(self, currency, mode):
        least = currencies.minimum_in(currency, 50 * MICROS)
        row = currencies.get(currency)
        clean = budgets.clean_campaign_budget
        assert clean(mode, least, is_shared=False, currency=currency) == (mode, least)
        with pytest.raises(Refusal) as caught:
            clean(mode, least - row.smallest_micros, is_shared=False, currency=currency)
        assert caught.value.field == "budget_micros"
        assert f"{format_amount(least, exponent=row.exponent)} {currency}" in caught.value.english
        assert ("per day" in caught.value.english) == (mode != budgets.TOTAL)

    @pytest.mark.parametrize(("is_alone", "per_day"), [(False, 20), (True, 50)])
    @pytest.mark.parametrize("days", [1, 3, 30])
    def test_an_ad_group_needs_twenty_a_day_and_fifty_when_its_campaign_has_no_budget(self, is_alone, per_day, days):
        def clean(mode, euros, cents=0):
            return budgets.clean_adgroup_budget(
                mode, euros * EURO + cents * 10_000, is_alone=is_alone, days=days, currency="EUR"
            )

        assert clean(budgets.DAY, per_day) == (budgets.DAY, per_day * EURO)
        assert codes(clean, budgets.DAY, per_day - 1, 99) == [("budget_too_low_per_day", "budget_micros")]
        assert clean(budgets.TOTAL, per_day * days) == (budgets.TOTAL, per_day * days * EURO)
        assert codes(clean, budgets.TOTAL, per_day * days - 1, 99) == [("budget_too_low_for_schedule", "budget_micros")]

    def test_the_minimum_of_a_schedule_names_its_days_and_amount(self):
        with pytest.raises(Refusal) as caught:
            budgets.clean_adgroup_budget(budgets.TOTAL, 100 * EURO, is_alone=False, days=7, currency="EUR")
        assert caught.value.english.startswith("At least 140.00 EUR in total are needed for a schedule of 7 days")

    @pytest.mark.parametrize(
        ("mode", "micros", "is_shared", "code"),
        [
            ("BUDGET_MODE_WEEK", 50 * EURO, False, "choice_unknown"),
            (None, 50 * EURO, False, "choice_unknown"),
            (budgets.DAY, None, False, "budget_required"),
            (budgets.DAY, 0, False, "budget_required"),
            (budgets.DAY, -50 * EURO, False, "amount_invalid"),
            (budgets.DAY, 50 * EURO + 1, False, "amount_invalid"),
            (budgets.DAY, DECLARED_MICROS + 10_000, False, "amount_invalid"),
            (budgets.INFINITE, 50 * EURO, False, "budget_not_taken"),
            (budgets.INFINITE, None, True, "shared_budget_needs_amount"),
            (None, None, True, "shared_budget_needs_amount"),
        ],
    )
    def test_what_a_campaigns_budget_may_not_be(self, mode, micros, is_shared, code):
        found = codes(budgets.clean_campaign_budget, mode, micros, is_shared=is_shared, currency="EUR")
        assert [one for one, _ in found] == [code]

    def test_no_mode_and_no_amount_is_no_budget(self):
        clean = budgets.clean_campaign_budget(None, None, is_shared=False, currency="EUR")
        assert clean == (budgets.INFINITE, None)
        assert budgets.clean_campaign_budget(budgets.INFINITE, 0, is_shared=False, currency="EUR") == clean

    def test_an_ad_group_always_has_a_mode_with_an_amount(self):
        for mode in (None, budgets.INFINITE):
            found = codes(budgets.clean_adgroup_budget, mode, 50 * EURO, is_alone=True, days=1, currency="EUR")
            assert found == [("choice_unknown", "budget_mode")]

    @given(
        mode=st.sampled_from(budgets.GROUP_MODES),
        spent=st.integers(0, 10**9 * EURO),
        week=st.integers(0, 7 * 10**9 * EURO),
        currency=st.sampled_from(CURRENCIES),
    )
    def test_the_least_new_budget_holds_what_is_spent_and_is_the_least(self, mode, spent, week, currency):
        week = max(week, spent)
        step = currencies.get(currency).smallest_micros
        least = budgets.least_after_spend(mode, spent_micros=spent, week_spent_micros=week, currency=currency)
        limits = budgets.limits_of(mode, least)
        assert least % step == 0
        assert limits.main_micros >= spent
        if mode == budgets.TOTAL:
            assert 100 * least >= 105 * spent
        if mode == budgets.DYNAMIC_DAILY:
            assert limits.week_micros >= week
        if least:
            below = budgets.limits_of(mode, least - step)
            too_low = below.main_micros < spent or (below.week_micros or week) < week
            assert too_low or (mode == budgets.TOTAL and 100 * (least - step) < 105 * spent)

    def test_a_budget_below_what_is_spent_is_refused_with_the_least_that_is_taken(self):
        budgets.check_spent(budgets.TOTAL, 105 * EURO, spent_micros=100 * EURO, currency="EUR")
        with pytest.raises(Refusal) as caught:
            budgets.check_spent(budgets.TOTAL, 104 * EURO, spent_micros=100 * EURO, currency="EUR")
        assert caught.value.english == "100.00 EUR are spent already: the new budget is at least 105.00 EUR."
        budgets.check_spent(budgets.DAY, 100 * EURO, spent_micros=100 * EURO, currency="EUR")
        assert codes(budgets.check_spent, budgets.DAY, 99 * EURO, spent_micros=100 * EURO, currency="EUR") == [
            ("budget_under_spend", "budget_micros")
        ]

    def test_a_dynamic_daily_budget_is_a_day_at_125_percent_and_a_week_of_seven(self):
        limits = budgets.limits_of(budgets.DYNAMIC_DAILY, 100 * EURO)
        assert limits == budgets.Limits(125 * EURO, 700 * EURO, is_daily=True)
        assert budgets.limits_of(budgets.DAY, 100 * EURO) == budgets.Limits(100 * EURO, is_daily=True)
        assert budgets.limits_of(budgets.TOTAL, 100 * EURO) == budgets.Limits(100 * EURO)
        assert budgets.limits_of(budgets.INFINITE, None) == budgets.Limits(None)

    def test_the_mode_is_that_of_the_creation(self):
        budgets.check_mode_stays(budgets.DAY, None)
        budgets.check_mode_stays(budgets.DAY, budgets.DAY)
        assert codes(budgets.check_mode_stays, budgets.DAY, budgets.TOTAL) == [("budget_mode_fixed", "budget_mode")]

    @pytest.mark.parametrize(("hours", "days"), [(1, 1), (24, 1), (25, 2), (48, 2), (24 * 30, 30)])
    def test_a_part_of_a_day_counts_whole(self, hours, days):
        assert budgets.days_of(NOW, NOW + hours * HOUR_MS) == days


class TestBids:
    """None, or one of the right kind, within the budgets."""

    CLICK = objectives.check_goal("TRAFFIC", "CLICK")
    FOLLOW = objectives.check_goal("ENGAGEMENT", "FOLLOWERS")

    @pytest.mark.parametrize(
        ("goal", "given", "kept"),
        [
            (CLICK, (None, None, None), (bids.NO_BID, None, None)),
            (CLICK, (None, 0, 0), (bids.NO_BID, None, None)),
            (CLICK, (bids.NO_BID, 0, None), (bids.NO_BID, None, None)),
            (CLICK, (None, 870_000, None), (bids.CUSTOM, 870_000, None)),
            (CLICK, (bids.CUSTOM, 870_000, 0), (bids.CUSTOM, 870_000, None)),
            (FOLLOW, (bids.CUSTOM, None, EURO), (bids.CUSTOM, None, EURO)),
        ],
    )
    def test_what_is_taken(self, goal, given, kept):
        assert bids.clean_bids(goal, *given, currency="EUR") == kept

    @pytest.mark.parametrize(
        ("goal", "given", "code", "field"),
        [
            (CLICK, (bids.CUSTOM, None, None), "bid_required", "bid_micros"),
            (CLICK, (bids.CUSTOM, 0, None), "bid_required", "bid_micros"),
            (FOLLOW, (bids.CUSTOM, None, None), "bid_required", "conversion_bid_micros"),
            (FOLLOW, (bids.CUSTOM, EURO, EURO), "bid_not_taken", "bid_micros"),
            (CLICK, (None, None, EURO), "bid_not_taken", "conversion_bid_micros"),
            (CLICK, (bids.NO_BID, EURO, None), "bid_not_taken", "bid_micros"),
            (CLICK, ("BID_TYPE_MAX", None, None), "choice_unknown", "bid_type"),
            (CLICK, (bids.CUSTOM, -EURO, None), "amount_invalid", "bid_micros"),
            (CLICK, (bids.CUSTOM, 1, None), "amount_invalid", "bid_micros"),
        ],
    )
    def test_what_is_not(self, goal, given, code, field):
        assert codes(bids.clean_bids, goal, *given, currency="EUR") == [(code, field)]

    @given(
        bid=st.integers(1, 10**6),
        limits=st.lists(st.none() | st.integers(1, 10**6), max_size=3),
    )
    def test_a_bid_never_passes_a_budget(self, bid, limits):
        found = codes(bids.check_within, bid, None, budgets=limits, currency="EUR")
        assert bool(found) == any(limit is not None and bid > limit for limit in limits)


class TestSchedules:
    """Starts, ends, half hours, midnights."""

    def test_without_a_start_it_begins_now_and_goes_on(self):
        made = schedules.clean_schedule(schedules.FROM_NOW, None, None, now_ms=NOW)
        assert (made.starts_at_ms, made.ends_at_ms) == (NOW, None)

    def test_from_now_has_no_end_whatever_is_said_of_one(self):
        made = schedules.clean_schedule(schedules.FROM_NOW, NOW, NOW - DAY_MS, now_ms=NOW)
        assert made.ends_at_ms is None
        assert schedules.end_as_told(made.starts_at_ms, None) == schedules.years_after(NOW)

    @pytest.mark.parametrize(
        ("starts", "ends", "fields"),
        [
            (-12 * HOUR_MS, DAY_MS, []),
            (-12 * HOUR_MS - 1, DAY_MS, ["starts_at_ms"]),
            (0, 1, []),
            (0, 0, ["ends_at_ms"]),
            (DAY_MS, 0, ["ends_at_ms"]),
            (-10 * HOUR_MS, -5 * HOUR_MS, ["ends_at_ms"]),
            (-13 * HOUR_MS, -14 * HOUR_MS, ["starts_at_ms", "ends_at_ms"]),
            (0, None, ["ends_at_ms"]),
        ],
    )
    def test_which_starts_and_ends_are_refused(self, starts, ends, fields):
        found = codes(
            schedules.clean_schedule,
            schedules.START_END,
            NOW + starts,
            None if ends is None else NOW + ends,
            now_ms=NOW,
        )
        assert [field for _, field in found] == fields
        assert {code for code, _ in found} <= {"schedule_invalid"}

    def test_ten_years_ahead_is_the_most(self):
        last = schedules.years_after(NOW)
        schedules.clean_schedule(schedules.START_END, NOW, last, now_ms=NOW)
        assert codes(schedules.clean_schedule, schedules.START_END, NOW, last + 1000, now_ms=NOW)
        assert codes(schedules.clean_schedule, schedules.FROM_NOW, last + 1000, None, now_ms=NOW)
        year_9999 = 253_402_300_799_000
        assert codes(schedules.clean_schedule, schedules.START_END, year_9999, year_9999 + 1, now_ms=NOW)

    def test_what_stays_as_it_was_is_not_judged_again(self):
        before = schedules.Schedule(schedules.START_END, NOW - 30 * DAY_MS, NOW + DAY_MS)
        later = schedules.clean_schedule(
            schedules.START_END, before.starts_at_ms, NOW + 2 * DAY_MS, now_ms=NOW, before=before
        )
        assert later.ends_at_ms == NOW + 2 * DAY_MS
        over = schedules.Schedule(schedules.START_END, NOW - 30 * DAY_MS, NOW - DAY_MS)
        same = schedules.clean_schedule(over.kind, over.starts_at_ms, over.ends_at_ms, now_ms=NOW, before=over)
        assert same == over

    def test_what_goes_on_and_is_to_end_says_when(self):
        before = schedules.Schedule(schedules.FROM_NOW, NOW, None)
        asked = (schedules.clean_schedule, schedules.START_END, NOW, None)
        assert codes(*asked, now_ms=NOW, before=before) == [("schedule_invalid", "ends_at_ms")]

    def test_the_29th_of_february_ends_on_the_28th(self):
        leap = to_ms(_utc(2028, 2, 29, 12))
        assert schedules.years_after(leap) == to_ms(_utc(2038, 2, 28, 12))

    @pytest.mark.parametrize(
        ("signs", "kept"),
        [("", ""), ("0" * 336, ""), ("1" * 336, ""), ("01" * 168, "01" * 168), ("0" * 335 + "1", "0" * 335 + "1")],
    )
    def test_always_is_said_in_one_way(self, signs, kept):
        assert schedules.clean_dayparting(signs) == kept

    @pytest.mark.parametrize("signs", ["1", "1" * 335, "1" * 337, "2" * 336, "1" * 335 + "１", " " + "1" * 335])
    def test_dayparting_is_336_signs(self, signs):
        assert codes(schedules.clean_dayparting, signs) == [("dayparting_invalid", "dayparting")]

    @pytest.mark.parametrize(
        ("zone", "now", "midnight"),
        [
            ("Europe/Paris", (2026, 11, 26, 7), (2026, 11, 26, 23)),
            ("Europe/Paris", (2026, 11, 26, 23), (2026, 11, 27, 23)),
            ("Europe/Paris", (2026, 3, 28, 23), (2026, 3, 29, 22)),  # a day of 23 hours
            ("Europe/Paris", (2026, 10, 24, 22), (2026, 10, 25, 23)),  # and one of 25
            ("UTC", (2026, 11, 26, 0), (2026, 11, 27, 0)),
            ("Asia/Kolkata", (2026, 11, 26, 18, 29), (2026, 11, 26, 18, 30)),
            ("America/Santiago", (2026, 9, 5, 12), (2026, 9, 6, 4)),  # midnight itself is skipped
            ("America/Havana", (2026, 11, 1, 12), (2026, 11, 2, 5)),
        ],
    )
    def test_a_day_begins_at_the_local_midnight(self, zone, now, midnight):
        assert schedules.next_midnight_ms(to_ms(_utc(*now)), zone) == to_ms(_utc(*midnight))


class TestDelivery:
    """Pacing, frequency, placements, windows."""

    def test_a_shared_budget_is_spent_smoothly(self):
        assert delivery.clean_pacing(delivery.FAST, is_shared=True) == delivery.SMOOTH
        assert delivery.clean_pacing(delivery.FAST, is_shared=False) == delivery.FAST
        assert codes(delivery.clean_pacing, "PACING_MODE_SLOW", is_shared=True) == [("choice_unknown", "pacing")]

    @pytest.mark.parametrize(("times", "days"), [(1, 1), (1000, 30), (None, None)])
    def test_frequencies_that_are_taken(self, times, days):
        assert delivery.clean_frequency(times, days) == (times, days)

    @pytest.mark.parametrize(
        ("times", "days", "field"),
        [
            (0, 1, "frequency"),
            (1001, 1, "frequency"),
            (3, 0, "frequency_days"),
            (3, 31, "frequency_days"),
            (3, None, "frequency_days"),
            (None, 7, "frequency"),
            (-1, -1, "frequency"),
        ],
    )
    def test_frequencies_that_are_not(self, times, days, field):
        assert codes(delivery.clean_frequency, times, days) == [("frequency_invalid", field)]

    def test_windows_are_given_together_or_are_seven_days_and_one(self):
        assert delivery.clean_windows(None, None) == ("SEVEN_DAYS", "ONE_DAY")
        assert delivery.clean_windows("TWENTY_EIGHT_DAYS", "OFF") == ("TWENTY_EIGHT_DAYS", "OFF")
        assert codes(delivery.clean_windows, "ONE_DAY", None) == [("attribution_windows_together", "view_window")]
        assert codes(delivery.clean_windows, None, "ONE_DAY") == [("attribution_windows_together", "click_window")]
        assert codes(delivery.clean_windows, "ONE_DAY", "FOURTEEN_DAYS") == [("choice_unknown", "view_window")]

    def test_the_feed_is_among_the_placements(self):
        assert delivery.clean_placements("PLACEMENT_TYPE_NORMAL", ()) == ("PLACEMENT_TYPE_NORMAL", (delivery.FEED,))
        both = (delivery.FEED, "PLACEMENT_PANGLE")
        assert delivery.clean_placements("PLACEMENT_TYPE_AUTOMATIC", both)[1] == both
        assert codes(delivery.clean_placements, "PLACEMENT_TYPE_NORMAL", ["PLACEMENT_PANGLE"]) == [
            ("placement_not_served", "placements")
        ]


class TestNames:
    """512 signs, wide ones counting two, no emoji."""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("  Été 2026 ", "Été 2026"),
            ("E\u0301te\u0301", "Été"),
            ("→ 50 % ★ © Aubrée™", "→ 50 % ★ © Aubrée™"),
            ("春のキャンペーン", "春のキャンペーン"),
            ("x" * 512, "x" * 512),
            ("語" * 256, "語" * 256),
        ],
    )
    def test_names_that_are_taken(self, given, kept):
        assert names.clean_name(given, field="name") == kept

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("", "field_required"),
            ("   ", "field_required"),
            ("x" * 513, "text_too_long"),
            ("語" * 257, "name_too_long"),
            ("Promo 🔥", "name_emoji"),
            ("☺️", "name_emoji"),
            ("1️⃣", "name_emoji"),
            ("🇫🇷", "name_emoji"),
            ("❤", "name_emoji"),
            ("a\nb", "text_characters"),
            ("a\u202eb", "text_characters"),
            ("a\u0000b", "text_characters"),
            ("a\u200bb", "text_characters"),
            ("a\ud800", "text_characters"),
            ("x" * 100_000, "text_too_long"),
        ],
    )
    def test_names_that_are_not(self, given, code):
        assert codes(names.clean_name, given, field="name") == [(code, "name")]

    @given(st.text(max_size=600))
    def test_a_clean_name_is_clean(self, text):
        if codes(names.clean_name, text, field="name"):
            return
        name = names.clean_name(text, field="name")
        assert names.clean_name(name, field="name") == name
        assert 1 <= names.width(name) <= NAME_SIGNS
        assert find_emoji(name) is None


class TestCampaign:
    """A whole campaign."""

    def test_everything_wrong_is_told_at_once(self):
        draft = CampaignDraft(
            name="",
            objective_type="SALES",
            budget_mode=budgets.DAY,
            budget_micros=EURO,
            operation_status="ON",
            special_industries=("HOUSING", "GAMBLING"),
            app_promotion_type="x",
            po_number="a\nb",
            holdout_ppm=500_001,
        )
        fields = [field for _, field in codes(clean_campaign, draft, currency="EUR")]
        assert fields == [
            *("name", "objective_type", "budget_micros", "operation_status", "special_industries"),
            *("app_promotion_type", "po_number", "holdout_ppm"),
        ]

    @pytest.mark.parametrize("share_ppm", [0, 1, 100_000, 500_000])
    def test_from_none_to_one_half_of_the_viewers_may_be_held_out(self, share_ppm):
        assert clean_holdout(share_ppm) == share_ppm

    @pytest.mark.parametrize("share_ppm", [-1, 500_001, 2**70, True, 0.1, "10", None])
    def test_any_other_share_is_refused(self, share_ppm):
        assert codes(clean_holdout, share_ppm) == [("holdout_invalid", "holdout_ppm")]

    def test_a_clean_campaign_is_clean(self):
        draft = CampaignDraft(name=" Été ", objective_type="REACH", special_industries=("CREDIT", "CREDIT"))
        made = clean_campaign(draft, currency="EUR")
        assert (made.name, made.budget_mode, made.special_industries) == ("Été", budgets.INFINITE, ("CREDIT",))
        assert clean_campaign(made, currency="EUR") == made


class TestAdGroup:
    """A whole ad group, beside its campaign and its siblings."""

    def test_defaults_are_filled(self):
        made = clean_adgroup(a_draft(billing_event=None), campaign=a_basis(), now_ms=NOW)
        assert (made.billing_event, made.bid_type, made.promotion_type) == ("CPC", bids.NO_BID, "WEBSITE")
        assert (made.starts_at_ms, made.ends_at_ms, made.placements) == (NOW, None, (delivery.FEED,))
        assert (made.click_window, made.view_window) == ("SEVEN_DAYS", "ONE_DAY")

    def test_a_clean_ad_group_is_clean(self):
        made = clean_adgroup(a_draft(), campaign=a_basis(), now_ms=NOW)
        assert clean_adgroup(made, campaign=a_basis(), now_ms=NOW) == made

    def test_everything_wrong_is_told_at_once(self):
        draft = a_draft(
            name="🔥",
            optimization_goal="CONVERT",
            promotion_type="LEAD_GENERATION",
            budget_micros=EURO,
            starts_at_ms=NOW - DAY_MS,
            placements=("PLACEMENT_MOON",),
            pacing="x",
            dayparting="1",
            frequency=3,
            click_window="ONE_DAY",
            engaged_view_window="OFF",
            attribution_event_count="TWICE",
            brand_safety_type="x",
            operation_status="DELETE",
        )
        fields = [field for _, field in codes(clean_adgroup, draft, campaign=a_basis(), now_ms=NOW)]
        assert fields == [
            *("name", "optimization_goal", "promotion_type", "starts_at_ms", "budget_micros", "placements", "pacing"),
            *("dayparting", "frequency_days", "view_window", "engaged_view_window", "attribution_event_count"),
            *("brand_safety_type", "operation_status"),
        ]

    def test_a_total_budget_needs_an_end_and_counts_its_days(self):
        total = {"budget_mode": budgets.TOTAL, "budget_micros": 150 * EURO}
        assert codes(clean_adgroup, a_draft(**total), campaign=a_basis(), now_ms=NOW) == [
            ("total_budget_needs_end", "schedule_type")
        ]
        for hours, is_enough in ((72, True), (73, False)):
            draft = a_draft(**total, schedule_type=schedules.START_END, ends_at_ms=NOW + hours * HOUR_MS)
            found = codes(clean_adgroup, draft, campaign=a_basis(), now_ms=NOW)
            assert found == ([] if is_enough else [("budget_too_low_for_schedule", "budget_micros")])

    def test_the_minimum_depends_on_the_campaigns_budget(self):
        twenty = a_draft(budget_micros=20 * EURO)
        with_budget = a_basis(budget_mode=budgets.DAY, budget_micros=50 * EURO)
        assert codes(clean_adgroup, twenty, campaign=with_budget, now_ms=NOW) == []
        assert codes(clean_adgroup, twenty, campaign=a_basis(), now_ms=NOW) == [
            ("budget_too_low_per_day", "budget_micros")
        ]

    def test_a_bid_stays_within_both_budgets(self):
        basis = a_basis(budget_mode=budgets.DAY, budget_micros=60 * EURO)
        for euros, is_taken in ((50, True), (60, False)):
            draft = a_draft(budget_micros=55 * EURO, bid_micros=euros * EURO)
            assert (codes(clean_adgroup, draft, campaign=basis, now_ms=NOW) == []) is is_taken
        draft = a_draft(budget_micros=100 * EURO, bid_micros=61 * EURO)
        assert codes(clean_adgroup, draft, campaign=basis, now_ms=NOW) == [("bid_above_budget", "bid_micros")]

    def test_under_a_shared_budget_its_own_is_ignored_and_pacing_is_smooth(self):
        basis = a_basis(budget_mode=budgets.DAY, budget_micros=100 * EURO, budget_optimize_on=True)
        made = clean_adgroup(a_draft(budget_micros=EURO, pacing=delivery.FAST), campaign=basis, now_ms=NOW)
        assert (made.budget_mode, made.budget_micros, made.pacing) == (budgets.INFINITE, None, delivery.SMOOTH)

    def test_under_a_shared_budget_all_are_alike(self):
        basis = a_basis(budget_mode=budgets.DAY, budget_micros=100 * EURO, budget_optimize_on=True)
        first = Sibling(optimization_goal="CLICK", bid_type=bids.CUSTOM, optimization_event="FORM")
        found = codes(clean_adgroup, a_draft(), campaign=basis, now_ms=NOW, sibling=first)
        assert found == [("adgroups_differ", "bid_type"), ("adgroups_differ", "optimization_event")]
        alike = a_draft(bid_micros=EURO, optimization_event="FORM")
        assert codes(clean_adgroup, alike, campaign=basis, now_ms=NOW, sibling=first) == []

    def test_results_of_a_pixel_need_the_pixel_and_its_event(self):
        basis = a_basis(objective_type="WEB_CONVERSIONS")
        draft = a_draft(optimization_goal="CONVERT", billing_event="OCPM")
        assert codes(clean_adgroup, draft, campaign=basis, now_ms=NOW) == [
            ("optimization_event_required", "pixel_id"),
            ("optimization_event_required", "optimization_event"),
        ]
        whole = replace(draft, pixel_id=1, optimization_event="SHOPPING")
        assert codes(clean_adgroup, whole, campaign=basis, now_ms=NOW) == []


def _utc(year, month, day, hour=0, minute=0):
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)
