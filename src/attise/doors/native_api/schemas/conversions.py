"""Shapes of what an advertiser's server reports of its pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import (
    Currency,
    FieldError,
    Given,
    GivenMoment,
    Micros,
    Told,
    ToldId,
    ToldMoment,
)
from attise.kernel.clock import rfc3339
from attise.kernel.limits import (
    CLICK_ID_CHARACTERS,
    CONVERSION_CONTACTS,
    CONVERSION_CONTENT_CHARACTERS,
    CONVERSION_CONTENTS,
    CONVERSION_EVENT_CHARACTERS,
    CONVERSIONS_AT_ONCE,
)
from attise.kernel.urls import URL_CHARACTERS
from attise.measurement.conversions.queries import ConversionView, RefusedView
from attise.measurement.ingest.reported import QUANTITY_MOST
from attise.measurement.ingest.sent import ADDRESS_CHARACTERS, AGENT_CHARACTERS
from attise.records.event import EVENT_ID_CHARACTERS

Text = Annotated[str, Field(max_length=CONVERSION_CONTENT_CHARACTERS)]
Contacts = Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=CONVERSION_CONTACTS)]


class ContentGiven(Given):
    """One thing that was looked at, put into a cart or bought."""

    id: Text
    name: Text = ""
    category: Text = ""
    price_micros: Annotated[Micros | None, Field(description="Of one, in the event's currency.")] = None
    quantity: Annotated[int, Field(ge=0, le=QUANTITY_MOST)] = 1


class ConversionGiven(Given):
    """One event of a page. Without `consent`, it is counted and matched with nobody."""

    event: Annotated[
        str,
        Field(
            max_length=CONVERSION_EVENT_CHARACTERS,
            description="A standard name such as AddToCart or Purchase, or one of your own.",
            examples=["Purchase"],
        ),
    ]
    event_id: Annotated[
        str,
        Field(
            max_length=EVENT_ID_CHARACTERS,
            description="Your own name of it; the same event and name within 48 hours count once.",
        ),
    ] = ""
    at: Annotated[GivenMoment | None, Field(description="When it happened; now, where it is left out.")] = None
    value_micros: Micros | None = None
    currency: Currency = ""
    contents: Annotated[list[ContentGiven], Field(max_length=CONVERSION_CONTENTS)] = []
    consent: Annotated[bool, Field(description="Whether the person agreed to be recognized.")] = False
    click_id: Annotated[
        str, Field(max_length=CLICK_ID_CHARACTERS, description="`ttclid` of the landing page's address.")
    ] = ""
    email_sha256: Annotated[
        Contacts, Field(description="SHA-256, in hexadecimal, of the address trimmed and in small letters.")
    ] = []
    phone_sha256: Annotated[Contacts, Field(description="SHA-256 of the number as in E.164.")] = []
    external_id_sha256: Annotated[Contacts, Field(description="SHA-256 of what you call the person.")] = []
    browser_id: Annotated[
        str, Field(max_length=CONVERSION_CONTENT_CHARACTERS, description="What your site calls this browser.")
    ] = ""
    page_url: Annotated[str, Field(max_length=URL_CHARACTERS)] = ""
    agent: Annotated[str, Field(max_length=AGENT_CHARACTERS, description="Of the person's browser; kept hashed.")] = ""
    address: Annotated[
        str, Field(max_length=ADDRESS_CHARACTERS, description="The person's IP address; its network is kept, hashed.")
    ] = ""
    test: Annotated[bool, Field(description="To look at: not counted, not attributed.")] = False


class ConversionsGiven(Given):
    """What happened on the pages of a pixel."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "events": [
                        {
                            "event": "Purchase",
                            "event_id": "order-1042",
                            "value_micros": 59_970_000,
                            "currency": "EUR",
                            "consent": True,
                            "click_id": "aCBjbGljaw",
                        }
                    ]
                }
            ]
        }
    )
    events: Annotated[list[ConversionGiven], Field(min_length=1, max_length=CONVERSIONS_AT_ONCE)]


class ConversionResult(Told):
    """What became of one event, in the order they were sent."""

    event_id: str
    status: Annotated[
        Literal["accepted", "duplicate", "rejected"],
        Field(
            description="A duplicate is known to have been told before; it may complete what was told, and counts once."
        ),
    ]
    errors: Annotated[list[FieldError] | None, Field(description="What to correct in it.")] = None


class ConversionsAnswer(Told):
    """What became of each event; one that is rejected costs the others nothing."""

    results: list[ConversionResult]


Became = Literal["credited", "unmatched", "test", "doubted"]


class ToldConversion(Told):
    """One thing that happened, and what became of it."""

    event_id: Annotated[str, Field(description="As it was sent; empty where it was sent without.")]
    receipt_id: ToldId
    event: str
    status: Became
    why: Annotated[str | None, Field(description="Why no ad is credited with it.")]
    told_by: list[Literal["browser", "server"]]
    copies: Annotated[int, Field(description="Further tellings of it, within 48 hours.")]
    at: ToldMoment
    received_at: ToldMoment
    value_micros: int | None
    currency: str | None
    touch: Annotated[Literal["click", "engaged", "view"] | None, Field(description="How the ad touched its person.")]
    touch_at: ToldMoment | None
    ad_id: ToldId | None
    adgroup_id: ToldId | None
    campaign_id: ToldId | None
    result: Annotated[bool, Field(description="Whether it counts as what the ad group is there for.")]


class ToldRefusal(Told):
    """An event that was refused where it was received; kept for 7 days."""

    receipt_id: ToldId
    event: str
    event_id: str
    told_by: Literal["browser", "server"]
    code: str
    field: str | None
    received_at: ToldMoment


def tell_conversion(view: ConversionView) -> ToldConversion:
    """Return a conversion as callers see it."""
    has_ad = bool(view.ad_id)
    both = ["browser", "server"]
    return ToldConversion.model_validate(
        {
            "event_id": view.event_id,
            "receipt_id": str(view.id),
            "event": view.event,
            "status": view.status,
            "why": view.why or None,
            "told_by": both if view.told_by_both else [view.source],
            "copies": view.copies,
            "at": rfc3339(view.at_ms),
            "received_at": rfc3339(view.received_at_ms),
            "value_micros": view.value_micros if view.value_micros >= 0 else None,
            "currency": view.currency or None,
            "touch": view.touch or None,
            "touch_at": rfc3339(view.touch_at_ms) if has_ad else None,
            "ad_id": str(view.ad_id) if has_ad else None,
            "adgroup_id": str(view.adgroup_id) if has_ad else None,
            "campaign_id": str(view.campaign_id) if has_ad else None,
            "result": view.is_counted and view.is_result,
        }
    )


def tell_refused(view: RefusedView) -> ToldRefusal:
    """Return a refused event as callers see it."""
    return ToldRefusal.model_validate(
        {
            "receipt_id": str(view.id),
            "event": view.event,
            "event_id": view.event_id,
            "told_by": view.source,
            "code": view.code,
            "field": view.field or None,
            "received_at": rfc3339(view.received_at_ms),
        }
    )
