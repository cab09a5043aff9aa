"""What a page or a server reports becomes a conversion: pure, no disk, no clock, no database.

Step 1 of *a conversion comes back*. Before: the door has read the body and found the pixel. After: the conversion goes
to the log, and then the answer says so.

What a person did not agree to is let go here, before anything is kept: without consent no contact, no click and no page
go into the record, and of contacts the tag brings only those that its pixel may have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec

from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import (
    CONVERSION_AHEAD_MS,
    CONVERSION_CONTENT_CHARACTERS,
    CONVERSION_CONTENTS,
    CONVERSION_EVENT_CHARACTERS,
)
from attise.kernel.text import clean_text
from attise.records import conversion_facts as facts
from attise.records.conversion import Content, Conversion, RefusedEvent, Source, key_of
from attise.records.conversion_facts import CURRENCY_MISSING, PIXEL_PAUSED, TOO_MANY_CONTENTS, not_taken
from attise.records.declared import clean_currency
from attise.records.event import EVENT_ID_CHARACTERS

QUANTITY_MOST: Final = 1_000_000
FIELD_CHARACTERS: Final = 100


@dataclass(frozen=True, slots=True)
class PixelFacts:
    """What receipt needs to know of a pixel."""

    id: int
    advertiser_id: int
    matches_email: bool
    """Whether its tag may send hashed addresses; servers answer for themselves."""
    matches_phone: bool
    is_paused: bool = False
    """Whether its advertiser wants nothing of it to be taken."""


@dataclass(frozen=True, slots=True)
class ReportedContent:
    """One thing that a conversion names, as sent."""

    id: str
    name: str = ""
    category: str = ""
    price: Decimal | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Reported:
    """One event of a page, as sent and of the right types."""

    event: str
    event_id: str = ""
    at_ms: int | None = None
    """When it happened as the sender says, epoch milliseconds; None: now."""
    value: Decimal | None = None
    currency: str = ""
    contents: Sequence[ReportedContent] = ()
    click_id: str = ""
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    external_ids: Sequence[str] = ()
    browser_id: str = ""
    page: str = ""
    has_consent: bool = False
    is_test: bool = False
    agent: str = ""
    """Of the person's browser, as a server states it; here and below, hashed before anything is kept."""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How it came in."""

    id: int
    """Of the conversion; an id of the house."""
    source: Source
    wire_ms: int
    world_ms: int
    agent: str = ""
    """Keyed hash of the browser's name."""
    block: str = ""
    """Keyed hash of the person's network."""
    doubt: str = ""
    doubt_rule: str = ""


def receive(
    reported: Reported, pixel: PixelFacts, receipt: Receipt, *, decision_of: Callable[[str], int | None]
) -> Conversion:
    """Return the conversion of what was reported.

    ``decision_of`` opens a click's id (``records.click_link``). Raises: ``pixel_paused``; together, the refusals of
    texts, ``contact_not_hashed``, ``contacts_too_many``, ``contents_too_many``, ``conversion_value``,
    ``conversion_time``, ``conversion_currency_missing``, ``currency_unknown``.
    """
    if pixel.is_paused:
        raise not_taken(PIXEL_PAUSED, field="pixel")
    gather = Gather()
    event = gather.take(facts.clean_event_name, reported.event)
    event_id = gather.take(facts.clean_event_id, reported.event_id)
    value_micros = gather.take(facts.micros_of, reported.value)
    contents = gather.take(_contents, reported.contents)
    has_amounts = reported.value is not None or any(one.price is not None for one in reported.contents)
    currency = gather.take(_currency, reported.currency, has_amounts=has_amounts)
    at_ms = gather.take(_time, reported, receipt)
    emails = gather.take(facts.clean_contacts, reported.emails, field="email")
    phones = gather.take(facts.clean_contacts, reported.phones, field="phone_number")
    external_ids = gather.take(facts.clean_contacts, reported.external_ids, field="external_id")
    gather.tell()
    told = Conversion(
        key=key_of(pixel.id, event, event_id, receipt_id=receipt.id),
        id=receipt.id,
        pixel_id=pixel.id,
        advertiser_id=pixel.advertiser_id,
        event=event,
        event_id=event_id,
        source=receipt.source,
        at_ms=at_ms,
        received_ms=receipt.wire_ms,
        received_at_ms=receipt.world_ms,
        value_micros=value_micros,
        currency=currency,
        contents=contents,
        is_test=reported.is_test,
        doubt=receipt.doubt,
        doubt_rule=receipt.doubt_rule,
    )
    if not reported.has_consent:
        return told
    page_host, page_path, in_address = facts.page_of(reported.page)
    click_id = facts.clean_click_id(reported.click_id) or in_address
    from_tag = receipt.source is Source.BROWSER
    return msgspec.structs.replace(
        told,
        click_id=click_id,
        decision_id=(decision_of(click_id) or 0) if click_id else 0,
        emails=() if from_tag and not pixel.matches_email else emails,
        phones=() if from_tag and not pixel.matches_phone else phones,
        external_ids=external_ids,
        browser_id=facts.digest_of(reported.browser_id),
        page_host=page_host,
        page_path=page_path,
        agent=receipt.agent,
        block=receipt.block,
        has_consent=True,
    )


