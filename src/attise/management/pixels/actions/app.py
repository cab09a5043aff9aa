"""An advertiser registers a mobile app by its page in a store, or corrects that page."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import MOBILE_APPS, NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.kernel.urls import Url, read_url
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.outbox.actions import unit, verb
from attise.management.pixels import queries, rules
from attise.management.pixels.errors import (
    APP_MOVED,
    APP_OTHER,
    APP_PAGE,
    APP_PLATFORM,
    APP_STORE_ID,
    APP_TAKEN,
    TOO_MANY_APPS,
)
from attise.management.pixels.models import MobileApp
from attise.management.pixels.rules import StorePage
from attise.management.pixels.views import MobileAppView

log = logging.getLogger(__name__)


@verb
def register_app(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    download_url: str,
    name: str = "",
    platform: str = "",
    store_id: str = "",
) -> MobileAppView:
    """Register an app; what the page of a known store says of it need not be said again.

    Raises: ``not_found`` for the advertiser; ``mobile_app_*``, the refusals of addresses and names.
    """
    accounts.get_advertiser(advertiser_id)
    gather = Gather()
    page = gather.take(_page, download_url, platform, store_id)
    clean = gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS, empty=True)
    gather.tell()
    url, told = page
    now_ms = means.clock.world_ms()
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        _refuse_known(advertiser_id, told)
        if MobileApp.objects.filter(advertiser_id=advertiser_id).count() >= MOBILE_APPS:
            raise Refusal(TOO_MANY_APPS, limit=MOBILE_APPS)
        row = MobileApp(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            name=clean or told.name[:NAME_CHARACTERS],
            platform=told.platform,
            store_id=told.store_id,
            download_url=str(url),
            created_at_ms=now_ms,
            modified_at_ms=now_ms,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            _refuse_known(advertiser_id, told)  # registered in this very moment
            raise
    log.info("app %s registered by %s", row.id, actor)
    return queries.get_app(advertiser_id, row.id)


@verb
def update_app(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    app_id: int,
    download_url: str | None = None,
    platform: str = "",
    name: str | None = None,
) -> MobileAppView:
    """Correct an app's address or name; the app itself stays the same.

    Raises: ``not_found``; ``mobile_app_platform``, ``mobile_app_other``, the refusals of addresses and names.
    """
    app = queries.get_app(advertiser_id, app_id)
    gather = Gather()
    changed: dict[str, object] = {}
    if platform and platform != app.platform:
        gather.add(Refusal(APP_PLATFORM, field="platform"))
    if download_url is not None:
        changed["download_url"] = gather.take(_same_app, download_url, app)
    if name is not None:
        changed["name"] = gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS)
    gather.tell()
    with unit(means):
        rows = MobileApp.objects.filter(advertiser_id=advertiser_id, id=app_id)
        if not rows.update(modified_at_ms=means.clock.world_ms(), **changed):
            raise Refusal(NOT_FOUND, field="app_id")
    log.info("app %s changed by %s", app_id, actor)
    return queries.get_app(advertiser_id, app_id)


def _refuse_known(advertiser_id: int, told: StorePage) -> None:
    same = MobileApp.objects.filter(advertiser_id=advertiser_id, platform=told.platform, store_id=told.store_id).first()
    if same is not None:
        raise Refusal(APP_TAKEN, field="download_url", app_id=str(same.id))


def _page(download_url: str, platform: str, store_id: str) -> tuple[Url, StorePage]:
    """Return the address and the app it leads to, by what the address says and what the caller says."""
    url = read_url(download_url, field="download_url")
    told = rules.store_page_of(url)
    if platform and platform not in MobileApp.Platform.values:
        raise Refusal(APP_PLATFORM, field="platform")
    if told is None:
        if not platform or not store_id:
            raise Refusal(APP_PAGE, field="download_url")
        if not rules.is_store_id(platform, store_id):
            raise Refusal(APP_STORE_ID, field="store_id")
        return url, StorePage(platform, store_id, store_id)
    if platform and platform != told.platform:
        raise Refusal(APP_PLATFORM, field="platform")
    if store_id and store_id != told.store_id:
        raise Refusal(APP_STORE_ID, field="store_id")
    return url, told


def _same_app(download_url: str, app: MobileAppView) -> str:
    """Return another address of an app's page: in a store, the page of the same app; elsewhere, on the same server.

    Why: ads that were approved lead there.
    """
    url = read_url(download_url, field="download_url")
    told = rules.store_page_of(url)
    if told is not None and (told.platform, told.store_id) != (app.platform, app.store_id):
        raise Refusal(APP_OTHER, field="download_url")
    before = read_url(app.download_url, field="download_url")
    if told is None and (url.host != before.host or rules.store_page_of(before) is not None):
        raise Refusal(APP_MOVED, field="download_url", host=before.host)
    return str(url)
