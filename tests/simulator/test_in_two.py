"""A life whose counting is done by a process of its own is the life in which one process does both, row by row."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

DIGEST = """
import hashlib, json, sys
from attise.doors.cli.living import BEGIN_MS, living_house
from attise.kernel.limits import HOUR_MS
with living_house(int(sys.argv[1]), in_two=sys.argv[2] == "two") as living:
    from django.apps import apps
    from attise.doors.cli.verify import CHECKS
    from attise.simulator.beginning import begin
    from attise.simulator.drawing import Size
    own = living.open_first_time()
    size = Size(viewers=60, creators=6, posts=24, advertisers=3, days=1.0)
    made = begin(living, size, seed=int(sys.argv[1]), own=own, tell=lambda *_: None, go_on=True)
    lived = made.story.live(BEGIN_MS + 9 * HOUR_MS)
    rows = {one._meta.db_table: sorted(map(repr, one.objects.values_list())) for one in apps.get_models()}
    tables = {table: hashlib.sha256("".join(some).encode()).hexdigest() for table, some in rows.items()}
    differing = [name for name, (check, _) in CHECKS.items() if check(living.house)["difference"]]
    print(json.dumps({"lived": lived.plain(), "tables": tables, "differing": differing}))
"""
BY_CHANCE = {"accounts_person"}
"""A password that nobody can use is drawn by Django's own chance."""


def life(seed: int, how: str) -> dict[str, object]:
    # The settings of tests are of a house of theirs.
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-c", DIGEST, str(seed), how]
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=kept)
    assert made.returncode == 0, made.stderr[-3000:]
    return json.loads(made.stdout.splitlines()[-1])


@pytest.mark.timeout(600)
def test_who_counts_beside_whom_changes_no_row():
    one, two = life(7, "one"), life(7, "two")
    assert one["lived"] == two["lived"]
    assert two["lived"]["paid"] > 0
    assert two["differing"] == []
    differing = {table for table in one["tables"] if one["tables"][table] != two["tables"][table]}
    assert differing <= BY_CHANCE, differing
