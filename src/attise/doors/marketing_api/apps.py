"""Mobile apps: a small registry, so that an ad group can name the app it promotes.

Partners of measurement, tracking addresses and retargeting by app are not offered.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.wire.kinds import Id, Items, Length, NotOffered, NotOfferedMark
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.limits import MOBILE_APPS
from attise.management.accounts.rules import Permission, Scope
from attise.management.pixels import actions, queries
from attise.management.pixels.views import MobileAppView

EDITS = Advertiser(Permission.EDIT_CAMPAIGNS)
StoreId = Annotated[str, Length(1, 150)]
Retargeting = Annotated[None, NotOfferedMark(("NON_RETARGETING",))]


class _CreateApp(Params):
    advertiser_id: Id
    download_url: str
    partner: NotOffered = None
    tracking_url: NotOffered = None
    enable_retargeting: Retargeting = None


@endpoint("POST", "app/create", needs=EDITS, scope=Scope.APP)
def create_app(call: Call, params: _CreateApp) -> Data:
    """Register an app by its page in the store of its system."""
    app = actions.register_app(
        call.means, call.actor, advertiser_id=params.advertiser_id, download_url=params.download_url
    )
    return {"app_id": str(app.id)}


class _UpdateApp(Params):
    advertiser_id: Id
    app_id: Id
    download_url: str | None = None
    platform: Literal["ANDROID", "IOS"] | None = None
    partner: NotOffered = None
    tracking_url: NotOffered = None
    enable_retargeting: Retargeting = None


@endpoint("POST", "app/update", needs=EDITS, scope=Scope.APP)
def update_app(call: Call, params: _UpdateApp) -> Data:
    """Correct the address of an app; the app itself stays the same."""
    actions.update_app(
        call.means,
        call.actor,
        advertiser_id=params.advertiser_id,
        app_id=params.app_id,
        download_url=params.download_url or None,
        platform=params.platform or "",
    )
    return {}


class _ListApps(Params):
    advertiser_id: Id
    app_platform_ids: Annotated[list[StoreId], Items(0, MOBILE_APPS)] | None = None


@endpoint("GET", "app/list", needs=Advertiser(), scope=Scope.APP)
def list_apps(call: Call, params: _ListApps) -> Data:  # noqa: ARG001 - the same first argument for all
    """List the advertiser's apps, newest first, unpaged as the dialect has it."""
    found = queries.list_apps(params.advertiser_id, store_ids=params.app_platform_ids or None)
    return {"apps": [_row(app) for app in found]}


class _ReadApp(Params):
    advertiser_id: Id
    app_id: Id


@endpoint("GET", "app/info", needs=Advertiser(), scope=Scope.APP)
def read_app(call: Call, params: _ReadApp) -> Data:  # noqa: ARG001 - as above
    """Tell one app."""
    return {"app": _row(queries.get_app(params.advertiser_id, params.app_id))}


def _row(view: MobileAppView) -> dict[str, Any]:
    return {
        "app_id": str(view.id),
        "advertiser_id": str(view.advertiser_id),
        "app_name": view.name,
        "app_platform_id": view.store_id,
        "package_name": view.store_id,
        "platform": view.platform,
        "download_url": view.download_url,
        "partner": None,
        "tracking_url": None,
        "enable_retargeting": "NON_RETARGETING",
        "create_time": entity_time(view.created_at_ms),
    }
