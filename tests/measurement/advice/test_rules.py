"""Advice follows from facts: when each thing is said, when it is not, and never more than five."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.limits import DAY_MS
from attise.measurement.advice.facts import Aimed, Budgeted, Facts, Rising, Shown, Week
from attise.measurement.advice.rules import MOST, Kind, advise, gravest

EURO = 1_000_000
NOW = 1_790_000_000_000
GROUP = Budgeted(level="adgroup", id=7, budget_micros=50 * EURO, spent_micros=(50 * EURO, 49 * EURO, 48 * EURO))
GOOD = Week(impressions=5_000, completions=1_000, spent_micros=40 * EURO, results=20)
AD = Shown(id=1, adgroup_id=7, week=GOOD, before=GOOD)


def said(*, groups=(), ads=()) -> list[tuple[Kind, int]]:
    facts = Facts(now_ms=NOW, unit_micros=EURO, budgeted=tuple(groups), shown=tuple(ads))
    return [(one.kind, one.id) for one in advise(facts)]


def test_a_budget_that_is_spent_every_day_is_raised_by_a_fifth_to_a_whole_unit():
    [one] = advise(Facts(now_ms=NOW, unit_micros=EURO, budgeted=(replace(GROUP, budget_micros=50_410_000),)))
    assert (one.kind, one.to_micros, one.figure, one.beside) == (
        Kind.RAISE_BUDGET,
        61 * EURO,
        147 * EURO,
        151_230_000,
    )
    assert said(groups=[replace(GROUP, spent_micros=(50 * EURO, 40 * EURO, 50 * EURO))]) == []
    assert said(groups=[replace(GROUP, spent_micros=(50 * EURO, 50 * EURO))]) == []  # it ran through two days alone
    assert said(groups=[replace(GROUP, budget_micros=None)]) == []


def test_a_bid_below_the_usual_is_raised_where_the_budget_is_not_spent():
    slow = replace(GROUP, spent_micros=(EURO, 0, 2 * EURO), bid_micros=100_000, usual_bid_micros=250_000)
    [one] = advise(Facts(now_ms=NOW, unit_micros=EURO, budgeted=(slow,)))
    assert (one.kind, one.to_micros, one.key) == (Kind.RAISE_BID, 250_000, "raise_bid.7.250000")
    assert said(groups=[replace(slow, spent_micros=(EURO, 30 * EURO, EURO))]) == []
    assert said(groups=[replace(slow, bid_micros=250_000)]) == []
    assert said(groups=[replace(slow, usual_bid_micros=None)]) == []


def test_an_ad_that_fewer_and_fewer_watch_to_the_end_is_paused_unless_it_is_the_last():
    tired = replace(AD, id=2, week=replace(GOOD, completions=700))
    assert said(ads=[AD, tired]) == [(Kind.PAUSE_TIRED, 2)]
    assert said(ads=[tired]) == []
    few = Week(impressions=900, completions=20)
    assert said(ads=[AD, replace(tired, week=few)]) == []
    chance = replace(
        tired, week=Week(impressions=1_000, completions=150), before=Week(impressions=1_000, completions=190)
    )
    assert said(ads=[AD, chance]) == []  # a fifth less, which chance does too


def test_an_ad_that_costs_three_results_and_brings_none_is_paused():
    costly = replace(AD, id=3, week=Week(impressions=500, spent_micros=6 * EURO))
    assert said(ads=[AD, costly]) == [(Kind.PAUSE_COSTLY, 3)]
    assert said(ads=[AD, replace(costly, week=replace(costly.week, results=1))]) == []
    assert said(ads=[AD, replace(costly, week=replace(costly.week, spent_micros=5 * EURO))]) == []
    assert said(ads=[replace(AD, week=replace(GOOD, results=9)), costly]) == []


@pytest.mark.parametrize(
    ("days", "until", "is_said"), [(3, None, True), (3, 2, False), (3, 9, True), (8, None, False), (-1, None, False)]
)
def test_a_grant_that_ends_before_its_ad_group_does_is_renewed(days, until, is_said):
    runs_until = None if until is None else NOW + until * DAY_MS
    ad = replace(AD, grant_ends_at_ms=NOW + days * DAY_MS, runs_until_ms=runs_until)
    assert (said(ads=[ad]) == [(Kind.RENEW_GRANT, 1)]) is is_said


WEEKS = st.builds(
    lambda seen, ended, spent, results: Week(
        impressions=seen, completions=min(seen, ended), spent_micros=spent, results=results
    ),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.integers(0, 100 * EURO),
    st.integers(0, 30),
)


@given(
    st.lists(
        st.builds(Shown, id=st.integers(1, 99), adgroup_id=st.integers(1, 2), week=WEEKS, before=WEEKS),
        unique_by=lambda ad: ad.id,
    )
)
def test_five_things_at_most_the_gravest_first_and_never_the_last_ad_of_a_group(ads):
    found = said(ads=ads)
    assert len(found) <= MOST
    order = [list(Kind).index(kind) for kind, _ in found]
    assert order == sorted(order)
    for group in {ad.adgroup_id for ad in ads}:
        mine = {ad.id for ad in ads if ad.adgroup_id == group}
        assert mine - {id_ for _, id_ in found}


def aimed(**more) -> list[tuple[Kind, bool]]:
    slow = replace(GROUP, spent_micros=(EURO, 0, 2 * EURO))
    one = Aimed(**{"id": 7, "can_widen": True, **more})
    facts = Facts(now_ms=NOW, unit_micros=EURO, budgeted=(slow,), aimed=(one,))
    return [(found.kind, found.is_done_here) for found in advise(facts)]


def test_an_audience_below_a_thousand_is_widened_where_that_finds_more_than_a_thousand():
    assert aimed(is_few=True, wider_people=1_000) == [(Kind.WIDEN_AUDIENCE, True)]
    assert aimed(is_few=True) == [], "as few without what narrows it"
    assert aimed(wider_people=9_000) == []
    assert aimed(is_few=True, wider_people=5_000, can_widen=False) == []


def test_an_audience_is_used_up_where_hardly_anybody_is_new_and_the_budget_stays():
    assert aimed(reached=200, newly_reached=20) == [(Kind.AUDIENCE_USED_UP, True)]
    assert aimed(reached=200, newly_reached=20, can_widen=False) == [(Kind.AUDIENCE_USED_UP, False)]
    assert aimed(reached=200, newly_reached=21) == []
    assert aimed(reached=199, newly_reached=0) == []
    spent = Facts(
        now_ms=NOW,
        unit_micros=EURO,
        budgeted=(replace(GROUP, spent_micros=(30 * EURO,) * 3),),
        aimed=(Aimed(id=7, can_widen=True, reached=900, newly_reached=0),),
    )
    assert advise(spent) == [], "whoever it reaches, it spends its budget"


def test_the_best_rising_post_of_each_ad_group_is_added_while_it_is_worth_it():
    def post(post_id: int, adgroup_id: int, score: int, until_ms: int = NOW + 1) -> Rising:
        return Rising(post_id=post_id, adgroup_id=adgroup_id, score=score, until_ms=until_ms)

    rising = (post(1, 7, 70), post(2, 7, 90), post(3, 8, 60), post(4, 9, 99, NOW))
    found = advise(Facts(now_ms=NOW, unit_micros=EURO, rising=rising))
    assert [(one.post_id, one.id, one.key) for one in found] == [(2, 7, "add_post.7.2"), (3, 8, "add_post.8.3")]


def test_over_several_campaigns_the_gravest_come_first_and_the_largest_of_one_kind():
    budgets = [replace(GROUP, id=id_, spent_micros=(spent * EURO,) * 3) for id_, spent in ((1, 48), (2, 49), (3, 50))]
    ends = [
        replace(AD, id=days, adgroup_id=days, grant_ends_at_ms=NOW + days * DAY_MS, runs_until_ms=None)
        for days in (5, 2, 3)
    ]
    each = [
        *advise(Facts(now_ms=NOW, unit_micros=EURO, budgeted=tuple(budgets))),
        *advise(Facts(now_ms=NOW, unit_micros=EURO, shown=tuple(ends))),
    ]
    assert [(one.kind, one.id) for one in gravest(each)] == [
        *((Kind.RENEW_GRANT, days) for days in (2, 3, 5)),
        *((Kind.RAISE_BUDGET, id_) for id_ in (3, 2)),
    ]
