"""What an advertiser's server reports of its pages, through the host's own API."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import Field

from attise.doors.native_api import wire
from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, FieldError, Limit, Listing, PathId
from attise.doors.native_api.schemas.conversions import (
    Became,
    ConversionGiven,
    ConversionResult,
    ConversionsAnswer,
    ConversionsGiven,
    ToldConversion,
    ToldRefusal,
    tell_conversion,
    tell_refused,
)
from attise.doors.site.reporting import Outcome, report
from attise.kernel.errors import Refusals
from attise.kernel.limits import CONVERSION_EVENT_CHARACTERS
from attise.kernel.money import MICROS
from attise.kernel.paging import Page
from attise.management.pixels import queries as pixels
from attise.measurement.conversions import queries as conversions
from attise.measurement.conversions.queries import ConversionView, RefusedView
from attise.measurement.ingest.reported import Reported, ReportedContent

group = Group("Conversions")
Item = TypeVar("Item", ConversionView, RefusedView)
EventName = Annotated[str, Field(max_length=CONVERSION_EVENT_CHARACTERS)]
SPELLED = {
    "value": "value_micros",
    "event_time": "at",
    "email": "email_sha256",
    "phone_number": "phone_sha256",
    "external_id": "external_id_sha256",
}


@group.post("/v1/advertisers/{advertiser_id}/pixels/{pixel_id}/events", gives=ConversionsAnswer, atomic=False)
def report_events(call: Call, advertiser_id: PathId, pixel_id: PathId, body: ConversionsGiven) -> ConversionsAnswer:
    """Report what happened on an advertiser's pages.

    Each event is judged by itself, and those that are accepted are durable before the answer. Name your events: sent
    again under the same name within 48 hours, an event counts once, whether the tag or a server told of it first.
    """
    pixel = pixels.get_pixel(advertiser_id, pixel_id)
    outcomes = report(call.means, pixel, [_reported(one) for one in body.events])
    return ConversionsAnswer(results=_results(body.events, outcomes))


@group.post("/v1/advertisers/{advertiser_id}/apps/{app_id}/events", gives=ConversionsAnswer, atomic=False)
def report_app_events(call: Call, advertiser_id: PathId, app_id: PathId, body: ConversionsGiven) -> ConversionsAnswer:
    """Report what happened in an advertiser's app, likewise; its first start on a device is named `InstallApp`."""
    outcomes = report(call.means, pixels.get_app(advertiser_id, app_id), [_reported(one) for one in body.events])
    return ConversionsAnswer(results=_results(body.events, outcomes))


@group.get("/v1/advertisers/{advertiser_id}/pixels/{pixel_id}/events", gives=Listing[ToldConversion])
def list_events(
    call: Call,
    advertiser_id: PathId,
    pixel_id: PathId,
    event: EventName | None = None,
    status: Became | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[ToldConversion]:
    """List what a pixel was told of, the newest first, each with what became of it.

    Credited to an ad, or `why` not; told twice counts once. A credit may change for as long as windows reach.
    """
    pixel = pixels.get_pixel(advertiser_id, pixel_id)
    wish = conversions.Wish(pixel.id, event or "", status or "")
    return _told(call, advertiser_id, wish, cursor, limit)


@group.get("/v1/advertisers/{advertiser_id}/apps/{app_id}/events", gives=Listing[ToldConversion])
def list_app_events(
    call: Call,
    advertiser_id: PathId,
    app_id: PathId,
    event: EventName | None = None,
    status: Became | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[ToldConversion]:
    """List what servers told of an app, likewise."""
    wish = conversions.Wish(pixels.get_app(advertiser_id, app_id).id, event or "", status or "")
    return _told(call, advertiser_id, wish, cursor, limit)


@group.get("/v1/advertisers/{advertiser_id}/pixels/{pixel_id}/refused-events", gives=Listing[ToldRefusal])
def list_refused_events(
    call: Call, advertiser_id: PathId, pixel_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ToldRefusal]:
    """List the events of a pixel that were refused lately, by its pages or its servers, with the code of why."""
    return _refused(call, advertiser_id, pixels.get_pixel(advertiser_id, pixel_id).id, cursor, limit)


@group.get("/v1/advertisers/{advertiser_id}/apps/{app_id}/refused-events", gives=Listing[ToldRefusal])
def list_refused_app_events(
    call: Call, advertiser_id: PathId, app_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ToldRefusal]:
    """List the events of an app that were refused lately, with the code of why."""
    return _refused(call, advertiser_id, pixels.get_app(advertiser_id, app_id).id, cursor, limit)


def _told(
    call: Call, advertiser_id: int, wish: conversions.Wish, cursor: str | None, limit: int
) -> Listing[ToldConversion]:
    found = conversions.list_latest(advertiser_id, wish=wish, after=read_cursor(call, cursor), limit=limit + 1)
    return listing(call, Listing[ToldConversion], _page(found, limit), tell_conversion)


def _refused(call: Call, advertiser_id: int, source_id: int, cursor: str | None, limit: int) -> Listing[ToldRefusal]:
    after = read_cursor(call, cursor)
    found = conversions.list_refused(advertiser_id, pixel_id=source_id, after=after, limit=limit + 1)
    return listing(call, Listing[ToldRefusal], _page(found, limit), tell_refused)


def _page(found: list[Item], limit: int) -> Page[Item]:
    """Return the part of a list of which one more was read."""
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _results(given: Sequence[ConversionGiven], outcomes: Sequence[Outcome]) -> list[ConversionResult]:
    return [
        ConversionResult(event_id=one.event_id, status="rejected", errors=_errors(outcome))
        if isinstance(outcome, Refusals)
        else ConversionResult(event_id=one.event_id, status="duplicate" if outcome.is_duplicate else "accepted")
        for one, outcome in zip(given, outcomes, strict=True)
    ]


def _errors(refused: Refusals) -> list[FieldError]:
    return [
        FieldError(**wire.tell_refusal(one.at(SPELLED.get(one.field or "", one.field or "")))) for one in refused.items
    ]


def _reported(given: ConversionGiven) -> Reported:
    return Reported(
        given.event,
        given.event_id,
        at_ms=given.at,
        value=_units(given.value_micros),
        currency=given.currency,
        contents=[
            ReportedContent(one.id, one.name, one.category, _units(one.price_micros), one.quantity)
            for one in given.contents
        ],
        click_id=given.click_id,
        emails=given.email_sha256,
        phones=given.phone_sha256,
        external_ids=given.external_id_sha256,
        browser_id=given.browser_id,
        page=given.page_url,
        has_consent=given.consent,
        is_test=given.test,
        agent=given.agent,
        address=given.address,
    )


def _units(micros: int | None) -> Decimal | None:
    return None if micros is None else Decimal(micros) / MICROS
