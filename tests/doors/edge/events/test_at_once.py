"""Judged where it is read: the same answer and the same records as the usual way, and only what is plain and known."""

from __future__ import annotations

import asyncio

import pytest

from attise.doors.edge.events.calls import SLICE
from attise.doors.edge.events.keeping import Keeping
from attise.kernel.errors import Outage
from tests.doors.edge.events.batches import a_token, an_event, beacon, send, statuses
from tests.doors.edge.feed.conftest import House


@pytest.fixture
def houses(tmp_path):
    """Two houses of the same seed, hour and viewers: one is asked the usual way, the other at once."""
    made = []
    for name in ("usual", "at-once"):
        (tmp_path / name).mkdir()
        made.append(House(tmp_path / name, at_once=name == "at-once"))
        made[-1].keeping.keeper.start()
    yield made
    for one in made:
        one.close()


@pytest.fixture
def house(houses):
    """A house whose host key and one viewer are known."""
    made = houses[1]
    made.known = made.viewer()
    send(made, {"events": [an_event(made, "first", "follow", viewer_id=str(made.known), creator_id="7")]})
    assert made.answered_at_once == 0, "who is new is looked up first"
    return made


def test_both_ways_give_the_same_answers_and_keep_the_same(houses):
    for house in houses:
        viewer = house.viewer()
        ticket, token = house.ticket(viewer), a_token(house, f"p{viewer}", decision_id=5)
        named = {"x-request-id": "0123-name-of-its-own", "accept-language": "fr"}
        events = [
            an_event(house, "a", token=token, watch_ms=5),
            an_event(house, "b", "like", token=token, viewer_id=str(viewer)),
            an_event(house, "c", "nothing"),
            an_event(house, "a", token=token),
        ]
        house.replies = [send(house, {"events": events[:2]}, headers=named) for _ in range(2)]
        house.replies.append(send(house, {"events": events}, headers=named))
        mine = [an_event(house, "m", "loop", token=token, hidden=True)]
        agent = {**named, "user-agent": "curl/8"}
        house.replies += [
            send(house, {"events": mine}, key=ticket, headers=agent),
            beacon(house, ticket, mine, **agent),
        ]
    usual, at_once = houses
    assert (usual.answered_at_once, at_once.answered_at_once) == (0, 4), "the first one looks up key and viewer"
    assert [one.body for one in usual.replies] == [one.body for one in at_once.replies]
    assert [one.headers for one in usual.replies] == [one.headers for one in at_once.replies]
    assert usual.kept() == at_once.kept()
    assert usual.event_metrics.events == at_once.event_metrics.events
    assert usual.event_metrics.requests == at_once.event_metrics.requests
    assert usual.events.in_flight == at_once.events.in_flight == 0


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"expect": "100-continue"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"headers": {"host": "a/b"}},
        {"headers": {"x-request-id": "short"}},
        {"headers": {"content-type": "text/html"}},
        {"headers": {"content-type": "text/plain"}},
        {"key": ""},
        {"key": "ahk_" + "0" * 40},
        {"body": b"{"},
        {"body": b'{"events":[{"event_id":"a","event_id":"b","type":"like","at_ms":5}]}'},
        {"body": {"events": [{"event_id": "a", "type": "like", "at_ms": 5, "viewer_id": "404", "post_id": "5"}]}},
        {"body": {"events": [{"event_id": str(n), "type": "y", "at_ms": 5} for n in range(SLICE + 1)]}},
    ],
)
def test_what_is_not_plain_or_has_to_be_looked_up_goes_the_usual_way(house, more):
    send(house, **{"body": {"events": [an_event(house)]}, **more})
    assert house.answered_at_once == 0
    send(house, {"events": [an_event(house)]})
    assert house.answered_at_once == 1


def test_a_ticket_that_is_over_or_states_a_device_is_refused_the_usual_way(house):
    body = {"events": [an_event(house, "a", "follow", creator_id="7", agent="A/1")]}
    assert send(house, body, key=house.ticket(house.known)).code == "stated_by_hosts"
    assert send(house, body, key=house.ticket(house.known, life_ms=-1)).code == "ticket_invalid"
    assert beacon(house, house.ticket(house.known, life_ms=-1), body["events"]).code == "ticket_invalid"
    assert house.answered_at_once == 0


def test_where_too_much_waits_a_batch_is_told_to_come_back_and_is_kept_nowhere(house):
    house.keeping.keeper._most = 1
    body = {"events": [an_event(house, str(n), "like", token=a_token(house)) for n in range(2)]}
    assert send(house, body).status == 503
    assert len(house.kept()) == 1
    house.keeping.keeper._most = 100
    assert statuses(send(house, body)) == ["accepted"] * 2


class Stuck:
    """A log whose disk does not come back."""

    def __init__(self):
        import threading

        self.released = threading.Event()

    def append(self, entries, *, at_ms):
        self.released.wait(20)
        raise Outage("disk")

    def close(self):
        pass


def test_nobody_waits_for_ever(house, monkeypatch):
    monkeypatch.setattr("attise.doors.edge.events.keeping.WAIT_S", 0.05)
    stuck = Stuck()
    keeping = Keeping(lambda: stuck, house.clock)
    keeping.keeper.start()
    house.events = house.make_events(keeping=keeping)
    body = {"events": [an_event(house, token=a_token(house))]}

    async def both():
        return await asyncio.gather(*(house.send(body=body, path="/v1/events") for _ in range(2)))

    for reply in asyncio.run(both()):
        assert (reply.status, reply.code) == (503, "unavailable")
        assert "retry-after" in reply.headers
    assert house.events.in_flight == 0
    stuck.released.set()
    keeping.keeper.end()
