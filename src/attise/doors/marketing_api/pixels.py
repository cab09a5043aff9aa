"""Pixels: what an advertiser's pages name when they report, and the events that are looked for on them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.links import absolute
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Between, Day, Id, Items, Length
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE, page_info
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.clock import to_ms
from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import DAY_MS, PIXEL_EVENTS, PIXEL_RULES
from attise.kernel.money import format_amount
from attise.management.accounts.rules import Permission, Scope
from attise.management.pixels import actions, queries, rules
from attise.management.pixels.rules import EventDraft, EventRule
from attise.management.pixels.views import EventView, PixelView
from attise.measurement.conversions import queries as conversions
from attise.measurement.conversions.queries import EventCount
from attise.records.lookups import currencies
from attise.records.tag import TAG_PATH
from attise.records.web_events import BY_NAME, BY_TYPE

EDITS = Advertiser(Permission.EDIT_CAMPAIGNS)
SPELLED = {
    "name": "pixel_name",
    "category": "pixel_category",
}
SPELLED_EVENTS = {
    "events": "pixel_events",
    "events[].event_type": "pixel_events[].event_type",
    "events[].code": "pixel_events[].event_code",
    "events[].name": "pixel_events[].event_name",
    "events[].currency": "pixel_events[].currency",
    "events[].value": "pixel_events[].currency_value",
    "events[].rules": "pixel_events[].rules",
    "events[].rules[].trigger": "pixel_events[].rules[].trigger",
    "events[].rules[].variable": "pixel_events[].rules[].variable",
    "events[].rules[].operator": "pixel_events[].rules[].operator",
    "events[].rules[].value": "pixel_events[].rules[].value",
}
SPELLED_EVENT = {"name": "event_name", "value": "currency_value"}
Text = Annotated[str, Length(0, 400)]
Word = Annotated[str, Length(0, 40)]
MOST_PIXELS = 10
MOST_DAYS = 30
TOO_LONG = N_("must be a span of 30 days at most")


class _CreatePixel(Params):
    advertiser_id: Id
    pixel_name: Text
    pixel_category: Word = ""
    partner_name: Text = ""


@endpoint("POST", "pixel/create", needs=EDITS, scope=Scope.PIXEL, spelled=SPELLED)
def create_pixel(call: Call, params: _CreatePixel) -> Data:
    """Make a pixel; ``pixel_script`` is what goes into the advertiser's pages."""
    pixel = actions.create_pixel(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        name=params.pixel_name,
        category=params.pixel_category,
        partner_name=params.partner_name,
    )
    row = _row(call, pixel)
    names = ("pixel_id", "pixel_code", "pixel_name", "pixel_category", "partner_name")
    return {name: row[name] for name in (*names, "advanced_matching_fields", "pixel_script")}


class _Matching(Params):
    email: bool = True
    phone_number: bool = True


class _UpdatePixel(Params):
    advertiser_id: Id
    pixel_id: Id
    pixel_name: Text
    advanced_matching_fields: _Matching | None = None


@endpoint("POST", "pixel/update", needs=EDITS, scope=Scope.PIXEL, spelled=SPELLED)
def update_pixel(call: Call, params: _UpdatePixel) -> Data:
    """Change a pixel's name, and which hashed contacts its tag may send."""
    matching = params.advanced_matching_fields
    actions.update_pixel(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        pixel_id=params.pixel_id,
        name=params.pixel_name,
        matches_email=None if matching is None else matching.email,
        matches_phone=None if matching is None else matching.phone_number,
    )
    return {}


class _PixelFilter(Params):
    available_for_catalog_only: bool = False


class _ListPixels(Params):
    advertiser_id: Id
    pixel_id: Id | None = None
    code: Text = ""
    name: Text = ""
    order_by: Literal["EARLIEST_CREATE", "LATEST_CREATE"] = "EARLIEST_CREATE"
    filtering: _PixelFilter = _PixelFilter()
    page: Annotated[int, Between(1, LARGEST_PAGE)] = 1
    page_size: Annotated[int, Between(1, 20)] = 10


@endpoint("GET", "pixel/list", needs=Advertiser(), scope=Scope.PIXEL)
def list_pixels(call: Call, params: _ListPixels) -> Data:
    """List the advertiser's pixels with their events; none is there for a catalog, since there are no catalogs."""
    page = queries.search_pixels(
        params.advertiser_id,
        pixel_id=0 if params.filtering.available_for_catalog_only else params.pixel_id,
        code=params.code,
        name=params.name,
        newest_first=params.order_by == "LATEST_CREATE",
        page=params.page,
        page_size=params.page_size,
    )
    return {"pixels": [_row(call, pixel) for pixel in page.items], "page_info": page_info(page)}


class _Rule(Params):
    trigger: Word
    variable: Word
    operator: Word
    value: str


class _Event(Params):
    event_type: Word = ""
    event_code: Text = ""
    event_name: Text = ""
    statistic_type: Literal["EVERY_TIME", "ONCE"] = "EVERY_TIME"
    currency: Word = ""
    currency_value: Word = ""
    rules: Annotated[list[_Rule], Items(0, PIXEL_RULES)] = []


class _CreateEvents(Params):
    advertiser_id: Id
    pixel_id: Id
    pixel_events: Annotated[list[_Event], Items(1, PIXEL_EVENTS)]


@endpoint("POST", "pixel/event/create", needs=EDITS, scope=Scope.PIXEL, spelled=SPELLED_EVENTS)
def create_events(call: Call, params: _CreateEvents) -> Data:
    """Have a pixel look for more events: all of them, or none."""
    made = actions.create_events(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        pixel_id=params.pixel_id,
        drafts=[_draft(event) for event in params.pixel_events],
    )
    return {"event_ids": [str(event.id) for event in made]}


