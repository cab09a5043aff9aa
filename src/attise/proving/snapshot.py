"""``attise bench snapshot``: rendering what runs for serving, in the process that does it.

- ``write``: a whole snapshot, from rows to a file that serving may map. Ceiling: the same arrays and payloads, ready in
  memory, written to a file and brought to the disk. Checked: every tenth ad of the file against its rendering alone.
- ``open``: mapping a file and checking it. Ceiling: one pass of the same checksum over the same arrays.
- ``delta``: from one changed ad to its delta, readable by others. Ceiling: bare transactions on a bare file of the same
  database, with the same body. Checked: each delta is there once and says what was changed.
- ``new_ad``: from the answer of a verb that made an ad to the sight of its delta by a plain reader, the worker looking
  as often as it does when it serves.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attise.kernel.actor import COMMAND
from attise.kernel.database import connect
from attise.kernel.house import House
from attise.kernel.limits import DELTA_POLL_MS
from attise.kernel.means import Means
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.actions import AdEdit
from attise.management.snapshots.actions import folder_of, follow, write_file
from attise.management.snapshots.render import Renderer
from attise.proving.grown import First, grow, make_first
from attise.proving.result import Row, quantile
from attise.records.snapshot.columns import bytes_of
from attise.records.snapshot.deltas import read_deltas
from attise.records.snapshot.layout import PREAMBLE
from attise.records.snapshot.reader import SnapshotFile, find_newest
from attise.records.snapshot.shapes import decode_ad

ROUNDS = 3
PROMISED_WRITE_S = 10
"""For 100,000 ads."""
PROMISED_DELTA_MS = 50
PROMISED_SIGHT_MS = 1_500
"""Two seconds, less the half that an edge takes to look."""
HOLDER = "bench"
LOOK_S = 0.005


def run(means: Means, house: House, *, quick: bool) -> list[Row]:
    """Measure every case at every scale, in a house of its own."""
    first = make_first(means, house)
    rows: list[Row] = []
    for scale in (10_000,) if quick else (10_000, 100_000):
        _tell(f"growing to {scale} ads")
        grow(first, scale)
        while follow(means, holder=HOLDER):
            pass
        _tell(f"writing and opening at {scale}")
        rows += _files(means, house, scale)
        _tell(f"changing ads at {scale}")
        rows.append(_deltas(means, house, first, scale, turns=40 if quick else 200))
        _tell(f"making ads at {scale}")
        rows.append(_new_ads(means, house, first, scale, turns=8))
    return rows


def _files(means: Means, house: House, scale: int) -> list[Row]:
    """Time whole snapshots and their opening, rounds interleaved with their ceilings."""
    took: dict[str, list[float]] = {"write": [], "raw": [], "open": [], "pass": []}
    checks: dict[str, dict[str, float | int | str]] = {"write": {}, "open": {}}
    wrong = 0
    for _ in range(ROUNDS):
        took["write"].append(_time(lambda: write_file(means, house, anyway=True)))
        file = find_newest(folder_of(house))
        if file is None:
            raise RuntimeError("the snapshot that was just written cannot be read")
        took["raw"].append(_time(_raw_write(file, house.folder / "raw.bench")))
        took["open"].append(_time(lambda path=file.path: SnapshotFile(path)))  # type: ignore[misc]
        arrays = [bytes_of(file.array(entry.name)) for entry in file.header.arrays]
        took["pass"].append(_time(lambda arrays=arrays: [zlib.crc32(raw) for raw in arrays]))  # type: ignore[misc]
        wrong += _wrong_ads(means, file)
        ads = file.header.ads
        checks["write"] = {"ads": ads, "mib": round(file.header.size / (1 << 20), 1)}
        checks["open"] = {"array_mib": round(sum(map(len, arrays)) / (1 << 20), 1)}
    checks["write"] |= {"wrong_ads": wrong, "promised_s": PROMISED_WRITE_S * scale / 100_000}
    is_right = wrong == 0 and ads == _count_ads(house)
    return [
        _row("write", scale, ads, took["write"], took["raw"], checks["write"], ok=is_right),
        _row("open", scale, ads, took["open"], took["pass"], checks["open"], ok=is_right),
    ]


def _raw_write(file: SnapshotFile, path: Path) -> Callable[[], None]:
    """Return what writes the same bytes from memory: payloads in one piece, arrays one by one, then the disk."""
    payloads = file.path.read_bytes()[PREAMBLE.size : file.header.arrays[0].offset]
    arrays = [file.array(entry.name).copy() for entry in file.header.arrays]

    def write() -> None:
        with path.open("wb") as target:
            target.write(payloads)
            for values in arrays:
                target.write(bytes_of(values))
            target.flush()
            os.fsync(target.fileno())
        path.unlink()

    return write


def _wrong_ads(means: Means, file: SnapshotFile) -> int:
    """Return how many of the file's ads are not as they are rendered alone; one in ten is looked at."""
    places = range(0, file.header.ads, 10)
    found = [file.ad(place) for place in places]
    wrong = 0
    for begin in range(0, len(found), 500):
        part = found[begin : begin + 500]
        alone = Renderer(means).ads([ad.ad_id for ad in part])
        wrong += sum(alone.get(ad.ad_id) != ad for ad in part)
    return wrong


