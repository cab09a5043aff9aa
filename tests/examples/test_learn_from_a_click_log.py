"""The script of the examples learns from a file that anybody could have, and says how good it is."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import attise
from tests.serving.training.logs import click_log

SCRIPT = Path(__file__).parents[2] / "examples" / "learn_from_a_click_log.py"
COLUMNS = ("ad_id", "advertiser_id", "category", "decided_at_ms", "viewer_age", "viewer_country", "click")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_click_log_becomes_a_model_and_predictions(tmp_path):
    columns = click_log(12_000)
    log = tmp_path / "log.csv"
    with log.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(zip(*(columns[name] for name in COLUMNS), strict=True))
    done = run(str(log), str(tmp_path / "models"))
    assert done.returncode == 0, done.stderr
    rates = [line.split(",") for line in done.stdout.splitlines()]
    assert len(rates) == 1_200
    assert all(0 < float(rate) < 1 for _, rate in rates)
    found = re.search(r"entropy (\S+), promised clicks to clicks (\S+)", done.stderr)
    assert float(found[1]) < 0.99
    assert 0.8 < float(found[2]) < 1.25
    again = run(str(log), str(tmp_path / "models"))
    assert "Name an empty folder" in again.stderr


def test_it_is_short_enough_to_be_read_at_once():
    text = SCRIPT.read_text()
    code = [line for line in text.split('"""')[2].splitlines() if line.strip()]
    assert len(code) <= 30
