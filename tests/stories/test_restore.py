"""A house is backed up while it is served, goes on, is lost and brought back: the promises of a restore, from outside.

What was stopped stays stopped, nobody comes back who was erased, and nothing is billed a second time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from attise.kernel.clock import SystemClock
from tests.doors.cli.running import ATTISE, SOURCE, made_by, rows, serve
from tests.doors.rig import Rig, rig, until
from tests.stories.town_of_viewers import FeedTown, advertise, build

SETTLED = "SELECT position FROM attribution_position"
SPENT = "SELECT COALESCE(SUM(amount_micros), 0) FROM ledger_charge WHERE outcome = 'charged'"
COUNTED = "SELECT COALESCE(SUM(clicks), 0) FROM counters_subject"


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), **environ}
    return subprocess.run(
        [sys.executable, *ATTISE, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def told(*arguments: str) -> dict:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Life(FeedTown):
    """A town, and what its viewers do."""

    def an_ad(self) -> dict:
        """Return an ad that somebody new was shown."""
        viewer_id = self.viewer()
        return until(lambda: self.ads(viewer_id, call="ads", count=1), "an ad")[0]

    def is_contested(self) -> bool:
        """Tell whether an ad that is shown had a rival."""
        ad = self.an_ad()
        return self.ask("GET", f"/v1/decisions/{ad['ad']['decision_id']}").json.get("price_micros", 0) > 0

    def click(self, *ads: dict) -> list[str]:
        """Tell of clicks, and return what is answered of each."""
        now_ms = SystemClock().wire_ms()
        events = [
            {"event_id": f"c{ad['ad']['decision_id']}", "type": "click", "token": ad["token"], "at_ms": now_ms}
            for ad in ads
        ]
        return [one["status"] for one in self.made("/v1/events", {"events": events})["results"]]

    def spent(self, atleast: int = 0) -> int:
        """Return what was charged, once there are so many clicks."""
        until(lambda: rows(self.served.folder, COUNTED)[0][0] >= atleast, f"{atleast} clicks", patience_s=30)
        return rows(self.served.folder, SPENT)[0][0]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, Path]]:
    folder = tmp_path_factory.mktemp("restored")
    with rig(folder) as made:
        yield made, folder


@pytest.mark.timeout(480)
def test_a_house_is_lost_and_brought_back(opened):
    made, folder = opened
    house, file = folder / "house", folder / "monday.attise"
    life = build(serve(made, house, "--sandbox"), folder)
    life.__class__ = Life
    rival = made_by(life.served, "token", "--advertiser", "Rival", "--json")
    advertise(FeedTown(life.served, rival, life.posts))  # so that whoever wins pays what the other would have
    until(life.is_contested, "the rival's ad")
    # Before: one click is paid for, somebody watches, two codes are out, a second key is in use.
    early, unspent = life.an_ad(), life.an_ad()
    assert life.click(early) == ["accepted"]
    paid = life.spent(1)
    assert paid > 0
    erased, stays = life.viewer(consent={"profiling": True}), life.viewer()
    grant = life.made(f"/v1/posts/{life.posts[1]}/authorizations", {"days": 30})["authorization_id"]
    other = made_by(life.served, "token", "--json")
    assert life.ask("GET", f"/v1/viewers/{stays}", key=other["host_key"]).status == 200

    backup = told("backup", str(file), "--data", str(house))
    assert backup["log_to"] >= backup["settled_to"] > 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("backup", str(file), "--data", str(house)).returncode != 0, "a backup is not replaced unasked"
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert names[0] == "attise-backup.json"
    assert {"attise.sqlite3", "events.sqlite3", "secrets.json", "house.json"} < set(names)

    # After: another click is paid for; a code is revoked, somebody is erased, a post is deleted, a viewer comes.
    late = life.an_ad()
    assert life.click(late) == ["accepted"]
    assert life.spent(2) > paid
    assert life.ask("POST", f"/v1/authorizations/{grant}/revoke", {"when": "now"}).status == 200
    assert life.ask("DELETE", f"/v1/viewers/{erased}").status == 200
    assert life.ask("GET", f"/v1/viewers/{erased}").status == 404
    assert life.ask("DELETE", f"/v1/posts/{life.posts[2]}").status in {200, 204}
    lost = life.viewer()

    assert "is being served" in run("restore", str(file), "--data", str(house), "--force").stderr
    os.kill(life.served.pid, signal.SIGKILL)
    life.served.child.process.wait(30)
    refused = run("restore", str(file), "--data", str(house))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    restored = until(lambda: _restored(file, house), "the processes to be gone", patience_s=30)
    assert restored["stopped_again"] == {"erased": 1, "grant_stopped": 1, "post_stopped": 1}
    assert (Path(restored["before"]) / "attise.sqlite3").exists(), "what was there is kept"

    life.served = serve(made, house, "--sandbox")
    # What was stopped stays so.
    assert life.ask("GET", f"/v1/authorizations/{grant}").json["state"] == "revoked"
    assert life.ask("GET", f"/v1/viewers/{erased}").status == 404
    assert life.ask("GET", f"/v1/viewers/{lost}").status == 404, "who came afterwards is gone with those days"
    assert life.ask("GET", f"/v1/viewers/{stays}").status == 200
    assert life.ask("GET", f"/v1/posts/{life.posts[2]}").json.get("state", "deleted") == "deleted"
    # Clients send everything again, and what they had not sent yet: all of it counts once, none of it costs anything.
    assert life.spent(1) == paid
    life.click(early, late, unspent)
    life.click(late, early, unspent)
    assert life.spent(3) == paid
    fresh = life.an_ad()
    assert life.click(fresh) == ["accepted"]
    assert life.spent(4) > paid, "what is decided now is paid for"
    left = told("unbilled", "--data", str(house), "--decisions")
    assert {one["decision_id"] for one in left["decisions"]} == {ad["ad"]["decision_id"] for ad in (late, unspent)}
    assert sum(one["decisions"] for one in left["advertisers"]) == 2
    assert all(one["micros"] > 0 for one in left["advertisers"])
    assert len(left["restored"]) == 1
    assert rows(house, COUNTED) == [(4,)], "each click once"
    verified = run("verify", "--data", str(house), "--json")
    assert json.loads(verified.stdout)["ok"], verified.stdout
    life.served.child.end()


def _restored(file: Path, house: Path) -> dict | None:
    done = run("restore", str(file), "--data", str(house), "--force", "--json")
    assert done.returncode == 0 or "is being served" in done.stderr, done.stderr
    return json.loads(done.stdout) if done.returncode == 0 else None