def _count_ads(house: House) -> int:
    """Return how many ads there are; all of them may run."""
    reader = connect(house, may_write=False)
    ((count,),) = reader.rows("SELECT COUNT(*) FROM campaigns_ad")
    reader.close()
    return int(count)


def _deltas(means: Means, house: House, first: First, scale: int, *, turns: int) -> Row:
    """Time one changed ad at a time, interleaved with bare transactions of the same body."""
    reader = connect(house, may_write=False)
    after = _newest(reader)
    bare = _Bare(house.folder / "bare.bench")
    took: list[float] = []
    raw: list[float] = []
    wrong = 0
    for turn in range(turns):
        page = f"https://www.example.org/course?turn={scale + turn}"
        _edit(means, house, first, landing_page_url=page)
        took.append(_time(lambda: follow(means, holder=HOLDER)))
        deltas = read_deltas(reader, after)
        wrong += len(deltas) != 1 or decode_ad(deltas[0].body).creative.landing_page_url != page
        after = deltas[-1].number if deltas else after
        raw.append(_time(lambda body=deltas[0].body: bare.write(body)))  # type: ignore[misc]
    reader.close()
    bare.close()
    p95 = round(quantile([seconds * 1000 for seconds in took], 0.95), 2)
    checks: dict[str, float | int | str] = {"wrong": wrong, "p95_ms": p95, "promised_p95_ms": PROMISED_DELTA_MS}
    return _row("delta", scale, 1, took, raw, checks, ok=wrong == 0)


def _new_ads(means: Means, house: House, first: First, scale: int, *, turns: int) -> Row:
    """Time from the answer of a verb to the sight of its ad, with a worker that looks on its own."""
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(means, stop))
    worker.start()
    reader = connect(house, may_write=False)
    after = _newest(reader)
    took: list[float] = []
    try:
        for _ in range(turns):
            (ad,) = campaigns.create_ads(
                means, COMMAND, house=house, advertiser_id=first["accounts_advertiser"],
                adgroup_id=first["campaigns_adgroup"], creatives=[first.creative],
            )  # fmt: skip
            answered_s = time.perf_counter()
            seen: set[int] = set()
            while ad.id not in seen:
                deltas = read_deltas(reader, after)
                seen |= {delta.object_id for delta in deltas}
                after = deltas[-1].number if deltas else after
                stop.wait(LOOK_S)
            took.append(time.perf_counter() - answered_s)
    finally:
        stop.set()
        worker.join()
        reader.close()
    checks: dict[str, float | int | str] = {"looks_every_ms": DELTA_POLL_MS, "promised_ms": PROMISED_SIGHT_MS}
    return _row("new_ad", scale, 1, took, None, checks, ok=True)


def _work(means: Means, stop: threading.Event) -> None:
    """Look for changes as the worker does."""
    from django.db import connection

    while not stop.is_set():
        while follow(means, holder=HOLDER):
            pass
        stop.wait(DELTA_POLL_MS / 1000)
    connection.close()


def _edit(means: Means, house: House, first: First, **fields: Any) -> None:
    edit = AdEdit(ad_id=first["campaigns_ad"], fields=fields)
    campaigns.update_ads(
        means, COMMAND, house=house, advertiser_id=first["accounts_advertiser"],
        adgroup_id=first["campaigns_adgroup"], edits=[edit],
    )  # fmt: skip


class _Bare:
    """A bare file of the same sort of database, with nothing in it but bodies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inner = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._inner.execute(f"PRAGMA {pragma}")
        self._inner.execute("CREATE TABLE body (id INTEGER PRIMARY KEY, body BLOB)")

    def write(self, body: bytes) -> None:
        self._inner.execute("BEGIN IMMEDIATE")
        self._inner.execute("INSERT INTO body (body) VALUES (?)", [body])
        self._inner.execute("COMMIT")

    def close(self) -> None:
        self._inner.close()
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()


def _newest(reader: Any) -> int:
    """Return the number of the newest delta."""
    after = 0
    while deltas := read_deltas(reader, after):
        after = deltas[-1].number
    return after


def _row(
    case: str,
    scale: int,
    each: int,
    took: list[float],
    raw: list[float] | None,
    checks: dict[str, float | int | str],
    *,
    ok: bool,
) -> Row:
    """Return the row of a case whose rounds did ``each`` ads; medians, in ads a second."""
    measured = each / quantile(took, 0.5)
    ceiling = None if raw is None else each / quantile(raw, 0.5)
    return Row(
        name=f"snapshot/{case}",
        scale=f"{scale} ads",
        ceiling_per_s=None if ceiling is None else round(ceiling, 1),
        measured_per_s=round(measured, 1),
        ratio=None if ceiling is None else round(measured / ceiling, 3),
        p50_ms=round(quantile(took, 0.5) * 1000, 2),
        p99_ms=round(quantile(took, 0.99) * 1000, 2),
        checks=checks,
        ok=ok,
    )


def _time(act: Callable[[], object]) -> float:
    """Return how long something took, in seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _tell(what: str) -> None:
    sys.stderr.write(f"bench snapshot: {what}\n")
