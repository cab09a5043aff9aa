"""Conversions are settled in the order of the log, in the transaction of the events around them."""

from __future__ import annotations

import pytest

from attise.kernel.limits import MINUTE_MS
from attise.measurement.conversions import actions as conversions
from attise.measurement.conversions import queries
from attise.measurement.conversions.models import Touch
from tests.measurement.attribution.converted import tell
from tests.measurement.attribution.happened import ADVERTISER, SPARK_AD, ad_claims, claims, event, open_budget

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_purchase_after_a_click_is_credited_to_its_ad(means, happened, clock):
    of = claims(means, ad_claims(open_budget(means)))
    happened.append([event(means, "impression", of, after_s=1), event(means, "click", of, after_s=2)])
    clock.advance(seconds=60)
    tell(happened, 1, of.decision_id, value_micros=5_000_000, currency="EUR")
    tell(happened, 2, of.decision_id)
    happened.settle()
    (one,) = queries.list_latest(ADVERTISER)
    assert (one.ad_id, one.touch, one.is_counted, one.copies) == (SPARK_AD, "click", True, 1)


def test_and_whichever_of_the_two_comes_first(means, happened, clock):
    of = claims(means, ad_claims(open_budget(means)))
    click = event(means, "click", of, after_s=2)
    clock.advance(seconds=60)
    tell(happened, 1, of.decision_id)
    happened.settle()
    assert [one.touch for one in queries.list_latest(ADVERTISER)] == [""]
    happened.settle(click)
    assert [one.touch for one in queries.list_latest(ADVERTISER)] == ["click"]


def test_a_click_that_is_doubted_is_credited_with_nothing(means, happened, clock):
    of = claims(means, ad_claims(open_budget(means)))
    happened.append([event(means, "click", of, after_s=2, doubt="declared_bot")])
    clock.advance(seconds=60)
    tell(happened, 1, of.decision_id)
    happened.settle()
    assert [one.touch for one in queries.list_latest(ADVERTISER)] == [""]
    assert not Touch.objects.exists()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
@pytest.mark.parametrize("at_once", [True, False])
def test_when_somebody_was_touched_does_not_depend_on_the_order(means, happened, order, at_once):
    of = claims(means, ad_claims(open_budget(means)))
    events = [
        event(means, "impression", of, after_s=1),
        event(means, "view_6s", of, after_s=8),
        event(means, "click", of, after_s=9),
    ]
    told = [events[place] for place in order]
    for part in [told] if at_once else [[one] for one in told]:
        happened.settle(*part)
    (touch,) = Touch.objects.all()
    assert (touch.seen_at_ms, touch.engaged_at_ms, touch.clicked_at_ms, touch.person) == (
        *(of.decided_at_ms, of.decided_at_ms + 8_000, of.decided_at_ms + 9_000),
        "ann",
    )


def test_a_batch_that_fails_leaves_neither_events_nor_conversions(means, happened, clock, monkeypatch):
    of = claims(means, ad_claims(open_budget(means)))
    happened.append([event(means, "click", of, after_s=2)])
    clock.advance(seconds=60)
    tell(happened, 1, of.decision_id)

    def fail(*told, **_more):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(conversions, "settle", fail)
        with pytest.raises(ZeroDivisionError):
            happened.settle()
    assert not Touch.objects.exists()
    happened.settler = happened.new_settler()
    happened.settle()
    assert [one.touch for one in queries.list_latest(ADVERTISER)] == ["click"]


def test_a_log_of_conversions_alone_is_settled_to_its_end(means, happened):
    for number in range(1, 451):
        tell(happened, number, 0, event_id=str(number))
    happened.settle()
    counts = queries.count_events([7], from_ms=0, to_ms=means.clock.world_ms() + MINUTE_MS)
    assert [one.total for one in counts] == [450]
