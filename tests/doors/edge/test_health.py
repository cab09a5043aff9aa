"""The house is well when each of its parts is, and says which one is not."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3

from attise.kernel.clock import SystemClock
from tests.doors.rig import PATIENCE_S, read_answer, until


def now_ms() -> int:
    return SystemClock().wire_ms()


def test_the_house_is_well_once_every_part_answers(own_front):
    answer = own_front.ask("/healthz")
    assert answer.status == 503
    assert answer.header("Retry-After") == "1"
    assert answer.json["parts"]["settle"] == {"ok": False}
    own_front.tell_seen("settle", 900, now_ms())
    answer = until(lambda: (found := own_front.ask("/healthz")).status == 200 and found, "health")
    assert answer.json["ok"] is True
    parts = answer.json["parts"]
    assert {name for name, part in parts.items() if part["ok"]} == {"edge", "site", "database", "settle"}
    assert parts["worker"] == {"ok": False}, "told, but not needed"
    assert own_front.ask("/readyz").status == 200
    own_front.tell_seen("settle", 900, now_ms() - 6000)
    assert until(lambda: own_front.ask("/healthz").status == 503, "a settle that was not seen for six seconds")


def test_the_process_lives_whatever_else_is_away(own_front):
    own_front.site.end()
    for name in ("", "-wal", "-shm"):
        own_front.house.database.with_name(own_front.house.database.name + name).unlink(missing_ok=True)
    assert own_front.ask("/livez").json == {"ok": True}


def test_a_database_that_is_away_is_told(own_front):
    own_front.tell_seen("settle", 900, now_ms() + 60_000)
    until(lambda: own_front.ask("/healthz").status == 200, "health")
    with contextlib.closing(sqlite3.connect(own_front.house.database, timeout=10)) as connection:
        connection.execute("ALTER TABLE outbox_version RENAME TO elsewhere")
        connection.commit()
    answer = until(lambda: (found := own_front.ask("/healthz")).status == 503 and found, "the outage")
    assert answer.json["parts"]["database"]["ok"] is False
    assert answer.json["parts"]["site"]["ok"] is True


def test_health_is_asked_not_told(front):
    answer = front.ask("/healthz", method="POST", body=b"{}")
    assert (answer.status, answer.header("Allow")) == (405, "GET, HEAD")


def test_a_drain_says_so_finishes_what_is_under_way_and_ends_well(own_front):
    """SIGTERM: not ready within a second, a request under way is answered, new ones are not taken, exit code 0."""
    with own_front.door.connect() as slow, own_front.door.connect() as watching:
        slow.sendall(b"GET /slow?1.5 HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: own_front.ask("/livez").status == 200, "a first answer")
        own_front.edge.process.send_signal(signal.SIGTERM)
        watching.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_answer(watching)
        assert (answer.status, answer.json["draining"]) == (503, True)
        assert read_answer(slow).body == b"late"
    assert own_front.edge.process.wait(PATIENCE_S) == 0


def test_logs_are_lines_of_json_without_what_was_asked(own_front):
    own_front.site.end()
    own_front.ask("/page?token=canary-4711", headers={"Authorization": "Bearer canary-4712"})
    own_front.ask(own_front.link("z" * 26, "video.mp4"))
    own_front.edge.end()
    lines = [json.loads(line) for line in own_front.edge.text.splitlines()]
    assert any(line["msg"].startswith("the site does not answer") and line["request_id"] for line in lines)
    for line in lines:
        assert {"ts", "level", "role", "msg"} <= set(line)
        assert line["role"] == "edge"
    assert "canary" not in own_front.edge.text
    assert "/media/1" not in own_front.edge.text
