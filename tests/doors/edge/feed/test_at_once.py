"""Answered where it is read: the same bytes as the usual way, and only what nothing is wrong with."""

from __future__ import annotations

import pytest

from attise.doors.edge.feed.calls import ADS
from tests.doors.edge.feed.conftest import House
from tests.doors.edge.feed.shown_items import shown
from tests.snapshot_records import a_post_record, an_ad_record


@pytest.fixture
def houses(tmp_path):
    """Two houses of the same seed, hour and viewers: one is asked the usual way, the other at once."""
    made = []
    for name in ("usual", "at-once"):
        (tmp_path / name).mkdir()
        made.append(House(tmp_path / name, at_once=name == "at-once"))
    yield made
    for one in made:
        one.keeping.keeper.start()
        one.close()


@pytest.mark.parametrize("path", ["/v1/feed", ADS])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept-language": "fr"},
        {"cookie": "attise-language=fr", "connection": "keep-alive"},
        {"x-request-id": "0123-name-of-its-own"},
    ],
)
def test_both_ways_give_the_same_answer(houses, path, headers):
    usual, at_once = houses
    for house in houses:
        viewer = house.viewer(country="FR")
        house.decider.items = [shown(house, post=a_post_record()), shown(house, ad=an_ad_record())]
        body = {"viewer_id": str(viewer), "count": 2, "session_id": "s"}
        house.replies = [house.ask(body, path=path, headers=headers) for _ in range(3)]
    assert [reply.body for reply in usual.replies] == [reply.body for reply in at_once.replies]
    assert [reply.headers for reply in usual.replies] == [reply.headers for reply in at_once.replies]
    assert [memory for _, memory, _ in usual.decider.asked] == [memory for _, memory, _ in at_once.decider.asked]
    assert usual.metrics.requests == at_once.metrics.requests
    assert (usual.answered_at_once, at_once.answered_at_once) == (0, 2), (
        "who is new is read first, and that is waited for"
    )


def test_a_viewers_own_ticket_is_opened_at_once(houses):
    _, house = houses
    viewer = house.viewer()
    for _ in range(2):
        assert house.ask({}, key=house.ticket(viewer)).status == 200
    assert house.answered_at_once == 1
    assert house.ask({"viewer_id": str(house.viewer())}, key=house.ticket(viewer)).status == 403
    assert house.ask({}, key=house.ticket(viewer, life_ms=-1)).status == 401


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"expect": "100-continue"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"headers": {"host": "a/b"}},
        {"headers": {"content-type": "application/json; charset=utf-8"}},
        {"headers": {"x-request-id": "short"}},
        {"key": "ahk_" + "0" * 40},
        {"key": ""},
        {"body": b"{"},
        {"body": b'{"count":0}'},
        {"body": b'{"viewer_id":"1","viewer_id":"2"}'},
    ],
)
def test_what_is_not_plain_is_never_answered_at_once(houses, more):
    _, house = houses
    body = {"viewer_id": str(house.viewer())}
    house.ask(body)
    house.ask(body)
    assert house.answered_at_once == 1
    house.ask(**{"body": body, **more})
    assert house.answered_at_once == 1


def test_what_was_decided_is_answered_and_not_decided_again(houses, monkeypatch, caplog):
    """Whatever goes wrong with the counting of it; the log says of which request."""
    _, house = houses
    body = {"viewer_id": str(house.viewer())}
    house.ask(body)

    def fail(_seconds):
        raise RuntimeError("no such bucket")

    monkeypatch.setattr(house.metrics, "took", fail)
    decided = len(house.decider.asked)
    assert house.ask(body, headers={"x-request-id": "0123-name-of-its-own"}).status == 200
    assert (house.answered_at_once, len(house.decider.asked)) == (1, decided + 1)
    assert "request 0123-name-of-its-own is answered" in caplog.text


def test_what_cannot_be_written_is_not_remembered_as_shown(houses, monkeypatch):
    _, house = houses
    body = {"viewer_id": str(house.viewer())}
    house.ask(body)
    (_, before, _) = house.decider.asked[-1]

    def fail(*_, **__):
        raise RuntimeError("no such link")

    with monkeypatch.context() as broken:
        broken.setattr(house.feed._items, "write", fail)
        with pytest.raises(RuntimeError):
            house.ask(body)
    house.ask(body)
    (_, failed, _), (_, again, _) = house.decider.asked[-2:]
    assert before != failed == again


def test_an_answer_at_once_leaves_nothing_when_it_fails(houses):
    """What cannot be decided at once is decided the usual way, which says what is wrong."""
    _, house = houses
    body = {"viewer_id": str(house.viewer())}
    house.ask(body)
    house.node_ids = None
    assert house.ask(body).status == 503
    assert house.answered_at_once == 0
