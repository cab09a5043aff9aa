"""The parts in which the tests are run: what they name is there, and the page for contributors tells of each."""

from __future__ import annotations

import re
from pathlib import Path

from tools.run_tests import LONG_PARTS, PARTS

ROOT = Path(__file__).parents[2]
EVERY = {**PARTS, **LONG_PARTS}
ROW = re.compile(r"^\| `([a-z-]+)` \| `(make test(?:-long)?)` \|", re.MULTILINE)


def test_every_path_of_a_part_is_there():
    for name, part in EVERY.items():
        for path in part.paths:
            assert (ROOT / path.removeprefix("--ignore=")).exists(), (name, path)


def test_a_test_is_long_or_is_run_each_time():
    """Nothing falls between the parts on SQLite, which begin at the root of all tests, and the one beside Spark."""
    whole = {part.marks for part in EVERY.values() if part.paths == ["tests"] and not part.on_postgres}
    assert whole == {"not long", "long and browser", "long and not browser and not spark"}
    assert LONG_PARTS["spark"].marks == "spark"


def test_every_part_is_told_with_the_command_that_runs_it():
    told = dict(ROW.findall((ROOT / "CONTRIBUTING.md").read_text()))
    assert told == dict.fromkeys(PARTS, "make test") | dict.fromkeys(LONG_PARTS, "make test-long")
