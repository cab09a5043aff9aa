"""Where one goes from here: what Attise is, for whoever is signed out; one's consoles, for whoever is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from attise.doors.consoles import frame
from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.visit import visit_of


@for_anyone("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Show it."""
    visit = visit_of(request)
    if visit is None:
        return render(request, "consoles/viewer/welcome.html")
    held = [one for one in frame.consoles_of(visit) if one["url"] != reverse("viewer_home")]
    return frame.page(visit, "viewer/home.html", "viewer_home", {"held": held})
