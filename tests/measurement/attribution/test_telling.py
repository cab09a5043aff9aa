"""What settling came to is told: posts to the feed and to predictions, ad groups to bids, spend by whose it was."""

import pytest

from attise.kernel.errors import Outage
from attise.measurement.attribution.actions import publish_totals, sweep
from attise.measurement.attribution.models import Changed, GroupQuarter, Pace, Settled, Totals
from attise.measurement.attribution.queries import get_untold, is_told
from attise.measurement.counters.models import Watched
from attise.records.totals import GroupTotals
from attise.records.totals_rows import read_totals
from tests.ledger.payers import EURO
from tests.measurement.attribution.happened import POST, SPARK_AD, ad_claims, claims, decision_id, event
from tests.measurement.attribution.happened import open_budget as budget
from tests.statements import Statements

DAY = 86_400_000
pytestmark = pytest.mark.django_db(transaction=True)


def told(after: int = 0):
    totals, is_all = read_totals(Statements(), after)
    assert is_all
    return totals


def publish(means) -> None:
    while publish_totals(means, counted_to_ms=means.clock.wire_ms()):
        pass


def test_a_post_an_ad_group_and_whose_decisions_spent_are_told(means, happened):
    envelopes = budget(means)
    one = claims(means, ad_claims(envelopes), decision_id=decision_id(means, node=3))
    other = claims(means, ad_claims(envelopes), decision_id=decision_id(means, node=900))
    happened.settle(
        event(means, "impression", one),
        event(means, "view_6s", other, after_s=7),
        event(means, "impression", claims(means)),
    )
    untold = get_untold()
    assert not is_told(untold)
    publish(means)
    assert is_told(untold)
    assert not Changed.objects.exists()
    totals = told()
    (post,) = totals.posts
    assert (post.post_id, post.organic.impressions, post.paid.impressions, post.paid.views_6s) == (POST, 1, 2, 1)
    (group,) = totals.groups
    assert (group.adgroup_id, group.spent_micros, group.impressions, group.views_6s) == (801, 24_690, 2, 1)
    assert group.begins_at_ms <= means.clock.world_ms() < group.begins_at_ms + DAY
    rows = {row.envelope_id: row for row in totals.envelopes}
    assert len(rows) == 3
    for row in rows.values():
        assert row.spent_by_node == ((3, 12_345), (900, 12_345))
    happened.settle(event(means, "click", one, after_s=8))
    publish(means)
    again = told(totals.head.version)
    assert (again.groups[0].clicks, again.envelopes) == (1, ())


def test_an_ad_groups_day_begins_by_the_advertisers_midnight_and_is_told_empty_once(means, happened, clock):
    envelopes = budget(means)
    happened.settle(event(means, "impression", claims(means, ad_claims(envelopes))))
    publish(means)
    row = Totals.objects.get(kind="group")
    assert (row.ends_at_ms // 3_600_000) % 24 == 22, "midnight in Paris, in summer"
    clock.advance(seconds=(row.ends_at_ms - clock.world_ms()) / 1000)
    publish(means)
    (group,) = told(1).groups
    assert group == GroupTotals(801, row.ends_at_ms)
    assert Totals.objects.get(kind="group").ends_at_ms is None
    happened.settle(event(means, "impression", claims(means, ad_claims(envelopes))))
    publish(means)
    assert told(2).groups[0].impressions == 1


def test_many_changed_objects_are_told_in_parts(means, happened, monkeypatch):
    monkeypatch.setitem(publish_totals.__globals__, "CHANGED_AT_ONCE", 7)
    happened.settle(*[event(means, "share", person=f"p{n}", post_id=1_000 + n) for n in range(40)])
    happened.settle(*[event(means, "share", person=f"q{n}", post_id=1_000 + n) for n in range(40)])
    publish(means)
    assert {post.post_id: post.organic.shares for post in told().posts} == {1_000 + n: 2 for n in range(40)}


def test_a_row_of_a_later_release_is_an_outage(means, happened):
    happened.settle(event(means, "share"))
    publish(means)
    Totals.objects.update(body=b"\xc1")
    with pytest.raises(Outage):
        told()


def test_what_no_event_can_come_back_to_is_swept(means, happened, clock):
    of = claims(means, ad_claims(budget(means, limit_micros=EURO)), session_id="s")
    happened.settle(event(means, "view_2s", of, after_s=3, watch_ms=2_500))
    assert sweep(means, limit=100) == 0
    clock.advance(seconds=1_000)
    assert sweep(means, limit=100, is_behind=True) == 0, "an event that still waits may fall into its buckets"
    assert (sweep(means, limit=100), Pace.objects.count()) == (1, 0)
    happened.settle(event(means, "view_2s", of, after_s=3, watch_ms=2_500))
    assert Settled.objects.count() == 3
    clock.advance(days=4)
    assert sweep(means, limit=2) >= 2
    assert Settled.objects.count() == 1
    sweep(means, limit=2)
    assert (Settled.objects.count(), Watched.objects.count(), GroupQuarter.objects.count()) == (0, 0, 0)
    assert SPARK_AD
