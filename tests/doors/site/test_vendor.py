"""Third-party files of the pages are the ones that were chosen, with their licences, and nothing else is among them."""

from __future__ import annotations

import json
import shutil

from tests.doors.site.tool_modules import load

tool = load("vendor")


def test_committed_files_are_those_of_the_book():
    assert tool.differences() == []


def test_every_package_comes_with_its_licence():
    book = json.loads((tool.FOLDER / tool.BOOK).read_text())
    for package in book["packages"]:
        texts = [tool.FOLDER / file["name"] for file in package["files"] if "LICENSE" in file["name"]]
        assert len(texts) == 1
        assert "permi" in texts[0].read_text().lower()


def test_a_changed_a_missing_and_a_strange_file_are_found(tmp_path):
    folder = shutil.copytree(tool.FOLDER, tmp_path / "vendor")
    (folder / "htmx.min.js").write_text("alert(1)")
    (folder / "inter-latin.woff2").unlink()
    (folder / "else.js").write_text("")
    assert tool.differences(folder) == [
        "htmx.min.js is not the file of htmx.org 4.0.1",
        "inter-latin.woff2 is missing",
        "else.js is not in vendor.json",
    ]
