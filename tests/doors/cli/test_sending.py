"""A served house, whose site is killed while a video comes in: nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import os
import signal
import struct
from base64 import b64encode

from attise.management.posts.media.clips import make_clip
from tests.doors.cli.running import made_by, serve
from tests.doors.rig import until

PAD_BYTES = 6_000_000


def test_a_site_killed_in_the_middle_of_a_piece_goes_on_from_what_it_told(made, tmp_path):
    clip = tmp_path / "clip.mp4"
    make_clip(clip, seconds=2, seed=1, style="aurora")
    data = clip.read_bytes() + struct.pack(">I4s", PAD_BYTES, b"free") + bytes(PAD_BYTES - 8)
    served = serve(made, tmp_path / "house")
    key = {"Authorization": f"Bearer {made_by(served, 'token', '--json')['host_key']}", "Tus-Resumable": "1.0.0"}
    as_json = {**key, "Content-Type": "application/json"}
    body = json.dumps({"handle": "lea", "display_name": "Léa"}).encode()
    creator_id = served.door.ask("/v1/creators", method="POST", headers=as_json, body=body).json["creator_id"]
    named = f"creator_id {b64encode(creator_id.encode()).decode()}"
    begun = served.door.ask(
        "/v1/uploads",
        method="POST",
        headers={**key, "Upload-Length": str(len(data)), "Upload-Metadata": named, "Content-Length": "0"},
    )
    assert begun.status == 201, begun.body
    at = "/v1/uploads/" + (begun.header("Location") or "").rsplit("/", 1)[1]

    def received() -> int:
        return int(served.door.ask(at, method="HEAD", headers=key).header("Upload-Offset") or 0)

    def piece(offset: int, size: int) -> bytes:
        lines = {**key, "Host": "127.0.0.1", "Upload-Offset": str(offset), "Content-Length": str(size)}
        lines["Content-Type"] = "application/offset+octet-stream"
        head = [f"PATCH {at} HTTP/1.1", *(f"{name}: {said}" for name, said in lines.items())]
        return "\r\n".join([*head, "", ""]).encode()

    with served.door.connect() as connection:
        connection.sendall(piece(0, len(data)) + data[:3_000_000])
        told = until(lambda: max(0, received() - 1_000_000), "a piece that is partly there") + 1_000_000
        killed = served.processes()["site"]
        os.kill(killed, signal.SIGKILL)
    until(lambda: served.processes().get("site", killed) != killed and served.is_whole(), "a site again")
    here = received()
    assert told <= here <= 3_000_000
    answer = served.door.send(piece(here, len(data) - here) + data[here:], method="PATCH")
    assert (answer.status, answer.header("Upload-Offset")) == (204, str(len(data)))
    draft = json.dumps({"creator_id": creator_id, "upload_id": at.rsplit("/", 1)[1]}).encode()
    post = served.door.ask("/v1/posts", method="POST", headers=as_json, body=draft)
    assert post.status == 201, post.body
    assert post.json["media"]["duration_ms"] == 2_000
