"""One turn of everything: whose budgets rule whom, how each is spread, and what a decision reads of it."""

import numpy as np
import pytest

from attise.records.snapshot.shapes import DAYPARTING_BYTES
from attise.records.snapshot.tables import Tables
from attise.records.targeting import Targeting
from attise.records.totals import EnvelopeTotals, GroupTotals
from attise.serving.delivery.pacing.curve import day_of, typical
from attise.serving.delivery.pacing.turn import (
    NO_GROUP_PACE,
    decode_paces,
    groups_of,
    no_paces,
    take_turn,
)
from attise.serving.targeting.build import build_segment
from tests.delivering import facts_of
from tests.snapshot_records import NOON_MS, a_group_record, an_ad_record

CURVE = typical()
DAY = day_of(CURVE, "Europe/Paris", NOON_MS)
MINUTE_MS = 60_000


def a_segment(*groups):
    tables = Tables()
    tables.add_post(an_ad_record().post, 0)
    for place, group in enumerate(groups):
        tables.add_group(group, place)
        ad = an_ad_record(40 + place, group=group)
        tables.add_ad(ad, place)
    return build_segment(tables.arrays(), tables.words.all(), np.ones(len(groups), np.float32), version=1)


def a_group(adgroup_id, **fields):
    values = {
        "targeting": Targeting(),
        "starts_at_ms": 0,
        "bid_micros": 5_000,
        "envelope_id": 1_000 + adgroup_id,
        **fields,
    }
    return a_group_record(adgroup_id, **values)


def an_envelope(envelope_id, spent, *, limit=100_000_000, kind="day", days=1):
    ends = None if kind == "total" else DAY.begins_at_ms + days * (DAY.ends_at_ms - DAY.begins_at_ms)
    return EnvelopeTotals(envelope_id, kind, DAY.begins_at_ms, ends, limit, spent)


def turns(groups, told, *, many=20, totals=None, paces=None, first=600):
    paces = no_paces() if paces is None else paces
    for minute in range(first, first + many):
        paces = take_turn(
            paces,
            groups,
            facts_of(*told(minute - first)),
            totals or {},
            lambda _: CURVE,
            now_ms=DAY.begins_at_ms + minute * MINUTE_MS,
        )
    return paces


def of(paces, *adgroup_ids):
    bid, entry = paces.groups.of(np.array(adgroup_ids))
    return list(zip(bid.tolist(), entry.tolist(), strict=True))


def test_a_group_that_spends_too_much_offers_less_and_one_that_spends_too_little_all():
    groups = groups_of([a_segment(a_group(30), a_group(31))])
    paces = turns(groups, lambda minute: [an_envelope(1_030, minute * 10**6), an_envelope(1_031, minute * 1_000)])
    (much, _), (little, _) = of(paces, 30, 31)
    assert much < 0.5
    assert little == 1.0
    assert paces.groups.turn == 20


def test_the_campaigns_budget_rules_all_its_groups_and_the_smallest_rules_each():
    both = [a_group(30, campaign_envelope_id=900), a_group(31, campaign_envelope_id=900), a_group(32)]
    groups = groups_of([a_segment(*both)])
    paces = turns(
        groups,
        lambda minute: [
            an_envelope(900, minute * 150_000),
            an_envelope(1_030, minute * 1_000),
            an_envelope(1_031, minute * 250_000),
            an_envelope(1_032, minute * 1_000),
        ],
        many=6,
    )
    bid = {group: found[0] for group, found in zip((30, 31, 32), of(paces, 30, 31, 32), strict=True)}
    assert bid[31] < bid[30] < bid[32] == 1.0


def test_reach_is_throttled_and_fast_is_left_alone():
    reach = a_group(30, billing_event="CPM", optimization_goal="REACH", bid_micros=5_000_000)
    fast = a_group(31, pacing="PACING_MODE_FAST")
    groups = groups_of([a_segment(reach, fast)])
    paces = turns(groups, lambda minute: [an_envelope(1_030, minute * 2_000_000), an_envelope(1_031, minute * 10**6)])
    (bid, entry), untouched = of(paces, 30, 31)
    assert bid == 1.0
    assert entry < 0.5
    assert untouched == (1.0, 1.0)


