"""A table as a file: the rows that its filters keep, all of them, with the columns that it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.http.response import HttpResponseBase
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file
from attise.doors.consoles.advertiser.tree import filters as asked
from attise.doors.consoles.advertiser.tree import table
from attise.doors.consoles.advertiser.tree.filters import Filters
from attise.doors.consoles.advertiser.tree.levels import WORDS, Level
from attise.doors.consoles.advertiser.tree.rows import SPARK, Row
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.periods import PERIODS
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats, statuses
from attise.kernel.clock import to_datetime
from attise.kernel.paging import NumberedPage
from attise.management.accounts.rules import Permission
from attise.management.campaigns.views import AdGroupView, AdView

PART = 500
"""Rows read at a time."""
MOST_ROWS = 20_000


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit, level: Level) -> HttpResponseBase:
    """Answer a table as CSV, in the format that ``?format`` names."""
    filters = asked.read(visit.request.GET, level).at(1)
    table.names_above(visit, filters)
    first = table.find(visit, filters, page_size=PART)
    if first.total > MOST_ROWS:
        most = formats.integer(MOST_ROWS, formats.language_of(get_language()))
        text = _("A file holds at most %(most)s rows. Narrow the list down, then export it.") % {"most": most}
        return table.show(visit, filters, notice={"tone": "warn", "text": text}, status=422)
    zone = ZoneInfo(visit.advertiser.timezone)
    form = visit.request.GET.get("format", "")
    return csv_file.answer(
        WORDS[level].file_name,
        _header(level),
        _lines(visit, filters, first, zone, form),
        form=form,
        day=to_datetime(visit.means.clock.world_ms()).astimezone(zone).date(),
    )


def _lines(
    visit: AdvertiserVisit, filters: Filters, first: NumberedPage[Row], zone: ZoneInfo, form: str
) -> Iterator[Sequence[str]]:
    """Yield every row, a part at a time."""
    currency = visit.advertiser.currency
    for page in range(1, first.pages + 1):
        rows = first.items if page == 1 else table.find(visit, filters.at(page), page_size=PART).items
        for row in rows:
            yield _line(row, zone, form, _results(row, filters.period, currency, form), currency)


def _header(level: Level) -> list[str]:
    common = [
        _("Id"),
        _("Name"),
        pgettext("switch", "On"),
        _("Status"),
        _("Why"),
        _("Objective"),
        _("Format"),
        _("Creator"),
    ]
    results = [
        *(_("Results over"), _("Spent in it"), _("Impressions"), _("Clicks"), _("Results"), _("Their value")),
        *(_("Cost per result"), _("Adds to cart"), _("Cost per add to cart")),
    ]
    if level is Level.AD:
        return [*common, _("Campaign"), _("Ad group"), _("Authorized until"), *results, _("Currency")]
    money = [_("Budget"), _("Budget per"), _("Spent"), _("Spent over"), _("Currency"), _("Begins"), _("Ends")]
    return [*common, *([_("Campaign")] if level is Level.ADGROUP else []), *money, *results]


def _results(row: Row, period: str, currency: str, form: str) -> list[str]:
    """Return what a row came to in a period, as cells."""
    one = row.figures
    money = [
        csv_file.amount(micros, currency, form=form)
        for micros in (one.spent_micros, one.value_micros, one.cost_per_result_micros, one.cost_per_cart_micros)
    ]
    return [
        *(str(PERIODS[period].label), money[0], str(one.impressions), str(one.clicks), str(one.results), money[1]),
        *(money[2], str(one.carts), money[3]),
    ]


def _line(row: Row, zone: ZoneInfo, form: str, results: list[str], currency: str) -> list[str]:
    look = statuses.look_of(row.said.key)
    common = [
        str(row.id),
        row.name,
        _("yes") if row.is_on else _("no"),
        str(row.said.words or look.label),
        row.note,
        row.objective,
        " + ".join("Spark" if tag == SPARK else _("Standard") for tag in row.tags),
        row.creator,
    ]
    if isinstance(row.view, AdView):
        until = _day(row.view.authorized_until_ms, zone)
        return [*common, row.view.campaign_name, row.view.adgroup_name, until, *results, currency]
    budget = row.budget
    has_one = budget is not None and budget.micros is not None
    per_day = budget is not None and budget.per_day
    return [
        *common,
        *([row.view.campaign_name] if isinstance(row.view, AdGroupView) else []),
        csv_file.amount(budget.micros if budget is not None else None, row.currency, form=form),
        (_("day") if per_day else _("whole")) if has_one else "",
        csv_file.amount(row.spent_micros, row.currency, form=form),
        row.spent_when,
        row.currency,
        _day(row.starts_at_ms, zone),
        _day(row.ends_at_ms, zone),
        *results,
    ]


def _day(epoch_ms: int | None, zone: dt.tzinfo) -> str:
    return "" if epoch_ms is None else to_datetime(epoch_ms).astimezone(zone).date().isoformat()
