"""Draws a lot in children that are killed (SIGKILL) before each of some steps, until one is not killed any more.

Run by ``test_lots.py`` as ``python killed.py JOB``, on the database of the test. A step is every statement and commit,
and what comes right after a commit. After each child the lot is drawn whole, or not at all. Prints what it saw as JSON.
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

from attise.kernel.actor import COMMAND  # noqa: E402
from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import FakeClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.management.campaigns.actions import draw_lot  # noqa: E402
from attise.management.campaigns.models import Ad, AdGroup, Campaign, Lot, LotPost  # noqa: E402
from attise.management.campaigns.rules.drawing import drawn_of  # noqa: E402
from tests.dying import kill_at  # noqa: E402


def draw() -> None:
    clock = FakeClock(JOB["now_ms"])
    means = Means(clock, SystemChance(), ClockIds(clock, os.getpid() % 1024), settings.HOUSE.secrets)
    draw_lot(means, COMMAND, house=settings.HOUSE, advertiser_id=JOB["advertiser"], lot_id=JOB["lot"])


def main() -> None:
    lot = Lot.objects.get(id=JOB["lot"])
    seen = {"kills": 0, "wrong": [], "would": drawn_of(lot.seed, lot.post_ids, lot.promoted)}
    nothing, whole = (0, 0, 0, 0), (1, 2, 2, 4)
    for step in count(1, JOB["every"]):
        connections.close_all()
        child = os.fork()
        if child == 0:
            kill_at(step)
            draw()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        there = tuple(kind.objects.count() for kind in (Campaign, AdGroup, Ad, LotPost))
        is_drawn = Lot.objects.get(id=JOB["lot"]).drawn_at_ms is not None
        if there != (whole if is_drawn else nothing):
            seen["wrong"].append(f"step {step}: {there}, drawn {is_drawn}")
        if not os.WIFSIGNALED(status):
            seen["wrong"] += [] if status == 0 and is_drawn else [f"step {step}: status {status}, drawn {is_drawn}"]
            break
        seen["kills"] += 1
    sys.stdout.write(json.dumps(seen))


main()
