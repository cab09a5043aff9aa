"""A comparison in the terminal: a bar for each arm, the difference with its interval, and what may be said."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator
from typing import Final

import click

from attise.kernel.errors import N_
from attise.kernel.tongue import Tongue
from attise.measurement.lift.comparing import MORE_MOST
from attise.measurement.lift.reading import REASONS, Table
from attise.measurement.lift.study import Study, Verdict
from attise.measurement.scout.reading.rows import Tally

WIDTH: Final = 80
BAR: Final = 30
LINE: Final = 51
"""Columns of the interval's line; odd, so that nothing stands in its middle."""
SKIPPED_SHOWN: Final = 10
VERDICTS: Final = {
    Verdict.MORE: N_("More than without: chance alone would not make it."),
    Verdict.LESS: N_("Less than without: chance alone would not make it."),
    Verdict.NOT_TOLD: N_("Cannot be told apart from nothing yet. That is not “no effect”."),
    Verdict.TOO_LITTLE: N_("Not enough data yet."),
    Verdict.BROKEN: N_("The arms are not as large as chance makes them: do not believe what they differ by."),
}
COLOURS: Final = {Verdict.MORE: "green", Verdict.LESS: "red", Verdict.BROKEN: "red"}
Say = Callable[[str], str]


def lines_of(found: Study, table: Table, tally: Tally, tongue: Tongue) -> Iterator[str]:
    """Yield the lines."""
    say = tongue.gettext
    number = _Numbers(found, tongue)
    names = [(say(N_("Shown")), table.shown_name), (say(N_("Held out")), table.held_name)]
    wide = max(len(f"{what} ({name})") for what, name in names)
    most = max(found.shown.ratio, found.held.ratio, 0.0)
    for (what, name), arm in zip(names, (found.shown, found.held), strict=True):
        full = round(BAR * max(arm.ratio, 0.0) / most) if most else 0
        viewers = say(N_("%(count)s viewers")) % {"count": number.count(arm.viewers)}
        yield f"{f'{what} ({name})':<{wide}} {'█' * full}{'·' * (BAR - full)} {number.level(arm.ratio)}  {viewers}"
    yield ""
    effect = found.effect
    yield say(N_("Difference for each viewer: %(middle)s (from %(low)s to %(high)s, 95 times of 100)")) % {
        "middle": number.signed(effect.difference),
        "low": number.signed(effect.low),
        "high": number.signed(effect.high),
    }
    yield from _line(found)
    yield from _figures(found, say, number)
    yield ""
    verdict = say(VERDICTS[found.verdict])
    yield from (
        textwrap.wrap(verdict, WIDTH)
        if found.verdict not in COLOURS
        else [click.style(line, fg=COLOURS[found.verdict], bold=True) for line in textwrap.wrap(verdict, WIDTH)]
    )
    for line in _warnings(found, say, number):
        yield from textwrap.wrap(line, WIDTH)
    yield from _skipped(tally, say, number)


def _line(found: Study) -> Iterator[str]:
    """Draw the interval from left to right about nothing (┼), with what was found (●)."""
    effect = found.effect
    far = max(abs(effect.low), abs(effect.high))
    if not far or not math.isfinite(far):
        return
    half = LINE // 2
    low, middle, high = (half + round(value / far * half) for value in (effect.low, effect.difference, effect.high))
    signs = [" "] * LINE
    signs[low : high + 1] = "─" * (high + 1 - low)
    signs[half] = "┼" if low <= half <= high else "│"
    signs[low], signs[high] = "├", "┤"
    signs[middle] = "●"
    yield f"  {''.join(signs).rstrip()}"
    yield f"  {' ' * half}0"


