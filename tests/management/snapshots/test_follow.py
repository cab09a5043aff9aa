"""Deltas are numbered without a gap, made once, and none is missed: whoever works, and however many write meanwhile."""

import threading

import pytest
from django.db import connections

from attise.kernel.limits import DELTA_LIFE_MS
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit, verb
from attise.management.snapshots import queries
from attise.management.snapshots.actions import follow, sweep
from attise.management.snapshots.models import Delta, Position
from attise.records.change import ChangeKind
from attise.records.snapshot.deltas import DeltaGap, DeltaKind, read_deltas
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_group_of, a_spark_ad, an_adgroup
from tests.races import at_once
from tests.snapshot_reader import Reader, change, settle, what_runs
from tests.statements import Statements

WRITERS, UNITS_EACH = 50, 3


@pytest.mark.django_db
def test_nothing_is_written_while_nothing_changes(means, clock, django_assert_num_queries):
    settle(means)
    before = queries.get_position()
    clock.advance(seconds=60)
    with django_assert_num_queries(4):  # place, version, and the two ends of grants
        assert not follow(means, holder="worker:1")
    assert queries.get_position() == before


@pytest.mark.django_db
def test_one_changed_ad_costs_a_bounded_number_of_statements(means, django_assert_max_num_queries):
    post = a_post(means, a_creator(means))
    group = a_group_of(means, an_advertiser(means))
    ad = a_spark_ad(means, group, post)
    settle(means)
    change(means, ChangeKind.AD_CHANGED, ad.id)
    with django_assert_max_num_queries(26):
        assert follow(means, holder="worker:1")


@pytest.mark.django_db
def test_many_ads_cost_no_more_statements_than_few(means, django_assert_max_num_queries):
    group = a_group_of(means, an_advertiser(means))
    creator = a_creator(means)
    for _ in range(30):
        a_spark_ad(means, group, a_post(means, creator))
    settle(means)
    change(means, ChangeKind.ADGROUP_CHANGED, group.id)
    with django_assert_max_num_queries(26):
        assert follow(means, holder="worker:1")


@pytest.mark.django_db
def test_a_large_change_is_told_in_parts(means, monkeypatch):
    monkeypatch.setitem(follow.__globals__, "OBJECTS_AT_ONCE", 4)
    group = a_group_of(means, an_advertiser(means))
    post = a_post(means, a_creator(means))
    ads = [a_spark_ad(means, group, post) for _ in range(11)]
    reader = Reader.from_nothing()
    settle(means)
    reader.catch_up()
    change(means, ChangeKind.CAMPAIGN_CHANGED, group.campaign_id)
    told = []
    while follow(means, holder="worker:1"):
        told.append([delta.object_id for delta in reader.catch_up()])
    assert [len(part) for part in told] == [4, 4, 3]
    assert [ad_id for part in told for ad_id in part] == [ad.id for ad in ads]
    assert queries.get_position().is_at_rest


@pytest.mark.django_db
def test_what_changes_between_two_parts_is_not_lost(means, monkeypatch):
    monkeypatch.setitem(follow.__globals__, "OBJECTS_AT_ONCE", 4)
    group = a_group_of(means, an_advertiser(means))
    post = a_post(means, a_creator(means))
    first, *_ = [a_spark_ad(means, group, post) for _ in range(6)]
    reader = Reader.from_nothing()
    change(means, ChangeKind.ADGROUP_CHANGED, group.id)
    follow(means, holder="worker:1")
    type(first).objects.filter(id=first.id).update(call_to_action="SHOP_NOW")
    change(means, ChangeKind.AD_CHANGED, first.id)
    settle(means)
    reader.catch_up()
    assert reader.fold.ads() == what_runs(means)[0]
    assert reader.fold.ads()[first.id].creative.call_to_action == "SHOP_NOW"


@pytest.mark.django_db
def test_a_worker_leaves_the_work_to_whoever_holds_the_lease(means, clock):
    change(means, ChangeKind.AD_CHANGED, 7)
    assert follow(means, holder="worker:1")
    change(means, ChangeKind.AD_CHANGED, 8)
    assert not follow(means, holder="worker:2")
    clock.advance(seconds=11)
    assert follow(means, holder="worker:2")
    change(means, ChangeKind.AD_CHANGED, 9)
    assert not follow(means, holder="worker:1")
    assert follow(means, holder="worker:2")
    assert list(Delta.objects.order_by("number").values_list("object_id", flat=True)) == [7, 8, 9]


@pytest.mark.django_db
def test_the_lease_is_renewed_when_half_of_it_is_over_and_not_before(means, clock):
    def until() -> int:
        change(means, ChangeKind.AD_CHANGED, 7)
        assert follow(means, holder="worker:1")
        return Position.objects.get(id=1).held_until_ms

    first = until()
    clock.advance(seconds=4)
    assert until() == first
    clock.advance(seconds=2)
    assert until() == first + 6_000


