"""A host sends a video piece by piece, by tus 1.0, and makes a post of it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from attise.kernel.limits import VIDEO_BYTES
from attise.management.posts.models import Post, Unpublished, Upload
from tests.browser.town import forget_files
from tests.builders import a_creator
from tests.doors.native_api.conftest import Host, errors_of
from tests.doors.native_api.specimens import SPOKEN_IN_TUS, described

pytestmark = pytest.mark.django_db(transaction=True)
BYTES = "application/offset+octet-stream"


class Client:
    """What a client of the protocol does, from its specification."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: Any) -> Any:
        given = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.host.key}"}
        given |= {name.replace("_", "-"): str(value) for name, value in headers.items() if value is not None}
        given = {name: value for name, value in given.items() if value}
        return self.host.client.generic(method, path, body, content_type=kind, headers=given)

    def begin(self, creator_id: Any, size: Any, **more: Any) -> Any:
        named = f"creator_id {b64encode(str(creator_id).encode()).decode()},filename {b64encode(b'a b.mp4').decode()}"
        return self.ask("POST", "/v1/uploads", **{"Upload_Length": size, "Upload_Metadata": named, **more})

    def send(self, at: str, offset: Any, body: bytes, kind: str = BYTES, **more: Any) -> Any:
        return self.ask("PATCH", at, body, kind, Upload_Offset=offset, **more)

    def offset(self, at: str) -> int:
        return int(self.ask("HEAD", at).headers["Upload-Offset"])


@pytest.fixture(autouse=True)
def no_files():
    forget_files()
    yield
    forget_files()


@pytest.fixture
def tus(host) -> Client:
    return Client(host)


@pytest.fixture
def creator(means):
    return a_creator(means)


def test_a_video_sent_in_pieces_becomes_a_post(tus, host, creator, clip):
    data = clip.read_bytes()
    begun = tus.begin(creator.id, len(data))
    assert (begun.status_code, begun.headers["Tus-Resumable"], begun.headers["Upload-Offset"]) == (201, "1.0.0", "0")
    at = begun.headers["Location"].removeprefix("http://testserver")
    for offset in range(0, len(data), 30_000):
        assert tus.offset(at) == offset
        sent = tus.send(at, offset, data[offset : offset + 30_000])
        assert (sent.status_code, sent.content) == (204, b"")
        assert sent.headers["Upload-Offset"] == str(min(offset + 30_000, len(data)))
    told = tus.ask("HEAD", at)
    assert (told.status_code, told.headers["Upload-Length"], told.headers["Cache-Control"]) == (
        200,
        str(len(data)),
        "no-store",
    )
    draft = {"creator_id": str(creator.id), "caption": "Pâtes", "upload_id": at.rsplit("/", 1)[1]}
    assert host.post("/v1/posts", draft).json()["state"] == "live"
    assert host.post("/v1/posts", draft).json()["error"]["field"] == "upload_id"
    assert tus.ask("HEAD", at).status_code == 404
    assert Post.objects.count() == 1


def test_a_video_sent_in_pieces_may_wait_for_advice(tus, host, means, creator, clip):
    noe = a_creator(means, handle="noe")
    at = tus.begin(creator.id, clip.stat().st_size).headers["Location"].removeprefix("http://testserver")
    draft = {"creator_id": str(creator.id), "upload_id": at.rsplit("/", 1)[1]}
    early = host.post("/v1/unpublished", draft)
    assert (early.status_code, early.json()["error"]["code"]) == (409, "upload_not_whole")
    tus.send(at, 0, clip.read_bytes())
    assert host.post("/v1/unpublished", {**draft, "creator_id": str(noe.id)}).status_code == 404
    assert host.post("/v1/unpublished", draft).status_code == 201
    assert (Unpublished.objects.count(), Upload.objects.count()) == (1, 0)


def test_what_can_be_done_is_told_to_anybody(stranger):
    told = stranger.send("OPTIONS", "/v1/uploads")
    assert (told.status_code, told.headers["Tus-Version"]) == (204, "1.0.0")
    assert told.headers["Tus-Extension"] == "creation,expiration,termination"
    assert told.headers["Tus-Max-Size"] == str(VIDEO_BYTES)
    assert stranger.send("POST", "/v1/uploads", tus_resumable="1.0.0").status_code == 401


def test_what_breaks_the_protocol_is_refused_and_keeps_nothing(tus, creator):
    assert tus.begin(creator.id, 5, Tus_Resumable="").status_code == 412
    assert tus.begin(creator.id, 5, Tus_Resumable="0.2.2").headers["Tus-Version"] == "1.0.0"
    for size in ("", "x", "-1", "5.0", "1" * 16, "٥"):
        assert errors_of(tus.begin(creator.id, size.encode().decode("latin-1"))) == [
            ("Upload-Length", "upload_header_form")
        ]
    for size in (0, VIDEO_BYTES + 1):
        assert tus.begin(creator.id, size).status_code == 413
    for named in ("", "creator_id", "creator_id %", "creator_id MDE=", "filename eA==", "creator_id /w=="):
        assert errors_of(tus.begin(0, 5, Upload_Metadata=named)) == [("Upload-Metadata", "upload_header_form")]
    assert tus.begin(1, 5).status_code == 404
    assert not Upload.objects.exists()
    whose = b64encode(str(creator.id).encode()).decode()
    assert tus.begin(0, 5, Upload_Metadata=f"filename /w==, is_private, creator_id {whose}").status_code == 201
    Upload.objects.all().delete()
    at = tus.begin(creator.id, 5).headers["Location"].removeprefix("http://testserver")
    assert tus.send(at, 0, b"ab", "application/json").status_code == 415
    assert tus.send(at, "", b"ab").status_code == 422
    assert tus.send(at, 1, b"ab").status_code == 409
    assert tus.send(at, 0, b"abcdef").status_code == 413
    assert tus.offset(at) == 0
    assert tus.ask("PUT", at).headers["Allow"] == "DELETE, HEAD, OPTIONS, PATCH"
    for wrong in ("/v1/uploads/1", "/v1/uploads/x", "/v1/uploads/01"):
        assert tus.ask("HEAD", wrong).status_code == tus.send(wrong, 0, b"a").status_code == 404
    assert tus.ask("POST", at, b"ab", BYTES, Upload_Offset=0, X_HTTP_Method_Override="PATCH").status_code == 204
    assert tus.ask("DELETE", at).status_code == 204
    assert tus.ask("DELETE", at).status_code == 404


def test_the_description_tells_each_of_its_requests(tus):
    assert {path for path in described()["paths"] if path.startswith("/v1/uploads")} == SPOKEN_IN_TUS
    for path in SPOKEN_IN_TUS:
        said = described()["paths"][path]
        for method in {"post", "head", "patch", "delete"} & set(said):
            assert "Tus-Resumable" in [one["name"] for one in said[method]["parameters"]]
            asked = tus.ask(method.upper(), path.format(upload_id=5))
            assert str(asked.status_code) in said[method]["responses"], (method, asked.status_code)
