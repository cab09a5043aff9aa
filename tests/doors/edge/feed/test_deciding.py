"""Around a decision: running states serialise, survive and are erased; ads that fail cost the ads; records are kept."""

from __future__ import annotations

import asyncio
import sqlite3
from types import SimpleNamespace

import pytest

from attise.doors.edge.changes import State
from attise.doors.edge.feed.deciding import Deciding
from attise.doors.edge.feed.memories import Memories
from attise.kernel.clock import FakeClock
from attise.records.change import Change, ChangeKind
from attise.records.viewer import Viewer


def changed(viewer_id, **body):
    return [Change(1, ChangeKind.VIEWER_CHANGED, viewer_id, 0, body)]


def test_requests_of_one_viewer_are_decided_one_after_the_other(house):
    viewer_id = house.viewer()

    async def all_at_once():
        return await asyncio.gather(*(house.send(body={"viewer_id": str(viewer_id)}) for _ in range(20)))

    assert {reply.status for reply in asyncio.run(all_at_once())} == {200}
    assert [memory for _, memory, _ in house.decider.asked] == [b"x" * turn for turn in range(20)]
    assert house.rows.reads == 2, "one read of the key, one of the viewer, whoever waits for them"


def test_nobody_remembers_an_inline_viewer_or_an_anonymous_one(house):
    for body in ({}, {"viewer": {"country": "FR"}}):
        house.ask(body)
        house.ask(body)
    assert [memory for _, memory, _ in house.decider.asked] == [None] * 4
    assert len(house.memories) == 0


def test_a_running_state_comes_back_after_a_kill_as_of_the_last_flush(house):
    viewer_id = house.viewer()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.flush()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories._lock.close()  # as the kernel does for a process that is gone
    again = house.open_memories()
    assert again.get(viewer_id).memory == b"x"
    again.end()


def test_two_edges_have_a_file_each(house, tmp_path):
    other = house.open_memories()
    assert sorted(path.name for path in tmp_path.glob("viewers-*.sqlite3")) == [
        "viewers-0.sqlite3",
        "viewers-1.sqlite3",
    ]
    other.end()


def test_an_erased_viewer_is_forgotten_in_memory_and_on_the_disk(house, tmp_path):
    viewer_id = house.viewer()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.flush()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.heed(changed(viewer_id, erased=True))
    assert house.memories.get(viewer_id).memory == b""
    house.memories.flush()
    rows = sqlite3.connect(tmp_path / "viewers-0.sqlite3").execute("SELECT COUNT(*) FROM memory").fetchone()
    assert rows == (0,)


def test_a_change_of_facts_keeps_the_running_state(house):
    viewer_id = house.viewer()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.heed(changed(viewer_id))
    assert house.memories.get(viewer_id).memory == b"x"


def test_the_file_alone_tells_nobodys_name(house, tmp_path):
    viewer_id = house.viewer()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.flush()
    names = sqlite3.connect(tmp_path / "viewers-0.sqlite3").execute("SELECT name FROM memory").fetchall()
    assert len(names) == 1
    assert str(viewer_id).encode() not in names[0][0]
    assert viewer_id.to_bytes(8, "big") not in names[0][0]


def test_only_so_many_states_are_in_memory_and_none_is_lost_for_it(tmp_path, house):
    few = Memories(tmp_path, bytes(32), house.clock, fresh=bytes, encode=bytes, decode=bytes, most=3)
    for viewer_id in range(1, 11):
        held = few.get(viewer_id)
        held.memory = b"%d" % viewer_id
        few.changed(held)
    assert len(few) >= 3, "what the disk has not yet stays"
    few.flush()
    for viewer_id in range(1, 11):
        assert few.get(viewer_id).memory == b"%d" % viewer_id
    few.get(11)
    assert len(few) == 3
    few.end()


def test_a_damaged_row_or_file_is_a_viewer_without_a_past(house, tmp_path):
    viewer_id = house.viewer()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.end()

    def damaged(_body):
        raise ValueError("not a state")

    again = Memories(tmp_path, bytes(32), house.clock, fresh=bytes, encode=bytes, decode=damaged)
    assert again.get(viewer_id).memory == b""
    assert again.failures == 1
    again.end()
    (tmp_path / "viewers-0.sqlite3").write_bytes(b"nonsense" * 1_000)
    house.memories = house.open_memories()
    assert house.memories.get(viewer_id).memory == b""


def test_states_of_those_who_do_not_come_back_are_let_go(house, tmp_path):
    viewer_id = house.viewer()
    house.ask({"viewer_id": str(viewer_id)})
    house.memories.flush()
    house.clock.advance(days=31)
    house.memories.flush()
    rows = sqlite3.connect(tmp_path / "viewers-0.sqlite3").execute("SELECT COUNT(*) FROM memory").fetchone()
    assert rows == (0,)


