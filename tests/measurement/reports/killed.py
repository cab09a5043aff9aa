"""Exports and tidies in children that are killed (SIGKILL), each at a later step than the one before.

Run by ``test_kill.py`` as ``python killed.py JOB``, on the database of the test. A step is every statement and commit,
and every call that writes, syncs, renames or removes a file, before and after it. Between two children one more
impression is settled; after each, what files say is compared with what was settled up to the watermark. Ends when a
child was not killed any more. Prints as JSON how many children were killed and what was wrong.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

JOB = json.loads(sys.argv[1])

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = JOB["database"]
django.setup()

import duckdb  # noqa: E402, F401 - children begin with it
from django.db import connections  # noqa: E402

from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import SystemClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.measurement.attribution.models import Outcome  # noqa: E402
from attise.measurement.ingest.sqlite_log import SqliteLog  # noqa: E402
from attise.measurement.reports.actions import export, roll_up, tidy  # noqa: E402
from attise.measurement.reports.columnar import read_tables  # noqa: E402
from attise.measurement.reports.queries import get_watermark  # noqa: E402
from attise.measurement.reports.rollups.kinds import HOURS, SEEN  # noqa: E402
from attise.measurement.reports.rollups.reading import newest  # noqa: E402
from tests.dying import kill_at  # noqa: E402
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event  # noqa: E402
from tests.measurement.reports.facing import ask  # noqa: E402

FOLDER = Path(JOB["log"])
CLOCK = SystemClock()
MEANS = Means(CLOCK, SystemChance(), ClockIds(CLOCK, 9), settings.HOUSE.secrets)
CALLS = {"fsync", "rename", "unlink"}

tidy.__globals__.update(JOINED_FILES=3, GRACE_MS=-1)


def work() -> None:
    house = SimpleNamespace(folder=FOLDER)
    while not export(MEANS, house, SqliteLog(FOLDER, may_write=False)).is_end:
        pass
    while not roll_up(MEANS, house).is_end:
        pass
    tidy(MEANS, house)


def is_step(frame, event, arg) -> bool:
    """Tell of a step in the database, a file or the engine, and of one that has ended."""
    if event in {"call", "return"}:
        names = {"_execute", "_executemany", "_commit"}
        return "django/db/backends" in frame.f_code.co_filename and frame.f_code.co_name in names
    is_engine = type(getattr(arg, "__self__", None)).__name__ == "DuckDBPyConnection"
    return arg.__name__ in CALLS or (is_engine and arg.__name__ == "execute")


def in_child(act) -> int:
    """Do something in a child of its own; returns its status."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def compare() -> None:
    """Say by the exit code whether files tell what was settled up to the watermark, each once."""
    upto = get_watermark().position
    settled = sorted(Outcome.objects.filter(position__lte=upto).values_list("decision_id", "charged_micros"))
    told = ask(FOLDER, "SELECT decision_id, charged_micros FROM facts WHERE impressions = 1 ORDER BY decision_id")
    os._exit(0 if told == settled and is_rolled_up(settled) else 3)


def is_rolled_up(settled: list[tuple[int, int]]) -> bool:
    """Whether the newest generation tells of as many of those, from the first one on, as it says, each once."""
    found = newest(SimpleNamespace(folder=FOLDER))
    asked = "SELECT coalesce(sum(impressions), 0)::BIGINT, coalesce(sum(charged_micros), 0)::BIGINT FROM hours"
    (many,), (micros,) = read_tables(asked, found.table(HOURS)).values()
    (people,) = read_tables("SELECT count(DISTINCT viewer) AS n FROM seen", found.table(SEEN))["n"]
    upto = Outcome.objects.filter(position__lte=found.manifest.position).count()
    return (many, micros, people) == (upto, sum(charged for _, charged in settled[:upto]), upto)


def main() -> None:
    happened = Happened(MEANS, FOLDER)
    happened.settle()
    kills, wrong, step = 0, [], JOB["first"]
    while True:
        of = claims(MEANS, ad_claims(tuple(JOB["envelopes"])), viewer=f"p{step}", decision_id=MEANS.ids.next())
        happened.settle(event(MEANS, "impression", of, after_s=1))

        def act(step: int = step) -> None:
            kill_at(step, is_step)
            work()

        status = in_child(act)
        if os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
            kills += 1
        elif status:
            wrong.append(f"step {step}: status {status}")
        if in_child(compare):
            wrong.append(f"step {step}: files do not tell what was settled")
        if not os.WIFSIGNALED(status) or wrong:
            break
        step += JOB["stride"]
    sys.stdout.write(json.dumps({"kills": kills, "steps": step, "wrong": wrong}))


main()