def _figures(found: Study, say: Say, number: _Numbers) -> Iterator[str]:
    if found.relative is not None:
        part = found.relative
        yield say(N_("Beside those held out: %(middle)s (from %(low)s to %(high)s)")) % {
            "middle": number.part(part.part),
            "low": number.part(part.low),
            "high": number.part(part.high),
        }
    caused = [number.amount(value) for value in found.caused]
    yield say(N_("Brought in all: %(middle)s (from %(low)s to %(high)s)")) % dict(
        zip(("middle", "low", "high"), caused, strict=True)
    )
    cost = found.cost
    if cost is None:
        return
    if cost.each is not None and cost.low is not None and cost.high is not None:
        yield say(N_("One more costs: %(middle)s (from %(low)s to %(high)s)")) % {
            "middle": number.amount(cost.each),
            "low": number.amount(cost.low),
            "high": number.amount(cost.high),
        }
    elif cost.low is not None:
        yield say(N_("One more costs at least %(low)s: how much at most cannot be told yet.")) % {
            "low": number.amount(cost.low)
        }
    else:
        yield say(N_("What one more costs cannot be told yet."))


def _warnings(found: Study, say: Say, number: _Numbers) -> Iterator[str]:
    balance, adjusted = found.balance, found.adjusted
    if balance is not None:
        said = N_("Held out: %(found)s of viewers, %(expected)s expected (p = %(p)s).")
        yield say(said) % {
            "found": number.percent(balance.found),
            "expected": number.percent(balance.expected),
            "p": number.plain(balance.p_value, 4),
        }
    if found.verdict in {Verdict.NOT_TOLD, Verdict.TOO_LITTLE} and found.effect.more_viewers < MORE_MOST:
        yield say(N_("It would take about %(count)s more viewers in each arm to tell an effect of this size.")) % {
            "count": number.count(found.effect.more_viewers)
        }
    if math.isfinite(found.detectable):
        yield say(N_("With this many viewers, an effect of %(effect)s would be seen four times of five.")) % {
            "effect": number.step(found.detectable)
        }
    if adjusted is not None:
        said = N_("What was known from before explains %(part)s of the outcome, and is taken out of it.")
        unused = N_("What was known from before explains %(part)s of the outcome: too little to use it.")
        yield say(said if adjusted.is_used else unused) % {"part": number.percent(adjusted.explained)}


def _skipped(tally: Tally, say: Say, number: _Numbers) -> Iterator[str]:
    if not tally.skipped:
        return
    count = len(tally.skipped) + tally.more
    yield ""
    yield say(N_("Rows left out: %(count)s")) % {"count": number.count(count)}
    for one in sorted(tally.skipped, key=lambda one: one.line)[:SKIPPED_SHOWN]:
        place = say(N_("line %(line)s")) % {"line": one.line}
        yield f"  {place}  {say(REASONS[one.reason])}" + (f" ({one.detail})" if one.detail else "")
    if count > SKIPPED_SHOWN:
        yield "  …"


class _Numbers:
    """Writes numbers as a language does; a yes or no in percent, anything else as it is."""

    def __init__(self, found: Study, tongue: Tongue) -> None:
        self._tongue = tongue
        self._in_percent = found.shown.is_yes_no and found.held.is_yes_no and not _is_adjusted(found)

    def level(self, value: float) -> str:
        return self.percent(value) if self._in_percent else self._digits(value)

    def step(self, value: float) -> str:
        """Write a difference of levels; of percents in points."""
        if not self._in_percent:
            return self._digits(value)
        return self._tongue.gettext(N_("%(value)s points")) % {"value": self.percent(value).rstrip("%").rstrip()}

    def signed(self, value: float) -> str:
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return sign + self.step(abs(value))

    def part(self, value: float) -> str:
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return sign + self.percent(abs(value))

    def percent(self, value: float) -> str:
        digits = 1 if abs(value) >= 0.1 else 2  # noqa: PLR2004 - three digits that say something
        return self._tongue.percent(f"{value * 100:,.{digits}f}")

    def amount(self, value: float) -> str:
        return self._digits(value) if value >= 0 else "\u2212" + self._digits(-value)

    def count(self, value: int) -> str:
        return self._tongue.number(f"{value:,}")

    def plain(self, value: float, digits: int) -> str:
        return self._tongue.number(f"{value:,.{digits}f}")

    def _digits(self, value: float) -> str:
        """Write a number with about three digits that say something."""
        if not value or not math.isfinite(value):
            return "0" if not value else "∞"
        return self.plain(value, max(0, min(2 - math.floor(math.log10(abs(value))), 8)))


def _is_adjusted(found: Study) -> bool:
    return found.adjusted is not None and found.adjusted.is_used