@pytest.mark.django_db
def test_a_worker_that_comes_second_to_the_place_writes_nothing(means, monkeypatch):
    """As after a pause longer than its lease: another has done the work between its reading and its writing."""
    change(means, ChangeKind.AD_CHANGED, 7)
    look = follow.__globals__["_look"]

    def overtaken(means):
        step = look(means)
        monkeypatch.undo()
        Position.objects.update(held_until_ms=0)
        settle(means, holder="worker:2")
        return step

    monkeypatch.setitem(follow.__globals__, "_look", overtaken)
    assert not follow(means, holder="worker:1")
    assert Delta.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_race_of_two_workers_makes_each_delta_once(means):
    for number in range(1, 41):
        change(means, ChangeKind.AD_CHANGED, number)

    def work(holder: str) -> None:
        while queries.get_position().version < 40:
            Position.objects.update(held_until_ms=0)  # no lease helps here
            follow(means, holder=holder)

    at_once([lambda: work("worker:1"), lambda: work("worker:2")])
    assert list(Delta.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 41))
    assert sorted(Delta.objects.values_list("object_id", flat=True)) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_race_of_fifty_writers_misses_no_change(means):
    """Fifty write while one renders; each object is told, and the last that is told of it is of its last change."""
    done, failures = threading.Event(), []

    @verb
    def write(means, number: int, turn: int) -> None:
        with unit(means) as work:
            for place in range(1 + (number + turn) % 3):
                work.change(ChangeKind.AD_CHANGED, number * 100 + turn * 10 + place)
            work.change(ChangeKind.AD_CHANGED, number)

    def run(number: int) -> None:
        try:
            for turn in range(UNITS_EACH):
                write(means, number, turn)
        except Exception as error:  # noqa: BLE001 - told by the test below
            failures.append(error)
        finally:
            connections.close_all()

    def work() -> None:
        try:
            while not done.is_set() or outbox.get_version() > queries.get_position().version:
                follow(means, holder="worker:1")
        except Exception as error:  # noqa: BLE001 - as above
            failures.append(error)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    writers = [threading.Thread(target=run, args=(number,)) for number in range(1, WRITERS + 1)]
    for thread in [worker, *writers]:
        thread.start()
    for thread in writers:
        thread.join(100)
    done.set()
    worker.join(60)
    assert failures == []
    assert not worker.is_alive()
    last_change = {change.object_id: change.version for change in outbox.list_changes(0, outbox.get_version())}
    rows = list(Delta.objects.order_by("number").values_list("number", "version", "object_id"))
    assert [number for number, _, _ in rows] == list(range(1, len(rows) + 1))
    assert [version for _, version, _ in rows] == sorted(version for _, version, _ in rows)
    last_told = {object_id: version for _, version, object_id in rows}
    assert last_told.keys() == last_change.keys()
    assert all(last_told[key] >= version for key, version in last_change.items())


@pytest.mark.django_db(transaction=True)
def test_what_is_read_at_one_version_does_not_see_what_is_committed_meanwhile(means):
    """And holds up nobody who writes."""
    post = a_post(means, a_creator(means))
    with outbox.at_one_version() as version:
        seen = []

        def write() -> None:
            type(post).objects.filter(id=post.id).update(caption="later")
            change(means, ChangeKind.POST_CHANGED, post.id)
            seen.append(outbox.get_version())

        at_once([write])
        assert seen == [version + 1]
        assert outbox.get_version() == version
        assert type(post).objects.get(id=post.id).caption != "later"
    assert outbox.get_version() == version + 1
    assert type(post).objects.get(id=post.id).caption == "later"


@pytest.mark.django_db
def test_old_deltas_go_from_the_oldest_on_and_a_reader_sees_the_gap(means, clock):
    for number in range(1, 6):
        change(means, ChangeKind.AD_CHANGED, number)
        settle(means)
        clock.advance(seconds=1)
    clock.advance(seconds=DELTA_LIFE_MS / 1000 - 2)
    assert sweep(means) == 4
    assert sweep(means) == 0
    assert list(Delta.objects.values_list("number", flat=True)) == [5]
    assert [delta.number for delta in read_deltas(Statements(), 4)] == [5]
    with pytest.raises(DeltaGap):
        read_deltas(Statements(), 3)
    with pytest.raises(DeltaGap):
        read_deltas(Statements(), 6)  # the database was put back


@pytest.mark.django_db
def test_a_reader_takes_many_deltas_a_part_at_a_time(means, monkeypatch):
    monkeypatch.setattr("attise.records.snapshot.deltas.MOST_AT_ONCE", 2)
    for number in range(1, 6):
        change(means, ChangeKind.AD_CHANGED, number)
    settle(means)
    assert [delta.object_id for delta in read_deltas(Statements(), 0)] == [1, 2]
    assert [delta.object_id for delta in Reader.from_nothing().catch_up()] == [1, 2, 3, 4, 5]
    assert [delta.kind for delta in queries.list_deltas_of(3)] == [DeltaKind.AD_GONE]


@pytest.mark.django_db
def test_an_ad_group_of_a_stopped_campaign_is_told_by_the_campaign(means):
    """Its own change says that its ads may not run: they are gone, whoever missed the campaign's stop."""
    group = a_group_of(means, an_advertiser(means))
    ad = a_spark_ad(means, group, a_post(means, a_creator(means)))
    other = an_adgroup(means, group.campaign)
    type(group.campaign).objects.update(operation_status="DISABLE")
    change(means, ChangeKind.ADGROUP_CHANGED, group.id)
    change(means, ChangeKind.ADGROUP_CHANGED, other.id)
    reader = Reader.from_nothing()
    settle(means)
    assert (DeltaKind.AD_GONE, ad.id) in [(delta.kind, delta.object_id) for delta in reader.catch_up()]
