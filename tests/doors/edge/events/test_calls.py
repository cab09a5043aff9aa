"""Batches of events from outside: durable before they are answered, each event by itself, by whoever may."""

from __future__ import annotations

import asyncio
import json
import threading

import msgspec
import pytest

from attise.doors.edge import problems
from attise.doors.edge.addresses import EVENTS, body_limit
from attise.doors.edge.events import calls
from attise.doors.edge.events.keeping import Keeping
from attise.doors.native_api.schemas.events import EventsAnswer
from attise.kernel.errors import Outage
from attise.kernel.limits import DAY_MS, EVENTS_AT_ONCE, EVENTS_BODY_BYTES
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.event import ONCE, TYPES, Event, encode_event
from tests.doors.edge.events.batches import a_token, an_event, beacon, send, statuses

GONE = 5 * 10**18
AN_EVENT = Event(b"k" * 16, "", "like", "p", 1, 2, 3, 4, 5)


def test_a_host_sends_a_batch_and_what_is_accepted_is_in_the_log(house):
    token = a_token(house, "p")
    body = {"events": [an_event(house, f"e{n}", type_, token=token) for n, type_ in enumerate(sorted(TYPES))]}
    reply = send(house, body)
    assert statuses(reply) == ["accepted"] * len(TYPES)
    assert [event.event_id for event in house.kept()] == [f"e{n}" for n in range(len(TYPES))]
    told = EventsAnswer.model_validate_json(reply.body)
    assert [result.event_id for result in told.results] == [f"e{n}" for n in range(len(TYPES))]
    again = send(house, body)
    assert statuses(again) == ["duplicate"] * len(TYPES)
    renamed = {"events": [{**event, "event_id": f"again-{event['event_id']}"} for event in body["events"]]}
    expected = ["duplicate" if event["type"] in ONCE else "accepted" for event in body["events"]]
    assert statuses(send(house, renamed)) == expected


def test_one_bad_event_costs_the_others_nothing(house):
    token, old = a_token(house, "p"), a_token(house, "p", sealed_at_ms=house.clock.wire_ms() - 3_600_000)
    reply = send(
        house,
        {
            "events": [
                an_event(house, "good", token=token),
                an_event(house, "type", "watch", token=token),
                an_event(house, "forged", token=token[:-2] + "AA"),
                an_event(house, "old", token=old),
                an_event(house, "post", "like", token=token, post_id="5"),
                an_event(house, "watched", "loop", token=token, watch_ms=-1),
                an_event(house, "nobody", "follow", creator_id="7"),
                an_event(house, "who", "like", token=token, viewer_id=str(GONE)),
                an_event(house, "last", "like", token=token),
            ]
        },
    )
    assert reply.json["results"] == [
        {"event_id": "good", "status": "accepted"},
        {"event_id": "type", "status": "rejected", "code": "type_unknown", "field": "type"},
        {"event_id": "forged", "status": "rejected", "code": "token_invalid", "field": "token"},
        {"event_id": "old", "status": "rejected", "code": "token_expired", "field": "token"},
        {"event_id": "post", "status": "rejected", "code": "post_mismatch", "field": "post_id"},
        {"event_id": "watched", "status": "rejected", "code": "watch_out_of_bounds", "field": "watch_ms"},
        {"event_id": "nobody", "status": "rejected", "code": "viewer_required", "field": "viewer_id"},
        {"event_id": "who", "status": "rejected", "code": "not_found", "field": "viewer_id"},
        {"event_id": "last", "status": "accepted"},
    ]
    assert [event.event_id for event in house.kept()] == ["good", "last"]


