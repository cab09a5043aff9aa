"""The creator's first page: figures, posts on the move, what there is to do, what happened lately, new posts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, grants, pictures, scouted
from attise.doors.consoles.creator import first_steps, overview
from attise.doors.consoles.creator.ads import awaiting
from attise.doors.consoles.creator.posts import rows_of
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.doors.site import notices
from attise.doors.site.statuses import ENDING_DAYS
from attise.management.authorizations import queries as authorizations
from attise.management.posts import queries as posts
from attise.measurement.scout import queries as scout

NEWEST = 4
MOVING = 3
LIVE = 100
NOTICES = 8


@for_creator("GET")
def home(visit: CreatorVisit) -> HttpResponse:
    """Show the overview."""
    now = visit.means.clock.world_ms()
    newest = posts.list_posts_of_creator(visit.account.id, limit=NEWEST).items
    live = authorizations.list_authorizations(
        visit.means, creator_id=visit.account.id, kind="post", live=True, limit=LIVE
    ).items
    cards = [grants.card(view, now) for view in live]
    context = {
        **overview.drawn(visit),
        "steps": first_steps.steps(visit, has_post=bool(newest), has_grant=bool(live)),
        "moving": _moving(visit),
        "rows": rows_of(visit, newest),
        "to_do": _to_do(cards),
        "ads_waiting": len(awaiting(visit)),
        "told": notices.told(("creator", visit.account.id), limit=NOTICES),
        "bound": sum(1 for one in cards if one.is_bound),
        "waiting": sum(1 for one in cards if not one.is_bound),
    }
    return frame.page(visit, "creator/home.html", "creator_home", context)


def _moving(visit: CreatorVisit) -> list[dict[str, Any]]:
    """Return the creator's young public posts that the scout expects to grow, the best first."""
    found = scout.page_standings(
        verdicts=["boost_now", "watch"], creator_ids=[visit.account.id], page_size=MOVING
    ).items
    seen = posts.find_posts(one.post_id for one in found)
    return [
        {
            **scouted.card(one, visit.means.clock.world_ms(), get_current_timezone_name()),
            "title": pictures.first_line(seen[one.post_id]),
            "cover_url": pictures.cover_of(visit.means, seen[one.post_id]),
            "url": reverse("creator_post", args=[one.post_id]),
        }
        for one in found
        if one.post_id in seen and seen[one.post_id].is_public
    ]


def _to_do(cards: list[grants.GrantCard]) -> list[dict[str, Any]]:
    """Return what deserves a look: authorizations that end soon, codes that nobody has used."""
    by_id = posts.find_posts([one.view.post_id for one in cards if one.view.post_id])
    found = []
    for one in cards:
        post = by_id[one.view.post_id or 0]
        if one.days_left > ENDING_DAYS or post.state == "deleted":
            continue
        found.append(
            {
                "card": one,
                "title": pictures.first_line(post),
                "url": reverse("creator_post", args=[post.id]) + f"?dialog=prolonger-{one.view.id}",
                "action": _("Extend"),
            }
        )
    return found
