"""What the benchmark of targeting says of itself: equal answers, and what a scan limit loses."""

import numpy as np
import pytest

from attise.proving import targeting
from attise.serving.targeting.build import build_segment
from attise.serving.targeting.index_file import save
from attise.simulator.targeted_ads import draw_ads, draw_viewers
from tests import machine_code


@pytest.fixture(scope="module")
def segment():
    machine_code.load()
    drawn = draw_ads(20_000, 2, now_ms=targeting.NOW_MS)
    return build_segment(drawn.arrays, drawn.words, drawn.bound)


def test_searches_of_drawn_ads_are_alike_both_ways(segment):
    assert targeting.count_differences(segment, draw_viewers(60, 5), 128, now_ms=targeting.NOW_MS) == 0


def test_an_index_whose_bits_were_changed_is_told(segment):
    viewers = draw_viewers(40, 6)
    before = targeting.measure_searches([segment], viewers, 10, now_ms=targeting.NOW_MS)
    places = np.unique(np.concatenate([found.place for found in before.found]))
    segment.clear(places.astype(np.uint32))
    after = targeting.measure_searches([segment], viewers, 10, now_ms=targeting.NOW_MS)
    assert not set(places.tolist()) & {place for found in after.found for place in found.place.tolist()}


def test_what_a_scan_limit_loses_is_counted(segment):
    viewers = draw_viewers(60, 7, is_rare=True)
    whole = targeting.measure_searches([segment], viewers, 128, now_ms=targeting.NOW_MS)
    bounded = targeting.measure_searches([segment], viewers, 128, now_ms=targeting.NOW_MS, most_blocks=20)
    losses = targeting._losses(whole, bounded)
    assert 0 < losses["lost_percent"] <= 100
    assert 0 < losses["viewers_losing_percent"] <= 100
    assert targeting._losses(whole, whole)["lost_percent"] == 0


def test_processes_share_the_pages_of_one_index(segment, tmp_path):
    path = tmp_path / "shared.index"
    save(segment, path)
    size = path.stat().st_size / 1e6
    assert 0.5 * size < targeting._shared_mb(path) < 1.3 * size
