"""Simulated viewers in a served sandbox: they see what its developer published, and all they did is counted."""

from __future__ import annotations

import json

import pytest

from tests.doors.cli.running import made_by, rows, serve
from tests.simulator.lives import a_clip

HOURS, VIEWERS = 12, 60


def form(meta: dict[str, object], file: bytes) -> bytes:
    """Return a publication as multipart/form-data."""
    head = b'--b0undary\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n'
    whole = head % (b"meta", b"") + json.dumps(meta).encode() + b"\r\n"
    return whole + head % (b"file", b'; filename="own.mp4"') + file + b"\r\n--b0undary--\r\n"


@pytest.mark.long
@pytest.mark.timeout(400)
def test_viewers_watch_what_a_developer_published_and_world_time_goes_on(made, tmp_path):
    served = serve(made, tmp_path / "sandbox", "--sandbox")
    key = {"Authorization": f"Bearer {made_by(served, 'token', '--json')['host_key']}"}
    plain = {**key, "Content-Type": "application/json"}

    def ask(path: str, body: dict[str, object]) -> dict[str, object]:
        answer = served.door.ask(path, method="POST", headers=plain, body=json.dumps(body).encode(), timeout_s=80)
        assert answer.status in {200, 201}, answer.body
        return answer.json

    creator_id = ask("/v1/creators", {"handle": "lea.peau", "display_name": "Léa"})["creator_id"]
    body = form({"creator_id": creator_id, "caption": "Tarte"}, a_clip(tmp_path / "own.mp4").read_bytes())
    multipart = {**key, "Content-Type": "multipart/form-data; boundary=b0undary"}
    post = served.door.ask("/v1/posts", method="POST", headers=multipart, body=body, timeout_s=80)
    assert post.status == 201, post.body
    before = ask("/sandbox/v1/clock", {"advance_s": 0})["now"]
    told = ask("/sandbox/v1/traffic", {"viewers": VIEWERS, "hours": HOURS})
    assert told["now"] > before
    assert told["feeds"] > 0
    assert told["impressions"] > 0
    assert told["settled"] == told["events"] > 0
    assert (told["paid"], told["spend_micros"], told["spend"]) == (0, 0, []), "there is no ad here"
    seen = served.door.ask(f"/v1/posts/{post.json['post_id']}", headers=key).json["counters"]["views"]
    assert seen["total"] == seen["organic"] > 0
    again = ask("/sandbox/v1/traffic", {"viewers": VIEWERS, "hours": 1})
    assert again["now"] > told["now"]
    assert rows(served.folder, "SELECT COUNT(*) FROM viewers_viewer") == [(VIEWERS,)], "the same viewers come again"
    assert served.child.end() == 0
