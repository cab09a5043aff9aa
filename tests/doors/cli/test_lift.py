"""``attise lift``: a table of any platform in, what the ad changed out; what is broken is told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from attise.doors.cli.lift import lift

FRENCH = "Identifiant;Groupe;Achats;Dépense;Avant"
ENGLISH = "user_id,variant,converted,spend,baseline"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(lift, list(arguments), env={"LC_ALL": "C.UTF-8"})


def rows(viewers: int, *, separator: str, names: tuple[str, str], money: str, effect: float = 0.03) -> list[str]:
    rng = np.random.default_rng(1)
    found = []
    for viewer in range(viewers):
        is_held = rng.random() < 0.3
        did = int(rng.random() < (0.05 if is_held else 0.05 + effect))
        cells = (f"v{viewer}", names[is_held], str(did), "0" if is_held else money, str(rng.integers(0, 5)))
        found.append(separator.join(cells))
    return found


@pytest.fixture
def french(tmp_path) -> Path:
    path = tmp_path / "essai.csv"
    table = [FRENCH, *rows(6_000, separator=";", names=("exposé", "témoin"), money="0,12")]
    path.write_text("\n".join(table), "cp1252")
    return path


@pytest.fixture
def english(tmp_path) -> Path:
    path = tmp_path / "test.csv"
    path.write_text("\n".join([ENGLISH, *rows(6_000, separator=",", names=("test", "control"), money="0.12")]))
    return path


def told(*arguments: str) -> dict:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout, parse_constant=no_json)


def no_json(word: str) -> None:
    raise AssertionError(f"{word} is not JSON: most programs cannot read it")


def test_a_table_says_the_same_in_either_language_whatever_separates_it(french, english):
    first, second = told(str(french)), told(str(english))
    assert first.pop("arms")["held"].pop("name") == "témoin"
    assert second.pop("arms")["held"].pop("name") == "control"
    assert first == second
    assert first["verdict"] == "more"
    low, high = first["effect"]["interval"]
    assert low < 0.03 < high
    assert first["cost_of_one_more"]["interval"][0] < 0.12 / 0.03 < first["cost_of_one_more"]["interval"][1]
    assert first["rows"] == 6_000
    assert first["skipped"] == []


def test_broken_rows_are_told_with_their_lines_and_the_rest_is_used(english):
    lines = english.read_text().splitlines()
    lines[2] = "v1,test,maybe,0.1,1"
    lines[4] = ",test,1,0.1,1"
    lines[6] = "v5,,1,0.1,1"
    lines[8] = "v7,test,1,much,1"
    lines[10] = "v9,test,1,0.1,1,1,1"
    lines.append("v20," + {"test": "control", "control": "test"}[lines[21].split(",")[1]] + ",1,0,0")
    english.write_text("\n".join(lines))
    found = told(str(english))
    assert {(one["line"], one["reason"]) for one in found["skipped"]} == {
        (3, "bad_outcome"),
        (5, "no_unit"),
        (7, "no_arm"),
        (9, "bad_cost"),
        (11, "cells"),
        (6_002, "two_arms"),
    }
    assert found["rows"] == 6_000 - 6
    assert "line 7  no arm is named" in run(str(english)).stdout


def test_rows_of_one_viewer_are_one_viewer(tmp_path):
    path = tmp_path / "events.csv"
    table = [f"{viewer},{viewer % 2},{amount}" for viewer in range(400) for amount in (1, 0, 2)]
    path.write_text("\n".join(["viewer,arm,revenue", *table]))
    found = told(str(path))
    assert found["rows"] == 1_200
    assert found["arms"]["held"] == {"name": "0", "viewers": 200, "outcomes": 600.0, "mean": 3.0}


def test_columns_and_arms_may_be_named(tmp_path):
    path = tmp_path / "table.csv"
    arms = ("north", "south", "west")
    path.write_text("\n".join(["who,where,what", *(f"{row},{arms[row % 3]},{row % 7 == 0}" for row in range(900))]))
    assert run(str(path)).exit_code == 1
    named = (str(path), "--unit", "who", "--arm", "where", "--outcome", "what")
    refused = run(*named)
    assert refused.exit_code == 1
    assert "north, south, west" in refused.stderr
    found = told(*named, "--held", "South", "--shown", "west")
    assert found["arms"]["held"]["viewers"] == found["arms"]["shown"]["viewers"] == 300
    assert {one["reason"] for one in found["skipped"]} == {"another_arm"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_terminal_has_a_bar_for_each_arm_and_the_interval(french, language):
    done = run(str(french), "--language", language, "--held-part", "30")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert sum("█" in line for line in lines) == 2
    (drawn,) = [line for line in lines if "├" in line]
    assert drawn.index("│") < drawn.index("├") < drawn.index("●") < drawn.index("┤")
    verdict = {"fr": "Plus que sans", "en": "More than without"}[language]
    assert any(line.startswith(verdict) for line in lines)


def test_arms_that_lost_somebody_are_not_believed(french):
    found = told(str(french), "--held-part", "40")
    assert found["verdict"] == "broken"
    assert not found["balance"]["is_right"]
    assert "ne sont pas" not in run(str(french), "--held-part", "40").stdout
    assert "do not believe" in run(str(french), "--held-part", "40").stdout.replace("\n", " ")


def test_too_little_is_said_with_how_much_more_and_never_as_no_effect(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("unit,arm,outcome\n1,test,1\n2,control,0\n3,test,0\n")
    done = run(str(path))
    assert done.exit_code == 0
    assert "Not enough data yet." in done.stdout
    assert "more viewers in each arm" in done.stdout
    assert told(str(path))["effect"]["more_viewers_of_each_arm"] >= 28


@pytest.mark.parametrize("outcomes", [("0", "0"), ("1", "1"), ("1", "0")])
def test_what_nobody_scatters_in_has_no_least_effect_and_is_json_all_the_same(tmp_path, outcomes):
    path = tmp_path / "same.csv"
    rows = [f"{viewer},{('test', 'control')[viewer % 2]},{outcomes[viewer % 2]}" for viewer in range(100)]
    path.write_text("\n".join(["unit,arm,outcome", *rows]))
    assert told(str(path))["detectable"] is None


@pytest.mark.parametrize("column", ["outcome", "cost", "before"])
@pytest.mark.parametrize("number", ["1e308", "-1e200", "1e16", "3e-200"])
def test_a_number_that_cannot_be_reckoned_with_is_left_out_and_the_rest_is_compared(tmp_path, column, number):
    path = tmp_path / "huge.csv"
    names = ("unit", "arm", "outcome", "cost", "before")
    rows = [
        {"unit": viewer, "arm": ("test", "control")[viewer % 2], "outcome": viewer % 7, "cost": 1, "before": viewer % 5}
        for viewer in range(400)
    ]
    rows[3][column] = number
    path.write_text("\n".join([",".join(names), *(",".join(str(row[name]) for name in names) for row in rows)]))
    found = told(str(path))
    assert [(one["line"], one["reason"]) for one in found["skipped"]] == [(5, "out_of_range")]
    assert found["rows"] == 399
    assert run(str(path)).exit_code == 0


@pytest.mark.parametrize("content", ["", "a;b;c\n1;2;3\n", "\x00\x01\x02", "unit,arm,outcome\n"])
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "thing.csv"
    path.write_text(content)
    done = run(str(path))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert json.loads(run(str(path), "--json").stdout)["error"]["message"]


def test_a_file_that_is_not_there_is_refused_too(tmp_path):
    assert run(str(tmp_path / "nowhere.csv")).exit_code == 1