def test_a_ticket_sends_for_its_viewer_alone_and_a_beacon_brings_it_in_the_body(house):
    viewer_id, other = house.viewer(), house.viewer()
    own, foreign = a_token(house, f"p{viewer_id}"), a_token(house, f"p{other}")
    events = [
        an_event(house, "a", token=own),
        an_event(house, "b", token=foreign),
        an_event(house, "c", "follow", creator_id="7"),
    ]
    ticket = house.ticket(viewer_id)
    reply = send(house, {"events": events}, key=ticket)
    assert statuses(reply) == ["accepted", "rejected", "accepted"]
    assert reply.json["results"][1]["code"] == "token_of_another"
    left = beacon(house, ticket, [an_event(house, "d", "like", token=own)])
    assert statuses(left) == ["accepted"]
    assert left.headers["access-control-allow-origin"] == "*"
    assert {event.person for event in house.kept()} == {f"p{viewer_id}"}


def test_who_may_not_send_is_told_so_and_nothing_is_kept(house):
    viewer_id = house.viewer()
    events = [an_event(house, token=a_token(house, f"p{viewer_id}"))]
    body = {"events": events}
    assert (send(house, body, key="").status, send(house, body, key="ahk_" + "0" * 40).status) == (401, 401)
    assert send(house, body, key=house.ticket(viewer_id, life_ms=0)).code == "ticket_invalid"
    assert beacon(house, "nothing", events).code == "ticket_invalid"
    assert beacon(house, house.key, events).code == "ticket_invalid"
    gone = house.ticket(GONE)
    assert (send(house, body, key=gone).status, send(house, body, key=gone).code) == (404, "not_found")
    stated = {"events": [{**events[0], "address": "203.0.113.1"}]}
    refused = send(house, stated, key=house.ticket(viewer_id))
    assert (refused.status, refused.code, refused.json["error"]["field"]) == (
        403,
        "stated_by_hosts",
        "events[0].address",
    )
    assert send(house, {**body, "agent": "x"}, key=house.ticket(viewer_id)).code == "stated_by_hosts"
    assert house.kept() == []


def test_bodies_that_are_none_are_refused_cleanly(house):
    event = an_event(house, token=a_token(house))
    assert send(house, {"events": [event] * (EVENTS_AT_ONCE + 1)}).code == "field_invalid"
    assert send(house, b"{").code == "bad_json"
    for kind in ("application/xml", "", "multipart/form-data"):
        refused = send(house, {"events": [event]}, headers={"content-type": kind})
        assert (refused.status, refused.code) == (415, "unsupported_media_type")
    assert send(house, None, method="GET").status == 405
    assert send(house, {"events": [event], "more": 1}).status == 422
    large = send(house, b"x" * (EVENTS_BODY_BYTES + 1))
    assert (large.status, large.code) == (413, "body_too_large")
    assert body_limit(EVENTS) == EVENTS_BODY_BYTES
    assert house.kept() == []


def test_a_batch_that_is_cut_keeps_nothing(house):
    raw = json.dumps({"events": [an_event(house, f"e{n}", "like", token=a_token(house)) for n in range(3)]}).encode()
    for length in range(200):
        assert send(house, raw[:length]).status == 400
    assert house.kept() == []


def test_a_page_of_another_origin_may_send(house):
    asked = send(house, b"", method="OPTIONS", key="")
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "authorization" in asked.headers["access-control-allow-headers"]


def test_each_bit_of_a_token_flipped_is_accepted_by_no_door(house):
    from attise.kernel.seal import decode, encode

    raw = decode(a_token(house, "p"))
    changed = []
    for bit in range(8 * len(raw)):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        changed.append(an_event(house, f"b{bit}", token=encode(bytes(flipped))))
    for begin in range(0, len(changed), EVENTS_AT_ONCE):
        assert set(statuses(send(house, {"events": changed[begin : begin + EVENTS_AT_ONCE]}))) == {"rejected"}
    assert house.kept() == []


def test_a_key_of_a_day_that_is_over_opens_nothing(house):
    token = a_token(house, "p")
    house.clock.advance(seconds=2 * DAY_MS / 1_000)
    reply = send(house, {"events": [an_event(house, type_=type_, token=token) for type_ in sorted(TYPES)]})
    assert {(one["status"], one["code"]) for one in reply.json["results"]} == {("rejected", "token_expired")}


