"""Ads that viewers were shown, and those that they want to see no more: for the host's own page of ads and you."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.shown_ads import HiddenAdvertisers, ShownAdAnswer, tell_hidden, tell_shown
from attise.doors.site.shown_ads import list_shown
from attise.management.viewers import actions, queries

group = Group("Ads of viewers")
PATH = "/v1/viewers/{viewer_id}/hidden-advertisers"


@group.get("/v1/viewers/{viewer_id}/ads", gives=Listing[ShownAdAnswer])
def list_ads_of_viewer(
    call: Call, viewer_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ShownAdAnswer]:
    """List the ads that a viewer was shown, the latest first.

    Those that came to a screen, for as long as they are kept.
    """
    page = list_shown(queries.get_record(viewer_id).pseudonym, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[ShownAdAnswer], page, tell_shown)


@group.get(PATH, gives=HiddenAdvertisers)
def get_hidden_advertisers(call: Call, viewer_id: PathId) -> HiddenAdvertisers:  # noqa: ARG001 - as elsewhere
    """Get whose ads a viewer hid: an event `hide` hides the ad, `report` every ad of its advertiser."""
    return tell_hidden(viewer_id, queries.get_viewer(viewer_id).hidden)


@group.put(PATH + "/{advertiser_id}", gives=HiddenAdvertisers)
def hide_advertiser(call: Call, viewer_id: PathId, advertiser_id: PathId) -> HiddenAdvertisers:
    """Show a viewer no ad of an advertiser any more."""
    view = actions.hide_brand(call.means, viewer_id=viewer_id, advertiser_id=advertiser_id)
    return tell_hidden(viewer_id, view.hidden)


@group.delete(PATH + "/{advertiser_id}", gives=HiddenAdvertisers)
def show_advertiser(call: Call, viewer_id: PathId, advertiser_id: PathId) -> HiddenAdvertisers:
    """Let ads of an advertiser be shown to a viewer again, those that were hidden one by one too."""
    view = actions.show_brand(call.means, viewer_id=viewer_id, advertiser_id=advertiser_id)
    return tell_hidden(viewer_id, view.hidden)
