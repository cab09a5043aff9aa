"""Settles a log in children that are killed (SIGKILL) at a random statement, again and again; the last one lives.

Run by ``test_kill.py`` as ``python killed.py JOB``, on the database of the test. A step is every statement and the
commit, before and after it; so is letting go of the log up to where it is settled. Prints as JSON how many children
were killed, and how many of them had settled something.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

JOB = json.loads(sys.argv[1])

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = JOB["database"]
django.setup()

from django.db import connections  # noqa: E402

from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import SystemClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.measurement.attribution.actions import Settler  # noqa: E402
from attise.measurement.attribution.queries import get_mark  # noqa: E402
from attise.measurement.attribution.whose import BY_TOKENS  # noqa: E402
from attise.measurement.ingest.retention import let_go  # noqa: E402
from attise.measurement.ingest.sqlite_log import SqliteLog  # noqa: E402
from tests.dying import in_database, kill_at  # noqa: E402


def settle() -> None:
    clock = SystemClock()
    means = Means(clock, SystemChance(), ClockIds(clock, os.getpid() % 1024), settings.HOUSE.secrets)
    settler = Settler(SqliteLog(Path(JOB["log"]), may_write=False), whose=BY_TOKENS, results_of=lambda _: {})
    log = SqliteLog(Path(JOB["log"]), may_write=True)
    is_end = False
    while not is_end:
        is_end = settler.settle(means).is_end
        for _ in let_go(log, {"settle": lambda: get_mark().position}, before_ms=JOB["before_ms"]):
            continue


def is_step(frame, event, arg) -> bool:
    """Tell of a step in the database, and of the log that is about to forget, or has forgotten."""
    forgets = frame.f_code.co_name == "prune" and frame.f_code.co_filename.endswith("sqlite_log.py")
    return in_database(frame, event, arg) or (forgets and event in {"call", "return"})


def main() -> None:
    chance = random.Random(JOB["seed"])
    kills, moved, wrong = 0, 0, []
    for number in range(JOB["rounds"] + 1):
        before, step = get_mark(), chance.randint(1, JOB["steps"])
        connections.close_all()
        child = os.fork()
        if child == 0:
            if number < JOB["rounds"]:
                kill_at(step, is_step)
            settle()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        kills += os.WIFSIGNALED(status)
        if not os.WIFSIGNALED(status) and status:
            wrong.append(f"round {number}: status {status}")
        moved += get_mark() != before
    sys.stdout.write(json.dumps({"kills": kills, "moved": moved, "wrong": wrong}))


main()
