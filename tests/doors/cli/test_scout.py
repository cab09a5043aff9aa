"""``attise scout``: the shapes it promises, its pages, and what it says when nothing can be read."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import attise
from attise.doors.cli.scout import scout

FILES = Path(__file__).parents[2] / "measurement" / "scout" / "files"
LOOKS = [str(path) for path in sorted(FILES.glob("display_*.json"))]
VERDICTS = {"too_early", "boost_now", "watch", "too_late"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def run(*arguments: str):
    return CliRunner().invoke(scout, list(arguments), env={"LC_ALL": "C.UTF-8"})


def test_json_has_the_promised_shape():
    done = run(*LOOKS, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["mode"] == "growth"
    assert len(told["posts"]) == 6
    for one in told["posts"]:
        assert set(one) >= {"post", "score", "interval", "verdict", "until", "reasons"}
        assert 0 <= one["interval"][0] <= one["score"] <= one["interval"][1] <= 100
        assert one["verdict"] in VERDICTS
        assert one["until"] is None or TIME.fullmatch(one["until"])
        assert all(reason["fr"] and reason["en"] for reason in one["reasons"])
    scores = [one["score"] for one in told["posts"]]
    assert scores == sorted(scores, reverse=True)
    assert [(Path(one["file"]).name, one["line"], one["reason"]) for one in told["skipped"]] == [
        ("display_2025-11-21T0400.json", 20, "negative"),
        ("display_2025-11-21T0400.json", 100, "no_views"),
    ]


def test_one_look_is_said_to_be_level_only():
    assert json.loads(run(LOOKS[0], "--json").stdout)["mode"] == "level"
    assert "its level alone is judged, not its growth" in run(LOOKS[0]).stdout.replace("\n", " ")
    assert "le niveau est jugé, non la croissance" in run(LOOKS[0], "--language", "fr").stdout.replace("\n", " ")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_table_fits_a_terminal_and_has_bars(language):
    done = run(str(FILES), "--language", language, "--zone", "Europe/Paris", "--top", "4")
    assert done.exit_code == 0, done.output
    assert all(len(line) <= 96 for line in done.stdout.splitlines())
    assert len(re.findall(r"█", done.stdout)) > 10
    assert ("booster avant le" if language == "fr" else "boost before") in done.stdout
    assert "table_fr.csv:29" in run(str(FILES / "table_fr.csv")).stdout


def test_a_spreadsheet_gets_plain_cells(tmp_path):
    path = tmp_path / "posts.json"
    path.write_text(json.dumps([{"id": "=1+1", "title": "@cmd", "view_count": 500, "epoch": 1763640000}]))
    done = run(str(path), "--csv", "--language", "fr")
    (row,) = csv.DictReader(io.StringIO(done.stdout), delimiter=";")
    assert row["post"] == "'=1+1"
    assert row["title"] == "'@cmd"
    assert re.fullmatch(r"\d+(,\d+)?", row["score"])
    (row,) = csv.DictReader(io.StringIO(run(str(path), "--csv").stdout))
    assert re.fullmatch(r"\d+(\.\d+)?", row["score"])


def test_a_page_asks_for_nothing_and_shows_nothing_of_a_file_as_code(tmp_path):
    path, page = tmp_path / "posts.json", tmp_path / "page.html"
    bad = '<script>alert(1)</script><img src="https://evil.example/x">'
    path.write_text(json.dumps([{"id": bad, "title": bad, "view_count": 500, "epoch": 1763640000}, {"id": "2"}]))
    done = run(str(path), "--html", str(page))
    assert done.exit_code == 0, done.output
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert not [tag for tag in re.findall(r"<[^>]*>", text) if "src=" in tag or "href=" in tag]
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text
    assert "light-dark(" in text
    for word in ("Que booster", "What to boost", "nombre de vues absent", "no count of views"):
        assert word in text


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path):
    done = run(LOOKS[0], "--html", str(tmp_path / "missing" / "page.html"))
    assert done.exit_code == 1
    assert "cannot be written" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_where_no_post_can_be_read_that_is_said(tmp_path, form):
    (tmp_path / "empty.csv").touch()
    done = run(str(tmp_path), str(tmp_path / "missing"), *form)
    assert done.exit_code == 1
    assert "an empty file" in done.output
    assert "not a regular file" in done.output
    if form == ("--json",):
        told = json.loads(done.stdout)
        assert (told["mode"], told["posts"]) == ("level", [])
        assert [one["reason"] for one in told["skipped"]] == ["empty", "not_a_file"]


@pytest.mark.parametrize(
    "options",
    [
        ("--zone", "Mars/Olympus"),
        ("--zone", "../../etc/passwd"),
        ("--now", "soon"),
        ("--at", "-5"),
        ("--column", "views"),
        ("--column", "price=Prix"),
        ("--json", "--csv"),
        ("--top", "0"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_a_sentence(options):
    done = run(LOOKS[0], *options)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_columns_of_a_table_may_be_named():
    columns = ("post=clef", "time=instant", "views=compteur A", "likes=compteur B")
    done = run(str(FILES / "table_own_names.tsv"), "--json", *(part for one in columns for part in ("--column", one)))
    told = json.loads(done.stdout)
    assert (told["mode"], len(told["posts"])) == ("growth", 6)


def test_the_moment_of_the_question_may_be_said():
    now = json.loads(run(*LOOKS, "--json", "--now", "2025-11-20T12:00:00Z").stdout)
    assert now["mode"] == "level"
    assert now["now"] == "2025-11-20T12:00:00Z"
    late = json.loads(run(*LOOKS, "--json", "--now", "2026-01-01").stdout)
    assert {one["verdict"] for one in late["posts"]} == {"too_late"}


def test_it_starts_without_the_site():
    code = (
        "import sys; from attise.doors.cli import cli; cli.main(sys.argv[1:], standalone_mode=False); "
        "print([name for name in sys.modules if name.split('.')[0] in {'django', 'numba'}][:3])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    command = [sys.executable, "-c", code, "scout", LOOKS[0], "--csv"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
