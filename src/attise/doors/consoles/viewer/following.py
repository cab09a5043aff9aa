"""*Following*: the same feed as *For you*, of those whom this viewer follows; and who they are, on their own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.feed import PLAIN_POSTS, playing, stage
from attise.doors.consoles.viewer.grid import PER_PAGE, cells_of
from attise.doors.consoles.viewer.watching import find_watcher
from attise.kernel.ids import parse_id
from attise.kernel.limits import FOLLOWS
from attise.kernel.paging import Page
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.counters import queries as counters
from attise.records.viewer import Viewer


@for_anyone("GET")
def following(request: HttpRequest) -> HttpResponse:
    """Play what they published; whoever follows nobody is told how the feed fills."""
    watcher = find_watcher(request)
    authors = _followed_by(watcher)
    context = {
        **stage(request),
        **playing(_posts_of(authors, request, PLAIN_POSTS), watcher),
        "current": "following",
        "heading": pgettext("feed", "Following"),
        "followed_only": True,
        "followed": len(authors),
        "empty": {
            "icon": "post" if authors else "person",
            "text": _("They have not published anything yet.") if authors else _("Follow creators to fill this feed."),
            "url": reverse("viewer_feed"),
            "action": _("See For you"),
        },
    }
    return render(request, "consoles/viewer/feed.html", context)


@for_anyone("GET")
def followed(request: HttpRequest) -> HttpResponse:
    """List them, and what they published lately."""
    authors = _followed_by(find_watcher(request))
    page = _posts_of(authors, request, PER_PAGE)
    context = {
        **stage(request),
        "current": "following",
        "authors": sorted(authors, key=lambda one: one.handle),
        "total": len(authors),
        "cells": cells_of(page.items),
        "older": page.after,
    }
    return render(request, "consoles/viewer/followed.html", context)


def _followed_by(viewer: Viewer | None) -> list[accounts.Author]:
    """Return the creators whom a viewer follows, those who left or are suspended left out."""
    found = [] if viewer is None else counters.list_followed(viewer.pseudonym, limit=FOLLOWS)
    return [one for one in accounts.find_authors(found).values() if one.is_active]


def _posts_of(authors: list[accounts.Author], request: HttpRequest, limit: int) -> Page[PostView]:
    if not authors:
        return Page([])
    after = parse_id(request.GET.get("avant", ""))
    return posts.list_public_of_creators([one.id for one in authors], after=after, limit=limit)
