"""The search finds exactly what the plain rules let through, best bound first, whichever way it is run."""

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attise.records.change import ChangeKind
from attise.records.drops import TARGETING_REASONS, Drop
from attise.serving.targeting.compiled_scan import scan as compiled
from attise.serving.targeting.matching import matches
from attise.serving.targeting.numpy_scan import scan as by_numpy
from attise.serving.targeting.order import TESTS
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from attise.serving.targeting.segment import tie_breaker
from tests import machine_code
from tests.snapshot_records import NOON_MS
from tests.targeting import a_group, a_segment, a_viewer, an_ad, some_ads

BOTH = pytest.mark.parametrize("scan", [by_numpy, compiled], ids=["numpy", "compiled"])


@pytest.fixture(autouse=True, scope="module")
def _kernels():
    machine_code.load()


@pytest.fixture
def searched_by(monkeypatch):
    def choose(scan):
        monkeypatch.setattr("attise.serving.targeting.retrieve._scan", lambda: scan)

    return choose


def find(segments, viewer, k, now_ms=NOON_MS, **limits):
    return retrieve(segments, [compile_query(segment, viewer, now_ms) for segment in segments], k, **limits)


def ids_of(found, segments):
    return found.ads(segments)["ad_id"].tolist()


def brute(ads, bound, viewer, k, gone=(), now_ms=NOON_MS):
    """Return the ids of the best k by the plain rules, and every first reason against the others."""
    first = {ad.ad_id: next(iter(matches(ad, viewer, now_ms)), None) for ad in ads if ad.ad_id not in gone}
    ids = np.array([ad.ad_id for ad in ads])
    order = np.lexsort((tie_breaker(ids), -np.asarray(bound)))
    passed = [int(ids[place]) for place in order if first.get(int(ids[place]), Drop.NOT_LIVE) is None]
    return passed[:k], Counter(first.values())


@BOTH
def test_the_best_of_all_that_match_are_found_for_any_viewer(scan, searched_by):
    searched_by(scan)
    rng = random.Random(7)
    ads = some_ads(rng, 1_000)
    bound = np.array([rng.choice((1, 2, 3, rng.random())) for _ in ads], dtype=np.float32)
    segment = a_segment(ads, bound)
    pairs = 0
    for _ in range(110):
        viewer = a_viewer(rng)
        wanted, reasons = brute(ads, bound, viewer, 1_000)
        found = find([segment], viewer, 1_000)
        assert ids_of(found, [segment]) == wanted
        assert found.visited == len(ads)
        assert {Drop(number): count for number, count in enumerate(found.dropped.tolist()) if count} == {
            drop: count for drop, count in reasons.items() if drop is not None
        }
        few = find([segment], viewer, 5)
        assert ids_of(few, [segment]) == wanted[:5]
        assert int(few.dropped.sum()) + len(few) == len(ads)
        pairs += len(ads)
    assert pairs >= 100_000


@BOTH
def test_segments_that_are_searched_together_answer_as_one(scan, searched_by):
    searched_by(scan)
    rng = random.Random(8)
    ads = some_ads(rng, 600)
    bound = np.array([rng.choice((1, 2, rng.random())) for _ in ads], dtype=np.float32)
    cuts = [0, 3, 6, 240, 600]
    parts = [a_segment(ads[begin:end], bound[begin:end]) for begin, end in pairwise(cuts)]
    for _ in range(70):
        viewer = a_viewer(rng)
        k = rng.choice((1, 5, 60))
        wanted, _ = brute(ads, bound, viewer, k)
        found = find(parts, viewer, k)
        assert ids_of(found, parts) == wanted
        assert (np.diff(found.ads(parts)["bound"]) <= 0).all()
        assert found.is_whole
        assert int(found.dropped.sum()) + len(found) == len(ads)
        groups = found.groups(parts)["adgroup_id"].tolist()
        assert groups == [ads[ad_id - 1].group.adgroup_id for ad_id in wanted]


@BOTH
def test_an_ad_that_is_stopped_between_two_requests_is_not_found_again(scan, searched_by):
    searched_by(scan)
    rng = random.Random(9)
    ads = some_ads(rng, 400)
    bound = np.array([rng.random() for _ in ads], dtype=np.float32)
    segment = a_segment(ads, bound, version=10)
    gone = set()
    for turn in range(60):
        viewer = a_viewer(rng)
        wanted, _ = brute(ads, bound, viewer, 30, gone)
        found = find([segment], viewer, 30)
        assert ids_of(found, [segment]) == wanted
        stopped = rng.choice(wanted or [ads[turn].ad_id])
        segment.stop(ChangeKind.AD_STOPPED, stopped, 11)
        gone.add(stopped)
    everything = find([segment], a_viewer(rng), 400)
    assert everything.dropped[Drop.NOT_LIVE] == len(gone)


