"""What others see of pixels and apps: plain values, made from rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.management.pixels.models import Event, MobileApp, Pixel
from attise.management.pixels.rules import EventRule


@dataclass(frozen=True, slots=True)
class EventView:
    """What a pixel looks for."""

    id: int
    pixel_id: int
    name: str
    event_type: str
    """Empty for a name of the advertiser's own."""
    code: str
    counts_every_time: bool
    currency: str
    value_micros: int | None
    rules: tuple[EventRule, ...]
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class PixelView:
    """A pixel with its events, oldest first."""

    id: int
    code: str
    advertiser_id: int
    name: str
    category: str
    partner_name: str
    matches_email: bool
    matches_phone: bool
    events: tuple[EventView, ...]
    created_at_ms: int
    modified_at_ms: int
    paused_at_ms: int | None = None

    @property
    def is_paused(self) -> bool:
        """Whether nothing that is told of it is taken."""
        return self.paused_at_ms is not None

    @property
    def has_rules(self) -> bool:
        """Whether some event is seen by rules, without a line of code on the page."""
        return any(event.rules for event in self.events)


@dataclass(frozen=True, slots=True)
class MobileAppView:
    """An app of a store."""

    id: int
    advertiser_id: int
    name: str
    platform: str
    store_id: str
    download_url: str
    created_at_ms: int
    modified_at_ms: int


def view_event(row: Event) -> EventView:
    """Return the view of an event's row."""
    return EventView(
        id=row.id,
        pixel_id=row.pixel_id,
        name=row.name,
        event_type=row.event_type,
        code=row.code,
        counts_every_time=row.counts_every_time,
        currency=row.currency,
        value_micros=row.value_micros,
        rules=tuple(EventRule(**rule) for rule in row.rules),
        created_at_ms=row.created_at_ms,
    )


def view_pixel(row: Pixel, events: Iterable[Event]) -> PixelView:
    """Return the view of a pixel's row with the rows of its events."""
    return PixelView(
        id=row.id,
        code=row.code,
        advertiser_id=row.advertiser_id,
        name=row.name,
        category=row.category,
        partner_name=row.partner_name,
        matches_email=row.matches_email,
        matches_phone=row.matches_phone,
        events=tuple(view_event(event) for event in events),
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
        paused_at_ms=row.paused_at_ms,
    )


def view_app(row: MobileApp) -> MobileAppView:
    """Return the view of an app's row."""
    return MobileAppView(
        id=row.id,
        advertiser_id=row.advertiser_id,
        name=row.name,
        platform=row.platform,
        store_id=row.store_id,
        download_url=row.download_url,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
    )
