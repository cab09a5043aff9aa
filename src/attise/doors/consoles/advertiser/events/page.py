"""The page of pixels and events, what is done on it, and its console that asks again every two seconds."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, telling, words
from attise.doors.consoles.address import absolute
from attise.doors.consoles.advertiser.events import asking, told, windows
from attise.doors.consoles.advertiser.events.told import Told
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site.reporting import Kept, report
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.house import Mode
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS, PIXEL_NAME_CHARACTERS
from attise.management.accounts.rules import Permission
from attise.management.pixels import actions, queries, rules
from attise.management.pixels.views import MobileAppView, PixelView
from attise.measurement.conversions import queries as conversions
from attise.measurement.ingest.reported import Reported
from attise.records.tag import TAG_PATH
from attise.records.web_events import APP_EVENTS, WEB_EVENTS

PIXELS, SHOWN, LIVE, REFUSED = 20, 25, 12, 10
COUNTED_DAYS = 28
NOT_YET = 204
TRY_VALUE = Decimal("49.90")
NAMES = {one.names[0]: one.type for one in WEB_EVENTS if one.names}
"""Names that pages send, with their kinds."""
APP_NAMES = {one.names[0]: one.type for one in APP_EVENTS if one.names} | NAMES
"""Names that servers send of an app."""


Source = PixelView | MobileAppView
"""What tells of events: pages, or an app."""
LOOKS = {
    "credited": "active",
    "unmatched": "draft",
    "test": "scheduled",
    "doubted": "limited",
    "refused": "rejected",
}
"""How each is drawn, by the keys of the catalogue of statuses."""


class PixelForm(forms.Form):
    """What a pixel is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("One pixel for each site: “Online shop”, “Blog”."),
        max_length=PIXEL_NAME_CHARACTERS,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@for_member(Permission.READ, "GET")
def events(visit: AdvertiserVisit) -> HttpResponse:
    """Show the advertiser's pixels, and of one of them all that arrived; ``?pixel=`` says of which."""
    return _show(visit)


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def create(visit: AdvertiserVisit) -> HttpResponse:
    """Make a pixel."""
    form = PixelForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form=form, status=422)
    try:
        made = actions.create_pixel(
            visit.means, visit.actor, advertiser_id=visit.advertiser.id, name=form.cleaned_data["name"]
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, form=form, status=telling.put_into(form, refused))
    messages.success(visit.request, _("Pixel made. Paste its code into your pages."))
    return _to(made.id)


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def rename(visit: AdvertiserVisit, pixel_id: int) -> HttpResponse:
    """Give a pixel another name."""
    form = PixelForm(visit.request.POST)
    pixel = queries.get_pixel(visit.advertiser.id, pixel_id)
    if not form.is_valid():
        return _show(visit, pixel=pixel, renaming=form, status=422)
    try:
        actions.update_pixel(
            visit.means,
            visit.actor,
            advertiser_id=visit.advertiser.id,
            pixel_id=pixel_id,
            name=form.cleaned_data["name"],
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, pixel=pixel, renaming=form, status=telling.put_into(form, refused))
    messages.success(visit.request, _("Name saved."))
    return _to(pixel_id)


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def pause(visit: AdvertiserVisit, pixel_id: int) -> HttpResponse:
    """Pause a pixel, or resume it."""
    is_paused = visit.request.POST.get("pause") == "oui"
    actions.update_pixel(
        visit.means, visit.actor, advertiser_id=visit.advertiser.id, pixel_id=pixel_id, is_paused=is_paused
    )
    said = _("Pixel paused: nothing of it is taken, within half a minute.") if is_paused else _("Pixel resumed.")
    messages.success(visit.request, said)
    return _to(pixel_id)


@for_member(Permission.READ, "POST", act=Permission.EDIT_CAMPAIGNS)
def send_test(visit: AdvertiserVisit, pixel_id: int) -> HttpResponse:
    """Send a test event of this pixel or app, as a server would: it shows, and counts for nothing."""
    pixel = queries.get_source(visit.advertiser.id, pixel_id)
    name = visit.request.POST.get("evenement", "")
    test = Reported(
        name if name in APP_NAMES else "Purchase",
        f"essai-{visit.means.ids.next()}",
        value=TRY_VALUE,
        currency=visit.advertiser.currency,
        is_test=True,
    )
    (outcome,) = report(visit.means, pixel, [test])
    if isinstance(outcome, Kept):
        messages.success(visit.request, _("Test event sent: it shows in the console within a second or two."))
    else:
        messages.error(visit.request, telling.sentence(outcome.items[0]))
    return _to(pixel_id, "#direct")


@for_member(Permission.READ, "GET")
def live(visit: AdvertiserVisit, pixel_id: int) -> HttpResponse:
    """Answer the console's own question: nothing while nothing changed, else what it shows instead."""
    pixel = queries.get_source(visit.advertiser.id, pixel_id)
    context = _live(visit, pixel)
    if visit.request.GET.get("vu") == context["live_mark"]:
        return HttpResponse(status=NOT_YET)
    return render(visit.request, "consoles/advertiser/events/live.html", {**context, "pixel": pixel})


def _to(pixel_id: int, place: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('events')}?pixel={pixel_id}{place}")


