"""Whatever is told in whatever order, an edge serves what the plain rule says, and never what was stopped."""

from __future__ import annotations

import random

import pytest

from attise.doors.edge.serving.files import Folders
from attise.doors.edge.serving.making import piece_of
from attise.records.change import ChangeKind
from attise.records.snapshot.fold import AD_STANDS_ON, Fold
from attise.serving.delivery.allowance import Held
from attise.serving.prediction.model import cold_model
from attise.serving.training.facts import facts_of
from attise.serving.training.turn import take_turn
from tests.doors.edge.serving import town as town_module
from tests.doors.edge.serving.town import a_post, an_ad


def test_an_empty_house_begins_from_deltas_alone(town):
    edge = town.edge()
    edge.read_stops()
    edge.load()
    assert (edge.ads(), edge.loading.loaded.is_whole) == ({}, True)
    town.tell(an_ad(1))
    town.tell(a_post(7))
    edge.load()
    assert set(edge.ads()) == {4_001}
    assert set(edge.posts()) == {9_007}
    assert edge.loading.applied() == (2, 0)


def test_a_stop_is_heeded_without_any_worker_and_a_later_word_brings_the_ad_back(town):
    edge = town.edge()
    town.tell(an_ad(1, post=1))
    town.tell(an_ad(2, post=2))
    edge.read_stops()
    edge.load()
    assert set(edge.ads()) == {4_001, 4_002}
    town.change(ChangeKind.GRANT_STOPPED, 5_001)
    edge.read_stops()
    assert set(edge.ads()) == {4_002}, "no turn of loading was needed"
    town.change(ChangeKind.GRANT_CHANGED, 5_001)
    edge.read_stops()
    edge.load()
    assert set(edge.ads()) == {4_002}, "what was said before the stop does not come back"
    town.tell(an_ad(1, post=1))
    edge.load()
    assert set(edge.ads()) == {4_001, 4_002}


def test_a_delta_of_before_a_stop_that_is_read_after_it_does_not_revive_the_ad(town):
    edge = town.edge()
    edge.read_stops()
    edge.load()
    town.tell(an_ad(1, post=1))
    town.change(ChangeKind.POST_STOPPED, 9_001)
    edge.read_stops()
    edge.load()
    assert edge.ads() == {}


def test_a_stop_that_comes_while_something_is_built_is_laid_over_it(town, monkeypatch):
    edge = town.edge()
    edge.read_stops()
    town.tell(an_ad(1, post=1))
    stopped = []
    real = edge.loading._state

    def stop_meanwhile(pieces):
        if not stopped:
            stopped.append(town.change(ChangeKind.CREATOR_STOPPED, 601))
            edge.read_stops()
        return real(pieces)

    monkeypatch.setattr(edge.loading, "_state", stop_meanwhile)
    edge.load()
    assert stopped
    assert (edge.ads(), edge.posts()) == ({}, {})


def test_an_index_follows_another_without_an_interruption(town):
    fold = Fold(0)
    for number in range(70):
        fold.apply(town.tell(an_ad(number, group=number, post=number)))
    fold = town.write(fold)
    edge = town.edge()
    edge.read_stops()
    edge.load()
    assert edge.loading.loaded.is_whole
    assert edge.ads() == fold.ads()
    fold.apply(town.tell(an_ad(3, group=3, post=3, bid=900_000)))
    fold.apply(town.tell(None, gone=4_004))
    fold.stop(town.change(ChangeKind.CAMPAIGN_STOPPED, 2_010))
    edge.read_stops()
    edge.load()
    assert edge.ads() == fold.ads()
    again = town.write(fold)
    fold = again
    fold.apply(town.tell(an_ad(90)))
    edge.read_stops()
    edge.load()
    assert edge.loading.loaded.snapshot == town.version
    assert edge.ads() == fold.ads()


def test_while_an_index_is_made_posts_of_the_snapshot_and_ads_of_deltas_are_served(town):
    fold = Fold(0)
    fold.apply(town.tell(an_ad(1)))
    fold.apply(town.tell(a_post(1)))
    town.write(fold, build=False)
    edge = town.edge()
    edge.read_stops()
    edge.load()
    assert (edge.ads(), edge.loading.loaded.is_whole) == ({}, False)
    assert set(edge.posts()) == {9_001}
    town.tell(an_ad(2))
    edge.load()
    assert set(edge.ads()) == {4_002}
    town.build()
    edge.load()
    assert set(edge.ads()) == {4_001, 4_002}


