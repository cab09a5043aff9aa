"""What ``attise demo`` and the making of a world say: units people read, and a line for each tenth behind a pipe."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from attise.doors.cli.demo import _in_units, _more, _named
from attise.doors.cli.world_build import _Lines


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("spent_micros", 27_034_693, "spent: €27.03"),
        ("daily_budget_micros", 150_000_000, "daily budget: €150.00"),
        ("share_ppm", 100_000, "share: 10 %"),
        ("holdout_ppm", 2_500, "holdout: 0.25 %"),
        ("paid_impressions", 1_514, "paid impressions: 1,514"),
        ("locked", True, "locked: True"),
    ],
)
def test_numbers_are_said_with_their_units(name, value, said):
    assert f"{_named(name)}: {_in_units(name, value)}" == said


def test_what_no_number_of_viewers_would_tell_is_said_so():
    assert _more(1_124) == "about 1,124 more viewers of each"
    assert "no number of viewers" in _more(1_000_000_000)


@pytest.mark.parametrize(("is_terminal", "lines"), [(False, 4), (True, 0)])
def test_behind_a_pipe_every_tenth_has_its_line(capsys, is_terminal, lines):
    told = _Lines(Console(file=io.StringIO(), force_terminal=is_terminal))
    for done in (0.0, 0.04, 0.11, 0.12, 0.55, 1.0):
        told.tell(done, "day 1 of 3")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    assert said[-1:] == (["The past of this world, 100%: day 1 of 3"] if lines else [])
