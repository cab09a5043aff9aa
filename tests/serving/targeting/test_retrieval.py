"""The search finds exactly what the plain rules let through, best bound first, whichever way it is run."""

import random
from collections import Counter

import numpy as np
import pytest

from attise.records.drops import Drop
from attise.serving import kernels
from attise.serving.targeting.compiled_scan import scan as compiled
from attise.serving.targeting.matching import matches
from attise.serving.targeting.numpy_scan import scan as by_numpy
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from attise.serving.targeting.segment import tie_breaker
from tests.snapshot_records import NOON_MS
from tests.targeting import a_segment, a_viewer, some_ads

BOTH = pytest.mark.parametrize("scan", [by_numpy, compiled], ids=["numpy", "compiled"])


@pytest.fixture(autouse=True, scope="module")
def _kernels():
    assert kernels.use(compiles=True)


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
