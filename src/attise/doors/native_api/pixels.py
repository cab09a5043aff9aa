"""Pixels and mobile apps: what an advertiser measures with."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.pixels import (
    AppAnswer,
    AppDraft,
    PixelAnswer,
    PixelChange,
    PixelDraft,
    tell_app,
    tell_pixel,
)
from attise.management.accounts import queries as accounts
from attise.management.pixels import actions, queries
from attise.management.pixels.views import PixelView
from attise.records.tag import TAG_PATH

group = Group("Pixels and apps")


@group.post("/v1/advertisers/{advertiser_id}/pixels", gives=PixelAnswer, status=201, refuses=(409,))
def create_pixel(call: Call, advertiser_id: PathId, body: PixelDraft) -> PixelAnswer:
    """Create a pixel for an advertiser's pages.

    Its `script` loads the tag, which reports that a page was seen once the visitor has agreed.
    """
    view = actions.create_pixel(
        call.means,
        call.actor,
        advertiser_id=advertiser_id,
        name=body.name,
        category=body.category or "",
        partner_name=body.partner_name,
    )
    return _tell_pixel(call, view)


@group.get("/v1/advertisers/{advertiser_id}/pixels", gives=Listing[PixelAnswer])
def list_pixels(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[PixelAnswer]:
    """List an advertiser's pixels, newest first."""
    after = read_cursor(call, cursor)
    page = queries.page_pixels(accounts.get_advertiser(advertiser_id).id, after=after, limit=limit)
    return listing(call, Listing[PixelAnswer], page, lambda view: _tell_pixel(call, view))


@group.get("/v1/advertisers/{advertiser_id}/pixels/{pixel_id}", gives=PixelAnswer)
def get_pixel(call: Call, advertiser_id: PathId, pixel_id: PathId) -> PixelAnswer:
    """Get a pixel with its events."""
    return _tell_pixel(call, queries.get_pixel(advertiser_id, pixel_id))


@group.patch("/v1/advertisers/{advertiser_id}/pixels/{pixel_id}", gives=PixelAnswer)
def change_pixel(call: Call, advertiser_id: PathId, pixel_id: PathId, body: PixelChange) -> PixelAnswer:
    """Change a pixel's name, pause it, or resume it. Pages learn of a pause within half a minute."""
    view = actions.update_pixel(
        call.means,
        call.actor,
        advertiser_id=advertiser_id,
        pixel_id=pixel_id,
        name=body.name,
        is_paused=body.paused,
    )
    return _tell_pixel(call, view)


@group.post("/v1/advertisers/{advertiser_id}/apps", gives=AppAnswer, status=201, refuses=(409,))
def register_app(call: Call, advertiser_id: PathId, body: AppDraft) -> AppAnswer:
    """Register a mobile app that ads may promote."""
    view = actions.register_app(
        call.means,
        call.actor,
        advertiser_id=advertiser_id,
        download_url=body.download_url,
        name=body.name,
        platform=(body.platform or "").upper(),
        store_id=body.store_id,
    )
    return tell_app(view)


@group.get("/v1/advertisers/{advertiser_id}/apps", gives=Listing[AppAnswer])
def list_apps(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[AppAnswer]:
    """List an advertiser's apps, newest first."""
    after = read_cursor(call, cursor)
    page = queries.page_apps(accounts.get_advertiser(advertiser_id).id, after=after, limit=limit)
    return listing(call, Listing[AppAnswer], page, tell_app)


@group.get("/v1/advertisers/{advertiser_id}/apps/{app_id}", gives=AppAnswer)
def get_app(call: Call, advertiser_id: PathId, app_id: PathId) -> AppAnswer:  # noqa: ARG001 - the same for all
    """Get an app."""
    return tell_app(queries.get_app(advertiser_id, app_id))


def _tell_pixel(call: Call, view: PixelView) -> PixelAnswer:
    return tell_pixel(view, call.absolute(TAG_PATH))
