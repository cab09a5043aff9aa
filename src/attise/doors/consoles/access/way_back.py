"""The way back to an app that asked for an agreement: checked before anything is shown or sent there."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.site.middleware import CSP
from attise.kernel.errors import Refusal

STATE_CHARACTERS = 2_000
FOUND = 302


def policy_for(redirect_uri: str) -> str:
    """Return the site's policy, with the way back to the app open for the form of this page.

    Browsers hold every redirect that follows a form against ``form-action``, the app's own next redirects included, so
    the scheme is opened, not one host. Everything else stays closed.
    """
    schemes = "https:" if redirect_uri.startswith("https://") else "http: https:"
    return CSP.replace("form-action 'self'", f"form-action 'self' {schemes}")


def go_back(redirect_uri: str, **answer: str) -> HttpResponse:
    """Send the browser to an address that was checked; an empty state is not sent."""
    query = urlencode({name: value for name, value in answer.items() if value})
    response = HttpResponse(status=FOUND)
    response.headers["Location"] = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
    return response


def cannot_ask(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    """Say on our own page what is wrong with the app's link."""
    context = {
        "message": telling.sentence(refusal) if refusal else _("The state that the app sent is too long."),
        "next_step": telling.next_step(refusal) if refusal else _("Tell the maker of the app."),
        "code": refusal.code if refusal else "state_too_long",
        "back": "/",
    }
    return render(request, "consoles/refused.html", context, status=400)
