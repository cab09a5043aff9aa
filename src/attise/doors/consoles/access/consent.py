"""A person agrees that an app acts for their advertisers: the page of the dialect's OAuth.

The address to go back to must be on the app's list letter by letter before anything is shown or sent there; whatever is
wrong is said here, never there.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.consoles.access.way_back import STATE_CHARACTERS, cannot_ask, go_back, policy_for
from attise.doors.consoles.gate import for_person
from attise.doors.consoles.visit import Visit
from attise.doors.site.notices import shown_email
from attise.kernel.errors import Refusal
from attise.kernel.ids import parse_id
from attise.management.accounts import actions
from attise.management.accounts.rules import ALL_SCOPES, Permission, can
from attise.management.accounts.views import AdvertiserView, AppView


@for_person("GET", "POST")
def portal_auth(visit: Visit) -> HttpResponse:
    """Ask, and send the browser back to the app with a code, or with a refusal."""
    request = visit.request
    given = request.POST if request.method == "POST" else request.GET
    redirect_uri, state = given.get("redirect_uri", ""), given.get("state", "")
    try:
        app = actions.check_redirect(parse_id(given.get("app_id", "")) or 0, redirect_uri)
    except Refusal as refusal:
        return cannot_ask(request, refusal)
    if len(state) > STATE_CHARACTERS:
        return cannot_ask(request, None)
    mine = _connectable(visit)
    complaint, status = "", 200
    if request.method == "POST":
        if request.POST.get("answer") != "agree":
            return go_back(redirect_uri, error="access_denied", state=state)
        chosen = [advertiser.id for advertiser in mine if str(advertiser.id) in request.POST.getlist("advertiser")]
        if chosen:
            code = actions.agree_oauth(
                visit.means,
                app_id=app.id,
                person_id=visit.person.id,
                advertiser_ids=chosen,
                redirect_uri=redirect_uri,
            )
            return go_back(redirect_uri, auth_code=code, state=state)
        complaint, status = _("Choose at least one advertiser."), 422
    return _ask(visit, app, mine, redirect_uri, state, complaint, status)


def _ask(
    visit: Visit,
    app: AppView,
    mine: Sequence[AdvertiserView],
    redirect_uri: str,
    state: str,
    complaint: str,
    status: int,
) -> HttpResponse:
    chosen = visit.request.POST.getlist("advertiser")
    context = {
        "app": app,
        "host": urlsplit(redirect_uri).netloc,
        "redirect_uri": redirect_uri,
        "state": state,
        "person": visit.person,
        "email": shown_email(visit.person.email),
        "advertisers": [
            {"view": one, "checked": str(one.id) in chosen or len(mine) == 1, "center": _center_name(visit, one)}
            for one in mine
        ],
        "scopes": [words.SCOPES[scope] for scope in ALL_SCOPES],
        "complaint": complaint,
    }
    response = render(visit.request, "consoles/access/consent.html", context, status=status)
    response.headers["Content-Security-Policy"] = policy_for(redirect_uri)
    return response


def _connectable(visit: Visit) -> list[AdvertiserView]:
    """Return the advertisers that the person may let an app act for."""
    centers = {one.business_center_id for one in visit.memberships if can(one.roles, Permission.CONNECT_APPS)}
    return [advertiser for advertiser in visit.advertisers if advertiser.business_center_id in centers]


def _center_name(visit: Visit, advertiser: AdvertiserView) -> str:
    centers = {one.business_center_id: one.business_center_name for one in visit.memberships}
    return centers[advertiser.business_center_id]
