"""The table of a benchmark is read whole in a terminal of 80 columns; what is measured is right meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import attise
from attise.doors.cli.bench import COLUMNS, table
from attise.proving.result import Row

ROOT = Path(__file__).parents[3]
CHECKS = {"wrong_answers": 0, "p95_ms": 159.82, "promised_p95_ms": 25, "events_counted_once": 1_000_000}


def row(name: str, scale: str, *, ok: bool = True, ratio: float | None = 0.222) -> Row:
    return Row(name, scale, 123.4, 1_234_567.89, ratio, 11.67, 783.11, CHECKS, ok, client_bound=not ok)


def test_every_line_fits_and_nothing_is_cut():
    rows = [
        row("dialect/search", "10000 posts"),
        row("reports/rollup by creator and country", "100000000 facts, 28 days", ok=False, ratio=None),
    ]
    lines = list(table(rows))
    assert max(map(len, lines)) <= COLUMNS
    assert not any("…" in line for line in lines)
    assert lines[1].split() == ["dialect/search,", "10000", "posts", "1234568", "123.4", "0.222", "11.67", "783.11"]
    text = " ".join(" ".join(lines).split())
    assert "reports/rollup by creator and country, 100000000 facts, 28 days 1234568 123.4 – 11.67 783.11" in text
    assert all(f"{key} {value}" in text for key, value in CHECKS.items())
    assert text.count("WRONG") == text.count("client_bound true") == 1


def test_figures_stand_under_their_names():
    head, figures, *_ = table([row("dialect/read", "1000 posts")])
    assert len(head) == len(figures) == COLUMNS
    for name, value in (("per s", "1234568"), ("ratio", "0.222"), ("p99 ms", "783.11")):
        assert head.index(name) + len(name) == figures.index(value) + len(value)


@pytest.mark.long
@pytest.mark.timeout(400)
def test_an_edge_serves_all_it_loads_while_that_is_measured():
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "loading", "--quick", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert [row["name"] for row in found] == [f"loading/{case}" for case in ("build", "map", "deltas")] * 2
    assert all(row["ok"] for row in found)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_decision_is_right_while_whole_answers_are_measured():
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "feed", "--quick", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert [row["name"] for row in found] == ["feed/answer"] * 2
    for row in found:
        assert row["ok"]
        assert row["checks"]["ads_shown"] > 0
        assert row["checks"]["stopped_grants"] > 0


@pytest.mark.long
@pytest.mark.timeout(300)
def test_snapshots_are_right_while_they_are_measured():
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "snapshot", "--quick", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert [row["name"] for row in found] == [f"snapshot/{case}" for case in ("write", "open", "delta", "new_ad")]
    assert all(row["ok"] for row in found)


@pytest.mark.long
def test_the_bench_of_the_ledger_is_right_whatever_its_speed():
    code = "import sys; from attise.doors.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "bench", "ledger", "--quick", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr
    charged, recounted = json.loads(done.stdout)
    assert (charged["name"], recounted["name"]) == ("ledger/charge", "ledger/recount")
    assert charged["ok"]
    assert recounted["ok"]
    assert charged["checks"]["difference"] == "none"
    assert charged["ratio"] == round(charged["measured_per_s"] / charged["ceiling_per_s"], 3)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_every_acknowledged_event_is_in_the_log_while_events_are_measured():
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "ingest", "--quick", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert [row["scale"] for row in found] == ["1 connection", "16 connections"]
    for row in found:
        assert row["ok"]
        assert row["checks"]["acknowledged"] > 0
        assert row["checks"]["missing"] == row["checks"]["twice"] == row["checks"]["unasked"] == 0


@pytest.mark.long
@pytest.mark.timeout(300)
def test_ads_are_right_while_they_are_measured():
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "ads", "--quick", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert [row["name"] for row in found] == ["ads/create one by one", "ads/create by twenty", "ads/list"]
    assert all(row["ok"] for row in found)
