"""A link that is followed is a click, once with what the app says itself; and it leads on whatever the disk does."""

from __future__ import annotations

import pytest

from attise.kernel.limits import TOKEN_ENGAGEMENT_MS
from attise.records.event import Doubt
from tests.doors.edge.events.batches import a_token, an_event, send, statuses

PAGE = "https://shop.example/soups"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/132.0"


@pytest.fixture
def follow(house):
    def follow(token, *, method="GET", **headers):
        headers = {"user-agent": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        reply = house.ask(method=method, path=house.links.make(token, PAGE), key="", headers=headers)
        assert reply.status == 302
        return reply.headers["location"]

    return follow


def clicks_of(house):
    house.writer.turn()
    return house.kept()


def test_a_link_that_is_followed_is_a_click_under_the_name_of_its_id(house, follow):
    token = a_token(house, "p")
    where = follow(token)
    (event,) = clicks_of(house)
    assert where == f"{PAGE}?ttclid={event.event_id}"
    assert (event.type, event.person, event.doubt, bool(event.block)) == ("click", "p", "", True)
    assert house.links.decision_of(event.event_id) == event.claims.decision_id
    assert event.at_ms == house.clock.world_ms()


def test_the_app_and_the_link_tell_of_the_same_click(house, follow):
    token = a_token(house, "p")
    follow(token)
    assert statuses(send(house, {"events": [an_event(house, "mine", "click", token=token)]})) == ["accepted"]
    first, second = clicks_of(house)
    assert first.key == second.key, "whoever settles counts one"
    follow(token)
    assert len(clicks_of(house)) == 2, "what is durable here is not kept again"


def test_a_link_that_is_followed_again_and_again_fills_no_log(house, follow):
    token = a_token(house)
    for _ in range(50):
        follow(token)
        follow(token, sec_purpose="prefetch")
    assert [event.doubt for event in clicks_of(house)] == ["", Doubt.PREFETCH]


@pytest.mark.parametrize(
    ("headers", "doubt"),
    [
        ({"purpose": "prefetch"}, "prefetch"),
        ({"x_moz": "prefetch"}, "prefetch"),
        ({"user_agent": "facebookexternalhit/1.1"}, "declared_bot"),
        ({"user_agent": ""}, ""),
    ],
)
def test_what_nobody_may_have_seen_is_doubted_and_led_on(house, follow, headers, doubt):
    follow(a_token(house), **headers)
    assert [event.doubt for event in clicks_of(house)] == [doubt]


def test_a_prefetched_link_that_is_then_followed_is_a_click(house, follow):
    token = a_token(house)
    follow(token, sec_purpose="prefetch")
    follow(token)
    assert [event.doubt for event in clicks_of(house)] == ["prefetch", ""]


def test_a_look_at_the_head_and_a_link_of_yesterday_are_no_clicks(house, follow):
    token = a_token(house)
    assert follow(token, method="HEAD").startswith(f"{PAGE}?ttclid=")
    house.clock.advance(seconds=TOKEN_ENGAGEMENT_MS / 1_000 + 1)
    assert follow(token) == PAGE
    assert clicks_of(house) == []


def test_a_person_gets_to_the_page_though_nothing_can_be_kept(house, follow, monkeypatch):
    monkeypatch.setattr(house.writer, "_most", 0)
    token = a_token(house)
    follow(token)
    assert house.clicks.lost == 1
    monkeypatch.undo()
    follow(token)
    assert len(clicks_of(house)) == 1, "there was no room, so it is not known here"
    monkeypatch.setattr(house.writer, "offer", lambda *_: 1 / 0)
    assert follow(a_token(house)).startswith(PAGE)
    assert house.clicks.lost == 2
