"""Every authorization of the creator: posts and account, going on or over."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, grants, pictures
from attise.doors.consoles.creator.ads import awaiting
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.ids import parse_id
from attise.management.authorizations import queries
from attise.management.campaigns.queries import running_on_creator
from attise.management.policy.queries import get_policy
from attise.management.posts import queries as posts

PAGE = 50
AFTER, SHOWN = "apres", "etat"
GOING_ON, OVER = "en-cours", "terminees"


@for_creator("GET")
def authorizations_page(visit: CreatorVisit) -> HttpResponse:
    """List the authorizations of posts, newest first; ``?etat=`` keeps those that go on, or those that are over."""
    shown = visit.request.GET.get(SHOWN, "")
    shown = shown if shown in {GOING_ON, OVER} else ""
    after = parse_id(visit.request.GET.get(AFTER, ""))
    page = queries.list_authorizations(
        visit.means,
        creator_id=visit.account.id,
        kind="post",
        live={GOING_ON: True, OVER: False}.get(shown),
        after=after,
        limit=PAGE,
    )
    now = visit.means.clock.world_ms()
    by_id = posts.find_posts([view.post_id for view in page.items if view.post_id])
    running = running_on_creator(visit.means, creator_id=visit.account.id)
    policy = get_policy()
    rows = []
    for view in page.items:
        post = by_id[view.post_id or 0]
        rows.append(
            {
                "card": grants.card(view, now, running.get(view.id)),
                "post": post,
                "is_there": post.state != "deleted",
                "title": pictures.first_line(post),
                "cover_url": pictures.cover_of(visit.means, post),
                "unavailable": grants.refusal_of(post),
                "extensions": grants.duration_options(
                    view.ends_at_ms or now, policy.default_grant_days, policy.grant_days
                ),
            }
        )
    query = {SHOWN: shown} if shown else {}
    context = {
        "rows": rows,
        "filters": [
            {"label": _("All"), "url": "?", "current": not shown},
            {"label": _("Going on"), "url": f"?{SHOWN}={GOING_ON}", "current": shown == GOING_ON},
            {"label": _("Over"), "url": f"?{SHOWN}={OVER}", "current": shown == OVER},
        ],
        "shown": shown,
        "next": "?" + urlencode({**query, AFTER: page.after}) if page.after is not None else "",
        "is_first": after is None,
        "dialog": visit.request.GET.get("dialog", ""),
        "ads": awaiting(visit) if after is None else [],
    }
    return frame.page(visit, "creator/authorizations.html", "creator_authorizations", context)
