"""What a tag tells, read strictly: the shape of the whole is refused as a whole, each event is judged later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from attise.doors.edge.feed.shapes import Check, a_list, a_text, a_whole, a_yes_no, an_object, or_null, wrong
from attise.kernel.errors import N_, Refusal, Refusals
from attise.kernel.limits import (
    CLICK_ID_CHARACTERS,
    CONVERSION_CONTENT_CHARACTERS,
    CONVERSION_CONTENTS,
    CONVERSION_EVENT_CHARACTERS,
    TAG_EVENTS,
)
from attise.kernel.strict_json import RULE_EMPTY, NotStrictJson, decode, parse
from attise.kernel.urls import URL_CHARACTERS
from attise.measurement.ingest.reported import QUANTITY_MOST, Reported, ReportedContent
from attise.records.event import EVENT_ID_CHARACTERS
from attise.records.native_errors import BAD_JSON, Broken

CODE_CHARACTERS: Final = 40
CONTACT_CHARACTERS: Final = 400
TOLD: Final = 20
"""How many faults of one body are named."""
RULE_NUMBER: Final = N_("a number is expected")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page told at once."""

    pixel: str
    """The pixel's code."""
    events: tuple[Reported, ...]


def read_told(raw: bytes) -> Told:
    """Return what a body tells. Raises: ``bad_json``; ``field_*``, together."""
    if not raw.strip():
        raise Broken(BAD_JSON, rule=RULE_EMPTY)
    try:
        body = parse(decode(raw))
    except NotStrictJson as error:
        raise Broken(BAD_JSON, rule=error.rule) from None
    found = list(islice(_BODY(body, ""), TOLD))
    if found:
        raise Refusals(found)
    person = {
        "click_id": body.get("click_id") or "",
        "browser_id": body.get("browser_id") or "",
        "page": body.get("page") or "",
        "emails": _contacts(body, "email"),
        "phones": _contacts(body, "phone_number"),
        "external_ids": _contacts(body, "external_id"),
        "has_consent": body.get("consent") is True,
    }
    return Told(body["pixel"], tuple(_event(one, person) for one in body["events"]))


def _contacts(body: dict[str, Any], name: str) -> tuple[str, ...]:
    value = body.get(name)
    return (value,) if value else ()


def _event(given: dict[str, Any], person: dict[str, Any]) -> Reported:
    return Reported(
        given["event"],
        given.get("event_id") or "",
        at_ms=given.get("at_ms"),
        value=_decimal(given.get("value")),
        currency=given.get("currency") or "",
        contents=[_content(one) for one in given.get("contents") or ()],
        **person,
    )


def _content(given: dict[str, Any]) -> ReportedContent:
    quantity = given.get("quantity")
    return ReportedContent(
        given.get("id") or "",
        given.get("name") or "",
        given.get("category") or "",
        _decimal(given.get("price")),
        1 if quantity is None else quantity,
    )


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _a_number(value: Any, field: str) -> Iterator[Refusal]:
    """Check for a number; what it may be is asked later."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        yield wrong(field, RULE_NUMBER)


_TEXT = or_null(a_text(CONVERSION_CONTENT_CHARACTERS))
_CONTENT: dict[str, Check] = {
    "id": _TEXT,
    "name": _TEXT,
    "category": _TEXT,
    "price": or_null(_a_number),
    "quantity": or_null(a_whole(0, QUANTITY_MOST)),
}
_EVENT: dict[str, Check] = {
    "event": a_text(4 * CONVERSION_EVENT_CHARACTERS),
    "event_id": or_null(a_text(4 * EVENT_ID_CHARACTERS)),
    "at_ms": or_null(a_whole(-(1 << 63), (1 << 63) - 1)),
    "value": or_null(_a_number),
    "currency": or_null(a_text(CODE_CHARACTERS)),
    "contents": or_null(a_list(an_object(_CONTENT), CONVERSION_CONTENTS)),
}
_BODY: Check = an_object(
    {
        "pixel": a_text(CODE_CHARACTERS, least=1),
        "consent": or_null(a_yes_no),
        "click_id": or_null(a_text(CLICK_ID_CHARACTERS)),
        "browser_id": or_null(a_text(CONVERSION_CONTENT_CHARACTERS)),
        "page": or_null(a_text(URL_CHARACTERS)),
        "email": or_null(a_text(CONTACT_CHARACTERS)),
        "phone_number": or_null(a_text(CONTACT_CHARACTERS)),
        "external_id": or_null(a_text(CONTACT_CHARACTERS)),
        "events": a_list(an_object(_EVENT, required=("event",)), TAG_EVENTS, least=1),
    },
    required=("pixel", "events"),
)
