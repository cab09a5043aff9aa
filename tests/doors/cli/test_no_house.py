"""Where there is no house, only what serves one makes it, and only once nothing stands against serving it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from attise.doors.cli import cli
from attise.doors.cli.welcome import login_command
from attise.kernel.house import HouseError

IN_NO_HOUSE = [("token",), ("login", "--as", "operator"), ("verify",)]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def run(*arguments: str) -> None:
    cli.main(arguments, standalone_mode=False)


@pytest.mark.parametrize("command", IN_NO_HOUSE, ids=lambda command: command[0])
def test_a_command_says_that_there_is_no_house_and_makes_none(tmp_path, command):
    folder = tmp_path / "my house"
    with pytest.raises(HouseError) as refused:
        run(*command, "--data", str(folder))
    assert str(refused.value).startswith(
        f"There is no house in {folder}. Make one first: attise serve --data '{folder}'"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_things_is_left_as_it_was(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(HouseError, match="There is no house"):
        run("token", "--data", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_link_s_command_names_the_folder_unless_it_is_the_usual_one(tmp_path):
    assert login_command(Path("var/attise").absolute()) == "attise login --as"
    assert login_command(tmp_path / "my house") == f"attise login --data '{tmp_path}/my house' --as"


@pytest.mark.parametrize("role", [(), ("edge",)], ids=["serve", "edge"])
def test_serving_on_a_port_that_is_taken_makes_nothing(tmp_path, taken, role):
    with pytest.raises(HouseError, match=rf"Port {taken} on 127\.0\.0\.1 cannot be taken"):
        run("serve", *role, "--data", str(tmp_path / "house"), "--port", str(taken), "--sandbox")
    assert list(tmp_path.iterdir()) == []


def test_a_world_on_a_host_that_is_not_there_makes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTISE_PUBLIC_URL", "https://ads.example.org")
    monkeypatch.setenv("ATTISE_SECRETS_FILE", str(tmp_path / "none.json"))
    with pytest.raises(HouseError, match=r"There is no host nowhere\.invalid here"):
        run("world", "--data", str(tmp_path / "house"), "--host", "nowhere.invalid")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    house = tmp_path / ("h" * 300)
    with pytest.raises(HouseError, match="cannot be used: File name too long"):
        run("token", "--data", str(house))
