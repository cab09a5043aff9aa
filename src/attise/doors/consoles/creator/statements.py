"""A creator's statement of a month, and what one grant brought in it; each as a page and as a file.

What brands spent in all is theirs to tell: a creator reads what they earned of it.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import frame, papers, pictures
from attise.doors.consoles.creator.earnings import ZONE, currency_of, sources_of
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.papers import Month
from attise.doors.consoles.visit import CreatorVisit
from attise.ledger import days
from attise.ledger.sums import Span
from attise.management.accounts import queries as accounts
from attise.management.authorizations import queries as grants
from attise.management.earnings import queries
from attise.management.invoices import statements
from attise.management.invoices.statements import GrantStatement
from attise.management.posts import queries as posts


@for_creator("GET")
def statement(visit: CreatorVisit, period: str) -> HttpResponse:
    """Show what the creator's earnings did in a month; ``?devise=`` says which, where there are several."""
    month, currency = _month(visit, period), currency_of(visit)
    told = statements.of_creator(
        creator_id=visit.account.id, currency=currency, first=month.first, last=month.last, timezone=ZONE
    )
    span = Span(days.start_of_day_ms(ZONE, month.first), days.start_of_day_ms(ZONE, month.last + days.ONE_DAY))
    context = {
        **papers.statement_context(visit.request, told, month, sign=1),
        "devise": currency,
        "sources": sources_of(queries.list_earned(visit.account.id, currency, span)),
    }
    return frame.page(visit, "creator/statement.html", "creator_earnings", context)


@for_creator("GET")
def grant_statement(visit: CreatorVisit, period: str, authorization_id: int) -> HttpResponse:
    """Show what one grant brought in a month, day by day and brand by brand."""
    month = _month(visit, period)
    told = _of_grant(visit, month, authorization_id)
    names = {one.id: one.name for one in accounts.list_advertisers({row.advertiser_id for row in told.days})}
    post_id = grants.posts_of_grants([authorization_id]).get(authorization_id, 0)
    post = posts.find_posts([post_id] if post_id else []).get(post_id)
    context = {
        **papers.month_context(visit.request, told, month),
        "devise": told.currency,
        "authorization_id": authorization_id,
        "days": [{"row": row, "brand": names.get(row.advertiser_id, "")} for row in told.days],
        "title": _("Access to the account") if post is None else pictures.first_line(post),
    }
    return frame.page(visit, "creator/grant_statement.html", "creator_earnings", context)


@for_creator("GET")
def export_grant(visit: CreatorVisit, period: str, authorization_id: int) -> HttpResponseBase:
    """Give what one grant brought in a month as a file."""
    told = _of_grant(visit, _month(visit, period), authorization_id)
    form = visit.request.GET.get("format", "")
    return papers.grant_answer(pgettext("file name", "authorization"), told, is_creators=True, form=form)


def _month(visit: CreatorVisit, period: str) -> Month:
    return papers.month_asked(period, visit.means.clock.world_ms(), ZONE)


def _of_grant(visit: CreatorVisit, month: Month, authorization_id: int) -> GrantStatement:
    """Return the statement of one of the creator's grants. Raises: ``not_found``."""
    grant = grants.get_authorization(visit.means, authorization_id=authorization_id, creator_id=visit.account.id)
    return statements.of_grant(
        authorization_id=grant.id,
        creator_id=visit.account.id,
        currency=currency_of(visit),
        timezone=ZONE,
        first=month.first,
        last=month.last,
    )
