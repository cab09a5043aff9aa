"""``attise bench loading``: what it costs to keep what an edge decides on fresh, and whether answers wait for it.

- ``build``: the index of a snapshot, in the child process that makes it. Checked: that nothing else is needed to serve.
- ``map``: an edge takes an index in: checksums, the feed's stock, offers, the swap. Ceiling: one pass of the same
  checksum over the same files. ``stall_ms`` is the longest that answers waited for the loading thread;
  ``private_mib`` what the process holds beside what is mapped, with totals of every budget: the median of ten seconds.
- ``deltas``: from a batch of fifty changed ads in the database to their being served, an edge looking as often as in a
  sandbox. Checked: none is missing, none is there twice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, Final

from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.snapshots.actions import remove_files
from attise.proving.result import Row, quantile

MODULE: Final = "attise.doors.cli.drawn_loading"
MILLION: Final = 1_000_000
PROMISED_BUILD_S: Final = 10.0
"""For a million ads."""
BATCH: Final = 50


def run(means: Means, house: House, *, quick: bool) -> list[Row]:  # noqa: ARG001 - as every benchmark is called
    """Measure at each number of ads, each in a process of its own on an emptied folder."""
    rows: list[Row] = []
    for count in (10_000, 100_000) if quick else (10_000, 100_000, MILLION):
        sys.stderr.write(f"bench loading: {count} ads\n")
        remove_files(house)
        rows += _rows(_measured(house, count))
    return rows


def _measured(house: House, count: int) -> dict[str, Any]:
    environment = {**os.environ, "ATTISE_DATA": str(house.folder)}
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", MODULE, str(count)], env=environment, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _rows(found: dict[str, Any]) -> list[Row]:
    count, took = int(found["ads"]), found["delta_ms"]
    scale = f"{count} ads"
    is_right = found["served"] >= count
    build: dict[str, float | int | str] = {
        name: found[name] for name in ("build_cpu_s", "build_mib", "index_mib", "table_mib")
    }
    if count == MILLION:
        build["promised_s"] = PROMISED_BUILD_S
    stalls: dict[str, float | int | str] = {
        "stall_ms": found["map_stall_max_ms"],
        "late_ms": found["map_late_max_ms"],
        "private_mib": found["private_mib"],
        "private_most_mib": found["private_most_mib"],
        "envelopes": found["envelopes"],
    }
    deltas: dict[str, float | int | str] = {
        "stall_ms": found["delta_stall_max_ms"],
        "late_ms": found["delta_late_max_ms"],
        "served": found["served"],
    }
    ms, mapped = round(found["build_s"] * 1_000, 1), round(found["map_s"] * 1_000, 1)
    p50, p99 = quantile(took, 0.5), quantile(took, 0.99)
    per_s = round(count / found["map_s"], 1)
    ceiling = round(count / max(found["pass_s"], 0.001), 1)
    return [
        Row("loading/build", scale, None, round(count / found["build_s"], 1), None, ms, ms, build, ok=is_right),
        Row("loading/map", scale, ceiling, per_s, round(per_s / ceiling, 3), mapped, mapped, stalls, ok=is_right),
        Row("loading/deltas", scale, None, round(BATCH / p50 * 1_000, 1), None, p50, p99, deltas, ok=is_right),
    ]
