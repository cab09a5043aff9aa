"""Sends a request with an idempotency key in children that are killed (SIGKILL) before each step, then repeats it.

Run by ``test_once.py`` as ``python killed.py JOB``, on the database and in the folder of the test. A step is every
statement and commit, and what comes right after a commit. Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import count
from pathlib import Path

JOB = json.loads(sys.argv[1])

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = JOB["database"]
django.setup()

from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from attise.doors.site import means as site_means  # noqa: E402
from attise.doors.site.setup import Process  # noqa: E402
from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import FakeClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.management.idempotency.actions.hold import LEASE_MS  # noqa: E402
from attise.management.posts.models import Post  # noqa: E402
from attise.management.viewers.models import Viewer  # noqa: E402
from tests.dying import kill_at  # noqa: E402

MADE = {"viewer": Viewer, "post": Post}[JOB["kind"]]


def open_house(clock: FakeClock) -> None:
    """Be a process of the site, with ids of its own."""
    made = Means(clock, SystemChance(), ClockIds(clock, os.getpid() % 1024), settings.HOUSE.secrets)
    site_means.install(Process(settings.HOUSE, made, clock, None))


def send(key: str):
    headers = {"Authorization": f"Bearer {JOB['host_key']}", "Idempotency-Key": key}
    if JOB["kind"] == "viewer":
        return Client().post("/v1/viewers", {}, content_type="application/json", headers=headers)
    with Path(JOB["upload"]).open("rb") as file:
        return Client().post("/v1/posts", {"meta": json.dumps(JOB["meta"]), "file": file}, headers=headers)


def main() -> None:
    clock = FakeClock(JOB["now_ms"])
    open_house(clock)
    seen = {"kills": 0, "held": 0, "replayed": 0, "done_again": 0, "wrong": []}
    for step in count(1, JOB["every"]):
        key, before = f"step-{step}", MADE.objects.count()
        connections.close_all()
        child = os.fork()
        if child == 0:
            open_house(clock)
            kill_at(step)
            os._exit(0 if send(key).status_code == 201 else 1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            seen["wrong"] += [] if status == 0 else [f"step {step}: the child failed, status {status}"]
            break
        seen["kills"] += 1
        early = send(key)
        if early.status_code == 409:
            seen["held"] += 1
            clock.advance(seconds=LEASE_MS / 1000)
        answer = send(key)
        last = send(key)
        made = MADE.objects.count() - before
        if (answer.status_code, made) != (201, 1) or last.content != answer.content:
            seen["wrong"].append(f"step {step}: {answer.status_code}, made {made}: {answer.content!r} {last.content!r}")
        replayed = "Idempotency-Replayed" in early.headers
        seen["replayed" if replayed else "done_again"] += 1
    sys.stdout.write(json.dumps(seen))


main()
