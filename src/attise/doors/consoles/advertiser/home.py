"""The advertiser's first page: what ads came to, what needs a look, what to do first, what happened lately."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, notices, periods, steps, words
from attise.doors.consoles.advertiser import attention, first_steps, overview
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.clock import to_datetime
from attise.management.accounts.rules import Permission
from attise.management.authorizations import queries
from attise.measurement.attribution.figures import Figures
from attise.measurement.attribution.overview import Overview

LOOKED_AT = 100
WATCHED = 8
"""Lines of what needs a look; the tables have the rest."""
NOTICES = 8


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
        "watch_more": max(len(watch) - WATCHED, 0),
        "told": notices.told(("advertiser", visit.advertiser.id), ("business_center", visit.center_id), limit=NOTICES),
        "steps": [] if told.has_begun else first_steps.steps(visit, has_post=bound.total + accounts.total > 0),
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "can_apply": visit.can(Permission.APPLY_CODES),
        "can_export": visit.can(Permission.EXPORT),
        "formats": csv_file.options(get_language() or ""),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "advertiser/home.html", "ads_home", context)


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit) -> HttpResponseBase:
    """Answer the period's steps as CSV, in the format that ``?format`` names; their sums are the page's figures."""
    told = overview.read(visit, periods.asked(visit.request.GET))
    form = visit.request.GET.get("format", "")
    header = [
        _("Hour") if told.span.is_by_hour else _("Day"),
        *(_("Impressions"), _("Views"), _("Completed views"), _("Clicks")),
        *(_("Likes"), _("Comments"), _("Shares"), _("Saves"), _("Follows")),
        *(_("Results"), _("Their value"), _("Spend"), _("Currency")),
    ]
    zone = ZoneInfo(visit.advertiser.timezone)
    today = to_datetime(visit.means.clock.world_ms()).astimezone(zone).date()
    return csv_file.answer("apercu", header, _lines(visit, told, form), form=form, day=today)


def _lines(visit: AdvertiserVisit, told: Overview, form: str) -> Iterator[list[str]]:
    """Yield a line a step that has begun."""
    for key, one in zip(steps.keys(told.span, visit.advertiser.timezone), told.steps, strict=False):
        yield [key, *_counts(one), *_money(one, visit.advertiser.currency, form), visit.advertiser.currency]


def _counts(one: Figures) -> list[str]:
    seen = (one.impressions, one.views, one.completions, one.clicks)
    return [str(count) for count in (*seen, one.likes, one.comments, one.shares, one.saves, one.follows, one.results)]


def _money(one: Figures, currency: str, form: str) -> list[str]:
    return [csv_file.amount(micros, currency, form=form) for micros in (one.value_micros, one.spent_micros)]
