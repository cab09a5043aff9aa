"""One command serves a whole house, starts again what dies, and leaves nothing behind when it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from attise.doors.cli.supervisor_checks import free_port, objections_to
from attise.kernel.clock import SystemClock
from attise.kernel.database import connect
from attise.kernel.house import HouseError, Settings
from attise.records.snapshot.reader import find_newest
from attise.records.tables import SELECTS
from tests.doors.cli.running import (
    COMMAND,
    Served,
    children_of,
    descendants_of,
    is_whole,
    made_by,
    serve,
)
from tests.doors.rig import PATIENCE_S, Door, has_ended, rig, until


@pytest.fixture(scope="module")
def house_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has been served once, from nothing, so that the schema is there."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "house").mkdir()
    with rig(folder) as opened:
        served = serve(opened, folder / "house")
        assert served.child.end() == 0
    return folder / "house"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served house that the tests below may hurt, not end."""
    folder = tmp_path_factory.mktemp("served")
    with rig(folder) as opened:
        yield serve(opened, folder / "house")


@pytest.mark.long
def test_a_folder_is_ready_quickly_from_nothing_and_quicker_the_next_time(made, tmp_path):
    """Five seconds from an empty folder, three from one that exists; more where others wait for the same cores."""
    empty, existing = [], []
    for number in range(2):
        folder = tmp_path / f"house-{number}"
        folder.mkdir()
        served = serve(made, folder)
        empty.append(served.started_in_s)
        assert served.is_well()
        assert served.child.end() == 0
        served = serve(made, folder)
        existing.append(served.started_in_s)
        assert served.child.end() == 0
    stretch = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert min(empty) <= 5 * stretch, empty
    assert min(existing) <= 3 * stretch, existing


def test_every_role_runs_and_the_worker_gives_way(served):
    assert until(served.is_whole, "every part")
    processes = served.processes()
    assert set(processes) == {"edge", "site", "settle", "worker"}
    niceness = {role: os.getpriority(os.PRIO_PROCESS, pid) for role, pid in processes.items()}
    assert niceness["worker"] == min(niceness["settle"] + 10, 19)  # nobody gives way further
    assert (served.folder / "run").stat().st_mode & 0o777 == 0o700
    assert (served.folder / "run" / "site.sock").stat().st_mode & 0o777 == 0o600


def test_several_edges_share_a_port_and_one_that_dies_is_not_missed(made, tmp_path):
    served = serve(made, tmp_path / "house", "--sandbox", "--edges", "2")

    def edges() -> list[int]:
        return [
            pid
            for pid in children_of(served.pid)
            if not has_ended(pid) and "attise.doors.edge" in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        ]

    assert [served.door.ask("/healthz").status for _ in range(20)] == [200] * 20, "ready is said once each edge is"
    both = until(lambda: found if len(found := edges()) == 2 else None, "two edges")
    os.kill(both[0], signal.SIGKILL)
    for _ in range(20):
        assert served.door.ask("/livez").status == 200
    assert until(lambda: len(edges()) == 2 and both[0] not in edges(), "another edge")
    assert served.child.end() == 0


def test_the_worker_renders_what_happens(served):
    """It writes a first snapshot by itself, and follows each change, here that a creator came."""
    house = SimpleNamespace(settings=Settings(served.folder), database=served.folder / "attise.sqlite3")
    reader = connect(house, may_write=False)
    assert until(lambda: find_newest(served.folder / "snapshots"), "a first snapshot").header.ads == 0
    key = made_by(served, "token", "--json")["host_key"]
    before = reader.rows(SELECTS["version"])[0][0]
    body = json.dumps({"handle": "lea.rendu", "display_name": "Léa"}).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    assert served.door.ask("/v1/creators", method="POST", headers=headers, body=body).status == 201
    version = reader.rows(SELECTS["version"])[0][0]
    assert version > before
    until(lambda: reader.rows(SELECTS["snapshot_position"])[0][1] >= version, "the worker's place")
    reader.close()


