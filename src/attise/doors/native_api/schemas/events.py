"""Shapes of what viewers did; the edge takes them in, and a test holds it to these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, GivenId, Told
from attise.kernel.limits import EVENTS_AT_ONCE
from attise.measurement.ingest.sent import ADDRESS_CHARACTERS, AGENT_CHARACTERS
from attise.records.event import EVENT_ID_CHARACTERS, TYPES

_BOUND = 1 << 63
_Agent = Annotated[str, Field(max_length=AGENT_CHARACTERS, description="Of the viewer's device; a host states it.")]
_Address = Annotated[
    str,
    Field(
        max_length=ADDRESS_CHARACTERS,
        description="The IP address of the viewer's device; a host states it.",
        json_schema_extra={"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
    ),
]


class EventItem(Given):
    """One thing that a viewer did with an item, or without one on a profile or a post's own page."""

    event_id: Annotated[
        str,
        Field(
            min_length=1, max_length=EVENT_ID_CHARACTERS, description="Yours; the same event sent again has it again."
        ),
    ]
    type: Annotated[str, Field(description=f"One of {', '.join(sorted(TYPES))}. Another one is refused by itself.")]
    token: Annotated[str, Field(description="Of the item, as it was given.")] | None = None
    viewer_id: (
        Annotated[GivenId, Field(description="Who did it; needed without a token. With a ticket it is the ticket's.")]
        | None
    ) = None
    at_ms: Annotated[
        int,
        Field(
            ge=-_BOUND,
            lt=_BOUND,
            description="When it was done, in milliseconds since 1970; five minutes off, its receipt holds.",
        ),
    ]
    watch_ms: Annotated[int, Field(ge=-_BOUND, lt=_BOUND, description="What was watched of it until then.")] | None = (
        None
    )
    post_id: (
        Annotated[GivenId, Field(description="Needed without a token, but for what is done on a profile.")] | None
    ) = None
    creator_id: (
        Annotated[GivenId, Field(description="Without a token: whose profile is visited, followed or unfollowed.")]
        | None
    ) = None
    hidden: (
        Annotated[bool, Field(description="Whether the player had no size, or was on a page that was not shown.")]
        | None
    ) = None
    agent: _Agent | None = None
    address: _Address | None = None


class EventsRequest(Given):
    """Up to a thousand events; ``agent`` and ``address`` hold for each that states none of its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "events": [
                        {
                            "event_id": "4f1c-1",
                            "type": "profile_visit",
                            "viewer_id": "7531682285620297729",
                            "creator_id": "7531682285620297730",
                            "at_ms": 1_795_700_000_000,
                        }
                    ]
                }
            ]
        }
    )
    events: Annotated[list[EventItem], Field(min_length=1, max_length=EVENTS_AT_ONCE)]
    agent: _Agent | None = None
    address: _Address | None = None


class EventsBeacon(Given):
    """What a viewer's page may send as it goes, as plain text, without being asked first."""

    ticket: Annotated[str, Field(description="The viewer's own.")]
    events: Annotated[list[EventItem], Field(min_length=1, max_length=EVENTS_AT_ONCE)]


class EventResult(Told):
    """What became of one event."""

    event_id: str
    status: Annotated[
        Literal["accepted", "duplicate", "rejected"],
        Field(
            description="duplicate is told when this process knows it; what is accepted twice counts once all the same."
        ),
    ]
    code: Annotated[str | None, Field(description="Why it is rejected; see the list of refusals.")] = None
    field: Annotated[str | None, Field(description="Which of its fields the code is about.")] = None


class EventsAnswer(Told):
    """What became of each event, in their order; what is accepted is durable."""

    results: list[EventResult]
