"""Where lines, marks and labels stand."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.doors.site import charts
from attise.doors.site.charts import Line

DAYS = [(f"day {number}", str(number)) for number in range(7)]


def drawn(*lines: Line, **more) -> charts.Chart:
    said = {"say": lambda value: "–" if value is None else str(value), "say_mark": str}
    return charts.chart("views", "Views", "A sentence.", steps=DAYS, steps_name="Day", lines=lines, **said, **more)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


@given(most=st.integers(0, 10**15), finest=st.sampled_from([1, 10_000, 1_000_000]))
def test_marks_reach_from_zero_to_the_highest_by_equal_beautiful_steps(most, finest):
    marks = charts.scale(most, finest=finest)
    steps = {after - before for before, after in pairwise(marks)}
    (step,) = steps
    assert marks[0] == 0
    assert marks[-1] >= most
    assert 2 <= len(marks) <= charts.MARKS_MOST
    assert step % finest == 0
    assert str(step).rstrip("0") in {"1", "2", "25", "5"}


def test_a_line_has_a_gap_where_nothing_is_known_and_ends_at_the_last_that_is():
    chart = drawn(Line("Spark", "ember", [0, 10, None, 5, None, None, None]))
    (line,) = chart.lines
    assert points(line.path) == [(0, 100), (16.67, 0), (50, 50)]
    assert line.path.count("M") == 2
    assert (line.end_x, line.end_y) == ("50", "50")
    assert chart.rows[2] == ["day 2", "–"]


def test_parts_stand_on_each_other_and_reach_as_high_as_their_sum():
    chart = drawn(Line("organic", "slate", [6] * 7), Line("paid", "ember", [4] * 7), is_stacked=True)
    organic, paid = chart.lines
    assert [mark.text for mark in chart.marks] == ["0", "2", "4", "6", "8", "10"]
    assert points(paid.path)[0] == (0, 0)
    assert points(organic.path)[0] == (0, 40)
    assert points(paid.area)[-1] == (0, 40)  # down to the organic part, not to the ground
    assert chart.steps[3].text == "day 3 · organic 6 · paid 4"


def test_labels_at_the_ends_of_close_lines_can_both_be_read():
    chart = drawn(Line("Spark", "ember", [100] * 7), Line("Standard", "slate dashed", [99] * 7))
    above, below = sorted(float(line.label_y) for line in chart.lines)
    assert below - above >= charts.LABELS_APART
    assert all(line.area == "" for line in chart.lines)
    low = drawn(Line("Spark", "ember", [0] * 7), Line("Standard", "slate dashed", [0] * 7))
    assert max(float(line.label_y) for line in low.lines) == 100


def test_names_under_the_plot_are_few_and_evenly_apart():
    chart = drawn(Line("Views", "slate", [1] * 7))
    assert [(tick.text, tick.is_rare) for tick in chart.ticks] == [("0", False), ("2", True), ("4", False), ("6", True)]


@pytest.mark.parametrize(
    ("now", "before", "text", "good", "told"),
    [
        (12, 10, "20%", 1, ("20%", "↑", "good")),
        (8, 10, "20%", -1, ("20%", "↓", "good")),
        (12, 10, "20%", 0, ("20%", "↑", "")),
        (10_001, 10_000, "0%", 1, ("0%", "→", "")),
        (12, 0, "–", 1, None),
        (None, 10, "–", 1, None),
    ],
)
def test_a_change_is_good_by_its_measure_and_none_that_is_written_as_zero(now, before, text, good, told):
    assert charts.change(now, before, text, good=good) == told


def test_a_part_of_a_whole_that_is_nothing_does_not_hide_the_one_beneath_it():
    steps = [(str(day), str(day)) for day in range(5)]
    paid = [0, 0, 0, 4, 4]
    lines = [Line("organic", "slate", [5, 6, 7, 8, 9]), Line("paid", "ember", paid)]
    made = charts.chart(
        "k", "t", "s", steps=steps, steps_name="day", lines=lines, say=str, say_mark=str, is_stacked=True
    )
    organic, drawn = made.lines
    assert organic.path.count("L") == 4
    assert drawn.path.startswith("M50 "), "from the last step at which it is nothing"
    nothing = charts.chart(
        "k", "t", "s", steps=steps, steps_name="day", lines=[lines[0], Line("paid", "ember", [0] * 5)],
        say=str, say_mark=str, is_stacked=True,
    )  # fmt: skip
    assert nothing.lines[1].path == ""
    assert nothing.rows[0] == ["0", "5", "0"]


def test_intervals_are_drawn_between_their_ends_told_in_the_table_and_cut_where_they_would_flatten_the_lines():
    rest = [None] * 4
    made = drawn(Line("Spark", "ember", [10, 20, 30, *rest], [(5, 15), None, (10, 90), *rest]))
    (line,) = made.lines
    assert line.band.count("M") == 2, "a step without an interval parts them"
    assert all(0 <= y <= 100 for _x, y in points(line.band))
    assert [one.text for one in made.marks][-1] == "60", "twice the highest value, and not 90"
    assert [row[1] for row in made.rows[:3]] == ["10 (5 – 15)", "20", "30 (10 – 90)"]
    assert not drawn(Line("Spark", "ember", [10, 20, 30, *rest])).lines[0].band
