"""The session of a browser: opened with a new key when somebody signs in, ended when they leave."""

from __future__ import annotations

from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.urls import reverse

from attise.doors.consoles.visit import Visit, visit_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
LANDINGS = {
    "viewer": "viewer_feed",
    "creator": "creator_home",
    "advertiser": "ads_home",
    "operator": "operator_home",
}


def open_session(request: HttpRequest, person_id: int) -> Visit:
    """Sign a person in: what the browser held before is left behind, and its session has a new key."""
    row = ModelBackend().get_user(person_id)
    if row is None:
        raise AssertionError("whoever signs in exists and is active")
    request.session.flush()
    auth.login(request, row, backend=BACKEND)
    visit = visit_of(request)
    if visit is None:
        raise AssertionError("whoever was signed in is there")
    return visit


def keep_session(request: HttpRequest, person_id: int) -> None:
    """Keep this browser signed in after a change of password that ends every other session, under a new key."""
    row = ModelBackend().get_user(person_id)
    if row is not None:
        auth.update_session_auth_hash(request, row)


def landing_of(visit: Visit, console: str = "") -> str:
    """Return where a person arrives: the console asked for, else their only one, else the page that shows them all."""
    if console in LANDINGS:
        return reverse(LANDINGS[console])
    held = [name for name, is_held in _held(visit).items() if is_held]
    return reverse(LANDINGS[held[0]] if len(held) == 1 else "viewer_home")


def _held(visit: Visit) -> dict[str, bool]:
    return {
        "creator": visit.creator is not None,
        "advertiser": bool(visit.memberships),
        "operator": visit.person.is_operator,
    }
