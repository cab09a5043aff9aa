"""Shapes of pixels and mobile apps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.limits import NAME_CHARACTERS, PIXEL_NAME_CHARACTERS
from attise.management.pixels import rules
from attise.management.pixels.views import EventView, MobileAppView, PixelView

PixelCategory = Literal["ONLINE_STORE", "FILLING_FORM", "CONTACTS", "LANDING_PAGE", "CUSTOMIZE_EVENTS"]
Platform = Literal["android", "ios"]


class PixelDraft(Given):
    """A pixel to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Boutique", "category": "ONLINE_STORE"}]})
    name: Annotated[str, Field(max_length=4 * PIXEL_NAME_CHARACTERS)]
    category: PixelCategory | None = None
    partner_name: Annotated[str, Field(max_length=4 * NAME_CHARACTERS, description="Who set it up for you.")] = ""


class PixelChange(Given):
    """What changes of a pixel."""

    name: Annotated[str | None, Field(max_length=4 * PIXEL_NAME_CHARACTERS)] = None
    paused: Annotated[bool | None, Field(description="While it is paused, what is told of it is refused.")] = None


class RuleAnswer(Told):
    """When something on the page counts."""

    trigger: str
    variable: str
    operator: str
    value: str


class PixelEventAnswer(Told):
    """What a pixel looks for."""

    event_id: ToldId
    name: str
    event_type: str | None
    code: Annotated[str, Field(description="What the page sends.")]
    counts: Literal["every_time", "once"]
    value_micros: int | None
    currency: str | None
    rules: list[RuleAnswer]


class PixelAnswer(Told):
    """A pixel. ``script`` goes before ``</head>`` of each page."""

    pixel_id: ToldId
    advertiser_id: ToldId
    code: str
    name: str
    category: str | None
    partner_name: str | None
    script: str
    events: list[PixelEventAnswer]
    paused: bool
    created_at: ToldMoment


class AppDraft(Given):
    """A mobile app to register; its page in the store of its system says the rest."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"download_url": "https://play.google.com/store/apps/details?id=com.example.shop"}]
        }
    )
    download_url: Annotated[str, Field(max_length=2048)]
    name: Annotated[str, Field(max_length=4 * NAME_CHARACTERS)] = ""
    platform: Annotated[Platform | None, Field(description="For a page in another store.")] = None
    store_id: Annotated[str, Field(max_length=150, description="The package, for a page in another store.")] = ""


class AppAnswer(Told):
    """A mobile app."""

    app_id: ToldId
    advertiser_id: ToldId
    name: str
    platform: Platform
    store_id: str
    download_url: str
    created_at: ToldMoment


def tell_pixel(view: PixelView, tag_url: str) -> PixelAnswer:
    """Return a pixel as callers see it; ``tag_url`` is the absolute address of the tag."""
    return PixelAnswer(
        pixel_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        code=view.code,
        name=view.name,
        category=view.category or None,
        partner_name=view.partner_name or None,
        script=rules.script_of(view.code, tag_url),
        events=[_tell_event(event) for event in view.events],
        paused=view.is_paused,
        created_at=rfc3339(view.created_at_ms),
    )


def tell_app(view: MobileAppView) -> AppAnswer:
    """Return an app as callers see it."""
    return AppAnswer(
        app_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        name=view.name,
        platform="android" if view.platform == "ANDROID" else "ios",
        store_id=view.store_id,
        download_url=view.download_url,
        created_at=rfc3339(view.created_at_ms),
    )


def _tell_event(view: EventView) -> PixelEventAnswer:
    return PixelEventAnswer(
        event_id=str(view.id),
        name=view.name,
        event_type=view.event_type or None,
        code=view.code,
        counts="every_time" if view.counts_every_time else "once",
        value_micros=view.value_micros,
        currency=view.currency or None,
        rules=[
            RuleAnswer(trigger=one.trigger, variable=one.variable, operator=one.operator, value=one.value)
            for one in view.rules
        ],
    )
