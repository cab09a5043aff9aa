"""The script of the examples paces a budget over a log that anybody could have."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import attise
from attise.proving.science.pacing import DAY, MINUTE_MS, ZONE, a_day

SCRIPT = Path(__file__).parents[2] / "examples" / "pace_a_campaign.py"


def test_a_budget_is_spread_over_a_log_and_judged(tmp_path):
    day = a_day(5, 8_000)
    log = tmp_path / "log.csv"
    with log.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("at_ms", "value", "price"))
        writer.writerows(
            (DAY.begins_at_ms + minute * MINUTE_MS, round(value), round(price))
            for minute, value, price in zip(day.minute, day.value, day.price, strict=True)
        )
    budget = round(day.price.sum() * 0.15)
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    command = [sys.executable, str(SCRIPT), str(log), str(budget), ZONE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    won = [line.split(",") for line in done.stdout.splitlines()]
    spent = sum(int(price) for _, _, price in won)
    assert 0.97 * budget <= spent <= budget
    assert all(0 < float(bid) <= 1 for _, bid, _ in won)
    assert int(won[-1][0]) > DAY.ends_at_ms - 4 * 3_600_000, "there was money for the evening"
    found = re.search(r"spent (\d+) of (\d+) a day; won (\S+) of the best", done.stderr)
    assert int(found[1]) == pytest.approx(spent)
    assert float(found[3]) >= 0.95