def _show(
    visit: AdvertiserVisit,
    *,
    pixel: Source | None = None,
    form: PixelForm | None = None,
    renaming: PixelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    pixels = queries.page_pixels(visit.advertiser.id, limit=PIXELS).items
    apps = queries.page_apps(visit.advertiser.id, limit=PIXELS).items
    if pixel is None:
        asked = parse_id(visit.request.GET.get("pixel", ""))
        found = None if asked is None else queries.get_source(visit.advertiser.id, asked)
        pixel = found or next(iter((*pixels, *apps)), None)
    last = conversions.last_received([one.id for one in (*pixels, *apps)])
    context: dict[str, Any] = {
        "pixels": [{"view": one, "last_ms": last.get(one.id), "is_shown": one == pixel} for one in pixels],
        "apps": [{"view": one, "last_ms": last.get(one.id), "is_shown": one == pixel} for one in apps],
        "pixel": pixel,
        "is_app": isinstance(pixel, MobileAppView),
        "form": form or PixelForm(),
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "timezone": visit.advertiser.timezone.replace("_", " "),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    if pixel is not None:
        context |= _of_pixel(visit, pixel, last.get(pixel.id))
        context["renaming"] = renaming or PixelForm(initial={"name": pixel.name})
    return frame.page(visit, "advertiser/events/events.html", "events", context, status=status)


def _of_pixel(visit: AdvertiserVisit, pixel: Source, last_ms: int | None) -> dict[str, Any]:
    """Return what the page shows of one pixel, or of one app, which has no pages."""
    code = pixel.code if isinstance(pixel, PixelView) else ""
    names = NAMES if code else APP_NAMES
    wish, asked = asking.wish_of(visit, pixel), asking.asked_of(visit)
    views = conversions.list_latest(
        visit.advertiser.id, wish=wish, after=parse_id(visit.request.GET.get("apres", "")), limit=SHOWN + 1
    )
    now_ms = visit.means.clock.world_ms()
    counts = conversions.count_events([pixel.id], from_ms=now_ms - COUNTED_DAYS * DAY_MS, to_ms=now_ms + DAY_MS)
    older = {**asked, "pixel": str(pixel.id), "apres": str(views[SHOWN - 1].id)} if len(views) > SHOWN else {}
    is_live = settings.HOUSE.mode is Mode.LIVE
    return {
        **_live(visit, pixel),
        "last_ms": last_ms,
        "script": rules.script_of(code, absolute(visit.request, TAG_PATH)) if code else "",
        "curl": _curl(visit, pixel),
        "counts": [{"name": told.event_name(one.event), "sent": one.event, "count": one} for one in counts],
        "days": COUNTED_DAYS,
        "told": [_row(one) for one in told.of_conversions(views[:SHOWN])],
        "refused": [
            _row(one)
            for one in told.of_refused(conversions.list_refused(visit.advertiser.id, pixel_id=pixel.id, limit=REFUSED))
        ],
        "older_url": f"?{urlencode(older)}#recus" if older else "",
        "is_narrowed": bool(asked),
        "asked": asked,
        "statuses": [(key, label, asked.get("etat") == key) for key, label in asking.STATUS_NAMES.items()],
        "kinds": [(one.event, told.event_name(one.event), asked.get("evenement") == one.event) for one in counts],
        "names": [(name, words.EVENTS[kind]) for name, kind in names.items() if kind in words.EVENTS],
        "shop_url": "" if is_live or not code else f"{reverse('shop')}?pixel={code}",
        "windows": windows.of_pixel(visit, pixel.id),
        "usual": windows.USUAL,
        "formats": csv_file.options(get_language() or ""),
    }


def _live(visit: AdvertiserVisit, pixel: Source) -> dict[str, Any]:
    """Return what the console shows: the newest of what was taken and refused, and a mark of all of it."""
    views = conversions.list_latest(visit.advertiser.id, pixel_id=pixel.id, limit=LIVE)
    refused = conversions.list_refused(visit.advertiser.id, pixel_id=pixel.id, limit=LIVE)
    rows = [*told.of_conversions(views), *told.of_refused(refused)]
    newest = sorted(rows, key=lambda one: one.id, reverse=True)[:LIVE]
    said = repr([(one.id, one.key, one.said, one.merged, one.value_micros) for one in newest])
    return {
        "live": [_row(one) for one in newest],
        "live_mark": hashlib.sha256(said.encode()).hexdigest()[:16],
    }


def _row(one: Told) -> dict[str, Any]:
    return {"one": one, "status": str(told.STATUS_WORDS[one.key]), "look": LOOKS[one.key]}


def _curl(visit: AdvertiserVisit, pixel: Source) -> str:
    """Return a call that a server may make, with the pixel's code or the app's id and the present time."""
    kind, source = ("web", pixel.code) if isinstance(pixel, PixelView) else ("app", str(pixel.id))
    address = absolute(visit.request, "/open_api/v1.3/event/track/")
    now_s = visit.means.clock.world_ms() // 1000
    return (
        f'curl {address} -H "Access-Token: $TOKEN" -H "Content-Type: application/json" -d \'{{\n'
        f'  "event_source": "{kind}", "event_source_id": "{source}",\n'
        f'  "data": [{{"event": "Purchase", "event_time": {now_s}, "event_id": "order-1042",\n'
        f'            "user": {{"ttclid": "…"}},\n'
        f'            "properties": {{"value": {TRY_VALUE}, "currency": "{visit.advertiser.currency}"}}}}]\n'
        "}'"
    )
