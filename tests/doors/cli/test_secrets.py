"""A secrets file for production is made once, for its owner alone, apart from the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from attise.doors.cli import cli
from attise.doors.cli.supervisor_checks import objections_to
from attise.kernel.house import Settings, open_house
from attise.kernel.secrets import Secrets


def new(file: Path, data: Path) -> Result:
    return CliRunner().invoke(cli, ["secrets", "new", str(file), "--data", str(data)])


def test_a_new_file_is_its_owners_alone_and_opens_a_new_house(tmp_path):
    file, data = tmp_path / "kept.json", tmp_path / "house"
    told = new(file, data)
    assert (told.exit_code, told.stdout) == (0, f"ATTISE_SECRETS_FILE={file}\n")
    assert "Keep a copy of the file apart from the data" in told.stderr
    assert "does not open it" not in told.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert not data.exists()
    house = open_house(Settings(data=data, secrets_file=file))
    assert house.secrets.fingerprint == Secrets.open(file, may_create=False).fingerprint
    assert not (data / "secrets.json").exists()


def test_two_files_hold_two_secrets(tmp_path):
    files = [tmp_path / "one", tmp_path / "two"]
    assert [new(file, tmp_path / "house").exit_code for file in files] == [0, 0]
    assert len({Secrets.open(file, may_create=False).fingerprint for file in files}) == 2


def test_a_file_that_is_there_is_never_replaced(tmp_path):
    file, link = tmp_path / "kept.json", tmp_path / "link.json"
    file.write_text("what sealed everything")
    link.symlink_to(tmp_path / "nowhere")
    for path in (file, link):
        told = new(path, tmp_path / "house")
        assert (told.exit_code, "exists and stays as it is" in told.stderr) == (1, True)
    assert file.read_text() == "what sealed everything"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.json", "link.json"], "no draft is left"


def test_a_folder_that_is_not_there_is_said(tmp_path):
    told = new(tmp_path / "not" / "there.json", tmp_path / "house")
    assert (told.exit_code, told.stderr.count("Its folder must be there.")) == (1, 1)


def test_secrets_are_not_made_among_the_data(tmp_path):
    told = new(tmp_path / "house" / "secrets.json", tmp_path / "house")
    assert (told.exit_code, "a copy of the data would hold its own key" in told.stderr) == (1, True)
    assert not (tmp_path / "house").exists()


def test_whoever_has_a_house_already_is_told_that_the_file_is_for_another(tmp_path):
    data = tmp_path / "house"
    open_house(Settings(data=data))
    told = new(tmp_path / "kept.json", data)
    assert told.exit_code == 0
    assert f"The house in {data} has secrets of its own, and this file does not open it" in told.stderr


@pytest.mark.parametrize("is_there", [True, False])
def test_production_says_how_to_come_by_such_a_file(tmp_path, is_there):
    settings = Settings(data=tmp_path / "house", public_url="https://ads.example.org")
    if is_there:
        open_house(settings)
    said = " ".join(objections_to(settings, "127.0.0.1"))
    assert ("move secrets.json out of" in said, "attise secrets new FILE" in said) == (is_there, not is_there)