def test_where_deltas_are_gone_what_is_there_goes_on_and_the_next_snapshot_is_begun_with(town):
    fold = Fold(0)
    fold.apply(town.tell(an_ad(1)))
    edge = town.edge()
    edge.read_stops()
    edge.load()
    for number in (2, 3):
        fold.apply(town.tell(an_ad(number)))
    town.execute("DELETE FROM snapshots_delta WHERE number = 2")
    edge.load()
    assert set(edge.ads()) == {4_001}
    town.change(ChangeKind.AD_STOPPED, 4_001)
    edge.read_stops()
    assert edge.ads() == {}, "stops are heeded all the same"
    fold.stop(town_module.Change(town.version, ChangeKind.AD_STOPPED, 4_001, 0))
    town.write(fold)
    town.tell(an_ad(4))
    edge.read_stops()
    edge.load()
    assert set(edge.ads()) == {4_002, 4_003, 4_004}


def test_a_database_that_was_put_back_takes_everything_away_at_once(town):
    fold = Fold(0)
    for number in (1, 2):
        fold.apply(town.tell(an_ad(number)))
    for _ in range(5):
        town.change(ChangeKind.POST_CHANGED, 1)
    town.write(fold)
    edge = town.edge()
    edge.read_stops()
    edge.load()
    assert set(edge.ads()) == {4_001, 4_002}
    town.execute("DELETE FROM outbox_change WHERE version > 2")
    town.execute("UPDATE outbox_version SET n = 2 WHERE id = 1")
    town.execute("DELETE FROM snapshots_delta WHERE number > 1")
    town.execute("UPDATE snapshots_position SET number = 1, version = 1 WHERE id = 1")
    edge.read_stops()
    assert edge.ads() == {}
    edge.read_stops()
    edge.load()
    assert edge.ads() == {}, "the file is of a later version than the database"
    town.version = 2
    town.number = 1
    (town.house.folder / "snapshots" / "0000000000000000005.snapshot").unlink()
    town.write(Fold(2, [an_ad(1)]))
    edge.read_stops()
    edge.load()
    assert set(edge.ads()) == {4_001}


def test_a_later_word_about_an_ad_of_the_middle_segment_takes_the_earlier_one_out(town, monkeypatch):
    monkeypatch.setattr("attise.doors.edge.serving.tiers.SMALL", 2)
    edge = town.edge()
    edge.read_stops()
    for number in range(4):
        town.tell(an_ad(number, group=number, post=number))
    edge.load()
    town.tell(an_ad(1, group=1, post=1, bid=777_000))
    town.tell(None, gone=4_002)
    edge.load()
    ads = edge.ads()
    assert set(ads) == {4_000, 4_001, 4_003}
    assert ads[4_001].group.bid_micros == 777_000
    assert len(edge.loading.loaded.pieces) == 2


def test_what_was_told_before_the_oldest_change_that_is_kept_is_not_served(town):
    """Whether it was stopped meanwhile cannot be known any more."""
    town.tell(an_ad(1))
    for _ in range(5):
        town.change(ChangeKind.POST_CHANGED, 1)
    town.execute("DELETE FROM outbox_change WHERE version <= 3")
    edge = town.edge()
    edge.read_stops()
    edge.load()
    assert edge.ads() == {}
    town.tell(an_ad(2))
    edge.load()
    assert set(edge.ads()) == {4_002}


def test_what_may_be_spent_is_known_before_anything_is_decided_and_follows_totals(town):
    town.tell(an_ad(1, group=5))
    edge = town.edge()
    edge.read_stops()
    edge.load()
    state = edge.loading.loaded.state
    wire, world = town.clock.wire_ms(), town.clock.world_ms()
    assert state.allowances.why_not([7_005], 1, now_ms=world, wire_ms=wire) is not None
    town.allow(7_005, 8_001, limit=10_000_000)
    edge.load()
    wire = town.clock.wire_ms()
    assert state.allowances.why_not([7_005, 8_001], 1_000, now_ms=world, wire_ms=wire) is None
    assert edge.loading.applied() == (1, 1)
    town.allow(7_005, limit=10_000_000, spent=10_000_000)
    edge.load()
    assert state.allowances.why_not([7_005], 1_000, now_ms=world, wire_ms=town.clock.wire_ms()) is Held.SPENT
    town.execute("UPDATE attribution_head SET version = 0")
    town.execute("UPDATE attribution_totals SET version = 0")
    town.allow(7_005, limit=10_000_000, spent=0)
    edge.load()
    assert state.allowances.why_not([7_005], 1_000, now_ms=world, wire_ms=town.clock.wire_ms()) is None


