"""Batches as hosts and browsers send them, to the call in one process."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from attise.doors.edge.events.calls import EVENTS
from tests.records.claims import CLAIMS


def a_token(house, viewer: str = "", **more) -> str:
    """Return the token of an item of an ad that was decided on just now."""
    now_ms = house.clock.wire_ms()
    claims = msgspec.structs.replace(
        CLAIMS, **{"viewer": viewer, "sealed_at_ms": now_ms, "decision_id": house.ids.next(), **more}
    )
    return house.tokens.seal(claims)


def an_event(house, event_id: str = "e1", type_: str = "impression", **more) -> dict[str, Any]:
    return {"event_id": event_id, "type": type_, "at_ms": house.clock.world_ms(), **more}


def send(house, body, **more):
    return house.ask(body, path=EVENTS, **more)


def statuses(reply) -> list[str]:
    assert reply.status == 200, reply.body
    return [result["status"] for result in reply.json["results"]]


def beacon(house, ticket: str, events: list[dict[str, Any]], **headers):
    raw = json.dumps({"ticket": ticket, "events": events}).encode()
    return send(house, raw, key="", headers={"content-type": "text/plain;charset=UTF-8", **headers})
