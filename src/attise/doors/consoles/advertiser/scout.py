"""To boost: the young posts that the scout ranks, and the boosts that wait for a creator's word."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse

from attise.doors.consoles import frame, paging, pictures, scouted, words
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.management.accounts.rules import Permission
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.views import Usable
from attise.management.campaigns.queries import list_boosts
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.scout import queries
from attise.measurement.scout.judging import VERDICTS
from attise.measurement.scout.views import StandingView

SHOWN: Final = 15
"""Posts of a page: each takes a third of a screen, with why."""


@for_member(Permission.READ, "GET")
def scout_page(visit: AdvertiserVisit) -> HttpResponse:
    """List young public posts, those that will grow most first; ``?avis=`` keeps one verdict."""
    chosen = visit.request.GET.get("avis", "")
    chosen = chosen if chosen in VERDICTS else ""
    found = queries.page_standings(
        verdicts=[chosen] if chosen else [], page=paging.number_of(visit.request), page_size=SHOWN
    )
    seen = posts.find_posts(one.post_id for one in found.items)
    kept = [one for one in found.items if one.post_id in seen and seen[one.post_id].is_public]
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=[one.post_id for one in kept])
    board = queries.get_board()
    context = {
        "rows": [row_of(visit, one, seen[one.post_id], usable.get(one.post_id)) for one in kept],
        "chosen": chosen,
        "verdicts": scouted.verdicts(),
        "analysis": queries.find_analysis(),
        "board": board,
        "lines": scouted.lines(board),
        "can_boost": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "waiting": waiting_rows(visit),
        "pager": paging.pager(found, {"avis": chosen} if chosen else {}),
    }
    return frame.page(visit, "advertiser/scout.html", "scout", context)


def waiting_rows(visit: AdvertiserVisit) -> list[dict[str, Any]]:
    """Return the boosts that wait, with their posts, in the order of what can be done: those that are ready first."""
    found = list_boosts(visit.means, advertiser_id=visit.advertiser.id)
    seen = posts.find_posts(one.wish.post_id for one in found)
    rows = [
        {
            "boost": one,
            "post": seen[one.wish.post_id],
            "title": pictures.first_line(seen[one.wish.post_id]),
            "cover_url": pictures.cover_of(visit.means, seen[one.wish.post_id]),
            "most_micros": one.wish.budget_micros * one.wish.days,
            "goal": words.GOALS[one.wish.optimization_goal],
        }
        for one in found
    ]
    return sorted(rows, key=lambda row: row["boost"].state != "ready")


def row_of(visit: AdvertiserVisit, one: StandingView, post: PostView, usable: Usable | None) -> dict[str, Any]:
    """Return a standing as ``parts/scouted.html`` takes it."""
    return {
        **scouted.card(one, visit.means.clock.world_ms(), visit.advertiser.timezone),
        "post": post,
        "title": pictures.first_line(post),
        "cover_url": pictures.cover_of(visit.means, post),
        "usable": usable,
    }