def test_a_new_reach_is_shown_at_once_where_few_ask_and_carefully_where_many_do():
    reach = a_group(30, billing_event="CPM", optimization_goal="REACH", bid_micros=5_000_000)
    groups = groups_of([a_segment(reach)])

    def entry(slots_per_minute):
        made = take_turn(
            no_paces(), groups, facts_of(an_envelope(1_030, 0)), {}, lambda _: CURVE,
            now_ms=DAY.begins_at_ms + 600 * MINUTE_MS, slots_per_minute=slots_per_minute,
        )  # fmt: skip
        return of(made, 30)[0][1]

    assert entry(0) == entry(5) == 1.0
    assert 0.005 < entry(1_000) < 0.05
    assert entry(10**9) == pytest.approx(0.0001)


def test_a_new_ad_that_pays_by_the_click_begins_as_if_most_slots_brought_none():
    """A click costs as much as 80 impressions: a budget in clicks may win as many slots as one in impressions."""
    clicks = a_group(30, bid_micros=400_000)
    reach = a_group(
        31, billing_event="CPM", optimization_goal="REACH", bid_micros=5_000_000, bid_type="BID_TYPE_NO_BID"
    )
    groups = groups_of([a_segment(clicks, reach)])
    told = facts_of(an_envelope(1_030, 0), an_envelope(1_031, 0))
    made = take_turn(
        no_paces(), groups, told, {}, lambda _: CURVE,
        now_ms=DAY.begins_at_ms + 600 * MINUTE_MS, slots_per_minute=40_000,
    )  # fmt: skip
    (_, of_clicks), (_, of_reach) = of(made, 30, 31)
    assert of_clicks == pytest.approx(of_reach)
    assert 0.0005 < of_clicks < 0.05


@pytest.mark.parametrize(
    "group",
    [
        {"billing_event": "OCPM", "optimization_goal": "CONVERT", "bid_type": "BID_TYPE_NO_BID", "bid_micros": None},
        {"billing_event": "CPM", "optimization_goal": "REACH", "bid_micros": 5_000_000},
    ],
    ids=["shading", "throttling"],
)
def test_where_a_thousand_ask_each_second_a_new_budget_does_not_go_in_a_minute(group):
    groups = groups_of([a_segment(a_group(30, **group))])
    slots, limit, spent, known, paces, course = 60_000.0, 50_000_000, 0, 0, no_paces(), []
    for minute in range(600, 1_200):
        paces = take_turn(
            paces, groups, facts_of(an_envelope(1_030, known, limit=limit)), {}, lambda _: CURVE,
            now_ms=DAY.begins_at_ms + minute * MINUTE_MS, slots_per_minute=slots,
        )  # fmt: skip
        [(bid, entry)] = of(paces, 30)
        known = spent
        spent = min(limit, spent + int(slots * 0.3 * 5_000 * entry * bid**3))
        course.append(spent / limit)
    assert course[30] < 0.15
    planned = DAYS_UPTO[1_200] - DAYS_UPTO[600]
    assert course[-1] == pytest.approx(planned / (DAYS_UPTO[-1] - DAYS_UPTO[600]), abs=0.1)


DAYS_UPTO = np.cumsum(np.repeat(DAY.traffic / 15, 15))


def test_balances_grants_and_what_has_no_limit_are_for_allowances():
    groups = groups_of([a_segment(a_group(30, balance_envelope_id=3))])
    paces = turns(
        groups,
        lambda minute: [an_envelope(3, minute * 10**7, kind="balance"), an_envelope(1_030, minute * 10**7, limit=None)],
    )
    assert of(paces, 30, 77) == [(1.0, 1.0), (1.0, 1.0)]
    assert len(paces.budgets) == 0


