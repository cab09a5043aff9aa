"""``python -m attise.doors.cli.drawn_loading COUNT``: one edge's loading, measured; what ``attise bench loading`` runs.

Works in the house that the environment names: writes a snapshot of drawn ads into it, has its index made by the child
process that makes them, takes it in with the two threads of an edge, and then batches of deltas. Meanwhile a loop wakes
a thousand times a second, as one that answers would. How late it wakes is what answers wait; where the machine has
other work, most of that is the other work's, so a *stall* counts only as much as the loading thread worked meanwhile.

Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.doors.edge.changes import Follower, State
from attise.doors.edge.giving_back import give_back_large
from attise.doors.edge.limits import SWITCH_S
from attise.doors.edge.serving.children import build_command
from attise.doors.edge.serving.files import Folders
from attise.doors.edge.serving.loading import Loading
from attise.kernel.clock import SystemClock
from attise.kernel.database import connect
from attise.kernel.house import House, Settings, open_house
from attise.kernel.limits import DAY_MS
from attise.records.snapshot.shapes import SnapshotAd, encoder
from attise.records.tables import SELECTS
from attise.records.totals import ENVELOPE, EnvelopeTotals
from attise.records.totals import encoder as totals_encoder
from attise.simulator.drawn_file import DrawnWriter
from attise.simulator.targeted_ads import DrawnAds, draw_ads

SEED: Final = 11
BATCHES: Final = 20
BATCH: Final = 50
"""Ads of one batch of deltas."""
TICK_S: Final = 0.001
PATIENCE_S: Final = 300.0
MIB: Final = 1 << 20
_DELTA = (
    "INSERT INTO snapshots_delta (number, version, kind, object_id, body, made_at_ms) "
    "VALUES ({0}, {0}, 'ad', {0}, {0}, 0)"
)
_POSITION = "UPDATE snapshots_position SET number = {0} WHERE id = 1"
_TOTALS = "INSERT INTO attribution_totals (object_id, kind, version, ends_at_ms, body) VALUES ({0}, {0}, {0}, {0}, {0})"
_HEAD = "UPDATE attribution_head SET version = {0}, published_at_ms = {0}, counted_to_ms = {0} WHERE id = 1"
TOLD_AT_ONCE: Final = 500
"""Envelopes of one version of the totals."""


_ENVELOPES: Final = (
    *("groups.campaign_envelope_id", "groups.campaign_week_envelope_id", "groups.envelope_id"),
    *("groups.week_envelope_id", "groups.balance_envelope_id", "ads.grant_envelope_id"),
)


@dataclass
class Waits:
    """How late a loop woke, and how much of that the loading thread was at work, in milliseconds."""

    late: list[float] = field(default_factory=list)
    stalls: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Return the worst of both, and begin anew."""
        found = {
            "late_p99_ms": round(float(np.percentile(self.late, 99)), 2),
            "late_max_ms": round(max(self.late), 2),
            "stall_p99_ms": round(float(np.percentile(self.stalls, 99)), 2),
            "stall_max_ms": round(max(self.stalls), 2),
        }
        self.late.clear()
        self.stalls.clear()
        return found

    async def watch(self, thread: threading.Thread, ending: asyncio.Event) -> None:
        """Wake a thousand times a second until the end."""
        clock_id = time.pthread_getcpuclockid(thread.ident or 0)
        while not ending.is_set():
            began_s, worked_s = time.perf_counter(), time.clock_gettime(clock_id)
            await asyncio.sleep(TICK_S)
            late_s = max(time.perf_counter() - began_s - TICK_S, 0.0)
            self.late.append(late_s * 1_000)
            self.stalls.append(min(late_s, time.clock_gettime(clock_id) - worked_s) * 1_000)