def test_devices_are_those_of_the_browser_or_those_that_a_host_states(house):
    viewer_id = house.viewer(owns=(7,))
    ticket, token = house.ticket(viewer_id), a_token(house, f"p{viewer_id}")
    bot, ahead = {"user-agent": "curl/8.5"}, {"user-agent": "Mozilla/5.0", "sec-purpose": "prefetch;prerender"}

    def doubts(**more):
        send(house, {"events": [an_event(house, f"e{house.ids.next()}", "loop", token=token)]}, **more)
        last = house.kept()[-1]
        return last.doubt, bool(last.block)

    assert doubts(key=ticket) == ("", True)
    assert doubts(key=ticket, headers=bot) == ("declared_bot", True)
    assert doubts(key=ticket, headers=ahead) == ("prefetch", True)
    for name in ("purpose", "x-moz"):
        assert doubts(key=ticket, headers={name: "prefetch"}) == ("prefetch", True)
    assert doubts(headers=bot) == ("", False), "of a host's own server nothing is believed"
    assert doubts(headers={"sec-purpose": "prefetch"}) == ("", False)
    one = an_event(house, "h", "loop", token=token, agent="curl/8.5", address="203.0.113.4")
    two = an_event(house, "i", "loop", token=token)
    send(house, {"events": [one, two], "agent": "Mozilla/5.0", "address": "198.51.100.4"})
    first, second = house.kept()[-2:]
    assert (first.doubt, second.doubt) == ("declared_bot", "")
    assert "" != first.block != second.block != ""
    visit = an_event(house, "own", "profile_visit", creator_id="7")
    assert statuses(send(house, {"events": [visit]}, key=ticket)) == ["accepted"], "a doubt is not told"
    assert house.kept()[-1].doubt == "own"


def test_viewers_whom_a_host_names_are_read_once_each(house):
    viewers = [house.viewer() for _ in range(5)]
    house.rows.reads = 0
    events = [
        an_event(house, f"{viewer}-{n}", "profile_visit", viewer_id=str(viewer), creator_id="7")
        for n in range(40)
        for viewer in viewers
    ]
    assert statuses(send(house, {"events": events})) == ["accepted"] * 200
    assert house.rows.reads == 1 + len(viewers), "the key, and each viewer"
    assert len(house.kept()) == 200


def test_while_rows_cannot_be_read_a_batch_that_needs_them_is_sent_again_later(house):
    viewer_id, known = house.viewer(), house.viewer()
    token = a_token(house, f"p{viewer_id}")
    assert send(house, {}, key=house.ticket(known)).status == 422
    assert statuses(send(house, {"events": [an_event(house, token=token)]}))
    house.rows.is_away = True
    needing = {"events": [an_event(house, "v", "follow", viewer_id=str(viewer_id), creator_id="7")]}
    away = send(house, needing)
    assert (away.status, away.code) == (503, "unavailable")
    assert int(away.headers["retry-after"]) >= 1
    assert statuses(send(house, {"events": [an_event(house, "t", "like", token=token)]})) == ["accepted"]
    house.rows.is_away = False
    assert statuses(send(house, needing)) == ["accepted"]


class Broken:
    """A log that is away, and counts how often it was asked."""

    def append(self, entries, *, at_ms):
        raise Outage("disk")

    def close(self):
        pass


def test_while_the_log_is_away_nothing_is_told_to_be_accepted_and_nothing_is_twice_later(house):
    keeping = Keeping(Broken, house.clock)
    keeping.keeper.start()
    house.events = house.make_events(keeping=keeping)
    body = {"events": [an_event(house, token=a_token(house))]}
    for _ in range(2):
        away = send(house, body)
        assert (away.status, away.code) == (503, "unavailable")
        assert "retry-after" in away.headers
    keeping.keeper.end()
    house.events = house.make_events()
    assert statuses(send(house, body)) == ["accepted"], "it was never durable, so it is no duplicate"
    assert len(house.kept()) == 1


