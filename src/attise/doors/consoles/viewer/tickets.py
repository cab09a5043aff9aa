"""A page of ours is given a ticket for whoever watches, to ask for the feed and to tell what was watched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.answers import as_json
from attise.doors.consoles.viewer.watching import remember, watcher_of
from attise.doors.site.means import means
from attise.management.viewers import actions


@for_anyone("POST")
@as_json
def ticket(request: HttpRequest) -> HttpResponse:
    """Answer a ticket, for how long it speaks (milliseconds), and what time it is here (world time).

    Raises: ``too_many_requests``, for an address that becomes one new viewer after the other.
    """
    given = means()
    viewer = watcher_of(request)
    text, expires_at_ms = actions.make_ticket(given, viewer_id=viewer.viewer_id)
    response = JsonResponse(
        {
            "ticket": text,
            "for_ms": expires_at_ms - given.clock.wire_ms(),
            "now_ms": given.clock.world_ms(),
        }
    )
    remember(request, response, viewer)
    return response
