"""Commands beside a server and beside each other: one schema, one first advertiser, and no node number kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attise.kernel.house import Mode, Settings, open_house
from tests.doors.cli.running import ATTISE, rows, serve
from tests.doors.rig import Rig, until
from tests.houses import furnish

AT_ONCE = 4
BEATS = "SELECT seen_at_ms FROM processes_process WHERE role = 'site'"


def test_commands_that_open_a_new_house_together_agree(made, tmp_path):
    """One of them makes the schema and the advertiser, the others wait and find them."""
    folder = tmp_path / "house"
    open_house(Settings(data=folder))
    commands = [made.start(*ATTISE, "token", "--data", str(folder), "--json") for _ in range(AT_ONCE)]
    assert [command.process.wait(60) for command in commands] == [0] * AT_ONCE, commands[0].text
    bundles = [json.loads(command.text) for command in commands]
    assert len({bundle["advertiser_id"] for bundle in bundles}) == len({bundle["bc_id"] for bundle in bundles}) == 1
    assert len({bundle["access_token"] for bundle in bundles}) == AT_ONCE
    assert rows(folder, "SELECT COUNT(*) FROM accounts_businesscenter") == [(1,)]
    assert rows(folder, "SELECT seen_at_ms FROM processes_process") == [(0,)] * len(
        rows(folder, "SELECT node FROM processes_process")
    ), "a command gives its number back"


@pytest.mark.long
def test_a_sandbox_is_repeatable_whoever_looks_at_its_health(made, tmp_path):
    """The same commands and requests make the same ids and the same tokens, however often somebody looks."""
    answers = []
    for looks in (0, 2):
        folder = tmp_path / f"sandbox-{looks}"
        served = serve(made, folder, "--sandbox")
        for _ in range(looks):
            before = rows(folder, BEATS)
            until(lambda folder=folder, before=before: rows(folder, BEATS) != before, "some time for another look")
            assert until(served.is_well, "a good look")  # other work on these cores may make a look come too soon
        token = made.start(*ATTISE, "token", "--data", str(folder), "--json")
        assert token.process.wait(60) == 0
        bundle = json.loads(token.text)
        key = {"Authorization": f"Bearer {bundle['host_key']}", "Content-Type": "application/json"}
        body = json.dumps({"handle": "lea.peau", "display_name": "Léa"}).encode()
        creator = served.door.ask("/v1/creators", method="POST", headers=key, body=body)
        assert creator.status == 201, creator.body
        request = json.dumps({"bc_id": bundle["bc_id"], "permissions": ["existing_posts"]}).encode()
        asked = served.door.ask("/v1/access-requests", method="POST", headers=key, body=request)
        assert asked.status == 201, asked.body
        answers.append((bundle, creator.json["creator_id"], asked.json["url"].rpartition("/")[2]))
        served.child.end()
    assert answers[0] == answers[1]


@pytest.mark.long
def test_the_site_keeps_its_number(made, tmp_path):
    """A process that makes identifiers says that it lives, or its number would pass to another in an hour."""
    served = serve(made, tmp_path / "house")
    first = until(lambda: rows(served.folder, BEATS), "the site's row")
    assert until(lambda: rows(served.folder, BEATS) != first, "another beat")
    site = served.processes()["site"]
    rows(served.folder, "UPDATE processes_process SET holder = 'another' WHERE role = 'site'")
    assert until(lambda: served.processes().get("site") not in {None, site}, "a site with a number of its own")
    assert until(served.is_well, "health")
    assert served.child.end() == 0


def test_what_a_newer_release_wrote_is_left_alone(made, tmp_path):
    folder = tmp_path / "house"
    furnish(folder, Mode.LIVE)
    rows(folder, "INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '0099_later', '2027-01-01')")
    token = made.start(*ATTISE, "token", "--data", str(folder))
    assert token.process.wait(60) == 2
    assert "written by a newer release of Attise (posts.0099_later)" in token.text
    server = made.start(*ATTISE, "serve", "--data", str(folder), "--port", "0")
    assert server.process.wait(60) == 1
    assert "posts.0099_later" in server.text
    assert "Attise cannot start" in server.text


def login(made: Rig, folder: Path, *arguments: str) -> tuple[int, str]:
    command = made.start(*ATTISE, "login", "--data", str(folder), *arguments)
    return command.process.wait(60), command.text


def test_a_link_names_the_port_that_is_served_or_says_that_none_is(made, tmp_path):
    served = serve(made, tmp_path / "house")
    address = f"http://127.0.0.1:{served.door.port}"
    code, link = login(made, served.folder, "--as", "operator")
    assert (code, link.startswith(f"{address}/connexion/lien/alk_"), link.count("\n")) == (0, True, 1)
    assert served.door.ask(link.strip().removeprefix(address)).status == 200
    assert login(made, served.folder, "--as", "operator", "--url", "http://here")[1].startswith("http://here/connexion")
    second = made.start(*ATTISE, "serve", "--data", str(served.folder), "--port", str(served.door.port))
    assert second.process.wait(60) == 2
    assert f"Another server (process {served.pid}) already serves {served.folder} at {address}." in second.text
    served.child.process.kill()
    served.child.process.wait()
    _, said = login(made, served.folder, "--as", "operator")
    assert f"No server runs on {served.folder} now: this link is for one at http://127.0.0.1:8000" in said
    assert "http://127.0.0.1:8000/connexion/lien/alk_" in said


def test_login_says_plainly_whom_it_does_not_find(made, tmp_path):
    folder = tmp_path / "sandbox"
    furnish(folder, Mode.SANDBOX)
    code, said = login(made, folder, "--as", "creator")
    assert code == 1
    assert "Nobody has an account here yet." in said
    assert "a sandbox stays without people" in said
    assert login(made, folder, "--as", "creator", "--email", "a@example.org")[1].startswith(
        "Error: Nobody here has the e-mail address a@example.org."
    )
    assert (
        "No creator here has the handle lea.peau." in login(made, folder, "--as", "creator", "--handle", "lea.peau")[1]
    )
    assert login(made, folder, "--as", "creator", "--handle", "a", "--email", "b")[0] == 2
