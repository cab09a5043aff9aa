"""Runs a verb in children that are killed (SIGKILL) before the first, the second, the third… thing that leaves a trace.

Run by ``test_kill.py`` as ``python killed.py JOB``, on the database and in the folder of the test. What counts as a
step: every statement and commit, every open, write, rename, fsync, link and removal. Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import count

JOB = json.loads(sys.argv[1])

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = JOB["database"]
django.setup()

from django.db import connections  # noqa: E402

from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import FakeClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.management.snapshots import queries  # noqa: E402
from attise.management.snapshots.actions import folder_of, follow, write_file  # noqa: E402
from attise.management.snapshots.models import Delta  # noqa: E402
from attise.records.change import ChangeKind  # noqa: E402
from attise.records.snapshot.layout import SnapshotUnreadable  # noqa: E402
from attise.records.snapshot.reader import SnapshotFile  # noqa: E402
from tests.dying import in_database, kill_at  # noqa: E402
from tests.snapshot_reader import change  # noqa: E402

HOUSE = settings.HOUSE
TRACES = frozenset({"rename", "replace", "unlink", "fsync", "pwrite", "mkdir"})


MOMENTS = count(JOB["now_ms"])


def means() -> Means:
    """Return the means of the test, a moment later each time, so that no identifier is given twice."""
    clock = FakeClock(next(MOMENTS))
    return Means(clock, SystemChance(), ClockIds(clock, 2), HOUSE.secrets)


def is_trace(frame, event, arg) -> bool:
    """Tell of a trace in the folder of snapshots or in the database, and of a commit that has ended."""
    if event != "c_call":
        return in_database(frame, event, arg)
    in_writer = frame.f_code.co_filename.endswith("snapshot/writer.py")
    is_file = arg.__module__ == "posix" and arg.__name__ in TRACES
    return is_file or (in_writer and arg.__name__ in {"write", "flush", "close"})


def wrong_deltas(told: list[int]) -> list[str]:
    """Return what is wrong with the deltas: numbers with a gap, one that is there twice, a place that is not theirs."""
    rows = list(Delta.objects.order_by("number").values_list("number", "object_id"))
    ids = [object_id for _, object_id in rows]
    position = queries.get_position()
    wrong = [] if [number for number, _ in rows] == list(range(1, len(rows) + 1)) else ["numbers have a gap"]
    wrong += [] if len(set(ids)) == len(ids) else ["an object is told twice"]
    wrong += [] if set(ids) <= set(told) else ["something is told that did not change"]
    return wrong + ([] if position.number == len(rows) else [f"the place says {position.number} of {len(rows)}"])


def wrong_files() -> list[str]:
    """Return what is wrong with the files: one that bears the name of a snapshot and is none, or not the whole one."""
    wrong = []
    for path in folder_of(HOUSE).glob("*.snapshot"):
        try:
            if len(list(SnapshotFile(path).ads())) != JOB["ads"]:
                wrong.append(f"{path.name} lacks ads")
        except SnapshotUnreadable as unreadable:
            wrong.append(str(unreadable))
    return wrong


def run() -> None:
    if JOB["verb"] == "follow":
        while follow(means(), holder="worker:1"):
            pass
    else:
        write_file(means(), HOUSE, anyway=True)


def main() -> None:
    kills, wrong, told = 0, [], []
    for step in count(1, JOB["every"]):
        if JOB["verb"] == "follow":
            told += [10 * step, 10 * step + 1]
            for object_id in told[-2:]:
                change(means(), ChangeKind.AD_CHANGED, object_id)
        connections.close_all()
        means()  # the child's moment is nobody else's
        child = os.fork()
        if child == 0:
            kill_at(step, is_trace)
            run()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = wrong_deltas(told) if JOB["verb"] == "follow" else wrong_files()
        wrong += [f"killed at step {step}: {what}" for what in found]
        if not os.WIFSIGNALED(status):
            wrong += [] if status == 0 else [f"step {step}: the child failed, status {status}"]
            break
        kills += 1
    sys.stdout.write(json.dumps({"kills": kills, "wrong": wrong, "told": told}))


main()