def test_a_total_is_spread_over_the_days_of_its_schedule_and_a_week_over_its_days():
    ends = DAY.ends_at_ms + 9 * 86_400_000
    total = a_group(30, budget_mode="BUDGET_MODE_TOTAL", ends_at_ms=ends)
    groups = groups_of([a_segment(total, a_group(31), a_group(32, envelope_id=0, week_envelope_id=1_032))])
    spent = 150_000

    def told(minute):
        return [
            an_envelope(1_030, minute * spent, kind="total"),
            an_envelope(1_031, minute * spent),
            an_envelope(1_032, minute * spent, kind="week", days=7),
        ]

    (total_bid, _), (day_bid, _), (week_bid, _) = of(turns(groups, told), 30, 31, 32)
    assert total_bid < day_bid
    assert week_bid < day_bid


def test_a_target_that_is_missed_lowers_the_bid_and_the_smaller_loop_rules():
    ocpm = {
        "billing_event": "OCPM",
        "optimization_goal": "CONVERT",
        "bid_micros": None,
        "conversion_bid_micros": 20_000_000,
    }
    groups = groups_of([a_segment(a_group(30, **ocpm), a_group(31, **ocpm), a_group(32))])
    paces = no_paces()
    for turn in range(40):
        spent = turn * 60_000_000
        paces = take_turn(
            paces,
            groups,
            facts_of(an_envelope(1_030, 0, limit=10**15), an_envelope(1_031, turn * 10**6, limit=40 * 10**6)),
            {
                30: GroupTotals(30, DAY.begins_at_ms, spent, conversions=turn),
                31: GroupTotals(31, DAY.begins_at_ms, spent, conversions=turn * 9),
            },
            lambda _: CURVE,
            now_ms=DAY.begins_at_ms + turn * 15 * MINUTE_MS,
        )
    (dear, _), (short, _), (other, _) = of(paces, 30, 31, 32)
    assert dear == pytest.approx(0.3, abs=0.01)
    assert short < 1.0
    assert other == 1.0


def test_groups_of_several_segments_are_there_once_as_the_last_has_them():
    morning = np.zeros(336, np.uint8)
    morning[:24] = 1
    bits = np.packbits(morning).tobytes()
    assert len(bits) == DAYPARTING_BYTES
    base = a_segment(a_group(30, ends_at_ms=NOON_MS), a_group(31, dayparting=bits))
    delta = a_segment(a_group(30, ends_at_ms=NOON_MS + 2, timezone="America/New_York"))
    groups = groups_of([base, delta])
    assert groups.adgroup_id.tolist() == [30, 31]
    assert groups.ends_at_ms.tolist()[0] == NOON_MS + 2
    assert [groups.clocks[at] for at in groups.clock] == [("America/New_York", b""), ("Europe/Paris", bits)]
    assert len(groups_of([])) == 0
    assert take_turn(no_paces(), groups_of([]), facts_of(), {}, lambda _: CURVE, now_ms=NOON_MS).groups is NO_GROUP_PACE


def test_a_restart_goes_on_with_what_was_kept():
    groups = groups_of([a_segment(a_group(30))])

    def told(minute):
        return [an_envelope(1_030, (minute + 20) * 10**6)]

    paces = turns(groups, lambda minute: [an_envelope(1_030, minute * 10**6)])
    again = decode_paces(paces.encode())
    on, anew = (turns(groups, told, many=5, paces=one, first=620) for one in (paces, again))
    assert of(on, 30) == of(anew, 30)
    assert len(decode_paces(b"").budgets) == 0
    assert len(decode_paces(paces.encode()[:40]).budgets) == 0


def test_a_budget_follows_the_hours_of_its_widest_group():
    morning = np.zeros(336, np.uint8)
    for day in range(7):
        morning[48 * day + 12 : 48 * day + 20] = 1
    bits = np.packbits(morning).tobytes()
    rows = [a_group(one, campaign_envelope_id=900, envelope_id=0, dayparting=bits) for one in (30, 32)]
    wide = a_group(31, campaign_envelope_id=900, envelope_id=0)
    alone = a_group(33, campaign_envelope_id=901, envelope_id=0, dayparting=bits)

    def told(minute):
        return [an_envelope(900, minute * 100_000), an_envelope(901, minute * 100_000)]

    paces = turns(groups_of([a_segment(rows[0], wide, rows[1], alone)]), told)
    (shared, _), (mornings, _) = of(paces, 30, 33)
    assert shared < mornings, "what is left of the morning is more of a budget that has nothing but mornings"
