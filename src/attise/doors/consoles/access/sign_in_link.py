"""Signing in by a link that works once. Opening it shows a page; only the button on it uses the link up.

Why: programs that scan messages and draw previews open every link they see.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from attise.doors.consoles.access.session import landing_of, open_session
from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.visit import visit_of
from attise.doors.site.means import means
from attise.kernel.errors import Refusal
from attise.management.accounts import actions, queries

GONE = 410


@for_anyone("GET", "POST")
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show who the link signs in, and sign them in when they say so."""
    link = queries.find_link(means(), secret)
    person = None if link is None or link.person_id is None else queries.find_person(link.person_id)
    if link is None or link.purpose != "sign_in" or person is None or not person.is_active:
        return dead_link(request)
    if request.method == "GET":
        here = visit_of(request)
        context = {
            "person": person,
            "console": link.console,
            "other": here.person if here is not None and here.person.id != person.id else None,
        }
        return render(request, "consoles/access/sign_in_link.html", context)
    try:
        followed = actions.follow_link(means(), secret, purpose="sign_in")
    except Refusal:  # somebody else was quicker
        return dead_link(request)
    visit = open_session(request, followed.person_id or 0)
    return HttpResponseRedirect(landing_of(visit, followed.console))


def dead_link(request: HttpRequest) -> HttpResponse:
    """Say that a link is dead, whatever it died of."""
    return render(request, "consoles/access/dead_link.html", status=GONE)
