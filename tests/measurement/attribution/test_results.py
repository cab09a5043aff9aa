"""What ad groups are there for: each goal has results when what it names happens, and holds its target by them."""

from __future__ import annotations

import pytest
from django.db.models import F

from attise.kernel.limits import HOUR_MS
from attise.management.campaigns.rules.objectives import GOALS, OBJECTIVES, result_of
from attise.measurement.attribution.actions.count_acts import SIGNAL_OF
from attise.measurement.attribution.groups import list_group_days
from attise.measurement.attribution.models import AdEvent
from attise.measurement.attribution.recount import recount
from attise.measurement.attribution.recount_conversions import recount_conversions
from attise.records.event import RESULTS
from attise.records.web_events import APP_EVENTS, WEB_EVENTS
from tests.measurement.attribution.converted import GROUP, OTHER_GROUP, click, figures, group_totals, tell_of
from tests.measurement.attribution.happened import (
    SPARK_AD,
    STANDARD_AD,
    ad_claims,
    claims,
    event,
    open_budget,
)

pytestmark = pytest.mark.django_db(transaction=True)
HAPPENS = {
    **dict.fromkeys(("REACH", "ENGAGED_VIEW", "ENGAGED_VIEW_FIFTEEN", "VIDEO_VIEW", "CLICK"), ("Purchase", "")),
    "TRAFFIC_LANDING_PAGE_VIEW": ("Pageview", ""),
    "FOLLOWERS": ("follow", ""),
    "PAGE_VISIT": ("profile_visit", ""),
    "CONVERT": ("CompleteRegistration", "ON_WEB_REGISTER"),
    "VALUE": ("Purchase", "SHOPPING"),
    "LEAD_GENERATION": ("Lead", ""),
    "INSTALL": ("InstallApp", ""),
    "IN_APP_EVENT": ("Purchase", ""),
}
"""By goal, what happens on the feed, on a page or in an app, and the event that the ad group names."""


def recounted(means, happened) -> tuple[str | None, str | None]:
    asked = {"whose": happened.whose}
    pages = recount_conversions(means, happened.log, known=set, **asked)
    return recount(happened.log, **asked).difference, pages.difference


def test_every_goal_is_there_for_something_that_can_be_told():
    kinds = {one.type for one in (*WEB_EVENTS, *APP_EVENTS) if one.names}
    assert {result_of(goal.name, "") for one in OBJECTIVES.values() for goal in one.goals} <= kinds | RESULTS
    assert HAPPENS.keys() == set(GOALS)
    assert SIGNAL_OF.keys() == RESULTS


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_has_a_result_when_it_happens(means, happened, goal):
    what, named = HAPPENS[goal]
    happened.results = {GROUP: result_of(goal, named)}
    of = click(happened, open_budget(means))
    assert (group_totals(means).conversions, figures(means).results) == (0, 0)
    if what in RESULTS:
        happened.settle(event(means, what, of, after_s=4))
    else:
        tell_of(happened, 1, of, what)
        happened.settle()
    assert (group_totals(means).conversions, figures(means).results) == (1, 1)
    assert figures(means).cost_per_result_micros == 12_345
    assert recounted(means, happened) == (None, None)


def test_a_follow_is_a_result_as_long_as_it_stands_and_of_the_ad_that_brought_it(means, happened, clock):
    happened.results = {GROUP: "follow", OTHER_GROUP: "follow"}
    envelopes = open_budget(means)
    first = click(happened, envelopes)
    happened.settle(event(means, "follow", first, after_s=4, event_id="a"))
    clock.advance(seconds=3_600)
    undone = event(means, "unfollow", first, event_id="b")
    clock.advance(seconds=60)
    second = claims(means, ad_claims(envelopes, ad_id=STANDARD_AD, is_spark=True))
    happened.settle(event(means, "follow", second, after_s=4, event_id="c"))
    assert (figures(means).results, group_totals(means).conversions) == (1, 1), "who follows already follows nobody new"
    happened.settle(undone)  # told late: the second ad brought the follow that stands
    assert (figures(means).results, figures(means, STANDARD_AD).results) == (0, 1)
    assert (group_totals(means).conversions, group_totals(means, OTHER_GROUP).conversions) == (0, 1)
    assert recounted(means, happened) == (None, None)


def test_an_act_that_a_group_is_not_there_for_is_no_result_and_a_page_takes_none_away(means, happened):
    happened.results = {GROUP: "follow"}
    of = click(happened, open_budget(means))
    happened.settle(event(means, "follow", of, after_s=4), event(means, "profile_visit", of, after_s=5))
    tell_of(happened, 1, of)  # a purchase, in the same hour of the same ad
    happened.settle()
    assert (figures(means).results, group_totals(means).conversions) == (1, 1)
    kinds = AdEvent.objects.values_list("ad_id", "kind", "conversions", "results")
    assert sorted(kinds) == [(SPARK_AD, "SHOPPING", 1, 0), (SPARK_AD, "follow", 1, 1)]


def test_what_is_undone_on_the_next_day_takes_nothing_from_it(means, happened, clock):
    happened.results = {GROUP: "follow"}
    of = click(happened, open_budget(means))
    happened.settle(event(means, "follow", of, after_s=4))
    clock.advance(seconds=86_400)
    later = click(happened, open_budget(means), person="bob")
    happened.settle(event(means, "unfollow", of), event(means, "follow", later, after_s=4))
    assert group_totals(means).conversions == 1
    assert list_group_days([GROUP], at_ms=of.decided_at_ms + HOUR_MS)[0].totals.conversions == 0


def test_verify_finds_a_result_that_was_written_by_hand(means, happened):
    happened.results = {GROUP: "follow"}
    of = click(happened, open_budget(means))
    happened.settle(event(means, "follow", of, after_s=4))
    AdEvent.objects.filter(kind="follow").update(results=5)
    assert recounted(means, happened)[0].startswith(f"follow as result of ad {SPARK_AD}/")
    AdEvent.objects.filter(kind="follow").update(results=1)
    assert recounted(means, happened) == (None, None)
    AdEvent.objects.filter(kind="follow").update(hour_ms=F("hour_ms") + HOUR_MS)
    assert recounted(means, happened)[0].endswith("[0, 0] by the log, [1, 1] by the house")
