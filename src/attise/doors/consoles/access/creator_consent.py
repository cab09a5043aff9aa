"""A creator agrees that an app acts for their account: the page behind the dialect's account tokens.

As with an advertiser's agreement, the address to go back to must be on the app's list letter by letter before anything
is shown or sent there.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render

from attise.doors.consoles import words
from attise.doors.consoles.access.way_back import STATE_CHARACTERS, cannot_ask, go_back, policy_for
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Refusal
from attise.kernel.ids import parse_id
from attise.management.accounts import actions
from attise.management.accounts.rules import CREATOR_SCOPES


@for_creator("GET", "POST")
def creator_auth(visit: CreatorVisit) -> HttpResponse:
    """Ask, and send the browser back to the app with a code, or with a refusal."""
    request = visit.request
    given = request.POST if request.method == "POST" else request.GET
    redirect_uri, state = given.get("redirect_uri", ""), given.get("state", "")
    asked = [scope for scope in given.get("scope", "").replace(",", " ").split() if scope] or list(CREATOR_SCOPES)
    try:
        app = actions.check_redirect(parse_id(given.get("client_key", "")) or 0, redirect_uri)
    except Refusal as refusal:
        return cannot_ask(request, refusal)
    if len(state) > STATE_CHARACTERS:
        return cannot_ask(request, None)
    scopes = [scope for scope in CREATOR_SCOPES if scope in asked]
    if not scopes:
        return go_back(redirect_uri, error="invalid_scope", state=state)
    if request.method == "POST":
        if request.POST.get("answer") != "agree":
            return go_back(redirect_uri, error="access_denied", state=state)
        code = actions.agree_creator(
            visit.means, app_id=app.id, creator_id=visit.creator.id, redirect_uri=redirect_uri, scopes=scopes
        )
        return go_back(redirect_uri, code=code, scopes=",".join(scopes), state=state)
    context = {
        "app": app,
        "host": urlsplit(redirect_uri).netloc,
        "redirect_uri": redirect_uri,
        "state": state,
        "creator": visit.creator,
        "scope": ",".join(scopes),
        "scopes": [words.CREATOR_SCOPES[scope] for scope in scopes],
    }
    response = render(request, "consoles/access/creator_consent.html", context)
    response.headers["Content-Security-Policy"] = policy_for(redirect_uri)
    return response