def test_a_term_finishes_what_is_under_way_and_leaves_nothing(made, house_folder):
    served = serve(made, house_folder)
    everyone = descendants_of(served.pid)
    assert len(everyone) >= 5
    with served.door.connect() as connection:
        connection.sendall(b"POST /v1/creators HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{")
        until(served.is_well, "an answer beside the slow one")
        served.child.process.send_signal(signal.SIGTERM)
        until(lambda: '"draining"' in served.child.text, "the drain")
        connection.sendall(b"}")
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")
    assert served.child.process.wait(PATIENCE_S) == 0
    assert all(has_ended(pid) for pid in everyone)
    assert "Attise has ended." in served.child.text
    with pytest.raises(ConnectionRefusedError):
        served.door.connect()


@pytest.mark.long
def test_a_second_signal_waits_for_nothing(made, house_folder):
    served = serve(made, house_folder)
    everyone = descendants_of(served.pid)
    with served.door.connect() as connection:
        connection.sendall(b"POST /v1/creators HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{")
        until(served.is_well, "an answer beside the slow one")
        served.child.process.send_signal(signal.SIGTERM)
        until(lambda: '"draining"' in served.child.text, "the drain")
        began = SystemClock().monotonic_s()
        served.child.process.send_signal(signal.SIGTERM)
        assert served.child.process.wait(PATIENCE_S) == 1
        assert SystemClock().monotonic_s() - began < 3
    assert until(lambda: all(has_ended(pid) for pid in everyone), "the end of all")


def test_nothing_outlives_a_supervisor_that_is_killed(made, house_folder):
    served = serve(made, house_folder)
    everyone = descendants_of(served.pid)
    served.child.process.kill()
    assert until(lambda: all(has_ended(pid) for pid in everyone), "the end of all", patience_s=5)
    again = serve(made, house_folder)
    assert again.is_well()


@pytest.mark.parametrize("role", ["edge", "site", "settle", "worker"])
def test_what_dies_is_started_again(served, role):
    until(served.is_well, "health")
    before = served.processes()
    os.kill(before[role], signal.SIGKILL)
    until(lambda: served.processes().get(role) not in {None, before[role]}, f"a new {role}")
    assert until(served.is_well, "health")
    assert {name: pid for name, pid in served.processes().items() if name != role} == {
        name: pid for name, pid in before.items() if name != role
    }
    assert f"{role} ended by SIGKILL; it is started again in " in served.child.text


@pytest.mark.long
def test_the_sites_own_worker_is_started_again_too(served):
    site = served.processes()["site"]
    inner = until(lambda: children_of(site), "the site's worker")
    os.kill(inner[0], signal.SIGKILL)
    until(lambda: served.processes().get("site") not in {None, site}, "a new site")
    assert until(served.is_well, "health")


def test_connections_wait_while_the_edge_is_started_again(served):
    """The listening socket is the supervisor's: nobody is refused in between."""
    until(served.is_well, "health")
    edge = served.processes()["edge"]
    os.kill(edge, signal.SIGKILL)
    until(lambda: has_ended(edge) or served.processes().get("edge") != edge, "the end of the edge")
    assert served.door.ask("/livez").json == {"ok": True}


def test_a_second_server_on_the_folder_is_refused(made, served):
    second = made.start(*COMMAND, "--data", str(served.folder), "--port", "0")
    assert second.process.wait(PATIENCE_S) == 2
    assert f"Another server (process {served.pid}) already serves {served.folder}" in second.text
    assert until(served.is_well, "health")


