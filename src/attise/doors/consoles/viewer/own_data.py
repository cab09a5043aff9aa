"""What this house keeps of whoever watches, as a file they take along; and its deletion."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.settings import show
from attise.doors.consoles.viewer.watching import COOKIE, find_watcher
from attise.doors.site.forgetting import forget_viewer
from attise.doors.site.means import means
from attise.doors.site.shown_ads import list_shown, named
from attise.kernel.clock import rfc3339, to_datetime
from attise.kernel.limits import EXPORTED_ROWS
from attise.management.posts import queries as posts
from attise.management.review.queries import list_ad_reports_of, list_comment_reports_of
from attise.management.viewers import queries as viewers
from attise.management.viewers.views import Since, ViewerView
from attise.measurement.counters import queries as counters
from attise.measurement.profiles.evidence import decode
from attise.records.lookups import behaviours, interests
from attise.records.viewer import Viewer

SURE: Final = "oui"


@for_anyone("GET")
def export(request: HttpRequest) -> HttpResponse:
    """Answer a JSON file: every fact, interest, act and comment that leads to this viewer; nothing of anybody else."""
    watcher = find_watcher(request)
    told = {"viewer": None} if watcher is None else _told(watcher, viewers.get_viewer(watcher.viewer_id))
    day = to_datetime(means().clock.world_ms()).date().isoformat()
    name = pgettext("file name", "my-data")
    response = HttpResponse(json.dumps(told, ensure_ascii=False, indent=2), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="attise-{name}-{day}.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@for_anyone("POST")
def forget(request: HttpRequest) -> HttpResponse:
    """Delete the viewer of this browser or person; whoever has a login keeps it, and watches on as a new viewer."""
    if request.POST.get("sur") != SURE:
        return show(request, refused={"sur": _("Tick the box to delete your data.")}, status=422)
    watcher = find_watcher(request)
    if watcher is not None:
        forget_viewer(means(), viewer_id=watcher.viewer_id)
    messages.success(request, _("Your data is deleted."))
    response = HttpResponseRedirect(reverse("viewer_settings"))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _told(watcher: Viewer, view: ViewerView) -> dict[str, Any]:
    comments = posts.list_comments_of(view.id, limit=EXPORTED_ROWS)
    states = counters.list_states_of(watcher.pseudonym, limit=EXPORTED_ROWS)
    return {
        "viewer": {
            "viewer_id": str(view.id),
            "external_id": view.external_id,
            "birth_date": None if view.birth_date is None else view.birth_date.isoformat(),
            "gender": view.gender or None,
            "country": view.country or None,
            "region": view.region or None,
            "language": view.language or None,
            "os": view.os or None,
            "device_price": view.device_price,
            "follows": [str(one) for one in view.follows],
            "created_at": rfc3339(view.created_at_ms),
        },
        "consent": {
            "profiling": view.profiling_consent,
            "since": None if view.consented_at_ms is None else rfc3339(view.consented_at_ms),
        },
        "interests": {
            "chosen": [_since(one) for one in view.chosen],
            "derived": [_since(one) for one in view.derived],
            "removed": [_since(one) for one in view.removed],
        },
        "hidden_brands": [
            {
                "advertiser": name,
                "ads": "all" if one.is_whole else one.ads,
                "since": rfc3339(one.since_ms),
            }
            for one, name in named(view.hidden)
        ],
        "ads_seen": [
            {
                "advertiser": one.brand,
                "creator": one.handle or None,
                "at": rfc3339(one.at_ms),
                "clicked": one.was_clicked,
            }
            for one in list_shown(watcher.pseudonym, limit=EXPORTED_ROWS).items
        ],
        "behaviours": [
            {"behaviour": behaviours.get(one.category_id).slug, "action": one.action.lower(), "day": one.day}
            for one in view.behaviours
        ],
        "derived_from": [
            {
                "kind": met.kind,
                "id": str(met.id),
                "about": [interests.get(topic).slug for topic in met.topics],
                "acts": [{"act": one.kind, "at": rfc3339(one.at_ms), "stands": one.is_on} for one in met.deeds],
            }
            for met in decode(viewers.find_evidence(view.id)).values()
        ],
        "states": [{"kind": one.kind, "object_id": str(one.object_id), "is_on": one.is_on} for one in states],
        "comments": [{"post_id": str(one.post_id), "at": rfc3339(one.at_ms), "text": one.text} for one in comments],
        "reported_comments": [
            {"comment_id": str(comment_id), "at": rfc3339(at_ms)}
            for comment_id, at_ms in list_comment_reports_of(view.id, limit=EXPORTED_ROWS)
        ],
        "reported_ads": [
            {"ad_id": str(ad_id), "reason": reason, "at": rfc3339(at_ms)}
            for ad_id, reason, at_ms in list_ad_reports_of(watcher.pseudonym, limit=EXPORTED_ROWS)
        ],
    }


def _since(one: Since) -> dict[str, str | None]:
    row = interests.find(one.interest)
    return {
        "interest": one.interest if row is None else row.slug,
        "since": None if one.since_ms is None else rfc3339(one.since_ms),
    }