@BOTH
def test_what_a_delta_replaces_is_found_once_and_as_it_is_now(scan, searched_by):
    searched_by(scan)
    rng = random.Random(10)
    ads = {ad.ad_id: ad for ad in some_ads(rng, 500)}
    bounds = {ad_id: rng.random() for ad_id in ads}
    base = a_segment(list(ads.values()), np.array(list(bounds.values()), dtype=np.float32))
    for turn in range(6):
        changed = sorted(rng.sample(sorted(ads), 20))
        for ad_id in changed:
            ads[ad_id] = an_ad(rng, ad_id, a_group(rng, 10_000 + turn * 1_000 + ad_id))
            bounds[ad_id] = rng.random()
        delta_ids = sorted({*changed, *(ad_id for ad_id in ads if ads[ad_id].group.adgroup_id >= 10_000)})
        delta = a_segment(
            [ads[ad_id] for ad_id in delta_ids], np.array([bounds[ad_id] for ad_id in delta_ids], dtype=np.float32)
        )
        assert base.clear_ads(delta_ids) == len(delta_ids)
        for _ in range(6):
            viewer = a_viewer(rng)
            wanted, _ = brute(list(ads.values()), list(np.float32(list(bounds.values()))), viewer, 40)
            assert ids_of(find([base, delta], viewer, 40), [base, delta]) == wanted


@BOTH
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_ads_and_any_viewer(scan, searched_by, data):
    searched_by(scan)
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    count = data.draw(st.integers(0, 200))
    cut = data.draw(st.integers(0, count))
    ads = some_ads(rng, count)
    bound = np.array(
        data.draw(st.lists(st.sampled_from([0.0, -1.0, 1.0, 1e9]), min_size=count, max_size=count)), dtype=np.float32
    )
    segments = [a_segment(ads[:cut], bound[:cut]), a_segment(ads[cut:], bound[cut:])]
    viewer = a_viewer(rng)
    k = data.draw(st.integers(1, 250))
    wanted, _ = brute(ads, bound, viewer, k)
    found = find(segments, viewer, k)
    assert ids_of(found, segments) == wanted
    assert int(found.dropped.sum()) + len(found) == count


@BOTH
def test_a_scan_limit_bounds_what_is_read_and_says_that_something_may_be_missed(scan, searched_by):
    searched_by(scan)
    rng = random.Random(11)
    ads = some_ads(rng, 1_280)
    bound = np.arange(1_280, 0, -1, dtype=np.float32)
    segment = a_segment(ads, bound)
    for _ in range(40):
        viewer = a_viewer(rng)
        wanted, _ = brute(ads[: 64 * 5], bound[: 64 * 5], viewer, 100)
        found = find([segment], viewer, 100, most_blocks=5)
        assert ids_of(found, [segment]) == wanted
        assert (found.scanned, found.visited) == (5, 320)
        assert found.is_whole is False
        assert found.dropped[Drop.SCAN_LIMIT] == 1_280 - 320
        assert find([segment], viewer, 100, most_blocks=20).is_whole


def test_both_searches_count_alike_whatever_they_are_asked():
    rng = random.Random(12)
    ads = some_ads(rng, 5_000)
    bound = np.array([rng.choice((1, rng.random())) for _ in ads], dtype=np.float32)
    segment = a_segment(ads, bound)
    segment.clear(np.array(rng.sample(range(5_000), 900), dtype=np.uint32))
    for _ in range(120):
        query = compile_query(segment, a_viewer(rng), NOON_MS)
        k, most, floor = rng.choice((1, 7, 300)), rng.choice((3, 79, 1_000)), rng.choice((float("-inf"), 0.5, 1.0))
        counts = [np.zeros(TARGETING_REASONS, dtype=np.int64) for _ in range(2)]
        places, blocks = zip(
            *(
                one(segment, query, k, floor, most, count)
                for one, count in zip((by_numpy, compiled), counts, strict=True)
            ),
            strict=True,
        )
        assert places[0].tolist() == places[1].tolist()
        assert blocks[0] == blocks[1]
        assert counts[0].tolist() == counts[1].tolist()


def test_a_search_asks_for_something():
    segment = a_segment([], np.zeros(0, dtype=np.float32))
    viewer = a_viewer(random.Random(1))
    assert len(find([segment], viewer, 1)) == 0
    assert len(retrieve([], [], 1)) == 0
    assert len(find([segment], viewer, 10**12)) == 0
    for wrong in ({"k": 0}, {"k": 1, "most_blocks": 0}):
        with pytest.raises(ValueError, match="at least 1"):
            find([segment], viewer, **wrong)


def test_bounds_that_cannot_be_ordered_are_refused():
    ads = some_ads(random.Random(1), 3)
    for bound in ([1, 2], [1, 2, float("nan")], [1, 2, float("inf")]):
        with pytest.raises(ValueError, match="one finite bound"):
            a_segment(ads, np.array(bound, dtype=np.float32))


def test_every_reason_of_targeting_has_its_test():
    assert sorted((*TESTS, Drop.SCAN_LIMIT)) == list(range(TARGETING_REASONS))
