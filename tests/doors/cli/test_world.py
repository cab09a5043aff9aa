"""``attise world``: built once whatever interrupts it, then served on a free port, with links for whoever starts it."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from attise.kernel.house import HouseError, Mode, Settings, open_house
from tests.doors.cli.running import ATTISE, READY, rows
from tests.doors.rig import Child, Door, Rig, until

SLOW_S = 60.0
LINK = re.compile(r"http://127\.0\.0\.1:\d+/connexion/lien/alk_[0-9a-f]{40}")


def start(made: Rig, folder: Path, port: int = 0) -> Child:
    return made.start(*ATTISE, "world", "--data", str(folder), "--port", str(port), "--days", "0")


def is_free(folder: Path) -> bool:
    try:
        with open_house(Settings(data=folder), mode=Mode.DEMO).serve_lock():
            return True
    except HouseError:
        return False


@pytest.mark.timeout(240)
def test_a_world_is_built_once_and_served_beside_what_took_its_port(made, tmp_path):
    folder = tmp_path / "world"
    first = start(made, folder)
    until((folder / "sample.json").exists, "the first bricks", patience_s=SLOW_S)
    first.process.kill()
    first.process.wait()
    second = start(made, folder)
    assert second.process.wait(SLOW_S) == 2, "the builder goes on alone, and nobody builds beside it"
    assert f"already serves {folder}" in second.text
    until(lambda: is_free(folder), "the end of the builder", patience_s=SLOW_S)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        third = start(made, folder, port)
        ready = until(lambda: READY.search(third.text), "readiness", patience_s=SLOW_S)
        assert f"Port {port} is taken; using {ready[1]}." in third.text
        assert Door(int(ready[1])).ask("/healthz").status == 200
        assert not is_free(folder)
        assert len(set(LINK.findall(until(lambda: LINK.search(third.text) and third.text, "the links")))) == 5
        assert f"attise login --data {folder} --as creator --handle lea.peau" in third.text
        login = made.start(*ATTISE, "login", "--data", str(folder), "--as", "creator", "--handle", "@lea.peau")
        assert login.process.wait(SLOW_S) == 0
        link = Door(int(ready[1])).ask(login.text.strip().removeprefix(f"http://127.0.0.1:{ready[1]}"))
        assert "Léa" in link.body.decode()
        assert third.end() == 0
    assert rows(folder, "SELECT COUNT(*) FROM posts_post") == [(8,)]
    assert rows(folder, "SELECT COUNT(*) FROM accounts_creator") == [(3,)]
    assert rows(folder, "SELECT COUNT(*) FROM viewers_viewer") == [(23,)]
