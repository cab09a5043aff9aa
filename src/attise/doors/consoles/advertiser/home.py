"""The advertiser's first page: what ads came to, what needs a look, what to do first, what happened lately."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, periods, steps, words
from attise.doors.consoles.advertiser import attention, first_steps, overview
from attise.doors.consoles.advertiser.comparison import running
from attise.doors.consoles.advertiser.tree import advice
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import notices
from attise.doors.site.sheets import answers, forms
from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet, amount, money_column
from attise.management.accounts.rules import Permission
from attise.management.authorizations import queries
from attise.measurement.attribution.overview import Overview

LOOKED_AT = 100
WATCHED = 8
"""Lines of what needs a look; the tables have the rest."""
NOTICES = 8
COUNTS: Final = {
    "impressions": gettext_lazy("Impressions"),
    "views": gettext_lazy("Views"),
    "completions": gettext_lazy("Completed views"),
    "clicks": gettext_lazy("Clicks"),
    "likes": gettext_lazy("Likes"),
    "comments": gettext_lazy("Comments"),
    "shares": gettext_lazy("Shares"),
    "saves": gettext_lazy("Saves"),
    "follows": gettext_lazy("Follows"),
    "results": gettext_lazy("Results"),
}
"""What a file of the overview counts: names of ``Figures``, and what they are called."""


@for_member(None, "GET")
def home(visit: AdvertiserVisit) -> HttpResponse:
    """Show the overview; a role without reading gets its own name and whom to ask."""
    if not visit.can(Permission.READ):
        return frame.page(visit, "advertiser/home_closed.html", "ads_home", {"role": words.role_name(visit.roles)})
    period = periods.asked(visit.request.GET)
    told = overview.read(visit, period)
    bound = queries.list_bound_posts(visit.means, advertiser_id=visit.advertiser.id, page_size=LOOKED_AT)
    accounts = queries.list_accounts(visit.means, business_center_id=visit.center_id, page_size=1)
    watch = attention.lines(visit, bound.items, told)
    context = {
        **overview.drawn(visit, told, period),
        "period": period,
        "total": bound.total,
        "accounts_total": accounts.total,
        "watch": watch[:WATCHED],
        "advice": advice.lines_over(visit),
        "comparisons": running.lines(visit),
        "home": reverse("ads_home"),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "watch_more": max(len(watch) - WATCHED, 0),
        "told": notices.told(("advertiser", visit.advertiser.id), ("business_center", visit.center_id), limit=NOTICES),
        "steps": [] if told.has_begun else first_steps.steps(visit, has_post=bound.total + accounts.total > 0),
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "can_apply": visit.can(Permission.APPLY_CODES),
        "can_export": visit.can(Permission.EXPORT),
        "formats": csv_file.options(get_language() or "", is_table=True),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "advertiser/home.html", "ads_home", context)


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit) -> HttpResponseBase:
    """Answer the period's steps as a file, in the form that ``?format`` names; their sums are the page's figures."""
    told = overview.read(visit, periods.asked(visit.request.GET))
    currency = visit.advertiser.currency
    columns = [
        Column("hour", _("Hour")) if told.span.is_by_hour else Column("day", _("Day")),
        *(Column(name, str(title), Kind.COUNT) for name, title in COUNTS.items()),
        money_column("value", _("Their value"), currency),
        money_column("spend", _("Spend"), currency),
        Column("currency", _("Currency")),
    ]
    sheet = Sheet("apercu", columns, _lines(visit, told))
    form = forms.read(visit.request.GET.get("format", ""))
    return answers.answer(sheet, form, days=(told.span.first, told.span.last))


def _lines(visit: AdvertiserVisit, told: Overview) -> Iterator[list[Cell]]:
    """Yield a line a step that has begun."""
    currency = visit.advertiser.currency
    for key, one in zip(steps.keys(told.span, visit.advertiser.timezone), told.steps, strict=False):
        money = [amount(micros, currency) for micros in (one.value_micros, one.spent_micros)]
        yield [key, *(getattr(one, name) for name in COUNTS), *money, currency]
