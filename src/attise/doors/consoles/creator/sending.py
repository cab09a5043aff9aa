"""The publish page's own script sends a video piece by piece; without it the form carries the file."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.doors.site import tus


@for_creator("GET", "POST", "PATCH", "DELETE", "OPTIONS")
def sending(visit: CreatorVisit, upload_id: int | None = None) -> HttpResponse:
    """Speak tus with the creator's browser, about the creator's own uploads; refusals are for programs."""
    request = visit.request
    if request.method == "GET":
        request.method = "HEAD"  # as it came, where it is one that the protocol knows: pages make no difference
    sender = tus.Sender(
        visit.means, settings.HOUSE, visit.account.id, lambda found: reverse("sending_one", args=[found])
    )
    return tus.speak(request, sender, upload_id)
