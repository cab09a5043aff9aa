"""*Following*: whom this viewer follows, and what they published lately."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.feed import stage
from attise.doors.consoles.viewer.grid import PER_PAGE, cells_of
from attise.doors.consoles.viewer.watching import find_watcher
from attise.kernel.ids import parse_id
from attise.kernel.limits import FOLLOWS
from attise.kernel.paging import Page
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.counters import queries as counters


@for_anyone("GET")
def following(request: HttpRequest) -> HttpResponse:
    """Show it; whoever follows nobody is told how the page fills."""
    watcher = find_watcher(request)
    followed = [] if watcher is None else counters.list_followed(watcher.pseudonym, limit=FOLLOWS)
    authors = [one for one in accounts.find_authors(followed).values() if one.is_active]
    after = parse_id(request.GET.get("avant", ""))
    page: Page[PostView] = Page([])
    if authors:
        page = posts.list_public_of_creators([one.id for one in authors], after=after, limit=PER_PAGE)
    context = {
        **stage(request),
        "current": "following",
        "authors": sorted(authors, key=lambda one: one.handle),
        "total": len(authors),
        "cells": cells_of(page.items),
        "older": page.after,
    }
    return render(request, "consoles/viewer/following.html", context)
