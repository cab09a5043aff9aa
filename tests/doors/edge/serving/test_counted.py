"""What was counted reaches whoever decides: the feed's order, what an ad begins with, and the loops of bids."""

import numpy as np

from attise.doors.edge.serving import loading
from attise.doors.edge.serving.files import Folders, keep_posts, kept_posts
from attise.records.snapshot.fold import Fold
from attise.records.totals import GroupTotals, PostCounts, PostTotals
from tests.doors.edge.serving.town import a_post, an_ad

LOVED = PostTotals(9_001, PostCounts(impressions=2_000, views_6s=1_500, completions=1_200, likes=600), PostCounts())
SKIPPED = PostTotals(9_002, PostCounts(impressions=2_000, views_6s=100, completions=20, negatives=900), PostCounts())


def test_the_feed_learns_what_was_counted_and_money_buys_no_rank(town, monkeypatch):
    monkeypatch.setattr(loading, "COUNTS_LIFE_S", 0.0)
    edge = town.edge()
    for number in (1, 2, 3):
        town.tell(a_post(number))
    edge.read_stops()
    edge.load()
    posts = edge.loading.loaded.posts
    assert set(posts.impressions.tolist()) == {0}
    bought = PostTotals(9_003, PostCounts(), PostCounts(impressions=9_000, completions=9_000, likes=9_000))
    town.count(LOVED, SKIPPED, bought)
    edge.load()
    edge.load()
    posts = edge.loading.loaded.posts
    by_id = dict(zip(posts.post_id.tolist(), range(len(posts)), strict=True))
    assert [int(posts.impressions[by_id[one]]) for one in (9_001, 9_002, 9_003)] == [2_000, 2_000, 0]
    rank = posts.rank
    assert rank[by_id[9_001]] > rank[by_id[9_003]] > rank[by_id[9_002]]


def test_an_ad_begins_with_what_its_post_did_in_the_feed(town):
    edge = town.edge()
    edge.read_stops()
    town.count(LOVED, SKIPPED)
    edge.load()
    for number in (1, 2, 3):
        town.tell(an_ad(number, post=number))
    edge.load()
    (piece,) = edge.loading.loaded.pieces
    rates = piece.table.rates(edge.loading.loaded.model)
    place = {piece.record(int(source)).ad_id: row for row, source in enumerate(piece.segment.ads["source"])}
    loved, skipped, unknown = (rates[place[4_000 + number]] for number in (1, 2, 3))
    assert loved[1] > unknown[1] > skipped[1], "views of six seconds"
    assert not np.isnan(rates).any()


def test_whoever_makes_the_next_index_begins_from_what_was_counted(town):
    folders = Folders.of(town.house)
    assert kept_posts(folders.index) == []
    keep_posts(folders.index, [LOVED, SKIPPED])
    assert kept_posts(folders.index) == [LOVED, SKIPPED]
    fold = Fold(0)
    for number in (1, 2):
        fold.apply(town.tell(an_ad(number, post=number)))
    town.write(fold)
    edge = town.edge()
    edge.read_stops()
    edge.load()
    (piece,) = edge.loading.loaded.pieces
    rates = piece.table.rates(edge.loading.loaded.model)
    place = {piece.record(int(source)).ad_id: row for row, source in enumerate(piece.segment.ads["source"])}
    assert rates[place[4_001]][1] > rates[place[4_002]][1]
    assert kept_posts(folders.index) == [LOVED, SKIPPED], "it is not swept with old indexes"
    (folders.index / "posts").write_bytes(b"\xc1")
    assert kept_posts(folders.index) == []


def test_the_loops_of_bids_are_told_what_ad_groups_came_to(town):
    edge = town.edge()
    edge.read_stops()
    town.tell(an_ad(1))
    edge.load()
    seen = []
    turn = edge.loading._pacer.turn
    edge.loading._pacer.turn = lambda *args, **said: (seen.append(dict(args[2])), turn(*args, **said))
    edge.loading._pacer._turn_at_s = float("-inf")
    row = GroupTotals(3_001, 0, spent_micros=5, conversions=1)
    town.count(row)
    edge.load()
    assert seen[-1] == {3_001: row}
