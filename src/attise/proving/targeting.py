"""``attise bench targeting``: finding the ads that may be shown, alone: what nothing built upon it can beat.

Ads and viewers are those of ``simulator.targeted_ads``.

- ``build``: from arrays to an index, the file included. Promised: a million ads within 10 s and 250 MB, however many
  processes have it: at the largest scale four of them map it and search, and their shares of its pages are summed.
- ``search``: a viewer's query and the best ads for it, as many as a decision asks for. Ceiling: the compiled loop
  alone, on queries that are ready. Checked: the search by numpy finds the same and counts the same. ``cpu`` is the
  thread's own time: what it takes where nothing else wants the core.
- At the largest scale also: viewers whom few ads are for, bids that are all alike, ads that are all for few; each also
  with the scan limit of decisions, and what that limit loses.
- ``search by numpy``: what answers until kernels are ready.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import attise
from attise.proving.result import Row, quantile
from attise.records.drops import TARGETING_REASONS
from attise.records.feed import ViewerContext
from attise.serving import kernels
from attise.serving.delivery.policy import Policy
from attise.serving.targeting.build import build_segment
from attise.serving.targeting.index_file import map_segment, save
from attise.serving.targeting.numpy_scan import scan as scan_by_numpy
from attise.serving.targeting.query import Query, compile_query
from attise.serving.targeting.retrieve import NO_FLOOR, NO_LIMIT, Retrieved, retrieve
from attise.serving.targeting.segment import Segment, footprint_of
from attise.simulator.targeted_ads import draw_ads, draw_viewers

NOW_MS: Final = 1_790_000_000_000
SEED: Final = 1
VIEWERS: Final = 400
PROCESSES: Final = 4
COMPARED: Final = 60
"""Viewers for whom numpy searches too."""
PROMISED_BUILD_S: Final = 10
PROMISED_MB: Final = 250
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Searches:
    """What some viewers' searches took and found."""

    took_s: list[float]
    """With the compilation of each query."""
    cpu_s: list[float]
    """The same, of this thread alone."""
    bare_s: list[float]
    """The compiled loop alone."""
    found: list[Retrieved]

    def blocks(self, share: float) -> int:
        """Return how many blocks were read, at a share of the searches."""
        return int(quantile([float(one.scanned) for one in self.found], share))


def measure_searches(
    segments: Sequence[Segment],
    viewers: Sequence[ViewerContext],
    k: int,
    *,
    now_ms: int,
    most_blocks: int = NO_LIMIT,
) -> Searches:
    """Search for each viewer as a decision does, and time it beside the bare loop; kernels must be ready."""
    from attise.serving.targeting.compiled_scan import scan

    took, cpu, bare, found = [], [], [], []
    for viewer in viewers:
        cpu_begin, begin = time.thread_time(), time.perf_counter()
        queries = [compile_query(segment, viewer, now_ms) for segment in segments]
        answer = retrieve(segments, queries, k, most_blocks=most_blocks)
        middle = time.perf_counter()
        cpu.append(time.thread_time() - cpu_begin)
        counts = np.zeros(TARGETING_REASONS, dtype=np.int64)
        for segment, query in zip(segments, queries, strict=True):
            scan(segment, query, k, NO_FLOOR, most_blocks, counts)
        bare.append(time.perf_counter() - middle)
        took.append(middle - begin)
        found.append(answer)
    return Searches(took, cpu, bare, found)


def count_differences(segment: Segment, viewers: Sequence[ViewerContext], k: int, *, now_ms: int) -> int:
    """Return for how many viewers the two ways of searching differ, in what they find or in what they count."""
    from attise.serving.targeting.compiled_scan import scan

    wrong = 0
    for viewer in viewers:
        query = compile_query(segment, viewer, now_ms)
        (ours, our_blocks, our_counts), (theirs, blocks, counts) = (
            _searched(one, segment, query, k) for one in (scan, scan_by_numpy)
        )
        same = np.array_equal(ours, theirs) and our_blocks == blocks and np.array_equal(our_counts, counts)
        wrong += not same
    return wrong


