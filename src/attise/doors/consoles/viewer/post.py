"""The page of one post, at its own address: the video, its counters, and what can be done with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from attise.doors.consoles.address import absolute
from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.feed import shown_posts, stage
from attise.doors.consoles.viewer.watching import find_watcher
from attise.management.posts import queries as posts


@for_anyone("GET")
def post(request: HttpRequest, handle: str, post_id: int) -> HttpResponse:
    """Show it; what is private, for ads alone or gone is a page that says so."""
    found = posts.find_post(post_id)
    if found is None or not found.is_public:
        return render(request, "consoles/viewer/post_gone.html", stage(request), status=404)
    if handle != found.creator_handle:
        return redirect("viewer_post", handle=found.creator_handle, post_id=found.id)
    (shown,) = shown_posts([found], find_watcher(request))
    context = {**stage(request), **shown, "link": absolute(request, request.path)}
    return render(request, "consoles/viewer/post.html", context)