def test_a_port_that_is_taken_is_said(made, house_folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        child = made.start(*COMMAND, "--data", str(house_folder), "--port", str(port))
        assert child.process.wait(PATIENCE_S) == 2
        assert f"Port {port} on 127.0.0.1 cannot be taken" in child.text
        assert free_port("127.0.0.1", port) > port


def test_another_mode_than_the_folders_is_refused(made, house_folder):
    child = made.start(*COMMAND, "--data", str(house_folder), "--port", "0", "--sandbox")
    assert child.process.wait(PATIENCE_S) == 2
    assert "is a live one and cannot be opened as sandbox" in child.text


def test_a_database_that_cannot_be_brought_up_to_date_ends_the_start(made, house_folder, tmp_path):
    folder = shutil.copytree(house_folder, tmp_path / "house", ignore=shutil.ignore_patterns("run"))
    for name in ("attise.sqlite3-wal", "attise.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "attise.sqlite3").write_bytes(b"this is not a database" * 100)
    child = made.start(*COMMAND, "--data", str(folder), "--port", "0")
    assert child.process.wait(PATIENCE_S) == 1
    assert "Attise cannot start" in child.text
    assert "file is not a database" in child.text


def test_roles_run_alone(made, house_folder):
    """Each role in the foreground, found by the others through the folder; an edge on a port of its own."""
    port = free_port("127.0.0.1", 18_000)
    children = [
        made.start(*COMMAND, role, "--data", str(house_folder), "--port", str(port))
        for role in ("site", "settle", "worker", "edge")
    ]

    assert until(lambda: is_whole(Door(port)), "every part")
    assert [child.end() for child in reversed(children)] == [0, 0, 0, 0]


@pytest.mark.long
def test_an_interrupt_drains_too_and_the_log_is_lines_of_json_beside_what_people_read(made, house_folder):
    served = serve(made, house_folder)
    served.door.ask("/v1/creators?token=canary-4711", headers={"Authorization": "Bearer canary-4712"})
    os.killpg(served.pid, signal.SIGINT)  # as a terminal does, to every process at once
    assert served.child.process.wait(PATIENCE_S) == 0
    lines = served.child.text.splitlines()
    told = [line for line in lines if not line.startswith(("{", "Attise is still starting: "))]
    assert told == [
        f"Attise is ready: http://127.0.0.1:{served.door.port}",
        "Attise is ending: requests under way are finished first (once more to end at once).",
        "Attise has ended.",
    ]
    assert all({"ts", "level", "role", "msg"} <= set(json.loads(line)) for line in lines if line.startswith("{"))
    assert "canary" not in served.child.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_a_house_at_home_has_no_objections(tmp_path, host):
    assert objections_to(Settings(data=tmp_path, debug=True), host) == []


def test_production_says_everything_that_stands_against_it(tmp_path):
    """On a host that others reach: no debug, no cookies over plain http, no secrets beside what they seal."""
    found = objections_to(Settings(data=tmp_path, debug=True), "0.0.0.0")
    assert ["ATTISE_DEBUG" in found[0], "ATTISE_PUBLIC_URL" in found[1], "ATTISE_SECRETS_FILE" in found[2]] == [
        True
    ] * 3
    found = objections_to(Settings(data=tmp_path, debug=True, public_url="https://ads.example"), "127.0.0.1")
    assert len(found) == 2
    ready = Settings(data=tmp_path, public_url="https://ads.example", secrets_file=tmp_path / "secrets.json")
    assert objections_to(ready, "0.0.0.0") == []


def test_production_is_refused_before_anything_is_made(made, tmp_path):
    child = made.start(*COMMAND, "--data", str(tmp_path / "house"), "--host", "0.0.0.0", "--port", "0")
    assert child.process.wait(PATIENCE_S) == 2
    assert "ATTISE_PUBLIC_URL" in child.text
    assert not (tmp_path / "house").exists()


def test_no_free_port_is_said():
    with (
        socket.create_server(("127.0.0.1", 65_535)),
        pytest.raises(HouseError, match="No port from 65535 on"),
    ):
        free_port("127.0.0.1", 65_535)
