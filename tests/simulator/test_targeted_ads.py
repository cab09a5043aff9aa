"""Drawn ads are what a snapshot of such a house would hold, and the same for the same seed."""

import numpy as np

from attise.records.snapshot.tables import NEVER, Tables
from attise.serving.targeting.build import build_segment
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from attise.simulator.targeted_ads import draw_ads, draw_viewers

NOW_MS = 1_790_000_000_000


def test_drawn_ads_have_every_array_of_a_snapshot_with_its_type():
    drawn = draw_ads(1_000, 1, now_ms=NOW_MS).arrays
    real = Tables().arrays()
    assert drawn.keys() == real.keys()
    assert {name: array.dtype for name, array in drawn.items()} == {name: array.dtype for name, array in real.items()}
    lists = {name for name in real if f"{name}.starts" in real}
    assert all(drawn[f"{name}.starts"][-1] == len(drawn[name]) for name in lists)


def test_the_same_seed_draws_the_same_ads_and_viewers_and_another_seed_others():
    first, again, other = (draw_ads(500, seed, now_ms=NOW_MS) for seed in (1, 1, 2))
    assert first.words == again.words
    assert all(np.array_equal(array, again.arrays[name]) for name, array in first.arrays.items())
    assert np.array_equal(first.bound, again.bound)
    assert not np.array_equal(first.bound, other.bound)
    assert draw_viewers(20, 1) == draw_viewers(20, 1) != draw_viewers(20, 2)


def test_most_viewers_find_ads_among_a_few_thousand_and_rare_ones_find_fewer():
    drawn = draw_ads(5_003, 1, now_ms=NOW_MS)
    segment = build_segment(drawn.arrays, drawn.words, drawn.bound)
    usual, rare = (
        [len(retrieve([segment], [compile_query(segment, viewer, NOW_MS)], 5_003)) for viewer in viewers]
        for viewers in (draw_viewers(40, 1), draw_viewers(40, 1, is_rare=True))
    )
    assert sum(count > 10 for count in usual) > 30
    assert 0 < sum(rare) < sum(usual) / 3


def test_flat_bids_differ_by_a_few_hundredths_and_narrow_ads_meet_almost_nobody():
    flat = draw_ads(2_000, 1, now_ms=NOW_MS, is_flat=True)
    kind = flat.arrays["groups.objective"][flat.arrays["ads.group"]]
    spreads = [np.ptp(flat.bound[kind == one]) / flat.bound[kind == one].max() for one in np.unique(kind)]
    assert max(spreads) < 0.04
    narrow = draw_ads(2_000, 1, now_ms=NOW_MS, is_narrow=True)
    assert (np.diff(narrow.arrays["groups.locations.starts"]) == 1).all()
    assert (narrow.arrays["ads.closes_at_ms"] == NEVER).any()


def test_the_record_of_a_drawn_ad_has_the_index_that_its_arrays_have():
    drawn = draw_ads(700, 3, now_ms=NOW_MS)
    tables = Tables()
    for place in range(len(drawn)):
        record = drawn.ad(place)
        if not tables.has_group(record.group.adgroup_id):
            tables.add_group(record.group, 0)
        if record.post is not None and not tables.has_post(record.post.post_id):
            tables.add_post(record.post, 0)
        tables.add_ad(record, 0)
    ours = build_segment(drawn.arrays, drawn.words, drawn.bound)
    theirs = build_segment(tables.arrays(), tables.words.all(), drawn.bound)
    assert sorted(map(bytes, ours.bits)) == sorted(map(bytes, theirs.bits))
    for name in set(ours.ads.dtype.names) - {"post"}:
        assert np.array_equal(ours.ads[name], theirs.ads[name]), name
    for name in set(ours.groups.dtype.names) - {"clock", "timezone"}:
        assert np.array_equal(ours.groups[name], theirs.groups[name]), name
