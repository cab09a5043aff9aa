"""Events of advertisers' pages and apps, as their servers report them: one at a time or many, each judged by itself.

What is taken is durable before the answer. Where all of them are refused, so is the request, by the code of the first;
where some are, the answer is a partial success that names them by their places.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from attise.doors.marketing_api.endpoint import AnyToken, Call, Data, Params, Partly, endpoint
from attise.doors.marketing_api.wire import codes, errors
from attise.doors.marketing_api.wire.kinds import Amount, Each, Items, Length
from attise.doors.site.reporting import Outcome, report
from attise.kernel.clock import to_ms
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.limits import CONVERSION_CONTACTS, CONVERSION_CONTENTS, CONVERSIONS_AT_ONCE
from attise.management.accounts.rules import Permission, Scope
from attise.management.pixels import queries as pixels
from attise.management.pixels.views import MobileAppView, PixelView
from attise.measurement.ingest.reported import Reported, ReportedContent
from attise.measurement.ingest.sent import ADDRESS_CHARACTERS, AGENT_CHARACTERS

Source = TypeVar("Source", PixelView, MobileAppView)
SPEAKS_FOR = Permission.EDIT_CAMPAIGNS
TOLD = 10
"""Refused events of which the message of a request that is refused whole speaks."""
Text = Annotated[str, Length(0, 2_048)]
Word = Annotated[str, Length(0, 400)]
Contacts = Annotated[list[Word], Items(0, CONVERSION_CONTACTS, bare=True)]
SPELLED = {
    "contents[].id": "properties.contents[].content_id",
    "contents[].name": "properties.contents[].content_name",
    "contents[].category": "properties.contents[].content_category",
    "contents[].price": "properties.contents[].price",
    "contents": "properties.contents",
    "value": "properties.value",
    "currency": "properties.currency",
    "email": "user.email",
    "external_id": "user.external_id",
}
SPELLED_NOW = {**SPELLED, "phone_number": "user.phone"}
SPELLED_BEFORE = {
    **SPELLED,
    **{name: f"context.user.{name}" for name in ("email", "phone_number", "external_id")},
    "event_time": "timestamp",
}
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_APP_ID = re.compile(r"[1-9][0-9]{0,18}")
_PLACE = re.compile(r"\[[0-9]+\]")


class _Content(Params):
    content_id: Word = ""
    content_name: Word = ""
    content_category: Word = ""
    price: Amount | None = None
    quantity: int = 1


class _Properties(Params):
    contents: Annotated[list[_Content], Items(0, CONVERSION_CONTENTS)] = []
    content_ids: Annotated[list[Word], Items(0, CONVERSION_CONTENTS)] = []
    currency: Word = ""
    value: Amount | None = None


class _Page(Params):
    url: Text = ""


class _Ad(Params):
    callback: Word = ""


# ---- Events API 2.0


class _User(Params):
    ttclid: Word = ""
    email: Contacts = []
    phone: Contacts = []
    external_id: Contacts = []
    ttp: Word = ""
    ip: Word = ""
    user_agent: Text = ""


class _Event(Params):
    event: Word
    event_time: int
    event_id: Word = ""
    user: _User = _User()
    properties: _Properties = _Properties()
    page: _Page = _Page()
    ad: _Ad = _Ad()
    limited_data_use: bool = False


class _TrackEvents(Params):
    event_source: Literal["web", "app", "offline", "crm"]
    event_source_id: Word
    data: Annotated[list[_Event | Refusals], Each(1, CONVERSIONS_AT_ONCE)]
    test_event_code: Word = ""


@endpoint("POST", "event/track", needs=AnyToken(), scope=Scope.PIXEL, is_frequent=True)
def track_events(call: Call, params: _TrackEvents) -> Data:
    """Report what happened on an advertiser's pages or in its app: up to 1,000 events, each judged by itself."""
    if params.event_source not in {"web", "app"}:
        raise Refusal(errors.NOT_OFFERED, field="event_source")
    find = _pixel if params.event_source == "web" else _app
    source = find(call, params.event_source_id, "event_source_id")
    is_test = bool(params.test_event_code)
    told = [one if isinstance(one, Refusals) else _reported(one, is_test=is_test) for one in params.data]
    return _answer(report(call.means, source, told), "data", SPELLED_NOW)


def _reported(event: _Event, *, is_test: bool) -> Reported:
    user = event.user
    return Reported(
        event.event,
        event.event_id,
        at_ms=event.event_time * 1000,
        value=_decimal(event.properties.value),
        currency=event.properties.currency,
        contents=_contents(event.properties),
        click_id=user.ttclid or event.ad.callback,
        emails=user.email,
        phones=user.phone,
        external_ids=user.external_id,
        browser_id=user.ttp,
        page=event.page.url,
        has_consent=not event.limited_data_use,
        is_test=is_test,
        agent=user.user_agent[:AGENT_CHARACTERS],
        address=user.ip[:ADDRESS_CHARACTERS],
    )


# ---- Events API 1.0


class _UserBefore(Params):
    email: Contacts = []
    phone_number: Contacts = []
    external_id: Contacts = []
    ttp: Word = ""


class _Context(Params):
    user: _UserBefore = _UserBefore()
    ad: _Ad = _Ad()
    page: _Page = _Page()
    ip: Word = ""
    user_agent: Text = ""


class _EventBefore(Params):
    event: Word
    event_id: Word = ""
    timestamp: Word = ""
    context: _Context = _Context()
    properties: _Properties = _Properties()
    limited_data_use: bool = False


