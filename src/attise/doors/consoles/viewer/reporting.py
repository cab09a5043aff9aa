"""Whoever watches reports a comment; a person of the house decides whether it stays."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.cards import address_of_post
from attise.doors.consoles.viewer.watching import remember, watcher_of
from attise.doors.site.means import means
from attise.kernel.errors import Kind, Refusal
from attise.kernel.limits import COMMENTS_PER_HOUR, COMMENTS_PER_MINUTE
from attise.management.attempts.actions import Guard, Limit, reserve
from attise.management.posts import queries as posts
from attise.management.review.actions import report_comment

_LIMITS = (Limit(COMMENTS_PER_MINUTE, 1), Limit(COMMENTS_PER_HOUR, 60))


@for_anyone("POST")
def report(request: HttpRequest, post_id: int, comment_id: int) -> HttpResponse:
    """Keep the report and go back to what is said under the post."""
    address = address_of_post(posts.find_post(post_id))
    if not address or not posts.find_comments(post_id, [comment_id]):
        raise Http404
    viewer = watcher_of(request)
    try:
        reserve(means(), [Guard("report_comment", str(viewer.viewer_id), _LIMITS)])
        report_comment(means(), post_id=post_id, comment_id=comment_id, viewer_id=viewer.viewer_id)
    except Refusal as refusal:
        if refusal.reason.kind is Kind.ABSENT:
            raise Http404 from None
        messages.error(request, telling.sentence(refusal))
    else:
        messages.success(request, _("Reported. A person looks at it."))
    response = HttpResponseRedirect(f"{address}#comments")
    remember(request, response, viewer)
    return response
