"""Who watches in this browser: the viewer of whoever is signed in, else an anonymous one whom its cookie names.

An anonymous viewer has no facts and no consent, so nothing is derived of them; they are made when a page first asks
for a ticket or somebody acts, not by looking at a page: a program that fetches pages makes nobody.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from attise.doors.consoles.address import address_of
from attise.doors.consoles.visit import visit_of
from attise.doors.site.means import means
from attise.kernel.ids import parse_id
from attise.kernel.limits import BROWSER_VIEWER_LIFE_S, NEW_VIEWERS_PER_HOUR, NEW_VIEWERS_PER_MINUTE
from attise.management.attempts.actions import Guard, Limit, reserve
from attise.management.viewers import actions
from attise.management.viewers import queries as viewers
from attise.records.viewer import Viewer

COOKIE = "attise-viewer"
SALT = "viewer"
_LIMITS = (Limit(NEW_VIEWERS_PER_MINUTE, 1), Limit(NEW_VIEWERS_PER_HOUR, 60))


def find_watcher(request: HttpRequest) -> Viewer | None:
    """Return the record of whoever watches, or None: nobody is signed in, and this browser was nobody until now."""
    visit = visit_of(request)
    if visit is not None:
        found = viewers.find_viewer_of_person(visit.person.id)
        return None if found is None else viewers.find_record(found.id)
    number = parse_id(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=BROWSER_VIEWER_LIFE_S) or "")
    found_record = None if number is None else viewers.find_record(number)
    if found_record is not None:
        request.is_known_watcher = True  # type: ignore[attr-defined]  # the cookie need not be written again
    return found_record


def watcher_of(request: HttpRequest) -> Viewer:
    """Return the record of whoever watches, made now for those who are new. Raises: ``too_many_requests``."""
    found = find_watcher(request)
    if found is not None:
        return found
    given, visit = means(), visit_of(request)
    if visit is not None:
        viewer = actions.viewer_of_person(given, person_id=visit.person.id)
    else:
        reserve(given, [Guard("new_viewer", address_of(request), _LIMITS)])
        viewer = actions.create_viewer(given)
    record = viewers.find_record(viewer.id)
    if record is None:
        raise AssertionError("a viewer that was just made is there")
    return record


def remember(request: HttpRequest, response: HttpResponse, viewer: Viewer) -> None:
    """Let this browser keep which anonymous viewer it is; whoever is signed in is known by their session."""
    if visit_of(request) is not None or getattr(request, "is_known_watcher", False):
        return
    response.set_signed_cookie(
        COOKIE,
        str(viewer.viewer_id),
        salt=SALT,
        max_age=BROWSER_VIEWER_LIFE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
