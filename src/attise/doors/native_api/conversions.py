"""What an advertiser's server reports of its pages, through the host's own API."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attise.doors.native_api import wire
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import FieldError, PathId
from attise.doors.native_api.schemas.conversions import (
    ConversionGiven,
    ConversionResult,
    ConversionsAnswer,
    ConversionsGiven,
)
from attise.doors.site.reporting import Outcome, report
from attise.kernel.errors import Refusals
from attise.kernel.money import MICROS
from attise.management.pixels import queries as pixels
from attise.measurement.ingest.reported import Reported, ReportedContent

group = Group("Conversions")
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
