"""How figures are drawn over time: where lines, areas, marks and labels stand, so that text never scales. Pure.

Place: pages give values and words, ``parts/chart.html``, ``parts/sparkline.html`` and ``parts/tile.html`` draw what is
made here. No Django, no clock, no language: texts come ready.

A value is a whole number (a count, micros, millionths of a ratio) or None where there is none yet; a line has a gap
there. The baseline is zero. Places are percent of the plot from its left and its top, written as SVG takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

MARKS_MOST: Final = 6
"""Lines across the plot, the one at zero included."""
TICKS_MOST: Final = 5
BAND_TIMES: Final = 2
"""Times the highest value above which the end of an interval is not drawn, so that the lines stay apart."""
LABELS_APART: Final = 10
"""Percent of the height between the labels at two lines' ends."""
_STEPS: Final = ((1, 1), (2, 1), (5, 2), (5, 1), (10, 1))
"""Beautiful steps between marks, as fractions: 1, 2, 2.5, 5, 10."""

Value = int | None


class Line(NamedTuple):
    """One series: what it is called, its tone (``ember``, ``slate``, ``slate dashed``) and a value a step."""

    label: str
    tone: str
    values: Sequence[Value]
    ends: Sequence[tuple[int, int] | None] = ()
    """Of each step the lower and the upper end of its value's interval, None where it has none; empty: of none."""


class Mark(NamedTuple):
    """A line across the plot, or a name under it."""

    at: str
    text: str
    is_rare: bool = False
    """Whether a narrow page leaves it out."""


class Drawn(NamedTuple):
    """A series as it is drawn. ``path`` and ``area`` live in a box of 100 by 100; lines side by side have no area."""

    label: str
    tone: str
    path: str
    area: str
    end_x: str
    end_y: str
    label_y: str
    band: str = ""
    """Between the ends of the intervals."""


class Step(NamedTuple):
    """What a pointer finds at one step."""

    at: str
    left: str
    width: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, with the table that says the same."""

    key: str
    """Names its parts within the page."""
    title: str
    sentence: str
    """What it shows, in one sentence."""
    marks: list[Mark]
    ticks: list[Mark]
    lines: list[Drawn]
    steps: list[Step]
    head: list[str]
    rows: list[list[str]]


class Change(NamedTuple):
    """How far a figure is from what it was: the words, and whether that is ``good``, ``bad`` or neither (empty)."""

    text: str
    arrow: str
    tone: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its change and its course; with ``url`` it is a link that draws its chart."""

    label: str
    value: str
    change: Change | None = None
    note: str = ""
    """Said in place of a change, or beside it."""
    parts: tuple[str, str] | None = None
    """What the figure is the sum of: its organic part and its paid one."""
    spark: Drawn | None = None
    url: str = ""
    is_current: bool = False


def chart(
    key: str,
    title: str,
    sentence: str,
    *,
    steps: Sequence[tuple[str, str]],
    steps_name: str,
    lines: Sequence[Line],
    say: Callable[[Value], str],
    say_mark: Callable[[int], str],
    finest: int = 1,
    is_stacked: bool = False,
) -> Chart:
    """Return a chart of some series over the same steps.

    Args: ``steps``: of each its whole name and a short one; ``say`` writes a value, ``say_mark`` one beside a mark;
    ``finest``: the least difference that can be said, in the unit of the values; ``is_stacked``: series are parts of a
    whole and stand on each other, the first at the bottom.
    Invariants: every series has a value, or None, for each step; at most ``MARKS_MOST`` marks.
    """
    assert all(len(one.values) == len(steps) for one in lines)

    def told(one: Line, place: int) -> str:
        ends = one.ends[place] if one.ends else None
        said = say(one.values[place])
        return said if ends is None else f"{said} ({say(ends[0])} – {say(ends[1])})"

    heights = _stacked([one.values for one in lines]) if is_stacked else [list(one.values) for one in lines]
    most = max((value for one in heights for value in one if value is not None), default=0)
    upper = max((pair[1] for one in lines for pair in one.ends if pair is not None), default=0)
    marks = scale(max(most, min(upper, BAND_TIMES * most)), finest=finest)
    top = marks[-1]
    drawn = [
        _drawn(one, course, top, floor=heights[place - 1] if is_stacked and place else None)
        for place, (one, course) in enumerate(zip(lines, heights, strict=True))
    ]
    return Chart(
        key=key,
        title=title,
        sentence=sentence,
        marks=[Mark(_text(_y(value, top)), say_mark(value)) for value in marks],
        ticks=_ticks([short for _, short in steps]),
        lines=_apart(drawn if is_stacked or len(drawn) == 1 else [one._replace(area="") for one in drawn]),
        steps=[
            _step(place, len(steps), " · ".join([name, *(f"{one.label} {told(one, place)}" for one in lines)]))
            for place, (name, _) in enumerate(steps)
        ],
        head=[steps_name, *(one.label for one in lines)],
        rows=[[name, *(told(one, place) for one in lines)] for place, (name, _) in enumerate(steps)],
    )


def sparkline(values: Sequence[Value], tone: str = "slate") -> Drawn:
    """Return a small course without marks, from zero to its highest."""
    return _drawn(Line("", tone, values), values, max((one for one in values if one is not None), default=0) or 1)


class Span(NamedTuple):
    """An interval beside others on one scale: where it begins and ends, what was found, and where nothing is."""

    low: str
    high: str
    found: str
    zero: str
    tone: str
    """``more``, ``less``, or empty where it leaves nothing out."""


