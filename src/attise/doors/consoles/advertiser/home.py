"""The advertiser's first page: what to do first, what needs a look, what happened lately."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, grants, notices, pictures, words
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site.statuses import ENDING_DAYS
from attise.management.accounts.rules import Permission
from attise.management.authorizations import queries
from attise.management.authorizations.views import BoundPost

LOOKED_AT = 100
NOTICES = 8


@for_member(None, "GET")
def home(visit: AdvertiserVisit) -> HttpResponse:
    """Show the overview; a role without reading gets its own name and whom to ask."""
    if not visit.can(Permission.READ):
        return frame.page(visit, "advertiser/home_closed.html", "ads_home", {"role": words.role_name(visit.roles)})
    bound = queries.list_bound_posts(visit.means, advertiser_id=visit.advertiser.id, page_size=LOOKED_AT)
    accounts = queries.list_accounts(visit.means, business_center_id=visit.center_id, page_size=1)
    context = {
        "total": bound.total,
        "accounts_total": accounts.total,
        "watch": _watch(visit, bound.items),
        "told": notices.told(("advertiser", visit.advertiser.id), ("business_center", visit.center_id), limit=NOTICES),
        "steps": _steps(visit, has_post=bound.total > 0, has_account=accounts.total > 0)
        if not (bound.total and accounts.total)
        else [],
        "can_apply": visit.can(Permission.APPLY_CODES),
        "reserved": words.reserved_for(Permission.APPLY_CODES),
    }
    return frame.page(visit, "advertiser/home.html", "ads_home", context)


def _watch(visit: AdvertiserVisit, items: list[BoundPost]) -> list[dict[str, Any]]:
    """Return the posts whose authorization ends soon, or that cannot be used any more."""
    now = visit.means.clock.world_ms()
    found = []
    for one in items:
        card = grants.card(one.authorization, now)
        unavailable = grants.refusal_of(one.post) if card.is_live else ""
        if card.is_live and not unavailable and card.days_left > ENDING_DAYS:
            continue
        found.append(
            {
                "card": card,
                "status": "post_unavailable" if unavailable else card.status,
                "title": pictures.first_line(one.post),
                "handle": one.post.creator_handle,
                "url": reverse("library_post", args=[one.post.id]),
                "unavailable": unavailable,
            }
        )
    return found


def _steps(visit: AdvertiserVisit, *, has_post: bool, has_account: bool) -> list[dict[str, Any]]:
    """Return the first steps, each done or with its link."""
    return [
        {
            "done": has_post,
            "title": _("Apply a video code"),
            "text": _("A creator gives you a code; their post joins your library."),
            "url": reverse("library") + "?dialog=codes",
            "action": _("Paste a code"),
            "allowed": visit.can(Permission.APPLY_CODES),
        },
        {
            "done": has_account,
            "title": _("Link a creator's account"),
            "text": _("The creator scans a QR code; their posts need no code any more."),
            "url": reverse("ask_account"),
            "action": _("Request access"),
            "allowed": visit.can(Permission.REQUEST_ACCESS),
        },
    ]
