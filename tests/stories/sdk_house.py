"""A whole house served on one port, and its clients: the host's own API, and the official SDK with its host changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import business_api_client as sdk
import pytest
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from attise.kernel.house import Mode
from attise.management.posts.media.clips import make_clip
from tests.doors.rig import ROOT, Door, Rig, rig, until
from tests.houses import furnish

COMMAND = ("-c", "import sys; from attise.doors.cli import main; sys.exit(main())")
READY = re.compile(r"Attise is ready: (http://127\.0\.0\.1:(\d+))")


@dataclass(frozen=True)
class Refused:
    """What the SDK raises, taken apart."""

    code: int
    message: str


class Advertiser:
    """A program of an advertiser's: the official SDK, pointed at the house."""

    def __init__(self, address: str, bundle: dict[str, str]) -> None:
        self.bundle = bundle
        self.token, self.id, self.bc_id = bundle["access_token"], bundle["advertiser_id"], bundle["bc_id"]
        configuration = sdk.Configuration()
        configuration.host = address
        self.client = sdk.ApiClient(configuration)

    def get(self, path: str, **params: Any) -> Any:
        """Call an endpoint that the SDK has no function for; lists and objects go as JSON text."""
        query = [
            (name, json.dumps(value) if isinstance(value, list | dict) else value) for name, value in params.items()
        ]
        return self._call(path, "GET", query_params=query)

    def post(self, path: str, **body: Any) -> Any:
        return self._call(path, "POST", query_params=[], body=body)

    def _call(self, path: str, method: str, **what: Any) -> Any:
        return self.client.call_api(
            f"/open_api/v1.3/{path}/",
            method,
            header_params={"Access-Token": self.token, "Content-Type": "application/json"},
            response_type="InlineResponse200",
            _return_http_data_only=True,
            **what,
        )["data"]

    def refused(self, call: Any, *arguments: Any, **named: Any) -> Refused:
        with pytest.raises(TiktokSDKError) as caught:
            call(*arguments, **named)
        found = re.match(r"Error Code: (\d+), message: (.*), request_id: \d{14}[0-9A-F]{18}", str(caught.value))
        assert found, caught.value
        return Refused(int(found[1]), found[2])


class Host:
    """The host's own program, on ``/v1``."""

    def __init__(self, door: Door, key: str) -> None:
        self.door = door
        self.key = key

    def ask(self, method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        raw = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            raw = json.dumps(body).encode()
        return self._send(method, path, headers, raw, status)

    def publish(self, *files: Path, **meta: Any) -> dict[str, Any]:
        boundary = uuid.uuid4().hex
        part = f"--{boundary}\r\nContent-Disposition: form-data; name="
        raw = f'{part}"meta"\r\nContent-Type: application/json\r\n\r\n{json.dumps(meta)}\r\n'.encode()
        for file in files:
            raw += f'{part}"file"; filename="{file.name}"\r\n\r\n'.encode() + file.read_bytes() + b"\r\n"
        raw += f"--{boundary}--\r\n".encode()
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        return self._send("POST", "/v1/posts", headers, raw, 201)

    def _send(self, method: str, path: str, headers: dict[str, str], raw: bytes | None, status: int | None) -> Any:
        answer = self.door.ask(path, method=method, headers=headers, body=raw)
        assert answer.status == status or (status is None and answer.status < 300), (answer.status, answer.body[:500])
        return answer.json if answer.body else None


def outside() -> dict[str, str]:
    """Return the environment of a command of this tree, without what this test run has put into its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ATTISE_", "DJANGO_"))}
    return {**inherited, "PYTHONPATH": str(ROOT / "src")}


@dataclass
class House:
    """A served sandbox."""

    address: str
    door: Door
    folder: Path
    clip: Path

    def advertiser(self, name: str) -> Advertiser:
        done = subprocess.run(
            [sys.executable, *COMMAND, "token", "--advertiser", name, "--data", str(self.folder), "--json"],
            capture_output=True,
            check=True,
            text=True,
            env=outside(),
        )
        return Advertiser(self.address, json.loads(done.stdout))

    def host(self, advertiser: Advertiser) -> Host:
        return Host(self.door, advertiser.bundle["host_key"])


def serve(
    made: Rig, folder: Path, clip: Path, environ: dict[str, str] | None = None, *, patience_s: float = 60
) -> House:
    furnish(folder, Mode.SANDBOX)
    child = made.start(*COMMAND, "serve", "--sandbox", "--data", str(folder), "--port", "0", environ=environ)

    def is_ready() -> re.Match[str] | None:
        assert child.process.poll() is None, child.text
        return READY.search(child.text)

    found = until(is_ready, "readiness", patience_s=patience_s)
    return House(found[1], Door(int(found[2])), folder, clip)


@contextmanager
def served(folder: Path) -> Iterator[House]:
    """Serve a sandbox in a folder until the end."""
    clip = folder / "clip.mp4"
    make_clip(clip, seconds=2, seed=3, style="aurora")
    with rig(folder) as made:
        yield serve(made, folder / "data", clip)


@pytest.fixture(scope="module", name="house")
def own_house(tmp_path_factory) -> Iterator[House]:
    """A house of a module's own: for what moves its clock, or counts all that is in it."""
    with served(tmp_path_factory.mktemp("served")) as house:
        yield house