class _TrackPixel(_EventBefore, frozen=True, kw_only=True):
    pixel_code: Word
    test_event_code: Word = ""


@endpoint("POST", "pixel/track", needs=AnyToken(), scope=Scope.PIXEL, is_frequent=True)
def track_pixel(call: Call, params: _TrackPixel) -> Data:
    """Report one thing that happened on an advertiser's pages, in the older form."""
    pixel = _pixel(call, params.pixel_code, "pixel_code")
    told = [_reported_before(params, is_test=bool(params.test_event_code))]
    return _answer(report(call.means, pixel, told), "", SPELLED_BEFORE)


class _TrackBatch(Params):
    pixel_code: Word
    batch: Annotated[list[_EventBefore | Refusals], Each(1, CONVERSIONS_AT_ONCE)]
    test_event_code: Word = ""


@endpoint("POST", "pixel/batch", needs=AnyToken(), scope=Scope.PIXEL, is_frequent=True)
def track_batch(call: Call, params: _TrackBatch) -> Data:
    """Report what happened on an advertiser's pages in the older form: up to 1,000 events, each judged by itself."""
    pixel = _pixel(call, params.pixel_code, "pixel_code")
    is_test = bool(params.test_event_code)
    told = [
        one if isinstance(one, Refusals) else _reported_before(one, is_test=is_test, at=f"batch[{place}].")
        for place, one in enumerate(params.batch)
    ]
    return _answer(report(call.means, pixel, told), "batch", SPELLED_BEFORE)


def _reported_before(event: _EventBefore, *, is_test: bool, at: str = "") -> Reported | Refusals:
    try:
        at_ms = _moment(event.timestamp, f"{at}timestamp")
    except Refusal as refusal:
        return Refusals([refusal])
    user = event.context.user
    return Reported(
        event.event,
        event.event_id,
        at_ms=at_ms,
        value=_decimal(event.properties.value),
        currency=event.properties.currency,
        contents=_contents(event.properties),
        click_id=event.context.ad.callback,
        emails=user.email,
        phones=user.phone_number,
        external_ids=user.external_id,
        browser_id=user.ttp,
        page=event.context.page.url,
        has_consent=not event.limited_data_use,
        is_test=is_test,
        agent=event.context.user_agent[:AGENT_CHARACTERS],
        address=event.context.ip[:ADDRESS_CHARACTERS],
    )


# ---- both


def _pixel(call: Call, code: str, field: str) -> PixelView:
    """Return the pixel that a code names, if the token may speak for it.

    Raises: ``not_found`` for one that is not there or not the token's, ``dialect_no_permission`` for too low a role.
    """
    return _mine(call, pixels.find_pixel_by_code(code), field)


def _app(call: Call, app_id: str, field: str) -> MobileAppView:
    """Return the app of an id, likewise."""
    return _mine(call, pixels.find_app_by_id(int(app_id)) if _APP_ID.fullmatch(app_id) else None, field)


def _mine(call: Call, found: Source | None, field: str) -> Source:
    if found is None or found.advertiser_id not in call.grant.advertiser_ids:
        raise Refusal(NOT_FOUND, field=field)
    if not call.grant.can_on_advertiser(found.advertiser_id, SPEAKS_FOR):
        raise Refusal(errors.NO_PERMISSION)
    return found


def _answer(outcomes: Sequence[Outcome], name: str, spelled: dict[str, str]) -> Data:
    """Return the answer to a request. Raises: Refusals, where no event was taken."""
    refused = {
        place: [_at(one, f"{name}[{place}]." if name else "", spelled) for one in outcome.items]
        for place, outcome in enumerate(outcomes)
        if isinstance(outcome, Refusals)
    }
    if len(refused) == len(outcomes):
        raise Refusals([one for told in list(refused.values())[:TOLD] for one in told])
    if not refused:
        return {}
    return Partly({"failed_events": [_failed(place, told) for place, told in refused.items()]}, _first_of(refused))


def _failed(place: int, told: list[Refusal]) -> dict[str, Any]:
    code, message, _ = codes.told(Refusals(told))
    return {"order_in_request": place, "error_code": code, "error_message": message}


def _first_of(refused: dict[int, list[Refusal]]) -> tuple[Refusal, ...]:
    return tuple(told[0] for told in refused.values())


def _at(refusal: Refusal, prefix: str, spelled: dict[str, str]) -> Refusal:
    """Return a refusal with its field's whole path; those of the wire have it already."""
    field = refusal.field
    if field is None or field.startswith(prefix or "\0"):
        return refusal
    places = _PLACE.findall(field)
    name = spelled.get(_PLACE.sub("[]", field), field)
    for place in places:
        name = name.replace("[]", place, 1)
    return refusal.at(f"{prefix}{name}")


def _contents(properties: _Properties) -> list[ReportedContent]:
    if not properties.contents:
        return [ReportedContent(one) for one in properties.content_ids]
    return [
        ReportedContent(one.content_id, one.content_name, one.content_category, _decimal(one.price), one.quantity)
        for one in properties.contents
    ]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _moment(text: str, field: str) -> int | None:
    """Return the epoch milliseconds of a time with a ``T`` or a space in it, UTC where it names no zone."""
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
        if moment is not None:
            return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))
    except (ValueError, OverflowError):
        pass
    raise Refusal(errors.VALUE, field=field, rule=errors.RULE_MOMENT)
