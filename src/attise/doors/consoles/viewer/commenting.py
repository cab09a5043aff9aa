"""A comment, by whoever is signed in: it bears a name.

A comment written through an item of the feed brings its token, and counts for that item; where the token does not hold
any more, it is a comment of the post like any other.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.gate import for_person
from attise.doors.consoles.viewer.cards import address_of_post
from attise.doors.consoles.viewer.post import show
from attise.doors.consoles.viewer.watching import watcher_of
from attise.doors.consoles.visit import Visit
from attise.doors.site.commenting import comment as keep
from attise.kernel.errors import Refusal
from attise.kernel.limits import COMMENTS_PER_HOUR, COMMENTS_PER_MINUTE
from attise.management.attempts.actions import Guard, Limit, reserve
from attise.management.posts import queries as posts

_LIMITS = (Limit(COMMENTS_PER_MINUTE, 1), Limit(COMMENTS_PER_HOUR, 60))


@for_person("POST")
def comment(visit: Visit, post_id: int) -> HttpResponse:
    """Keep a comment and go back to the post; what is refused is said there, and the text is kept in its field."""
    post = posts.find_post(post_id)
    address = address_of_post(post)
    if not address:
        raise Http404
    given, viewer, said = visit.means, watcher_of(visit.request), visit.request.POST
    facts: dict[str, Any] = {"post_id": post_id, "viewer_id": viewer.viewer_id, "text": said.get("text", "")}
    try:
        reserve(given, [Guard("comment", str(viewer.viewer_id), _LIMITS)])
        try:
            keep(given, settings.HOUSE, token=said.get("token") or None, **facts)
        except Refusal as refusal:
            if refusal.field != "token":
                raise
            keep(given, settings.HOUSE, **facts)
    except Refusal as refusal:
        return show(
            visit.request,
            post_id,
            refused=telling.sentence(refusal),
            text=facts["text"],
            status=telling.STATUSES[refusal.reason.kind],
        )
    messages.success(visit.request, _("Your comment is there."))
    return HttpResponseRedirect(f"{address}#comments")
