"""The page on sending videos in pieces says what works: its commands as they stand, its script on a bad network."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from attise.management.accounts.actions import make_host_key
from attise.management.posts.models import Post, Upload
from tests.browser.cutting import network_to
from tests.browser.town import a_clip

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "send-videos-in-pieces.md"
SCRIPT = ROOT / "examples" / "send_a_video.py"
PAD_BYTES = 13_000_000


@pytest.fixture
def key(town, means) -> str:
    return make_host_key(means, name="Notre app")[1]


@pytest.fixture
def large(tmp_path) -> Path:
    path = tmp_path / "large.mp4"
    path.write_bytes(a_clip().read_bytes() + struct.pack(">I4s", PAD_BYTES, b"free") + bytes(PAD_BYTES - 8))
    return path


def commands() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


def test_the_commands_of_the_page_publish_a_video(address, town, key):
    assert shutil.which("curl"), "the page's commands need curl: apt install curl"
    _, announce, send, publish, script = commands()
    given = {"ATTISE_URL": address, "ATTISE_HOST_KEY": key, "CREATOR_ID": str(town.creator.id)}
    given |= {"FILE": str(a_clip()), "CAPTION": "Trois erreurs avec un sérum"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", announce + send + publish],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert (Post.objects.get().caption, Upload.objects.count()) == ("Trois erreurs avec un sérum", 0)
    assert script.split()[1] == str(SCRIPT.relative_to(ROOT))


def run(address: str, key: str, town, file: Path) -> subprocess.CompletedProcess[str]:
    given = {"ATTISE_URL": address, "ATTISE_HOST_KEY": key, "WAITS_S": "0.1 0.1"}
    command = [sys.executable, str(SCRIPT), str(town.creator.id), str(file), "Depuis le train"]
    return subprocess.run(
        command, env={**os.environ, **given}, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_script_goes_on_where_a_network_broke(address, town, key, large):
    with network_to(address) as network:
        network.cut_after(6_000_000)
        cut = run(network.address, key, town, large)
        assert (cut.returncode, "Nobody answers" in cut.stderr) == (1, True), cut.stderr
        assert "4194304 of" in cut.stdout
        network.mend()
        network.cut_after(large.stat().st_size - 4_194_304 + 10_000)
        done = run(network.address, key, town, large)
        assert done.returncode == 0, done.stderr
        assert not network.is_cut.is_set(), "what was received is not sent again"
    assert done.stdout.endswith(f"published as post {Post.objects.get().id}\n")
    assert not Path(f"{large}.upload").exists()


def test_the_script_says_what_is_refused(address, town, key, tmp_path):
    file = tmp_path / "no-video.mp4"
    file.write_bytes(b"words")
    wrong = run(address, "ahk_wrong", town, file)
    assert (wrong.returncode, "401" in wrong.stderr) == (1, True)
    assert run(address, key, town, file).stderr.startswith("415")
    assert not Post.objects.exists()
