"""Conversions flow back: into hours of ads, results of ad groups as decisions know them, and outcomes."""

from __future__ import annotations

import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.attribution.groups import list_group_days
from attise.measurement.attribution.models import AdEvent, GroupQuarter, Outcome
from attise.measurement.attribution.overview import get_overview
from attise.measurement.attribution.recount_conversions import recount_conversions
from attise.measurement.counters.spans import span_of
from attise.records.conversion import Source
from tests.measurement.attribution.converted import GROUP, OTHER_GROUP, click, figures, group_totals, tell_of
from tests.measurement.attribution.happened import (
    ADVERTISER,
    SPARK_AD,
    STANDARD_AD,
    Happened,
    ad_claims,
    claims,
    event,
    open_budget,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def happened(means, tmp_path):
    made = Happened(means, tmp_path, results={GROUP: "SHOPPING", OTHER_GROUP: "SHOPPING"})
    yield made
    made.close()


def test_a_purchase_counts_in_the_hour_of_its_decision_and_in_the_totals_of_its_group(means, happened, clock):
    of = click(happened, open_budget(means))
    clock.advance(seconds=7_200)
    tell_of(happened, 1, of, value_micros=40_000_000, currency="EUR")
    tell_of(happened, 2, of, "AddToCart", value_micros=9_000_000, currency="EUR")
    tell_of(happened, 3, of, "Pageview")
    happened.settle()
    hour_ms = of.decided_at_ms - of.decided_at_ms % HOUR_MS
    rows = AdEvent.objects.order_by("kind").values_list("ad_id", "hour_ms", "kind", "conversions", "results")
    assert list(rows) == [
        (SPARK_AD, hour_ms, "ON_WEB_CART", 1, 0),
        (SPARK_AD, hour_ms, "PAGE_VIEW", 1, 0),
        (SPARK_AD, hour_ms, "SHOPPING", 1, 1),
    ]
    one = figures(means)
    assert (one.results, one.value_micros, one.carts, one.spent_micros) == (1, 40_000_000, 1, 12_345)
    assert (one.cost_per_result_micros, one.cost_per_cart_micros) == (12_345, 12_345)
    totals = group_totals(means)
    assert (totals.spent_micros, totals.clicks, totals.conversions) == (12_345, 1, 1)
    outcome = Outcome.objects.get(decision_id=of.decision_id)
    assert (outcome.results, outcome.converted_at_ms) == (1, means.clock.world_ms())


def test_a_group_is_told_only_of_what_it_is_there_for(means, happened, clock):
    happened.results = {GROUP: "ON_WEB_CART"}
    of = click(happened, open_budget(means))
    tell_of(happened, 1, of)
    happened.settle()
    assert (group_totals(means).conversions, figures(means).results) == (0, 0)
    tell_of(happened, 2, of, "AddToCart")
    happened.settle()
    assert (group_totals(means).conversions, figures(means).results) == (1, 1)


@pytest.mark.parametrize(
    ("goal", "results"),
    [("REACH", 1), ("CLICK", 1), ("CONVERT", 2), ("FOLLOWERS", 2), ("", 2)],
)
def test_results_are_what_the_goal_asks_for_whatever_else_came_of_it(means, happened, goal, results):
    """One impression and one click sold two things."""
    of = click(happened, open_budget(means), goal=goal)
    tell_of(happened, 1, of)
    tell_of(happened, 2, of, event_id="another")
    happened.settle()
    told = get_overview(ADVERTISER, currency="EUR", span=span_of("UTC", means.clock.world_ms(), 7)).now
    assert (figures(means).results, figures(means).conversions) == (results, 2)
    assert (told.results, told.conversions) == (results, 2)


def test_a_view_is_a_result_once_it_is_long_enough_to_be_paid_for(means, happened):
    said = {"goal": "ENGAGED_VIEW", "billing_event": "CPV", "view_goal_ms": 6_000}
    of = claims(means, ad_claims(open_budget(means), **said))
    happened.settle(event(means, "impression", of, after_s=1), event(means, "view_2s", of, after_s=3, watch_ms=2_000))
    assert figures(means).results == 0
    happened.settle(event(means, "view_6s", of, after_s=7, watch_ms=6_000))
    assert (figures(means).results, figures(means).cost_per_result_micros) == (1, 12_345)


def test_a_credit_that_moves_takes_all_along(means, happened, clock):
    envelopes = open_budget(means)
    first = click(happened, envelopes)
    late = claims(means, ad_claims(envelopes, ad_id=STANDARD_AD))
    clock.advance(seconds=1_800)
    late_click = event(means, "click", late)
    clock.advance(seconds=1_800)
    tell_of(happened, 1, first, value_micros=1_000_000, currency="EUR")
    happened.settle()
    assert group_totals(means).conversions == 1
    before = Outcome.objects.get(decision_id=first.decision_id).position
    happened.settle(late_click)  # told late, and the later click of the same person
    assert (group_totals(means).conversions, group_totals(means, OTHER_GROUP).conversions) == (0, 1)
    assert figures(means).results == 0
    assert figures(means).value_micros == 0
    assert (figures(means, STANDARD_AD).results, figures(means, STANDARD_AD).value_micros) == (1, 1_000_000)
    gone, come = (Outcome.objects.get(decision_id=one.decision_id) for one in (first, late))
    assert (gone.results, gone.converted_at_ms, come.results) == (0, 0, 1)
    assert gone.position > before  # whoever reads outcomes on from a position meets it again


def test_what_it_is_worth_may_be_told_by_the_second_teller(means, happened, clock):
    of = click(happened, open_budget(means))
    tell_of(happened, 1, of, event_id="a")
    happened.settle()
    assert figures(means).value_micros == 0
    tell_of(happened, 2, of, event_id="a", source=Source.SERVER, value_micros=7_000_000, currency="EUR")
    happened.settle()
    assert (figures(means).results, figures(means).value_micros) == (1, 7_000_000)


def test_another_currency_is_counted_and_adds_no_value(means, happened):
    of = click(happened, open_budget(means))
    tell_of(happened, 1, of, value_micros=7_000_000, currency="USD")
    happened.settle()
    assert (figures(means).results, figures(means).value_micros) == (1, 0)


def test_of_one_touch_only_the_first_counts_where_the_group_says_so(means, happened):
    of = click(happened, open_budget(means), attribution_event_count="ONCE")
    tell_of(happened, 1, of)
    tell_of(happened, 2, of)
    happened.settle()
    assert (figures(means).results, group_totals(means).conversions) == (1, 1)


def test_yesterdays_click_is_no_result_of_today_and_still_one_of_its_ad(means, happened, clock):
    of = click(happened, open_budget(means))
    clock.advance(seconds=5 * 86_400)
    click(happened, open_budget(means), person="bob")
    tell_of(happened, 1, of)
    happened.settle()
    assert group_totals(means).conversions == 0
    assert not GroupQuarter.objects.filter(quarter_ms__lt=means.clock.world_ms() - 3 * DAY_MS, conversions__gt=0)
    assert AdEvent.objects.get().results == 1
    assert Outcome.objects.get(decision_id=of.decision_id).results == 1


def test_the_day_knows_what_is_still_to_come(means, happened, clock):
    envelopes = open_budget(means)
    early = [click(happened, envelopes, person=f"early-{one}") for one in range(4)]
    clock.advance(seconds=3_000)
    for number, of in enumerate(early, 1):
        tell_of(happened, number, of)
    happened.settle()
    before = list_group_days([GROUP], at_ms=means.clock.world_ms())[0].totals
    for one in range(4):
        click(happened, envelopes, person=f"late-{one}")
    after = list_group_days([GROUP], at_ms=means.clock.world_ms())[0].totals
    assert (before.conversions, before.conversions_due_milli, after.conversions) == (4, 0, 4)
    assert 200 < after.conversions_due_milli < 4_000


@pytest.mark.parametrize("fault", ["more", "missing", "extra"])
def test_a_recount_finds_what_is_not_as_the_rows_say(means, happened, clock, fault):
    tell_of(happened, 9, event_id="nobodys")  # what is kept reaches back beyond the hour of the decision
    clock.advance(seconds=7_200)
    of = click(happened, open_budget(means))
    clock.advance(seconds=7_200)
    tell_of(happened, 1, of)
    happened.settle()

    def difference() -> str | None:
        known = {"whose": happened.whose, "known": set}
        return recount_conversions(means, happened.log, **known).difference

    assert difference() is None
    hour = AdEvent.objects.get()
    if fault == "more":
        AdEvent.objects.update(results=2)
    elif fault == "missing":
        AdEvent.objects.all().delete()
    else:
        AdEvent.objects.create(
            ad_id=hour.ad_id, hour_ms=hour.hour_ms, kind="FORM", conversions=1, results=0, value_micros=0
        )
    assert "conversions of ad" in difference()
