"""A host with its key, talking to the native API through the site, and real files to publish."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from attise.kernel.house import Mode
from attise.management.accounts.actions import make_host_key
from attise.management.posts.media.clips import make_clip

JSON = "application/json"


class Host:
    """What a host's server sends. Answers are the site's, as a client gets them; a bug would be a 500."""

    def __init__(self, key: str | None) -> None:
        self.key = key
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True)

    def send(self, method: str, path: str, body: Any = None, *, kind: str = JSON, **headers: str) -> Any:
        """Send a value as JSON, or bytes and texts as they are; header names in snake case."""
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        if self.key is not None:
            given.setdefault("Authorization", f"Bearer {self.key}")
        raw = body if isinstance(body, bytes | str) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, path, raw, content_type=kind if raw else "", headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("POST", path, body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> Any:
        return self.send("PATCH", path, body, **more)

    def put(self, path: str, body: Any, **more: Any) -> Any:
        return self.send("PUT", path, body, **more)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)

    def publish(self, meta: dict[str, Any], file: Path | None, **headers: str) -> Any:
        """Send a post as multipart."""
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        given.setdefault("Authorization", f"Bearer {self.key}")
        parts: dict[str, Any] = {"meta": json.dumps(meta)}
        if file is None:
            return self.client.post("/v1/posts", parts, headers=given)
        with file.open("rb") as opened:
            return self.client.post("/v1/posts", {**parts, "file": opened}, headers=given)

    def bulk(self, kind: str, rows: list[Any], **more: Any) -> list[dict[str, Any]]:
        """Send lines and return the verdicts; a row may be bytes as they are."""
        response = self.post(f"/v1/bulk/{kind}", lines(rows), kind="application/x-ndjson", **more)
        assert response.status_code == 200, response.content
        return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def lines(rows: list[Any]) -> bytes:
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


@pytest.fixture
def host(means) -> Host:
    return Host(make_host_key(means, name="app")[1])


@pytest.fixture
def stranger(means) -> Host:
    return Host(None)


@pytest.fixture
def sandbox(means, monkeypatch):
    """The house of the test run, as a sandbox."""
    monkeypatch.setattr(settings.HOUSE, "mode", Mode.SANDBOX)
    return settings.HOUSE


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    """A real mp4 of two seconds."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(path, seconds=2, seed=1, style="aurora")
    return path


@pytest.fixture
def media():
    """The house, with nothing in its media and uploads folders before and after."""
    house = settings.HOUSE

    def clear() -> None:
        for folder in (house.media, house.uploads):
            for child in folder.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()

    clear()
    yield house
    clear()


def creator_of(host: Host, handle: str = "lea.cuisine", **facts: Any) -> str:
    response = host.post("/v1/creators", {"handle": handle, "display_name": "Léa", **facts})
    assert response.status_code == 201, response.content
    return response.json()["creator_id"]


def advertiser_of(host: Host, name: str = "Maison Verte") -> tuple[str, str]:
    """Make a Business Center with one advertiser; returns their ids."""
    facts = {"name": name, "company": name, "country": "FR", "currency": "EUR", "timezone": "Europe/Paris"}
    center = host.post("/v1/business-centers", facts)
    assert center.status_code == 201, center.content
    bc_id = center.json()["bc_id"]
    advertiser = host.post("/v1/advertisers", {**facts, "bc_id": bc_id})
    assert advertiser.status_code == 201, advertiser.content
    return bc_id, advertiser.json()["advertiser_id"]


def errors_of(response: Any) -> list[tuple[str | None, str]]:
    """Return ``(field, code)`` of every error told, after checking the one shape of all of them."""
    error = response.json()["error"]
    assert set(error) <= {"code", "message", "field", "next", "request_id", "errors"}
    assert error["code"]
    assert error["message"]
    assert error["request_id"] == response.headers["X-Request-Id"]
    if "errors" not in error:
        return [(error.get("field"), error["code"])]
    return [(one.get("field"), one["code"]) for one in error["errors"]]
