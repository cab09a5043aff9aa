"""A person agrees that an app acts for their advertisers: the page of the dialect's OAuth.

The address to go back to must be on the app's list letter by letter before anything is shown or sent there; whatever is
wrong is said here, never there.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from attise.doors.consoles import telling, words
from attise.doors.consoles.frame import shown_email
from attise.doors.consoles.gate import for_person
from attise.doors.consoles.visit import Visit
from attise.doors.site.middleware import CSP
from attise.kernel.errors import Refusal
from attise.kernel.ids import parse_id
from attise.management.accounts import actions
from attise.management.accounts.rules import ALL_SCOPES, Permission, can
from attise.management.accounts.views import AdvertiserView, AppView

STATE_CHARACTERS = 2_000
FOUND = 302


@for_person("GET", "POST")
def portal_auth(visit: Visit) -> HttpResponse:
    """Ask, and send the browser back to the app with a code, or with a refusal."""
    request = visit.request
    given = request.POST if request.method == "POST" else request.GET
    redirect_uri, state = given.get("redirect_uri", ""), given.get("state", "")
    try:
        app = actions.check_redirect(parse_id(given.get("app_id", "")) or 0, redirect_uri)
    except Refusal as refusal:
        return _cannot_ask(request, refusal)
    if len(state) > STATE_CHARACTERS:
        return _cannot_ask(request, None)
    mine = _connectable(visit)
    complaint, status = "", 200
    if request.method == "POST":
        if request.POST.get("answer") != "agree":
            return _go_back(redirect_uri, error="access_denied", state=state)
        chosen = [advertiser.id for advertiser in mine if str(advertiser.id) in request.POST.getlist("advertiser")]
        if chosen:
            code = actions.agree_oauth(
                visit.means,
                app_id=app.id,
                person_id=visit.person.id,
                advertiser_ids=chosen,
                redirect_uri=redirect_uri,
            )
            return _go_back(redirect_uri, auth_code=code, state=state)
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
    response.headers["Content-Security-Policy"] = _policy(redirect_uri)
    return response


def _policy(redirect_uri: str) -> str:
    """Return the site's policy, with the way back to the app open for the form of this page.

    Browsers hold every redirect that follows a form against ``form-action``, the app's own next redirects included, so
    the scheme is opened, not one host. Everything else stays closed.
    """
    schemes = "https:" if redirect_uri.startswith("https://") else "http: https:"
    return CSP.replace("form-action 'self'", f"form-action 'self' {schemes}")


def _connectable(visit: Visit) -> list[AdvertiserView]:
    """Return the advertisers that the person may let an app act for."""
    centers = {one.business_center_id for one in visit.memberships if can(one.roles, Permission.CONNECT_APPS)}
    return [advertiser for advertiser in visit.advertisers if advertiser.business_center_id in centers]


def _center_name(visit: Visit, advertiser: AdvertiserView) -> str:
    centers = {one.business_center_id: one.business_center_name for one in visit.memberships}
    return centers[advertiser.business_center_id]


def _go_back(redirect_uri: str, **answer: str) -> HttpResponse:
    """Send the browser to an address that was checked; an empty state is not sent."""
    query = urlencode({name: value for name, value in answer.items() if value})
    response = HttpResponse(status=FOUND)
    response.headers["Location"] = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
    return response


def _cannot_ask(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    """Say on our own page what is wrong with the app's link."""
    context = {
        "message": telling.sentence(refusal) if refusal else _("The state that the app sent is too long."),
        "next_step": telling.next_step(refusal) if refusal else _("Tell the maker of the app."),
        "code": refusal.code if refusal else "state_too_long",
        "back": "/",
    }
    return render(request, "consoles/refused.html", context, status=400)