class _UpdateEvent(Params):
    advertiser_id: Id
    event_id: Id
    event_name: Text | None = None
    currency: Word = ""
    currency_value: Word = ""


@endpoint("POST", "pixel/event/update", needs=EDITS, scope=Scope.PIXEL, spelled=SPELLED_EVENT)
def update_event(call: Call, params: _UpdateEvent) -> Data:
    """Change an event's name, or what it is worth when the page does not say."""
    actions.update_event(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        event_id=params.event_id,
        name=params.event_name,
        currency=params.currency,
        value=params.currency_value,
    )
    return {}


class _DeleteEvent(Params):
    advertiser_id: Id
    event_id: Id


@endpoint("POST", "pixel/event/delete", needs=EDITS, scope=Scope.PIXEL)
def delete_event(call: Call, params: _DeleteEvent) -> Data:
    """Stop looking for an event."""
    actions.delete_event(call.means, call.actor, advertiser_id=params.advertiser_id, event_id=params.event_id)
    return {}


class _Days(Params):
    start_date: Day
    end_date: Day


class _Stats(Params):
    advertiser_id: Id
    pixel_ids: Annotated[list[Id], Items(1, MOST_PIXELS)]
    date_range: _Days


@endpoint("GET", "pixel/event/stats", needs=Advertiser(), scope=Scope.PIXEL)
def count_events(call: Call, params: _Stats) -> Data:  # noqa: ARG001 - the same first argument for all
    """Count what pages and servers told of pixels, by kind of event: each thing once, whoever told it."""
    if (params.date_range.end_date - params.date_range.start_date).days > MOST_DAYS:
        raise Refusal(errors.VALUE, field="date_range", rule=TOO_LONG)
    found = queries.existing_pixels(params.advertiser_id, params.pixel_ids)
    begin = dt.datetime.combine(params.date_range.start_date, dt.time(), dt.UTC)
    last = dt.datetime.combine(params.date_range.end_date, dt.time(), dt.UTC)
    counted: dict[int, list[EventCount]] = {}
    for one in conversions.count_events(found, from_ms=to_ms(begin), to_ms=to_ms(last) + DAY_MS):
        counted.setdefault(one.pixel_id, []).append(one)
    return {
        "list": [
            {"pixel_id": str(pixel_id), "statistics": [_count_row(one) for one in counted.get(pixel_id, [])]}
            for pixel_id in found
        ]
    }


def _count_row(one: EventCount) -> Data:
    kind = BY_NAME.get(one.event)
    return {
        "pixel_event_type": kind.type if kind is not None else "CUSTOM",
        "custom_event_type": None if kind is not None else one.event,
        "total_count": one.total,
        "browser_event_total_count": one.browser,
        "server_event_total_count": one.server,
        "attributed_count": one.credited,
        "preview_count": one.tests,
    }


class _InstantPage(Params):
    advertiser_id: Id
    objective_type: Word = ""
    optimization_goal: Word = ""
    is_retargeting: bool = False


@endpoint("GET", "pixel/instant_page/event", needs=Advertiser(), scope=Scope.PIXEL)
def list_instant_page_events(call: Call, params: _InstantPage) -> Data:  # noqa: ARG001 - as above
    """List the events of instant pages: there are no instant pages here, whatever the goal."""
    return {"list": []}


def _draft(event: _Event) -> EventDraft:
    return EventDraft(
        event_type=event.event_type,
        code=event.event_code,
        name=event.event_name,
        counts_every_time=event.statistic_type == "EVERY_TIME",
        currency=event.currency,
        value=event.currency_value,
        rules=tuple(EventRule(one.trigger, one.variable, one.operator, one.value) for one in event.rules),
    )


def _row(call: Call, view: PixelView) -> dict[str, Any]:
    return {
        "pixel_id": str(view.id),
        "pixel_code": view.code,
        "pixel_name": view.name,
        "pixel_category": view.category or None,
        "pixel_script": rules.script_of(view.code, absolute(call, TAG_PATH)),
        "create_time": entity_time(view.created_at_ms),
        "pixel_setup_mode": "STANDARD" if view.has_rules else "DEVELOPER",
        "partner_name": view.partner_name or None,
        "advanced_matching_fields": {"email": view.matches_email, "phone_number": view.matches_phone},
        "asset_ownership": {"asset_relation_status": "UNBOUND", "ownership_status": True, "owner_bc_id": None},
        "events": [_event_row(event) for event in view.events],
    }


def _event_row(view: EventView) -> dict[str, Any]:
    kind = BY_TYPE.get(view.event_type)
    return {
        "event_id": str(view.id),
        "event_code": view.code,
        "name": view.name,
        "event_type": view.event_type or None,
        "optimization_event": view.event_type if kind is not None and kind.is_goal else None,
        "custom_event_type": None if view.event_type else view.code,
        "statistic_type": "EVERY_TIME" if view.counts_every_time else "ONCE",
        "currency": view.currency or None,
        "currency_value": None if view.value_micros is None else _amount(view.value_micros, view.currency),
        "deprecated": kind is not None and kind.is_old,
        "rules": [
            {"trigger": one.trigger, "variable": one.variable, "operator": one.operator, "value": one.value}
            for one in view.rules
        ],
    }


def _amount(micros: int, currency: str) -> str:
    return format_amount(micros, exponent=currencies.get(currency).exponent)
