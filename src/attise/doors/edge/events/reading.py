"""The body of a batch of events, read strictly: everything that is wrong with its shape, told at once.

Step 0 of *an event comes back*. After: ``senders`` finds who did what, and ``measurement.ingest.accept`` judges each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from attise.doors.edge.feed.shapes import (
    Check,
    a_list,
    a_text,
    a_whole,
    a_yes_no,
    an_id,
    an_object,
    or_null,
    parse_body,
    wrong,
)
from attise.kernel.errors import N_, Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import EVENTS_AT_ONCE
from attise.measurement.ingest.networks import address_of
from attise.measurement.ingest.sent import (
    ADDRESS_CHARACTERS,
    AGENT_CHARACTERS,
    TEXT_CHARACTERS,
    Sent,
    SentBatch,
    SentBeacon,
)
from attise.records.event import EVENT_ID_CHARACTERS

TICKET_CHARACTERS = 512
TOLD = 100
"""How many faults of one body are named: a program that is wrong is wrong in every event alike."""
RULE_ADDRESS = N_("an IP address is expected")
_BOUND = 1 << 63
_SELDOM = ("viewer_id", "post_id", "creator_id", "hidden", "agent", "address")
"""What most events do not say."""

Body = TypeVar("Body", SentBatch, SentBeacon)

_encode = msgspec.json.Encoder().encode
_batch = msgspec.json.Decoder(SentBatch, strict=True).decode
_beacon = msgspec.json.Decoder(SentBeacon, strict=True).decode


def read_batch(raw: bytes) -> SentBatch:
    """Return the batch of a JSON body. Raises: ``bad_json``; ``field_*``, together. Cost: 1 µs for a plain event."""
    return plain_batch(raw) or _read_any(raw, _BATCH, ("events",), SentBatch)


def read_beacon(raw: bytes) -> SentBeacon:
    """Return what a page left behind, as above."""
    return plain_beacon(raw) or _read_any(raw, _BEACON, ("ticket", "events"), SentBeacon)


def plain_batch(raw: bytes) -> SentBatch | None:
    """Return the batch of a plain, good body; None: it has to be read slowly, or something is wrong with it."""
    return _read_plain(raw, _batch)


def plain_beacon(raw: bytes) -> SentBeacon | None:
    """Return what a page left behind, as above."""
    return _read_plain(raw, _beacon)


def _read_plain(raw: bytes, decode: Callable[[bytes], Body]) -> Body | None:
    """Return what a plain, good body holds; None leaves it to the slow reading, which finds what is wrong.

    Why its colons are counted: a name that is given twice is there once in what was read.
    """
    if b"\\" in raw:
        return None
    try:
        body = decode(raw)
        colons = raw.count(b":")
        # Those within texts are the same where it is written again.
        if colons != _names_in(body) and colons != _encode(body).count(b":"):
            return None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    whole = getattr(body, "address", None)
    return body if _is_address(whole) and _are_good(body.events) else None


def _names_in(body: SentBatch | SentBeacon) -> int:
    """Return how many names a body has, where each is there once."""
    count = sum(getattr(body, name) is not UNSET for name in body.__struct_fields__)
    for item in body.events:
        count += 3 + (item.token is not UNSET) + (item.watch_ms is not UNSET)
        if not (
            item.viewer_id is item.post_id is item.creator_id is item.hidden is item.agent is item.address is UNSET
        ):
            count += sum(getattr(item, name) is not UNSET for name in _SELDOM)
    return count


def _are_good(events: Sequence[Sent]) -> bool:
    """Tell whether the names in some events are what they must be; their shapes bound the rest."""
    for item in events:
        if (item.viewer_id or item.post_id or item.creator_id or item.address) and not (
            _is_id(item.viewer_id) and _is_id(item.post_id) and _is_id(item.creator_id) and _is_address(item.address)
        ):
            return False
    return True


def _is_id(value: object) -> bool:
    return value is None or value is UNSET or parse_id(value) is not None


def _is_address(value: object) -> bool:
    return value is None or value is UNSET or address_of(str(value)) is not None


def _read_any(raw: bytes, fields: dict[str, Check], required: tuple[str, ...], shape: type[Body]) -> Body:
    body = parse_body(raw)
    found = list(islice(an_object(fields, required=required)(body, ""), TOLD))
    if found:
        raise Refusals(found)
    return msgspec.convert(body, shape)


def _an_address(value: Any, field: str) -> Iterator[Refusal]:
    yield from a_text(ADDRESS_CHARACTERS)(value, field)
    if isinstance(value, str) and len(value) <= ADDRESS_CHARACTERS and address_of(value) is None:
        yield wrong(field, RULE_ADDRESS)


_WHOLE = a_whole(-_BOUND, _BOUND - 1)
_ITEM: dict[str, Check] = {
    "event_id": a_text(EVENT_ID_CHARACTERS, least=1),
    "type": a_text(TEXT_CHARACTERS),
    "at_ms": _WHOLE,
    "token": or_null(a_text(TEXT_CHARACTERS)),
    "viewer_id": or_null(an_id),
    "watch_ms": or_null(_WHOLE),
    "post_id": or_null(an_id),
    "creator_id": or_null(an_id),
    "hidden": or_null(a_yes_no),
    "agent": or_null(a_text(AGENT_CHARACTERS)),
    "address": or_null(_an_address),
}
"""The shapes that ``/v1/events`` is described to take; a test compares the two."""
_EVENTS = a_list(an_object(_ITEM, required=("event_id", "type", "at_ms")), EVENTS_AT_ONCE, least=1)
_BATCH: dict[str, Check] = {
    "events": _EVENTS,
    "agent": or_null(a_text(AGENT_CHARACTERS)),
    "address": or_null(_an_address),
}
_BEACON: dict[str, Check] = {"ticket": a_text(TICKET_CHARACTERS), "events": _EVENTS}