def refused(reported: Reported, pixel: PixelFacts, receipt: Receipt, refusal: Refusal) -> RefusedEvent:
    """Return what is kept of an event that was refused: its name, and why; of a person nothing."""
    return RefusedEvent(
        id=receipt.id,
        pixel_id=pixel.id,
        advertiser_id=pixel.advertiser_id,
        event=_shown(reported.event, CONVERSION_EVENT_CHARACTERS),
        event_id=_shown(reported.event_id, EVENT_ID_CHARACTERS),
        source=receipt.source,
        code=refusal.code,
        field=_shown(refusal.field or "", FIELD_CHARACTERS),
        received_at_ms=receipt.world_ms,
    )


def _shown(text: str, limit: int) -> str:
    """Return a text of anybody's as it may be shown: what cannot be printed is let go, and what is too long cut."""
    return "".join(one for one in text[:limit] if one.isprintable())


def _time(reported: Reported, receipt: Receipt) -> int:
    """Return when it happened. A browser's clock is nobody's promise: where it is far off, ours counts."""
    if reported.at_ms is None:
        return receipt.world_ms
    if receipt.source is Source.SERVER:
        return facts.check_time(reported.at_ms, now_ms=receipt.world_ms)
    is_near = abs(reported.at_ms - receipt.world_ms) <= CONVERSION_AHEAD_MS
    return reported.at_ms if is_near else receipt.world_ms


def _currency(text: str, *, has_amounts: bool) -> str:
    if text:
        return clean_currency(text) if has_amounts else ""
    if has_amounts:
        raise not_taken(CURRENCY_MISSING, field="currency")
    return ""


def _contents(given: Sequence[ReportedContent]) -> tuple[Content, ...]:
    if len(given) > CONVERSION_CONTENTS:
        raise not_taken(TOO_MANY_CONTENTS, field="contents")
    gather = Gather()
    made = tuple(gather.take(_content, one, f"contents[{place}].") for place, one in enumerate(given))
    gather.tell()
    return made


def _content(given: ReportedContent, at: str) -> Content:
    gather = Gather()
    texts = {
        name: gather.take(
            clean_text, getattr(given, name), field=f"{at}{name}", limit=CONVERSION_CONTENT_CHARACTERS, empty=True
        )
        for name in ("id", "name", "category")
    }
    price_micros = gather.take(facts.micros_of, given.price, field=f"{at}price")
    gather.tell()
    # How many is told by pages in all ways; it is kept to be shown, and nothing is counted by it.
    quantity = min(max(given.quantity, 0), QUANTITY_MOST)
    return Content(**texts, price_micros=price_micros, quantity=quantity)
