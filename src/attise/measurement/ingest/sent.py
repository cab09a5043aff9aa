"""An event as a client sends it, before anything about it is believed; read strictly from JSON by the door.

Step 0 of *an event comes back*. Before: nothing. After: ``accept``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from attise.kernel.limits import EVENTS_AT_ONCE, EVENTS_BODY_BYTES
from attise.records.event import EVENT_ID_CHARACTERS
from attise.records.viewer import Viewer

ADDRESS_CHARACTERS = 45
"""The longest text of an IPv6 address."""
AGENT_CHARACTERS = 512
TEXT_CHARACTERS = EVENTS_BODY_BYTES
"""Of a type or a token that is refused by itself: no more than the body has."""

Id = Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType | None
Whole = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
Flag = bool | msgspec.UnsetType | None
Agent = Annotated[str, msgspec.Meta(max_length=AGENT_CHARACTERS)] | msgspec.UnsetType | None
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=ADDRESS_CHARACTERS)] | msgspec.UnsetType | None


class Sent(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One event as it was sent. What is null or missing was not said."""

    event_id: Annotated[str, msgspec.Meta(min_length=1, max_length=EVENT_ID_CHARACTERS)]
    type: str
    at_ms: Whole
    """World time, by the client's clock."""
    token: str | msgspec.UnsetType | None = msgspec.UNSET
    viewer_id: Id = msgspec.UNSET
    watch_ms: Whole | msgspec.UnsetType | None = msgspec.UNSET
    post_id: Id = msgspec.UNSET
    creator_id: Id = msgspec.UNSET
    """Without a token, of what is done to a creator on their profile."""
    hidden: Flag = msgspec.UNSET
    """Whether the player had no size, or was on a page that was not shown."""
    agent: Agent = msgspec.UNSET
    """Of the viewer's device, as a host states it."""
    address: Address = msgspec.UNSET
    """As above."""


class SentBatch(msgspec.Struct, forbid_unknown_fields=True):
    """A whole body. ``agent`` and ``address`` hold for each event that states none of its own."""

    events: Annotated[list[Sent], msgspec.Meta(min_length=1, max_length=EVENTS_AT_ONCE)]
    agent: Agent = msgspec.UNSET
    address: Address = msgspec.UNSET


class SentBeacon(msgspec.Struct, forbid_unknown_fields=True):
    """What a browser's page leaves behind when it goes: its viewer's ticket rides in the body."""

    ticket: str
    events: Annotated[list[Sent], msgspec.Meta(min_length=1, max_length=EVENTS_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a batch: a viewer's own browser, or a host for anybody."""

    viewer: Viewer | None
    """None: a host."""
    agent: str = ""
    """Of the viewer's device: the browser's own header, or what the host states of all its events; empty: unknown."""
    address: str = ""
    """As above."""
    is_ahead: bool = False
    """Whether the browser says that it fetches ahead of its viewer."""
