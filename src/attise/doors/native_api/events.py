"""What viewers did, described; the edge takes it in (``doors.edge.events``), and the site never.

It stands here so that the description of the API is one document, made of the same shapes as the rest.
"""

from __future__ import annotations

from attise.doors.native_api import wire
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.events import EventsAnswer, EventsBeacon, EventsRequest
from attise.kernel.limits import EVENTS_BODY_BYTES

group = Group("Events")
TEXT = "text/plain"
_BEACON = {"type": "string", "contentMediaType": wire.JSON, "contentSchema": EventsBeacon}


@group.post(
    "/v1/events",
    gives=EventsAnswer,
    once=False,
    refuses=(403, 404),
    types=(wire.JSON, TEXT),
    limit=EVENTS_BODY_BYTES,
    body={wire.JSON: EventsRequest, TEXT: _BEACON},
)
def send_events(call: Call, body: EventsRequest) -> EventsAnswer:
    """Tell what viewers did.

    Each event is answered by itself, in their order, once it is durable. Send a host key, or the viewer's own ticket; a
    page that goes sends its ticket in the body, as plain text.
    """
    raise AssertionError(f"{call.request.path} of {len(body.events)} events is the edge's to answer")