def test_a_viewer_is_read_once_until_a_change_says_otherwise(house):
    viewer_id = house.viewer(country="FR")
    for _ in range(3):
        house.ask({"viewer_id": str(viewer_id)})
    house.rows.viewers[viewer_id] = Viewer(viewer_id, "p", country="DE")
    house.viewers.heed(changed(viewer_id))
    house.ask({"viewer_id": str(viewer_id)})
    assert [request.viewer.country for request, _, _ in house.decider.asked] == ["FR", "FR", "FR", "DE"]
    assert house.viewers.misses == 2


def test_a_read_that_began_before_a_change_is_not_kept(house):
    viewer_id = house.viewer(country="FR")

    async def race():
        house.rows.waiting, house.rows.reached = asyncio.Event(), asyncio.Event()
        slow = asyncio.create_task(house.send(body={"viewer_id": str(viewer_id)}))
        await house.rows.reached.wait()
        house.rows.viewers[viewer_id] = Viewer(viewer_id, "p", country="DE")
        house.viewers.heed(changed(viewer_id))
        house.rows.waiting.set()
        await slow
        await house.send(body={"viewer_id": str(viewer_id)})

    asyncio.run(race())
    assert house.decider.asked[-1][0].viewer.country == "DE"


def test_a_cache_of_viewers_is_bounded(house):
    house.viewers._most = 5
    for _ in range(20):
        house.ask({"viewer_id": str(house.viewer())})
    assert len(house.viewers) == 5
    house.viewers.forget()
    assert len(house.viewers) == 0


def test_whatever_fails_in_ads_costs_the_ads_alone(house, caplog):
    viewer_id = house.viewer()
    house.decider.failing = True
    assert house.ask({"viewer_id": str(viewer_id)}).status == 200
    assert [with_ads for _, _, with_ads in house.decider.asked] == [True, False]
    assert house.metrics.organic_only == {"failed": 1}
    assert house.memories.get(viewer_id).memory == b"x"


def test_no_ad_is_decided_on_while_every_ad_is_stopped():
    clock, changes = FakeClock(), State()
    loads = SimpleNamespace(loaded=SimpleNamespace(state=object()))
    deciding = Deciding(loads, changes, clock, tokens=None)
    assert deciding.why_no_ads == "stale"
    changes.apply(1, [], began_s=clock.monotonic_s())
    assert deciding.why_no_ads == ""
    changes.are_ads_stopped = True
    assert deciding.why_no_ads == "stopped"


def test_stale_state_is_not_decided_on(house):
    house.decider.why_no_ads = "stale"
    assert house.ask({}).status == 200
    assert [with_ads for _, _, with_ads in house.decider.asked] == [False]
    assert house.metrics.organic_only == {"stale": 1}


def test_more_than_a_bounded_number_in_flight_are_told_to_come_back(house):
    viewer_id = house.viewer()
    house.feed = house.make_feed(in_flight=3)

    async def flood():
        house.rows.waiting = asyncio.Event()
        sent = [asyncio.create_task(house.send(body={"viewer_id": str(viewer_id)})) for _ in range(5)]
        answered = set()
        while len(answered) < 2:
            answered, _ = await asyncio.wait(set(sent), return_when=asyncio.FIRST_COMPLETED)
        house.rows.waiting.set()
        return [await one for one in sent]

    replies = asyncio.run(flood())
    assert sorted(reply.status for reply in replies) == [200, 200, 200, 503, 503]
    busy = next(reply for reply in replies if reply.status == 503)
    assert (busy.code, busy.headers["retry-after"]) == ("busy", "1")
    assert house.feed.in_flight == 0


@pytest.mark.parametrize(
    ("client", "headers", "key", "status"),
    [
        ("127.0.0.1", {}, "", 200),
        ("::1", {}, "", 200),
        ("203.0.113.9", {}, "", 401),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, "", 401),
        ("203.0.113.9", {}, None, 200),
    ],
)
def test_metrics_are_for_this_machine_and_for_the_host(house, client, headers, key, status):
    house.ask({})
    house.ask({"count": 0})
    reply = house.ask(method="GET", path="/metrics", client=client, headers=headers, key=key)
    assert reply.status == status
    if status == 200:
        text = reply.body.decode()
        assert 'attise_feed_requests_total{call="feed",outcome="ok"} 1.0' in text
        assert 'attise_feed_requests_total{call="feed",outcome="field_invalid"} 1.0' in text
        assert "attise_feed_seconds_count 2.0" in text


def test_a_viewers_ticket_opens_no_metrics(house):
    reply = house.ask(method="GET", path="/metrics", key=house.ticket(house.viewer()))
    assert reply.status == 401
