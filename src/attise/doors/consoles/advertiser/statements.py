"""An advertiser's statement of a month, and what one grant cost in it; each as a page and as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import frame, papers, pictures
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.papers import Month
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.management.accounts.rules import Permission
from attise.management.authorizations import queries as grants
from attise.management.invoices import statements
from attise.management.invoices.statements import GrantStatement
from attise.management.posts import queries as posts


@for_member(Permission.READ_BILLING, "GET")
def statement(visit: AdvertiserVisit, period: str) -> HttpResponse:
    """Show what the advertiser's money did in a month of its own zone."""
    month = _month(visit, period)
    told = statements.of_advertiser(advertiser_id=visit.advertiser.id, first=month.first, last=month.last)
    rows = statements.list_grants(advertiser_id=visit.advertiser.id, first=month.first, last=month.last)
    names = _names([row.authorization_id for row in rows])
    context = {
        **papers.statement_context(visit.request, told, month, sign=-1),
        "grants": [
            {
                "row": row,
                "url": reverse("grant_statement", args=[month.period, row.authorization_id]),
                **names[row.authorization_id],
            }
            for row in rows
        ],
    }
    return frame.page(visit, "advertiser/statement.html", "billing", context)


@for_member(Permission.READ_BILLING, "GET")
def grant_statement(visit: AdvertiserVisit, period: str, authorization_id: int) -> HttpResponse:
    """Show what one grant cost the advertiser in a month, day by day."""
    month = _month(visit, period)
    context = {
        **papers.month_context(visit.request, _of_grant(visit, month, authorization_id), month),
        "authorization_id": authorization_id,
        **_names([authorization_id])[authorization_id],
    }
    return frame.page(visit, "advertiser/grant_statement.html", "billing", context)


@for_member(Permission.READ_BILLING, "GET")
def export_grant(visit: AdvertiserVisit, period: str, authorization_id: int) -> HttpResponseBase:
    """Give what one grant cost in a month as a file."""
    told = _of_grant(visit, _month(visit, period), authorization_id)
    form = visit.request.GET.get("format", "")
    return papers.grant_answer(pgettext("file name", "authorization"), told, is_creators=False, form=form)


def _month(visit: AdvertiserVisit, period: str) -> Month:
    return papers.month_asked(period, visit.means.clock.world_ms(), visit.advertiser.timezone)


def _of_grant(visit: AdvertiserVisit, month: Month, authorization_id: int) -> GrantStatement:
    """Return the statement of a grant that the advertiser holds or held. Raises: ``not_found``."""
    if visit.advertiser.id not in grants.holders_ever(authorization_id):
        raise Refusal(NOT_FOUND, field="authorization_id")
    return statements.of_grant(
        authorization_id=authorization_id,
        creator_id=grants.get_authorization(visit.means, authorization_id=authorization_id).creator_id,
        currency=visit.advertiser.currency,
        timezone=visit.advertiser.timezone,
        advertiser_id=visit.advertiser.id,
        first=month.first,
        last=month.last,
    )


def _names(authorization_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return how grants are called: by whose they are, and the post that they are of."""
    handles, post_of = grants.handles_of(authorization_ids), grants.posts_of_grants(authorization_ids)
    found = posts.find_posts(list(post_of.values()))
    account = _("Access to the account")
    return {
        one: {
            "handle": handles.get(one, ""),
            "title": pictures.first_line(found[post_of[one]]) if post_of.get(one) in found else account,
        }
        for one in authorization_ids
    }
