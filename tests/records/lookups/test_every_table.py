"""What holds for all look-up tables: names, keys, files, and the time to read them."""

import csv
import subprocess
import sys
import time
from importlib import resources
from typing import Any

import pytest

from attise.records.lookups import behaviours, interests, regions
from attise.records.lookups.languages import Language
from attise.records.lookups.names import LANGUAGES, name
from attise.records.lookups.preload import TABLES, load_all
from attise.records.lookups.table import Table

DATA = resources.files("attise.records.lookups") / "data"
FILES = sorted(entry.name for entry in DATA.iterdir() if entry.name.endswith(".csv"))


def test_each_file_has_its_table_and_each_table_its_file() -> None:
    assert sorted(table.filename for table in TABLES) == FILES


@pytest.mark.parametrize("filename", FILES)
def test_a_file_is_a_plain_grid_without_a_line_too_long_or_said_twice(filename: str) -> None:
    text = (DATA / filename).read_text(encoding="utf-8")
    grid = list(csv.reader(text.splitlines(), strict=True))
    assert {len(line) for line in grid} == {len(grid[0])}
    assert len({tuple(line) for line in grid}) == len(grid)
    assert text.endswith("\n")
    assert not any(cell != cell.strip() for line in grid for cell in line)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.filename)
def test_a_row_has_a_name_of_its_own_in_both_languages(table: Table[Any]) -> None:
    for language in LANGUAGES:
        names = [name(row, language) for row in table.rows]
        assert all(names)
        assert len(set(names)) == len(names)


def test_a_name_in_a_third_language_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="fr and en"):
        name(interests.get(1001), "de")


def test_an_id_belongs_to_one_row_of_one_table() -> None:
    ids = [row.id for table in (interests, behaviours, regions) for row in table.all()]
    assert len(set(ids)) == len(ids)
    assert min(ids) > 0


@pytest.mark.parametrize("table", [interests, behaviours, regions], ids=lambda table: table.__name__)
def test_an_id_leaves_as_decimal_text_and_comes_back(table: Any) -> None:
    for row in table.all():
        assert row.wire_id.isascii()
        assert row.wire_id.isdecimal()
        assert table.find(row.wire_id) is row
        assert table.get(row.id) is row


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.filename)
@pytest.mark.parametrize(
    "text", ["", " ", "0", "-1", "01001", "1001 ", "١٠٠١", "1e3", "\x00", "\ud800", "constructor", "9" * 400]
)
def test_text_that_names_nothing_finds_nothing(table: Table[Any], text: str) -> None:
    assert table.find(text) is None


def test_asking_for_an_absent_row_by_id_is_a_fault_of_the_caller() -> None:
    for get in (interests.get, behaviours.get, regions.get):
        with pytest.raises(KeyError):
            get(7)


def test_two_rows_with_one_key_are_refused() -> None:
    table = Table("languages.csv", Language, lambda _row: ("same",))
    with pytest.raises(ValueError, match="the key 'same' names two rows"):
        table.find("same")


def test_all_tables_are_read_within_fifty_milliseconds() -> None:
    spent_ms = []
    for _attempt in range(5):
        for table in TABLES:
            table.forget()
        started = time.perf_counter()
        load_all()
        spent_ms.append((time.perf_counter() - started) * 1000)
    assert min(spent_ms) <= 50


def test_a_question_after_loading_opens_no_file() -> None:
    opened_after_loading = """
import sys
from attise.records.lookups import behaviours, categories, currencies, interests, languages, preload, regions
preload.load_all()
opened = []
sys.addaudithook(lambda event, arguments: opened.append(arguments[0]) if event == "open" else None)
regions.chain(3012874), regions.find("FR-IDF"), regions.children(3017382), regions.countries()
interests.find("makeup"), interests.chain(100101), behaviours.get(200101), categories.find("alcohol")
languages.find("fr"), currencies.minimum_in("JPY", 50_000_000)
assert not opened, opened
assert not any(module.split(".")[0] == "django" for module in sys.modules)
"""
    subprocess.run(
        [sys.executable, "-c", opened_after_loading],
        check=True,
        timeout=60,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