def _searched(one: object, segment: Segment, query: Query, k: int) -> tuple[NDArray[np.int32], int, NDArray[np.int64]]:
    counts = np.zeros(TARGETING_REASONS, dtype=np.int64)
    places, blocks = one(segment, query, k, NO_FLOOR, NO_LIMIT, counts)  # type: ignore[operator]
    return places, blocks, counts


def run(*, quick: bool) -> list[Row]:
    """Measure every case at every scale."""
    kernels.use(compiles=True)
    policy = Policy()
    scales = (1_000, 10_000, 100_000) if quick else (1_000, 10_000, 100_000, MILLION)
    rows: list[Row] = []
    usual, rare = draw_viewers(VIEWERS, SEED), draw_viewers(VIEWERS, SEED, is_rare=True)
    with tempfile.TemporaryDirectory(prefix="attise-bench-") as folder:
        path = Path(folder) / "bench.index"
        for scale in scales:
            segment, built = _build(scale, path)
            if scale == scales[-1]:
                built = replace(built, checks=built.checks | {f"mb_in_{PROCESSES}_processes": _shared_mb(path)})
            rows += [built, *_search(segment, "search", scale, usual, policy.candidates)]
        rows.append(_by_numpy(segment, scale, usual[:100], policy.candidates))
        rows += _search(segment, "search, rare viewers", scale, rare, policy.candidates, limit=policy.most_blocks)
        for name in ("flat", "narrow"):
            segment, _ = _build(scale, path, is_flat=name == "flat", is_narrow=name == "narrow")
            what = "flat bids" if name == "flat" else "narrow ads"
            rows += _search(segment, f"search, {what}", scale, usual, policy.candidates, limit=policy.most_blocks)
    return rows


def _build(scale: int, path: Path, *, is_flat: bool = False, is_narrow: bool = False) -> tuple[Segment, Row]:
    """Return a mapped index, and what making it took."""
    sys.stderr.write(f"bench targeting: building {scale} ads\n")
    drawn = draw_ads(scale, SEED, now_ms=NOW_MS, is_flat=is_flat, is_narrow=is_narrow)
    begin = time.perf_counter()
    built = build_segment(drawn.arrays, drawn.words, drawn.bound)
    built_s = time.perf_counter() - begin
    save(built, path)
    saved_s = time.perf_counter() - begin
    segment = map_segment(path)
    mapped_s = time.perf_counter() - begin - saved_s
    weight = footprint_of(segment)
    checks: dict[str, float | int | str] = {
        "seconds": round(built_s, 2),
        "promised_s": PROMISED_BUILD_S * scale / MILLION,
        "mb": round(weight.total / 1e6, 1),
        "promised_mb": PROMISED_MB * scale / MILLION,
        "bits_mb": round(weight.bits / 1e6, 1),
        "rows_mb": round(weight.rows / 1e6, 1),
        "save_s": round(saved_s - built_s, 2),
        "map_s": round(mapped_s, 3),
    }
    is_right = len(segment) == scale and np.array_equal(segment.bits, built.bits)
    per_s = round(scale / saved_s, 1)
    row = Row("targeting/build", f"{scale} ads", None, per_s, None, _ms(saved_s), _ms(saved_s), checks, is_right)
    return segment, row