def spans(values: Sequence[tuple[float, float, float]], *, told: Sequence[str]) -> list[Span]:
    """Return intervals as they are drawn, all on one scale with zero in it.

    Args: ``values``: of each the lower end, what was found, the upper end; ``told``: of each its tone.
    """
    ends = [0.0, *(end for low, _, high in values for end in (low, high))]
    least, most = min(ends), max(ends)
    room = (most - least) * 0.04 or 1.0
    least, wide = least - room, most - least + 2 * room

    def at(value: float) -> str:
        return _text(100 * (value - least) / wide)

    return [
        Span(at(low), at(high), at(found), at(0.0), tone) for (low, found, high), tone in zip(values, told, strict=True)
    ]


def change(now: Value, before: Value, text: str, *, good: int) -> Change | None:
    """Return a change; None where there is nothing to compare with. ``good``: 1 more is better, -1 less is, 0 neither.

    ``text`` is the difference in words, its sign left to the arrow; one that is written as zero is none.
    """
    if now is None or not before:
        return None
    sign = ((now > before) - (now < before)) * any(digit in text for digit in "123456789")
    return Change(text, {1: "↑", -1: "↓", 0: "→"}[sign], {1: "good", -1: "bad", 0: ""}[sign * good])


def scale(most: int, *, finest: int = 1) -> list[int]:
    """Return where marks stand, from 0 up to the first that no value passes: beautiful steps, as few as say enough."""
    power = finest
    while True:
        for over, under in _STEPS:
            step, rest = divmod(power * over, under)
            if not rest and step % finest == 0 and step * (MARKS_MOST - 1) >= most:
                return [step * number for number in range(max(-(-most // step), 1) + 1)]
        power *= 10


# ---- how it is done


def _stacked(series: Sequence[Sequence[Value]]) -> list[list[Value]]:
    """Return each series as the sum of itself and those beneath it."""
    found: list[list[Value]] = []
    for values in series:
        under = found[-1] if found else [0] * len(values)
        found.append([None if a is None or b is None else a + b for a, b in zip(values, under, strict=True)])
    return found


def _drawn(one: Line, heights: Sequence[Value], top: int, *, floor: Sequence[Value] | None = None) -> Drawn:
    known = [place for place, value in enumerate(heights) if value is not None]
    if floor is not None:  # a part that is nothing would lie on the part beneath it, and hide it
        adds = [bool(value) for value in one.values]
        known = [place for place in known if any(adds[max(place - 1, 0) : place + 2])]
    runs = [[place for _, place in run] for _, run in groupby(enumerate(known), lambda pair: pair[1] - pair[0])]
    path = "".join(_through(run, heights, top) for run in runs)
    area = "".join(_beneath(run, heights, floor, top) for run in runs)
    last = known[-1] if known else 0
    y = _text(_y(heights[last] or 0, top))
    return Drawn(one.label, one.tone, path, area, _text(_x(last, len(heights))), y, y, _band(one.ends, top))


def _band(ends: Sequence[tuple[int, int] | None], top: int) -> str:
    """Return the areas between the ends of intervals, one for each run of steps that have them."""
    known = [place for place, pair in enumerate(ends) if pair is not None]
    runs = [[place for _, place in run] for _, run in groupby(enumerate(known), lambda pair: pair[1] - pair[0])]
    low, high = ([None if pair is None else min(pair[side], top) for pair in ends] for side in (0, 1))
    return "".join(_through(run, high, top) + "L" + _through(run[::-1], low, top)[1:] + "Z" for run in runs)


def _through(run: Sequence[int], heights: Sequence[Value], top: int) -> str:
    """Return a path through the points of a run of steps."""
    points = [f"{_text(_x(place, len(heights)))} {_text(_y(heights[place] or 0, top))}" for place in run]
    return "M" + "L".join(points)


def _beneath(run: Sequence[int], heights: Sequence[Value], floor: Sequence[Value] | None, top: int) -> str:
    """Return the area from a run down to what it stands on."""
    ground = [0] * len(heights) if floor is None else floor
    return _through(run, heights, top) + "L" + _through(run[::-1], ground, top)[1:] + "Z"


def _apart(drawn: list[Drawn]) -> list[Drawn]:
    """Return the series with the labels at their ends far enough from each other to be read."""
    order = sorted(range(len(drawn)), key=lambda place: float(drawn[place].end_y))
    places = [float(drawn[place].end_y) for place in order]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + LABELS_APART)
    over = max(places[-1] - 100, 0) if places else 0
    for place, y in zip(order, places, strict=True):
        drawn[place] = drawn[place]._replace(label_y=_text(y - over))
    return drawn


def _ticks(names: Sequence[str]) -> list[Mark]:
    """Return at most five names under the plot, evenly apart; of them every other is for wide pages alone."""
    last = max(len(names) - 1, 1)
    even = next((last // parts for parts in range(TICKS_MOST - 1, 2, -1) if last % parts == 0), None)
    apart = even or -(-last // (TICKS_MOST - 1))
    return [
        Mark(_text(_x(place, len(names))), names[place], is_rare=bool(number % 2))
        for number, place in enumerate(range(0, len(names), apart))
    ]


def _step(place: int, steps: int, text: str) -> Step:
    half = 50 / max(steps - 1, 1)
    at = _x(place, steps)
    left, right = max(at - half, 0), min(at + half, 100)
    return Step(_text(at), _text(left), _text(right - left), text)


def _x(place: int, steps: int) -> float:
    return 100 * place / max(steps - 1, 1)


def _y(value: int, top: int) -> float:
    return 100 - 100 * value / top


def _text(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
