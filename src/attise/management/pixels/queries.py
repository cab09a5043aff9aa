"""Reads of pixels and apps; another advertiser's do not exist. Cost: two statements for pixels, one for apps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.ids import BOUND
from attise.kernel.paging import NumberedPage, Page
from attise.kernel.text import is_storable
from attise.management.pixels.models import Event, MobileApp, Pixel
from attise.management.pixels.rules import is_code
from attise.management.pixels.views import EventView, MobileAppView, PixelView, view_app, view_event, view_pixel


def get_pixel(advertiser_id: int, pixel_id: int) -> PixelView:
    """Return a pixel of the advertiser. Raises: ``not_found``."""
    found = find_pixel(advertiser_id, pixel_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="pixel_id")
    return found


def find_pixel(advertiser_id: int, pixel_id: int) -> PixelView | None:
    """Return a pixel of the advertiser, or None."""
    found = _views(_pixels(advertiser_id).filter(id=pixel_id)) if 0 < pixel_id < BOUND else []
    return found[0] if found else None


def find_pixel_by_code(code: str) -> PixelView | None:
    """Return the pixel that pages name so, whoever's it is, or None."""
    found = _views(Pixel.objects.filter(code=code)) if is_code(code) else []
    return found[0] if found else None


def find_first_pixel() -> PixelView | None:
    """Return the oldest pixel of the house, or None: whose a shop's is that names none."""
    found = _views(Pixel.objects.order_by("id")[:1])
    return found[0] if found else None


def existing_pixels(advertiser_id: int, pixel_ids: Collection[int]) -> list[int]:
    """Return those of the ids that are pixels of the advertiser, in the order given, each once."""
    asked = [pixel_id for pixel_id in dict.fromkeys(pixel_ids) if 0 < pixel_id < BOUND]
    found = set(_pixels(advertiser_id).filter(id__in=asked).values_list("id", flat=True))
    return [pixel_id for pixel_id in asked if pixel_id in found]


def owners_of(pixel_ids: Collection[int]) -> dict[int, int]:
    """Return whose each of these pixels is, by id; what is no pixel is left out. Cost: one statement, none for none."""
    asked = [pixel_id for pixel_id in pixel_ids if 0 < pixel_id < BOUND]
    if not asked:
        return {}
    return dict(Pixel.objects.filter(id__in=asked).values_list("id", "advertiser_id"))


def search_pixels(
    advertiser_id: int,
    *,
    pixel_id: int | None = None,
    code: str = "",
    name: str = "",
    newest_first: bool = False,
    page: int = 1,
    page_size: int = 10,
) -> NumberedPage[PixelView]:
    """Return a page of the advertiser's pixels; ``name`` is a part of the name, whatever its case."""
    rows = _pixels(advertiser_id).order_by("-id" if newest_first else "id")
    if pixel_id is not None:
        rows = rows.filter(id=pixel_id)
    if code:
        rows = rows.filter(code=code) if is_storable(code) else rows.none()
    if name:
        rows = rows.filter(name__icontains=name) if is_storable(name) else rows.none()
    total = rows.count()
    first = (page - 1) * page_size
    return NumberedPage(_views(rows[first : first + page_size]) if first < total else [], page, page_size, total)


def page_pixels(advertiser_id: int, *, after: int | None = None, limit: int = 50) -> Page[PixelView]:
    """Return the advertiser's pixels, newest first, from after an id on."""
    rows = _pixels(advertiser_id).order_by("-id")
    found = _views((rows if after is None else rows.filter(id__lt=after))[: limit + 1])
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def get_event(advertiser_id: int, event_id: int) -> EventView:
    """Return an event of one of the advertiser's pixels. Raises: ``not_found``."""
    row = Event.objects.filter(pixel__advertiser_id=advertiser_id, id=event_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="event_id")
    return view_event(row)


def get_app(advertiser_id: int, app_id: int) -> MobileAppView:
    """Return an app of the advertiser. Raises: ``not_found``."""
    found = find_app(advertiser_id, app_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="app_id")
    return found


def get_source(advertiser_id: int, source_id: int) -> PixelView | MobileAppView:
    """Return what events are told of: an app of the advertiser, or a pixel. Raises: ``not_found``, of a pixel."""
    return find_app(advertiser_id, source_id) or get_pixel(advertiser_id, source_id)


def find_app(advertiser_id: int, app_id: int) -> MobileAppView | None:
    """Return an app of the advertiser, or None."""
    row = _apps(advertiser_id).filter(id=app_id).first() if 0 < app_id < BOUND else None
    return None if row is None else view_app(row)


def find_app_by_id(app_id: int) -> MobileAppView | None:
    """Return the app of an id, whoever's it is, or None."""
    row = MobileApp.objects.filter(id=app_id).first() if 0 < app_id < BOUND else None
    return None if row is None else view_app(row)


def list_apps(advertiser_id: int, *, store_ids: Iterable[str] | None = None) -> list[MobileAppView]:
    """Return every app of the advertiser, or those that stores know by these names, newest first."""
    rows = _apps(advertiser_id)
    if store_ids is not None:
        rows = rows.filter(store_id__in=[text for text in store_ids if is_storable(text)])
    return [view_app(row) for row in rows.order_by("-id")]


def page_apps(advertiser_id: int, *, after: int | None = None, limit: int = 50) -> Page[MobileAppView]:
    """Return the advertiser's apps, newest first, from after an id on."""
    rows = _apps(advertiser_id).order_by("-id")
    found = [view_app(row) for row in (rows if after is None else rows.filter(id__lt=after))[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _pixels(advertiser_id: int) -> QuerySet[Pixel]:
    return Pixel.objects.filter(advertiser_id=advertiser_id)


def _apps(advertiser_id: int) -> QuerySet[MobileApp]:
    return MobileApp.objects.filter(advertiser_id=advertiser_id)


def _views(rows: Iterable[Pixel]) -> list[PixelView]:
    """Return the views of pixels with their events."""
    pixels: Sequence[Pixel] = list(rows)
    events: dict[int, list[Event]] = {pixel.id: [] for pixel in pixels}
    if pixels:
        for event in Event.objects.filter(pixel_id__in=list(events)).order_by("id"):
            events[event.pixel_id].append(event)
    return [view_pixel(pixel, events[pixel.id]) for pixel in pixels]
