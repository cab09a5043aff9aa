"""Files of four formats become posts; what is broken is told with file, line and reason, and nothing brings it down."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attise.doors.cli.speaking import tongue_of
from attise.measurement.scout import bounds
from attise.measurement.scout.ranking import rank
from attise.measurement.scout.reading import gathered, opened, rows
from attise.measurement.scout.reading.gathered import Asked, read

FILES = Path(__file__).parent / "files"
OWN_NAMES = {"post": "clef", "time": "instant", "views": "compteur A", "likes": "compteur B"}
BASE = 1_763_640_000_000  # 2025-11-20T12:00:00Z
HOUR = 3_600_000


def told(found):
    return [(one.file.rpartition("/")[2], one.line, one.reason) for one in found.skipped]


def of(found, post="7574900000000000000"):
    return next(one for one in found.posts if one.post == post)


@pytest.mark.parametrize(
    ("name", "looks", "posts", "skipped"),
    [
        ("display_2025-11-20T1200.json", 1, 6, []),
        ("display_2025-11-21T0400.json", 1, 5, [(20, "negative"), (100, "no_views")]),
        ("ytdlp_one.info.json", 1, 1, []),
        ("ytdlp_lines.jsonl", 3, 6, [(5, "not_json")]),
        ("ytdlp_playlist.json.gz", 1, 6, []),
        ("scraper_items.json", 1, 6, [(182, "not_a_post"), (182, "not_a_post")]),
        ("scraper_web_2025-11-20_18-00.json", 1, 6, []),
        ("scraper_app_20251121T0000.json", 1, 6, []),
        ("table_fr.csv", 4, 6, [(28, "bad_time"), (29, "negative")]),
        ("table_en.csv", 2, 6, []),
        ("table_own_names.tsv", 2, 6, []),
    ],
)
def test_every_format_is_known_by_its_content(name, looks, posts, skipped):
    found = read([FILES / name], Asked(columns=OWN_NAMES if "own_names" in name else {}, zone="Europe/Paris"))
    assert len(found.posts) == posts
    assert len(of(found).at_ms) == looks
    assert told(found) == [(name, line, reason) for line, reason in skipped]
    assert found.timed_by_file == []
    assert rank(found.posts).mode == ("growth" if looks > 1 else "level")


@pytest.mark.parametrize(
    "name", ["display_2025-11-20T1200.json", "scraper_items.json", "ytdlp_one.info.json", "table_en.csv"]
)
def test_the_same_post_is_the_same_in_every_format(name):
    one = of(read([FILES / name]))
    assert one.at_ms[0] == BASE
    assert one.published_at_ms == BASE - 30 * HOUR
    assert one.counts[0, 0] == 4320
    assert one.duration_s == 14
    assert "#soin" in one.title
    assert one.creator in {"atelier.lune", ""}


def test_several_looks_in_a_folder_are_one_course(tmp_path):
    for hour, views in ((10, 100), (12, 180), (9, 60)):
        entry = {"id": "1", "view_count": views, "create_time": BASE // 1000 - 90_000, "like_count": views // 10}
        body = {"data": {"videos": [entry]}, "error": {"code": "ok"}}
        (tmp_path / f"look 2025-11-20T{hour:02d}-00.json").write_text(json.dumps(body))
    (tmp_path / ".hidden.json").write_text("{")
    (found,) = read([tmp_path]).posts
    assert found.counts[:, 0].tolist() == [60, 100, 180]
    assert ((found.at_ms - BASE) / HOUR).tolist() == [-3, -2, 0]


def test_a_look_read_twice_counts_once_and_is_told(tmp_path):
    found = read([FILES / "ytdlp_one.info.json", FILES / "ytdlp_one.info.json"])
    assert told(found) == [("ytdlp_one.info.json", 1, "duplicate")]
    assert len(of(found).at_ms) == 1


def test_a_file_that_names_no_time_is_dated_and_told(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"id": "1", "view_count": 5}]))
    os.utime(path, (BASE / 1000, BASE / 1000))
    found = read([path])
    assert found.posts[0].at_ms.tolist() == [BASE]
    assert found.timed_by_file == [str(path)]
    assert read([path], Asked(at_ms=BASE + 5)).posts[0].at_ms.tolist() == [BASE + 5]


HOSTILE_FILES = {
    "empty.json": (b"", "empty"),
    "spaces.csv": (b" \n\n ", "empty"),
    "cut.json": (b'[{"id": "1", "view_count": ', "not_json"),
    "deep.json": (b"[" * 100_000, "too_deep"),
    "deep_in_text.json": (b'{"id": "' + b"[" * 200 + b'", "nothing": 1}', "unknown_format"),
    "other.json": (b'{"name": "package", "version": 3}', "unknown_format"),
    "number.json": (b"[1, 2, 3]", "unknown_format"),
    "binary": (bytes(range(256)) * 40, "no_columns"),
    "video.mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(500), "no_columns"),
    "columns.csv": (b"a,b,c\n1,2,3\n", "no_columns"),
    "broken.json.gz": (gzip.compress(b'[{"id": "1", "view_count": 5}]' * 50)[:-20], "broken_gzip"),
    "broken.csv.gz": (b"\x1f\x8b\x08" + b"\x00" * 50, "broken_gzip"),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_is_told_and_the_rest_is_used(tmp_path, name):
    content, reason = HOSTILE_FILES[name]
    (tmp_path / name).write_bytes(content)
    found = read([tmp_path, FILES / "ytdlp_one.info.json"])
    assert [(file, line) for file, line, _ in told(found)] == [(name, 0)]
    assert told(found)[0][2] == reason
    assert len(found.posts) == 1


HOSTILE_ROWS = [
    ('{"id": "2", "view_count": NaN}', "no_views"),
    ('{"id": "2", "view_count": Infinity}', "bad_views"),
    ('{"id": "2", "view_count": 1e400}', "too_many"),
    (f'{{"id": "2", "view_count": {"9" * 5_000}}}', "too_many"),
    ('{"id": "2", "view_count": 1e30}', "too_many"),
    ('{"id": "2", "view_count": -1}', "negative"),
    ('{"id": "2", "view_count": "1,2,3.4.5"}', "bad_views"),
    ('{"id": "2", "view_count": {"a": 1}}', "no_views"),
    ('{"id": "", "view_count": 3}', "no_post"),
    ('{"view_count": 3}', "no_post"),
    ('{"id": "2", "view_count": 3, "timestamp": "someday"}', "bad_time"),
    ('{"id": "2", "view_count": 3, "epoch": 99999999999999999999999}', "bad_time"),
    ('{"id": "2", "view_count": 3, "nested": ' + "[" * 80 + "]" * 80 + "}", "too_deep"),
]


@pytest.mark.parametrize(("row", "reason"), HOSTILE_ROWS)
def test_a_hostile_row_is_told_with_its_line_and_the_rest_is_used(tmp_path, row, reason):
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"id": "1", "view_count": 5, "epoch": 1763640000}}\n\n{row}\n{{"id": "3", "view_count": 7}}\n')
    found = read([path], Asked(at_ms=BASE))
    assert told(found) == [("rows.jsonl", 3, reason)]
    assert [one.post for one in found.posts] == ["1", "3"]


def test_a_table_with_torn_rows_keeps_the_others(tmp_path):
    path = tmp_path / "torn.csv"
    path.write_bytes(
        b"sep=;\r\nPost;Views;Caf\xe9\r\n1;5;a\r\n2\r\n;7;b\r\n3;8;c;d;e\r\n4;\x009;\r\n\r\n5;1 200;f\r\n6;x;\r\n"
    )
    found = read([path], Asked(at_ms=BASE))
    assert [(one.post, one.counts[0, 0]) for one in found.posts][:1] == [("1", 5)]
    assert ("5", 1200) in [(one.post, one.counts[0, 0]) for one in found.posts]
    assert {(line, reason) for _, line, reason in told(found)} >= {
        (4, "no_views"),
        (5, "no_post"),
        (6, "cells"),
        (10, "bad_views"),
    }


def test_names_from_files_bring_no_signs_that_a_terminal_acts_on(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"id": "\u001b[31m1\u202e\n2", "view_count": 5, "title": "a\u0000\u001b]0;x\u0007b"}]))
    (found,) = read([path], Asked(at_ms=BASE)).posts
    assert found.post == "[31m1 2"
    assert found.title == "a ]0;x b"


def test_bounds_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(opened, "DOCUMENT_BYTES", 100)
    monkeypatch.setattr(opened, "LINE_CHARACTERS", 200)
    monkeypatch.setattr(opened, "FILES_MOST", 3)
    monkeypatch.setattr(rows, "SKIPPED_MOST", 2)
    monkeypatch.setattr(rows, "ROWS_MOST", 4)
    monkeypatch.setattr(gathered, "POSTS_MOST", 2)
    monkeypatch.setattr(gathered, "OBSERVATIONS_MOST", 2)
    (tmp_path / "1.json").write_text(json.dumps([{"id": "1", "view_count": 5}] * 50, indent=1))
    (tmp_path / "2.csv").write_text("post,views,time\n" + "".join(f"1,{hour},{BASE + hour}\n" for hour in range(3)))
    (tmp_path / "3.csv").write_text("post,views\n2,1\n3,1\n4,1\n" + "x" * 300)
    (tmp_path / "4.csv").write_text("post,views\n")
    found = read([tmp_path], Asked(at_ms=BASE))
    assert told(found) == [
        ("1.json", 0, "too_large"),
        ("3.csv", 5, "line_too_long"),
        ("4.csv", 0, "files_most"),
    ]
    assert found.skipped_more == 2  # one row and one post too many
    assert len(found.posts[0].at_ms) == 2


def test_a_gzip_that_swells_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(opened, "LINES_BYTES", 10_000)
    with gzip.open(tmp_path / "swells.csv.gz", "wt") as file:
        file.write("post,views\n" + "1,5\n" * 50_000)
    found = read([tmp_path], Asked(at_ms=BASE))
    assert ("swells.csv.gz", 0, "too_large") in told(found)


def test_what_is_no_file_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    found = read([tmp_path, tmp_path / "missing.json"])
    assert [reason for _, _, reason in told(found)] == ["not_a_file", "not_a_file"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)),
    start=st.sampled_from(
        [b"", b"[", b'{"id":"1","view_count":', b"post;views;date\n1;", b"\xef\xbb\xbf[", b"\xff\xfe", b"\x1f\x8b"]
    ),
)
def test_no_content_brings_it_down(tmp_path, content, start):
    path = tmp_path / "any"
    path.write_bytes(start + content)
    found = read([path], Asked(at_ms=BASE))
    assert all(one.reason in rows.REASONS for one in found.skipped)
    rank(found.posts)


def test_every_reason_has_words_in_both_languages():
    french = tongue_of("fr")
    assert all(french.gettext(text) not in {"", text} for text in rows.REASONS.values())
    assert bounds.SKIPPED_MOST >= 100