def test_a_lock_that_another_process_holds_is_waited_for_and_then_told(house, monkeypatch):
    import sqlite3

    from attise.measurement.ingest import sqlite_log

    monkeypatch.setattr(sqlite_log, "WAIT_S", 0.2)
    body = {"events": [an_event(house, token=a_token(house))]}
    SqliteLog(house.folder, may_write=True).close()
    other = sqlite3.connect(house.folder / sqlite_log.FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert send(house, body).status == 503
    other.execute("COMMIT")
    other.close()
    assert statuses(send(house, body)) == ["accepted"]


def test_more_than_a_bounded_number_at_once_is_told_to_come_back(house):
    body = {"events": [an_event(house, token=a_token(house))]}
    house.events = house.make_events(in_flight=0)
    assert send(house, body).code == problems.BUSY.code
    house.events = house.make_events(memory_bytes=10)
    refused = send(house, body)
    assert (refused.status, refused.code) == (503, "busy")
    assert "retry-after" in refused.headers
    assert house.kept() == []


def test_many_at_once_share_commits_and_each_is_answered_for_its_own(house):
    bodies = [{"events": [an_event(house, f"e{n}", "like", token=a_token(house))]} for n in range(200)]

    async def all_at_once():
        return await asyncio.gather(*(house.send(body=body, path=EVENTS) for body in bodies))

    replies = asyncio.run(all_at_once())
    assert [statuses(reply) for reply in replies] == [["accepted"]] * 200
    assert [reply.json["results"][0]["event_id"] for reply in replies] == [f"e{n}" for n in range(200)]
    assert {event.event_id for event in house.kept()} == {f"e{n}" for n in range(200)}
    assert house.keeping.keeper.commits < 200


def test_two_edges_on_one_log_lose_nothing(house, tmp_path):
    def post(mine):
        keeping = Keeping(lambda: SqliteLog(tmp_path, may_write=True), house.clock)
        keeping.keeper.start()

        async def run():
            for name in mine:
                await keeping.keep([encode_event(msgspec.structs.replace(AN_EVENT, event_id=name))])

        asyncio.run(run())
        keeping.keeper.end()

    names = [f"e{n}" for n in range(120)]
    posting = [threading.Thread(target=post, args=(names[begin::2],)) for begin in (0, 1)]
    for thread in posting:
        thread.start()
    for thread in posting:
        thread.join()
    assert sorted(event.event_id for event in house.kept()) == sorted(names)


def test_a_thousand_events_let_other_answers_have_their_turn(house, monkeypatch):
    turns = []

    async def turn(seconds):
        turns.append(seconds)

    monkeypatch.setattr(calls.asyncio, "sleep", turn)
    token = a_token(house)
    events = [an_event(house, f"e{n}", "loop", token=token) for n in range(EVENTS_AT_ONCE)]
    assert statuses(send(house, {"events": events})) == ["accepted"] * EVENTS_AT_ONCE
    assert len(turns) == EVENTS_AT_ONCE // calls.SLICE - 1


def test_what_is_told_is_counted(house):
    token = a_token(house)
    send(house, {"events": [an_event(house, token=token), an_event(house, token=token), an_event(house, "x", "y")]})
    send(house, {"events": [an_event(house, "h", "loop", token=token, hidden=True)]})
    send(house, b"{")
    text = house.metrics.text().decode()
    for line in (
        'attise_events_total{status="accepted"} 2.0',
        'attise_events_total{status="duplicate"} 1.0',
        'attise_rejected_events_total{reason="type_unknown"} 1.0',
        'attise_doubted_events_total{doubt="hidden"} 1.0',
        'attise_event_requests_total{outcome="ok"} 2.0',
        'attise_event_requests_total{outcome="bad_json"} 1.0',
        "attise_event_wait_seconds_count 2.0",
    ):
        assert line in text, line


@pytest.mark.parametrize("language", ["fr", "en"])
def test_refusals_speak_the_callers_language(house, language):
    refused = send(house, {"events": [{"event_id": ""}]}, headers={"accept-language": language})
    assert refused.json["error"]["message"].startswith("Ce" if language == "fr" else "Th")
