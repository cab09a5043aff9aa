"""Retrieval: the ads that are found for a viewer, against the plain rules asked of every ad.

Passes by: no difference in 100,000 pairs of viewer and ad, whichever way the index is searched (compiled and by numpy,
as one segment and as three), with a tenth of the ads stopped, and in the order of their bounds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.proving.result import Row, quantile
from attise.records.drops import TARGETING_REASONS
from attise.serving import kernels
from attise.serving.targeting.build import build_segment
from attise.serving.targeting.matching import matches
from attise.serving.targeting.numpy_scan import scan as scan_by_numpy
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import NO_FLOOR, NO_LIMIT, retrieve
from attise.serving.targeting.segment import Segment, tie_breaker
from attise.simulator.targeted_ads import DrawnAds, draw_ads, draw_viewers

NOW_MS: Final = 1_790_000_000_000
ADS: Final = 2_000
VIEWERS: Final = 60


def run(seeds: Sequence[int], *, quick: bool) -> Row:
    """Compare every pair of every seed; quick: a quarter of the viewers."""
    kernels.use(compiles=True)
    viewers = VIEWERS // 4 if quick else VIEWERS
    wrong = pairs = found = 0
    took: list[float] = []
    for seed in seeds:
        part, shown, times = _compare(seed, viewers)
        wrong, found, pairs = wrong + part, found + shown, pairs + ADS * viewers
        took += times
    checks: dict[str, float | int | str] = {"pairs": pairs, "wrong_viewers": wrong, "found": found}
    return Row(
        name="science/retrieval",
        scale=f"{len(seeds)} seeds",
        ceiling_per_s=None,
        measured_per_s=round(len(took) / sum(took), 1),
        ratio=None,
        p50_ms=round(quantile(took, 0.5) * 1000, 4),
        p99_ms=round(quantile(took, 0.99) * 1000, 4),
        checks=checks,
        ok=wrong == 0 and found > 0,
    )


def _compare(seed: int, viewers: int) -> tuple[int, int, list[float]]:
    """Return for how many viewers anything differs, how many ads were found, and what each search took."""
    rng = np.random.default_rng(seed)
    drawn = draw_ads(ADS, seed, now_ms=NOW_MS)
    records = [drawn.ad(place) for place in range(ADS)]
    ids = np.array([record.ad_id for record in records], dtype=np.int64)
    stopped = set(rng.choice(ids, ADS // 10, replace=False).tolist())
    layouts = [_segments(drawn, ids, cuts) for cuts in ((0, ADS), (0, 10, ADS // 3, ADS))]
    for segments in layouts:
        for segment in segments:
            segment.clear_ads(stopped)
    wrong = found = 0
    took = []
    people = [*draw_viewers(viewers - viewers // 4, seed), *draw_viewers(viewers // 4, seed + 1, is_rare=True)]
    for viewer in people:
        order = np.lexsort((tie_breaker(ids), -drawn.bound))
        wanted = [
            int(ids[place])
            for place in order.tolist()
            if int(ids[place]) not in stopped and not matches(records[place], viewer, NOW_MS)
        ]
        same = True
        for segments in layouts:
            begin = time.perf_counter()
            queries = [compile_query(segment, viewer, NOW_MS) for segment in segments]
            answer = retrieve(segments, queries, ADS)
            took.append(time.perf_counter() - begin)
            same &= answer.ads(segments)["ad_id"].tolist() == wanted
            same &= sorted(_by_numpy(segments, queries)) == sorted(wanted)
        wrong += not same
        found += len(wanted)
    return wrong, found, took


def _segments(drawn: DrawnAds, ids: NDArray[np.int64], cuts: tuple[int, ...]) -> list[Segment]:
    """Return the ads cut into segments: those of one part of the ids each."""
    found = []
    for begin, end in pairwise(cuts):
        part = {name: array[begin:end] if name.startswith("ads.") else array for name, array in drawn.arrays.items()}
        found.append(build_segment(part, drawn.words, drawn.bound[begin:end]))
    if sum(map(len, found)) != len(ids):
        raise AssertionError("every ad is in one part")
    return found


def _by_numpy(segments: Sequence[Segment], queries: Sequence[Any]) -> list[int]:
    counts = np.zeros(TARGETING_REASONS, dtype=np.int64)
    found: list[int] = []
    for segment, query in zip(segments, queries, strict=True):
        places, _ = scan_by_numpy(segment, query, ADS, NO_FLOOR, NO_LIMIT, counts)
        found += segment.ads["ad_id"][places].tolist()
    return found
