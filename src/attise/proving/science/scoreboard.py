"""``attise bench scoreboard``: what works and how surely, over seeds, drawn for a terminal of 80 columns.

Cases of ``science``, run on the same seeds, of which the figures are shown that people ask for: mean and standard
deviation over seeds as a bar, what is promised as a mark, what people use instead beside it. Every other figure of a
case is in its own row (``attise bench science --only CASE``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from attise.proving.result import Row
from attise.proving.science import cases

SHOWN: Final = ("circles", "scout", "exploration", "pacing", "lift", "promotion", "spark")
BAR: Final = 19
NAME: Final = 32


class Measure(NamedTuple):
    """One line of the table: where its figure is found, what it is called, and what is promised of it."""

    case: str
    check: str
    """Of the case's row; of the scout the row's line, then what ranks and which of its figures."""
    name: str
    promised: str = ""
    """As people read it; empty: nothing is."""
    bounds: tuple[float, ...] = ()
    """Where marks are drawn."""
    scale: tuple[float, float] = (0.0, 1.0)
    """What the bar's ends stand for."""


SCOUT: Final = re.compile(r"(?P<name>[a-z ]+) (?P<rho>[-±.\d]+) (?P<p20>[-±.\d]+)(?:;|$)")
"""A part of a line of the scout's row: what ranks, its rank correlation, its precision at a fifth."""

MEASURES: Final = (
    Measure("circles", "false stops", "top tenth, stopped early", "< 0.10", (0.1,), (0.0, 0.2)),
    Measure("circles", "top tenth's part", "impressions of the top tenth"),
    Measure("circles", "top tenth's part, without", "  the same without circles"),
    Measure("scout", "usual, hourly|score|p20", "precision at 20 %"),
    Measure("scout", "usual, hourly|last growth|p20", "  last growth carried on"),
    Measure("scout", "usual, hourly|most liked|p20", "  most liked"),
    Measure("scout", "usual, hourly|chance|p20", "  luck"),
    Measure("scout", "usual, hourly|score|rho", "rank correlation"),
    Measure("scout", "usual, hourly|last growth|rho", "  last growth carried on"),
    Measure("exploration", "usual_house_percent", "lost to an oracle, %", "", (), (0.0, 60.0)),
    Measure("exploration", "usual_greedy_percent", "  never trying", "", (), (0.0, 60.0)),
    Measure("exploration", "surprise_house_percent", "lost, better newcomers, %", "", (), (0.0, 60.0)),
    Measure("exploration", "surprise_greedy_percent", "  never trying", "", (), (0.0, 60.0)),
    Measure("pacing", "shading_used", "budget used, bids shaded", ">= 0.97", (0.97,), (0.9, 1.0)),
    Measure("pacing", "shading_error", "  off its plan", "<= 0.05", (0.05,), (0.0, 0.1)),
    Measure("pacing", "shading_hindsight", "  won, of the best in hindsight", ">= 0.95", (0.95,), (0.9, 1.05)),
    Measure("lift", "follow_covers", "truth held, follows", "0.93 to 0.97", (0.93, 0.97), (0.9, 1.0)),
    Measure("lift", "visits_found", "found of what is true, visits", "0.95 to 1.05", (0.95, 1.05), (0.8, 1.2)),
    Measure("lift", "visits_naive", "  reached beside all others", "", (1.0,), (0.0, 4.0)),
    Measure("promotion", "told apart", "no effect, told apart", "0.03 to 0.08", (0.03, 0.08), (0.0, 0.2)),
    Measure("promotion", "covers", "truth held, doubled views", "0.92 to 0.97", (0.92, 0.97), (0.85, 1.0)),
    Measure("spark", "usual: completions", "completions above a copy's", "", (), (0.0, 1.0)),
    Measure("spark", "author: completions", "  the author alone", "", (), (0.0, 1.0)),
    Measure("spark", "likes: completions", "  the likes alone", "", (), (0.0, 1.0)),
    Measure("spark", "strong comments: completions", "  comments alone, five times", "", (), (0.0, 1.0)),
    Measure("spark", "nothing: completions", "  none of them", "-0.03 to 0.03", (0.0,), (-0.1, 0.9)),
)


def run(*, quick: bool) -> list[Row]:
    """Measure the cases, on five seeds; quick: on one, in small worlds."""
    found = []
    for name in SHOWN:
        found += cases.run(quick=quick, only=name)
    return found


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table: a line for each measure, under the name of its case and what was run."""
    by_case = {row.name.partition("/")[2]: row for row in rows}
    for case in SHOWN:
        row = by_case.get(case)
        if row is None:
            continue
        yield f"{case}: {row.scale}" + ("" if row.ok else "  WRONG")
        for one in MEASURES:
            if one.case == case:
                mean, spread = figure_of(row, one.check)
                yield _line(one, mean, spread)


def figure_of(row: Row, check: str) -> tuple[float, float]:
    """Return the mean and the standard deviation of a figure over seeds; of one seed the latter is 0.

    Raises: KeyError (the row has no such figure).
    """
    name, _, rest = check.partition("|")
    said = str(row.checks[name])
    if rest:
        ranked_by, _, which = rest.partition("|")
        found = {one["name"].removeprefix("rho p20: ").strip(): one[which] for one in SCOUT.finditer(_plain(said))}
        said = found[ranked_by]
    mean, _, spread = said.partition("±")
    return float(mean), float(spread or 0)


def bar(mean: float, spread: float, *, bounds: Sequence[float], scale: tuple[float, float]) -> str:
    """Return a bar: ``|`` what is promised, ``-`` one standard deviation to either side, ``o`` the mean."""
    signs = ["·"] * BAR
    for place in range(_place(mean - spread, scale), _place(mean + spread, scale) + 1):
        signs[place] = "-"
    for bound in bounds:
        signs[_place(bound, scale)] = "|"
    signs[_place(mean, scale)] = "o"
    return "".join(signs)


def _plain(said: str) -> str:
    return said.removeprefix("rho p20: ").partition("; won")[0] + ";"


def _place(value: float, scale: tuple[float, float]) -> int:
    low, high = scale
    return min(max(int((value - low) / (high - low) * BAR), 0), BAR - 1)


def _line(one: Measure, mean: float, spread: float) -> str:
    told = f"{mean:.3f}" if abs(mean) < 10 else f"{mean:.1f}"
    over = "" if not spread else f"±{spread:.3f}" if abs(mean) < 10 else f"±{spread:.1f}"
    drawn = bar(mean, spread, bounds=one.bounds, scale=one.scale)
    return f"  {one.name:<{NAME}}{drawn} {told:>6}{over:<6} {one.promised}".rstrip()
