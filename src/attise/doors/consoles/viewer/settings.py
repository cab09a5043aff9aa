"""*Ads and you*: what is known of whoever watches, where each part of it comes from, and what they can do about it.

Open to everybody: whoever is signed out is an anonymous viewer, of whom nothing is derived, and is told so; their
browser can be forgotten like anybody else.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from attise.doors.consoles import words
from attise.doors.consoles.gate import NEXT, for_anyone
from attise.doors.consoles.viewer.feed import stage
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.site.means import means
from attise.doors.site.shown_ads import list_shown, named
from attise.kernel.limits import DAY_MS
from attise.management.viewers import queries as viewers
from attise.management.viewers.profiling import why_not_profiled
from attise.management.viewers.views import Since, ViewerView
from attise.records.lookups import behaviours, interests, regions
from attise.records.viewer import Behaved

SHOWN_ADS: Final = 50
ACTIONS: Final[dict[str, Promise]] = {
    "WATCHED_TO_END": pgettext_lazy("behaviour", "watched to the end"),
    "LIKED": pgettext_lazy("behaviour", "liked"),
    "COMMENTED": pgettext_lazy("behaviour", "commented"),
    "SHARED": pgettext_lazy("behaviour", "shared"),
    "FOLLOWING": pgettext_lazy("behaviour", "followed"),
    "VIEW_HOMEPAGE": pgettext_lazy("behaviour", "profiles visited"),
}


@for_anyone("GET")
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show it."""
    return show(request)


def show(
    request: HttpRequest, *, refused: dict[str, str] | None = None, birth_date: str = "", status: int = 200
) -> HttpResponse:
    """Draw the page; ``refused``: by field, what is wrong with what was sent."""
    watcher, now_ms = find_watcher(request), means().clock.world_ms()
    view = None if watcher is None else viewers.find_viewer(watcher.viewer_id)
    context: dict[str, Any] = {
        **stage(request),
        "current": "settings",
        "refused": refused or {},
        "birth_date": birth_date,
        "today": dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).date().isoformat(),
        "viewer": view,
        "countries": _countries(),
        "sign_in": f"{reverse('sign_in')}?{urlencode({NEXT: reverse('viewer_settings')})}",
        **_known(view, now_ms),
        "brands": [] if view is None else [{"row": row, "name": name} for row, name in named(view.hidden)],
        "shown": [] if watcher is None else list_shown(watcher.pseudonym, limit=SHOWN_ADS).items,
    }
    return render(request, "consoles/viewer/settings.html", context, status=status)


def _known(view: ViewerView | None, now_ms: int) -> dict[str, Any]:
    """Return what is known of a viewer, as templates take it."""
    if view is None:
        return {"why_not": "no_consent", "held": [], "removed": [], "done": [], "choices": _choices(())}
    chosen = {one.interest for one in view.chosen}
    derived = [one for one in view.derived if one.interest not in chosen]
    return {
        "why_not": why_not_profiled(consent=view.profiling_consent, birth_date=view.birth_date, at_ms=now_ms),
        "held": [
            *(_row(one, is_chosen=True) for one in view.chosen),
            *(_row(one, is_chosen=False) for one in derived),
        ],
        "removed": [_row(one, is_chosen=False) for one in view.removed],
        "done": sorted((_done(one) for one in view.behaviours), key=lambda one: (-one["at_ms"], one["name"])),
        "choices": _choices(chosen),
    }


def _row(one: Since, *, is_chosen: bool) -> dict[str, Any]:
    row = interests.find(one.interest)
    return {
        "id": one.interest,
        "name": one.interest if row is None else words.named(row),
        "is_chosen": is_chosen,
        "since_ms": one.since_ms,
    }


def _done(one: Behaved) -> dict[str, Any]:
    return {
        "name": words.named(behaviours.get(one.category_id)),
        "action": ACTIONS.get(one.action, one.action),
        "at_ms": one.day * DAY_MS,
    }


def _countries() -> list[tuple[str, str]]:
    """Return every country by its code, in the order of the reader's language."""
    return sorted(((row.iso, words.named(row)) for row in regions.countries()), key=lambda pair: pair[1])


def _choices(chosen: set[str] | tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what may still be chosen, by the interest it belongs to."""
    return [
        {
            "name": words.named(row),
            "rows": [
                {"id": one.wire_id, "name": words.named(one)}
                for one in (row, *interests.children(row.id))
                if one.wire_id not in chosen
            ],
        }
        for row in interests.all()
        if row.level == 1
    ]
