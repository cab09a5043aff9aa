"""My posts: every post of the creator, with what its authorization is worth today."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from attise.doors.consoles import frame, grants, pictures, words
from attise.doors.consoles.creator.circles import told
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.ids import parse_id
from attise.management.authorizations import queries as authorizations
from attise.management.authorizations import rules
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.circles.queries import find_circles

PAGE = 50
AFTER = "apres"


@for_creator("GET")
def posts_page(visit: CreatorVisit) -> HttpResponse:
    """List the posts, newest first."""
    after = parse_id(visit.request.GET.get(AFTER, ""))
    page = posts.list_posts_of_creator(visit.account.id, after=after, limit=PAGE)
    context = {
        "rows": rows_of(visit, page.items),
        "next": f"?{AFTER}={page.after}" if page.after is not None else "",
        "is_first": after is None,
    }
    return frame.page(visit, "creator/posts.html", "creator_posts", context)


def rows_of(visit: CreatorVisit, items: list[PostView]) -> list[dict[str, Any]]:
    """Return posts as rows: what they are, how far the feed has taken them, and their main grant."""
    ids = [post.id for post in items]
    found, circles = authorizations.list_of_posts(visit.means, post_ids=ids), find_circles(ids)
    now = visit.means.clock.world_ms()
    return [
        {
            "post": post,
            "title": pictures.first_line(post),
            "cover_url": pictures.cover_of(visit.means, post),
            "format": words.FORMATS[post.format],
            "visibility": words.VISIBILITIES[post.visibility],
            "state": words.POST_STATES[post.state],
            "grant": grants.main_card([grants.card(view, now) for view in found[post.id]]),
            "circle": told(circles[post.id]) if post.id in circles else None,
            "can_be_promoted": not rules.is_carousel_duet(post),
        }
        for post in items
    ]
