"""A pre-flight report in a terminal: the video as a bar with its hook and its cuts, then a line and a tip a check."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import click

from attise.kernel.errors import N_
from attise.kernel.tongue import Tongue
from attise.management.posts.preflight.checks import HOOK_S
from attise.management.posts.preflight.figures import figure_of
from attise.management.posts.preflight.report import Check, Report
from attise.management.posts.preflight.tips import TIPS, TITLES, VERDICTS

_COLUMNS = 60
_LEVELS = "▁▂▃▄▅▆▇█"
_MARKS = {"ok": ("✓", "green"), "look_again": ("↻", "yellow"), "not_measured": ("·", "white")}


def drawn(report: Report, tongue: Tongue) -> str:
    """Return a report as text of up to 90 columns."""
    say = tongue.gettext
    lines = [*_timeline(report, say), ""]
    for check in report.checks:
        lines += _lines_of(check, say, lambda value: _number(value, tongue))
    ready = click.style(say(N_("Ready for Spark Ads: %(ready)s")) % {"ready": report.ready}, bold=True)
    return "\n".join([*lines, "", ready])


def _timeline(report: Report, say: Callable[[str], str]) -> list[str]:
    """Draw the video from left to right: its sound, its cuts, its first three seconds, a scale in seconds."""
    length_s = max(report.duration_ms / 1_000, 0.001)

    def column(at_s: float) -> int:
        return min(int(at_s / length_s * _COLUMNS), _COLUMNS - 1)

    bars = report.bars or (0,)
    levels = (bars[place * len(bars) // _COLUMNS] for place in range(_COLUMNS))
    sound = "".join(_LEVELS[level * (len(_LEVELS) - 1) // 100] for level in levels)
    marks = ["─"] * _COLUMNS
    for place in range(column(HOOK_S) + 1):
        marks[place] = "━"
    for cut_ms in report.cuts_ms:
        marks[column(cut_ms / 1_000)] = "┃"
    step_s = next((step for step in (1, 2, 3, 5, 10, 30, 60, 120) if length_s / step <= _COLUMNS / 6), 300)
    scale = [" "] * (_COLUMNS + 6)
    for at_s in range(0, int(length_s) + 1, step_s):
        text = f"{at_s} s" if not at_s else str(at_s)
        scale[column(at_s) : column(at_s) + len(text)] = text
    legend = say(N_("━ first 3 s   ┃ cut (%(count)s)   ▆ sound")) % {"count": len(report.cuts_ms)}
    return [f"  {sound}", f"  {''.join(marks)}", f"  {''.join(scale).rstrip()}", f"  {click.style(legend, dim=True)}"]


def _lines_of(check: Check, say: Callable[[str], str], number: Callable[[float], str]) -> list[str]:
    """Return what is said of a check: its mark, name, verdict and figure, then its tip."""
    sign, colour = _MARKS[check.verdict]
    head = f"{sign} {say(TITLES[check.name]):<28} {say(VERDICTS[check.verdict]):<13}"
    figure = figure_of(check, say, number)
    where = "" if check.at_s is None else f"  @ {number(check.at_s)} s"
    tip = textwrap.wrap(say(TIPS[check.tip]), 84, initial_indent="    ", subsequent_indent="    ")
    return [f"{click.style(head, fg=colour)} {figure}{where}".rstrip(), *tip]


def _number(value: float, tongue: Tongue) -> str:
    """Return a number as the language writes it, without empty decimals."""
    return tongue.number(f"{value:.2f}".rstrip("0").rstrip("."))