def test_a_new_ad_and_a_new_budget_are_paced_at_once_and_what_is_known_only_every_few_seconds(town, monkeypatch):
    monkeypatch.setattr("attise.doors.edge.serving.pace.TURN_S", 3_600.0)
    monkeypatch.setattr("attise.doors.edge.serving.pace.SHARE", 0.0)  # no turn waits for the one before
    town.tell(an_ad(1, group=5))
    edge = town.edge()

    def turn() -> int:
        edge.read_stops()
        edge.load()
        return edge.loading.loaded.state.versions.pace

    assert turn() == 1
    town.allow(7_005, 8_001, limit=10_000_000)
    assert turn() == 2, "a turn with the budget"
    town.allow(7_005, limit=10_000_000, spent=1_000)
    assert turn() == 2, "what is known waits for its time"
    town.tell(an_ad(2, group=6))
    assert turn() == 3, "a turn with the new group"


SEEDS = [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 30))]
SORTS = [(kind, of) for kind, of in AD_STANDS_ON.items() if kind is not ChangeKind.ACCOUNT_ACCESS_STOPPED]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_of_words_stops_files_and_readings_comes_to_what_the_plain_rule_says(town, seed, monkeypatch):
    """Two edges that read at different moments, against the plain form; few objects, so that everything meets."""
    monkeypatch.setattr("attise.doors.edge.serving.tiers.SMALL", 5)
    chance = random.Random(seed)
    fold = Fold(0)
    edges = [town.edge(), town.edge()]

    def draw():
        number, post = chance.randrange(24), chance.randrange(6)
        return an_ad(number, group=chance.randrange(8), post=post, creator=post % 3)

    def act() -> None:
        nonlocal fold
        which = chance.randrange(20)
        if which < 8:
            fold.apply(town.tell(draw()))
        elif which < 10:
            post = 100 + chance.randrange(6)
            fold.apply(town.tell(a_post(post, creator=post % 3)))
        elif which == 10:
            fold.apply(town.tell(None, gone=4_000 + chance.randrange(24)))
        elif which == 11:
            fold.apply(town.tell(None, gone=9_100 + chance.randrange(6), is_post=True))
        elif which < 16:
            kind, of = chance.choice(SORTS)
            is_organic = kind is ChangeKind.POST_STOPPED and chance.random() < 0.5
            fold.stop(town.change(kind, of(draw()) + (100 if is_organic else 0)))
        elif which == 16:
            fold = town.write(fold, build=chance.random() < 0.7)
        else:
            edge = chance.choice(edges)
            chance.choice([edge.read_stops, edge.load, edge.load])()
            edge.ads()  # none is live in two segments

    for _ in range(120):
        act()
    for edge in edges:
        edge.read_stops()
        edge.load()
        edge.load()
        if not edge.loading.loaded.is_whole:
            town.build()
            edge.load()
        assert set(edge.ads()) == set(fold.ads())
        assert set(edge.posts()) == set(fold.posts())


def test_a_new_model_is_decided_on_as_soon_as_there_is_an_index_for_it(town):
    fold = Fold(0)
    fold.apply(town.tell(an_ad(1)))
    town.write(fold)
    town.allow()
    edge = town.edge()
    edge.read_stops()
    edge.load()
    assert edge.loading.loaded.state.versions.model == 0
    columns = {"ad_id": [4_001] * 3_600, "decided_at_ms": range(1, 3_601), "click": [1, 0, 0] * 1_200}
    columns["is_exploration"] = [0] * 3_600
    take_turn(Folders.of(town.house).models, facts_of(columns), mark=1, slots_log2=12, conversions_come_late=False)
    edge.load()
    assert edge.loading.loaded.state.versions.model == 0, "its index is asked for meanwhile"
    assert edge.asked
    town.build()
    edge.load()
    assert edge.loading.loaded.state.versions.model == edge.loading.loaded.model.version == 1
    before, after = cold_model(), edge.loading.loaded.model
    (piece,) = edge.loading.loaded.pieces
    assert piece.table.rates(after)[0, 0] > 5 * piece_of([(1, an_ad(1))], before).table.rates(before)[0, 0]
    assert edge.loading.report()["model"] == 1
    share = edge.loading.loaded.state.predictor.explore_share
    assert share == after.header.explore_share == 2 * before.header.explore_share, "no draw won anything: more may try"