def _shared_mb(path: Path) -> float:
    """Return what an index takes of the memory of a machine on which several processes search it, in MB."""
    command = [sys.executable, "-m", "attise.proving.targeting", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    running = [
        subprocess.Popen(  # noqa: S603 - ourselves
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    pipes = [(child.stdin, child.stdout) for child in running]
    shares = []
    for word in ("searched", "share"):  # all have searched before any is asked, and all are there until all have said
        for told, says in pipes:
            if told is None or says is None or not (line := says.readline()):
                raise RuntimeError("a process that maps the index has died")
            shares += [int(line)] if word == "share" else []
        shares += [_share_of(path)] if word == "share" else []
        for told, _ in pipes:
            if told is not None:
                told.write("\n")
                told.flush()
    for child in running:
        child.communicate()
    return round(sum(shares) / 1e6, 1)


def _map_and_search(path: Path) -> None:
    """Map an index and search it; say so, and when told to go on say this process's share of its pages, and wait."""
    segment = map_segment(path)
    for viewer in draw_viewers(20, SEED):
        retrieve([segment], [compile_query(segment, viewer, NOW_MS)], Policy().candidates)
    print("searched", flush=True)
    sys.stdin.readline()
    print(_share_of(path), flush=True)
    sys.stdin.readline()


def _share_of(path: Path) -> int:
    """Return this process's share of the pages of a file, in bytes: a page that five have counts a fifth for each."""
    is_ours, share = False, 0
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            is_ours = line.endswith(str(path))
        elif is_ours and line.startswith("Pss:"):
            share += int(line.split()[1]) * 1024
    return share


def _search(
    segment: Segment, name: str, scale: int, viewers: Sequence[ViewerContext], k: int, *, limit: int | None = None
) -> list[Row]:
    """Return the row of a case, and with a limit that of the case under it."""
    sys.stderr.write(f"bench targeting: {name}, {scale} ads\n")
    measure_searches([segment], draw_viewers(VIEWERS, SEED + 1), k, now_ms=NOW_MS)  # others, a minute earlier
    whole = measure_searches([segment], viewers, k, now_ms=NOW_MS)
    wrong = count_differences(segment, viewers[:COMPARED], k, now_ms=NOW_MS)
    rows = [_row(name, scale, whole, {"wrong": wrong, "compared": min(COMPARED, len(viewers))}, ok=wrong == 0)]
    if limit is not None:
        bounded = measure_searches([segment], viewers, k, now_ms=NOW_MS, most_blocks=limit)
        rows.append(_row(f"{name}, {limit} blocks", scale, bounded, _losses(whole, bounded), ok=True))
    return rows


def _losses(whole: Searches, bounded: Searches) -> dict[str, float | int | str]:
    """Return what a scan limit loses: of the best ads, and for how many viewers it loses any, or all."""
    lost = [len(one) - len(other) for one, other in zip(whole.found, bounded.found, strict=True)]
    wanted = sum(map(len, whole.found))
    emptied = sum(len(one) > 0 and len(other) == 0 for one, other in zip(whole.found, bounded.found, strict=True))
    return {
        "lost_percent": round(100 * sum(lost) / max(1, wanted), 2),
        "viewers_losing_percent": round(100 * sum(count > 0 for count in lost) / len(lost), 1),
        "viewers_losing_all_percent": round(100 * emptied / len(lost), 1),
    }


def _row(name: str, scale: int, searches: Searches, checks: dict[str, float | int | str], *, ok: bool) -> Row:
    found = [len(one) for one in searches.found]
    said: dict[str, float | int | str] = {
        "p50_us": round(quantile(searches.took_s, 0.5) * 1e6, 1),
        "p99_us": round(quantile(searches.took_s, 0.99) * 1e6, 1),
        "cpu_p50_us": round(quantile(searches.cpu_s, 0.5) * 1e6, 1),
        "cpu_p99_us": round(quantile(searches.cpu_s, 0.99) * 1e6, 1),
        "bare_p50_us": round(quantile(searches.bare_s, 0.5) * 1e6, 1),
        "found": round(sum(found) / len(found), 1),
        "blocks_p50": searches.blocks(0.5),
        "blocks_p99": searches.blocks(0.99),
        **checks,
    }
    per_s = 1 / (sum(searches.took_s) / len(searches.took_s))
    ceiling = 1 / (sum(searches.bare_s) / len(searches.bare_s))
    p50, p99 = (_ms(quantile(searches.took_s, share)) for share in (0.5, 0.99))
    ratio = round(per_s / ceiling, 3)
    return Row(f"targeting/{name}", f"{scale} ads", round(ceiling, 1), round(per_s, 1), ratio, p50, p99, said, ok)


def _by_numpy(segment: Segment, scale: int, viewers: Sequence[ViewerContext], k: int) -> Row:
    took = []
    for viewer in viewers:
        begin = time.perf_counter()
        _searched(scan_by_numpy, segment, compile_query(segment, viewer, NOW_MS), k)
        took.append(time.perf_counter() - begin)
    per_s = round(len(took) / sum(took), 1)
    p50, p99 = (_ms(quantile(took, share)) for share in (0.5, 0.99))
    return Row("targeting/search by numpy", f"{scale} ads", None, per_s, None, p50, p99, {}, ok=True)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 4)


if __name__ == "__main__":
    _map_and_search(Path(sys.argv[1]))
