"""What works is drawn over seeds: a line for each figure, within 80 columns, from rows as they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import attise
from attise.proving.result import Row
from attise.proving.science.scoreboard import BAR, MEASURES, SHOWN, bar, figure_of, lines

RANKED = (
    "rho p20: score 0.80±0.02 0.73±0.04; last growth 0.76±0.03 0.70±0.02; views 0.01±0.04 0.20±0.03; "
    "most liked -0.17±0.05 0.45±0.04; likes a view -0.02±0.05 0.32±0.03; chance 0.02±0.05 0.21±0.03; won 5 3; "
    "covered 0.78±0.02; too late 1/40; paid 0.30±0.08 0.83±0.04"
)


def row(case: str, *, ok: bool = True) -> Row:
    checks = {one.check: "0.042±0.011" for one in MEASURES if one.case == case}
    if case == "scout":
        checks = {"usual, hourly": RANKED}
    return Row(f"science/{case}", "6000 viewers, 28 days, 5 seeds", None, 1.0, None, 1.0, 1.0, checks, ok)


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_the_command_draws_what_its_cases_really_say():
    command = [sys.executable, "-m", "attise.doors.cli", "bench", "scoreboard", "--quick"]
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    drawn = done.stdout.splitlines()
    assert len(drawn) == len(SHOWN) + len(MEASURES), done.stderr[-2_000:]
    assert max(map(len, drawn)) <= 80


def test_every_case_has_its_lines_and_none_is_cut():
    drawn = list(lines([row(case, ok=case != "lift") for case in SHOWN]))
    assert len(drawn) == len(SHOWN) + len(MEASURES)
    assert max(map(len, drawn)) <= 80
    assert sum(line.endswith("WRONG") for line in drawn) == 1


def test_figures_are_read_as_they_are_told():
    assert figure_of(row("circles"), "false stops") == (0.042, 0.011)
    assert figure_of(row("scout"), "usual, hourly|score|p20") == (0.73, 0.04)
    assert figure_of(row("scout"), "usual, hourly|most liked|rho") == (-0.17, 0.05)
    assert figure_of(row("scout"), "usual, hourly|chance|p20") == (0.21, 0.03)
    alone = Row("science/lift", "", None, 1.0, None, 1.0, 1.0, {"visits_found": 0.98}, ok=True)
    assert figure_of(alone, "visits_found") == (0.98, 0.0)
    with pytest.raises(KeyError):
        figure_of(alone, "follow_covers")


def test_a_bar_has_its_mean_its_spread_and_what_is_promised():
    drawn = bar(0.5, 0.1, bounds=(0.9,), scale=(0.0, 1.0))
    assert len(drawn) == BAR
    assert drawn[BAR // 2] == "o"
    assert drawn[int(0.9 * BAR)] == "|"
    assert drawn.count("-") == int(0.6 * BAR) - int(0.4 * BAR)
    assert bar(7.0, 0.0, bounds=(), scale=(0.0, 1.0)).endswith("o"), "what is beyond the scale stands at its end"