def main() -> int:
    """Measure, and print what was found."""
    give_back_large()
    count, house = int(sys.argv[1]), open_house(Settings.from_environ(os.environ))
    clock, folders = SystemClock(), Folders.of(house)
    drawn = draw_ads(count, SEED, now_ms=clock.world_ms())
    _write(house, folders, drawn, clock)
    envelopes = _write_totals(house, drawn, clock)
    later = [drawn.ad(place) for place in range(0, count, max(1, count // (BATCHES * BATCH)))][: BATCHES * BATCH]
    del drawn
    found: dict[str, Any] = {"ads": count, "envelopes": envelopes, **_build(folders), **_pass(folders)}
    sys.setswitchinterval(SWITCH_S)
    found |= asyncio.run(_load(house, clock, later))
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def _write(house: House, folders: Folders, drawn: DrawnAds, clock: SystemClock) -> None:
    """Write the snapshot, as of this moment."""
    folders.snapshots.mkdir(exist_ok=True)
    reader = connect(house, may_write=False)
    version = int(reader.rows(SELECTS["version"])[0][0])
    number = int(reader.rows(SELECTS["snapshot_position"])[0][0])
    reader.close()
    with DrawnWriter(folders.snapshots, version=version, number=number, made_at_ms=clock.wire_ms()) as writer:
        writer.draw(drawn, has_records=False)  # nothing that is measured here reads one
        writer.commit()


def _write_totals(house: House, drawn: DrawnAds, clock: SystemClock) -> int:
    """Write what was spent of every budget, by two processes, in a house without totals; returns how many."""
    writer = connect(house, may_write=True, wait_s=10.0)
    writer.rows("DELETE FROM attribution_totals")
    ids = np.unique(np.concatenate([drawn.arrays[name] for name in _ENVELOPES])).tolist()
    now_ms, version = clock.world_ms(), 0
    writer.rows("BEGIN")
    for place, envelope_id in enumerate(filter(None, ids)):
        version = 1 + place // TOLD_AT_ONCE
        row = EnvelopeTotals(
            *(envelope_id, "day", now_ms - DAY_MS // 2, now_ms + DAY_MS // 2, 50_000_000, 1_000_000 + place),
            spent_by_node=((1, 600_000), (2, 400_000 + place)),
        )
        writer.rows(_TOTALS, envelope_id, ENVELOPE, version, row.ends_at_ms, totals_encoder.encode(row))
    writer.rows(_HEAD, version, clock.wire_ms(), clock.wire_ms())
    writer.rows("COMMIT")
    writer.close()
    return sum(map(bool, ids))


def _build(folders: Folders) -> dict[str, float]:
    """Have the index made."""
    began_s, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - our own module
        build_command(folders.snapshots, folders.models, folders.index), check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "build_s": round(time.perf_counter() - began_s, 2),
        "build_cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "build_mib": after.ru_maxrss // 1024,
        **{f"{path.suffix[1:]}_mib": round(path.stat().st_size / MIB, 1) for path in _files(folders)},
    }


def _files(folders: Folders) -> list[Path]:
    newest = max(folders.index.glob("*.index"), key=lambda path: path.stat().st_mtime_ns)
    return [newest, newest.with_suffix(".table")]


def _pass(folders: Folders) -> dict[str, float]:
    """Time one pass of the checksum over what an edge maps."""
    arrays: list[NDArray[Any]] = [np.memmap(path, mode="r") for path in [*_files(folders), *_snapshots(folders)]]
    began_s = time.perf_counter()
    for array in arrays:
        zlib.crc32(array.data)
    return {"pass_s": round(time.perf_counter() - began_s, 3)}


def _snapshots(folders: Folders) -> list[Path]:
    return list(folders.snapshots.glob("*.snapshot"))


async def _load(house: House, clock: SystemClock, later: list[SnapshotAd]) -> dict[str, Any]:
    """Take the index in, then deltas, with the threads of an edge."""
    changes = State()
    loading = Loading(house, changes, clock, node=lambda: follower.node)
    follower = Follower(
        house, changes, clock, holder="bench:1", begin=lambda: loading.begin_version, others=loading.applied
    )
    waits, ending, before_mib = Waits(), asyncio.Event(), _private_mib()
    began_s = time.perf_counter()
    follower.start()
    loading.start()
    watching = asyncio.create_task(waits.watch(loading, ending))
    await _until(lambda: loading.loaded.state is not None and bool(loading.loaded.pieces))
    found: dict[str, Any] = {"map_s": round(time.perf_counter() - began_s, 2)}
    found["totals"] = loading.totals_version
    own = []
    for _ in range(20):  # two turns of pacing
        await asyncio.sleep(0.5)
        own.append(_private_mib() - before_mib)
    found |= {f"map_{key}": value for key, value in waits.told().items()}
    found |= {"private_mib": int(np.median(own)), "private_most_mib": max(own)}
    took = []
    writer = connect(house, may_write=True, wait_s=10.0)
    for batch in range(BATCHES):
        upto = await asyncio.to_thread(_tell, writer, later[batch * BATCH : (batch + 1) * BATCH])
        told_s = time.perf_counter()
        await _until(lambda upto=upto: loading.loaded.delta >= upto)  # type: ignore[misc]
        took.append((time.perf_counter() - told_s) * 1_000)
    writer.close()
    found |= {f"delta_{key}": value for key, value in waits.told().items()}
    found |= {"delta_ms": [round(one, 1) for one in took], "served": loading.report()["ads"]}
    ending.set()
    await watching
    await asyncio.to_thread(loading.end)
    await asyncio.to_thread(follower.end)
    return found


def _tell(writer: Any, ads: list[SnapshotAd]) -> int:
    """Write deltas of some ads, as of this moment; returns the number of the last."""
    version = int(writer.rows(SELECTS["version"])[0][0])
    number = int(writer.rows(SELECTS["snapshot_position"])[0][0])
    writer.rows("BEGIN")
    for ad in ads:
        number += 1
        raised = msgspec.structs.replace(ad.group, bid_micros=(ad.group.bid_micros or 0) + 1)
        body = encoder.encode(msgspec.structs.replace(ad, group=raised))
        writer.rows(_DELTA, number, version, ad.ad_id, body)
    writer.rows(_POSITION, number)
    writer.rows("COMMIT")
    return number


async def _until(is_so: Callable[[], bool]) -> None:
    end_s = time.perf_counter() + PATIENCE_S
    while not is_so():
        if time.perf_counter() > end_s:
            raise RuntimeError("an edge did not load what was written for it")
        await asyncio.sleep(0.005)


def _private_mib() -> int:
    """Return what this process holds for itself alone, in MiB."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) // 1024


if __name__ == "__main__":
    sys.exit(main())
