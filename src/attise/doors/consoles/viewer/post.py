"""The page of one post, at its own address: the video, its counters, and what can be done with it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from attise.doors.consoles.address import absolute
from attise.doors.consoles.comments import comments_of
from attise.doors.consoles.gate import NEXT, for_anyone
from attise.doors.consoles.viewer.feed import shown_posts, stage
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.site.means import means
from attise.kernel.limits import COMMENT_CHARACTERS
from attise.management.posts import queries as posts


@for_anyone("GET")
def post(request: HttpRequest, handle: str, post_id: int) -> HttpResponse:
    """Show it; what is private, for ads alone or gone is a page that says so."""
    found = posts.find_post(post_id)
    if found is not None and found.is_public and handle != found.creator_handle:
        return redirect("viewer_post", handle=found.creator_handle, post_id=found.id)
    return show(request, post_id)


def show(request: HttpRequest, post_id: int, *, refused: str = "", text: str = "", status: int = 200) -> HttpResponse:
    """Draw the page, with a comment as it was sent when it is refused."""
    found = posts.find_post(post_id)
    if found is None or not found.is_public:
        return render(request, "consoles/viewer/post_gone.html", stage(request), status=404)
    watcher = find_watcher(request)
    (shown,) = shown_posts([found], watcher)
    address = reverse("viewer_post", args=[found.creator_handle, found.id])
    context = {
        **stage(request),
        **shown,
        "now": means().clock.world_ms(),
        "link": absolute(request, address),
        "comments": comments_of(found.id, watcher),
        "may_report": True,
        "most": COMMENT_CHARACTERS,
        "sign_in": f"{reverse('sign_in')}?{urlencode({NEXT: address})}",
        "refused": refused,
        "text": text,
    }
    return render(request, "consoles/viewer/post.html", context, status=status)
