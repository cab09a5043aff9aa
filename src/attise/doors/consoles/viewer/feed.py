"""*For you*: the feed, one post a screen.

A script asks the edge for the items and plays them; without one the page is a list of the newest posts, with no ad:
what cannot tell that an ad was seen is shown none.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, pictures
from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.cards import Thing, cards_of
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.consoles.visit import visit_of
from attise.doors.consoles.words import initials
from attise.doors.site.means import means
from attise.kernel.ids import parse_id
from attise.kernel.paging import Page
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.records.viewer import Viewer

PLAIN_POSTS = 6
"""Posts of the plain list; each older page is a link away."""


@for_anyone("GET")
def feed(request: HttpRequest) -> HttpResponse:
    """Show it."""
    after = parse_id(request.GET.get("avant", ""))
    page = posts.list_public_posts(after=after, limit=PLAIN_POSTS)
    around = stage(request)
    publishes = around["visit"] is not None and around["visit"].creator is not None
    context = {
        **around,
        **playing(page, find_watcher(request)),
        "current": "feed",
        "heading": _("For you"),
        "empty": {
            "icon": "eye-off",
            "text": _("No videos yet."),
            "url": reverse("publish" if publishes else "sign_in"),
            "action": _("Publish the first one") if publishes else _("Sign in"),
        },
    }
    return render(request, "consoles/viewer/feed.html", context)


def playing(page: Page[PostView], viewer: Viewer | None) -> dict[str, Any]:
    """Return what any feed that plays takes from the page; its posts are for those without a script."""
    return {
        "shown": shown_posts(page.items, viewer),
        "older": page.after,
        "public": settings.HOUSE.settings.public_url or "",
    }


def stage(request: HttpRequest) -> dict[str, Any]:
    """Return what stands around a viewer's page: who is signed in, and where else they may go."""
    visit = visit_of(request)
    if visit is None:
        return {"visit": None, "elsewhere": []}
    here = reverse("viewer_feed")
    return {
        "visit": visit,
        "initials": initials(visit.person.display_name),
        "elsewhere": _one_of_each([one for one in frame.consoles_of(visit) if one["url"] != here]),
    }


def shown_posts(found: list[PostView], viewer: Viewer | None) -> list[dict[str, Any]]:
    """Return posts with their player, their card and their name, as templates take them."""
    known = cards_of([Thing(post.id, post.creator_id) for post in found], viewer)
    return [
        {
            "post": post,
            "name": pictures.first_line(post),
            "player": pictures.player_of(means(), post),
            "card": known[Thing(post.id, post.creator_id)],
            "initials": initials(post.creator_display_name),
        }
        for post in found
    ]


def _one_of_each(consoles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave one entry per console: whom one acts for is chosen in it, where each has its name."""
    return list({str(one["name"]): one for one in reversed(consoles)}.values())[::-1]
