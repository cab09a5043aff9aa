"""A table as a file: the rows that its filters keep, all of them, with the columns that it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.http.response import HttpResponseBase
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import periods
from attise.doors.consoles.advertiser.tree import breakdown, table
from attise.doors.consoles.advertiser.tree import filters as asked
from attise.doors.consoles.advertiser.tree.breakdown import Part
from attise.doors.consoles.advertiser.tree.filters import Filters
from attise.doors.consoles.advertiser.tree.levels import WORDS, Level
from attise.doors.consoles.advertiser.tree.rows import SPARK, Row
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats, statuses
from attise.doors.site.own_reports import titles
from attise.doors.site.sheets import answers, forms
from attise.doors.site.sheets.columns import Cell, Column, Kind, Sheet, amount, money_column
from attise.doors.site.sheets.figures import cells_of_figures, columns_of_figures
from attise.kernel.clock import to_datetime
from attise.kernel.paging import NumberedPage
from attise.management.accounts.rules import Permission
from attise.management.campaigns.views import AdGroupView, AdView
from attise.measurement.attribution.figures import NO_FIGURES

PART = 500
"""Rows read at a time."""
MOST_ROWS = 20_000
BY_DAY = "jour"
VALUE = "value"
"""The column of what results were worth, which lines that are broken down do not have."""


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit, level: Level) -> HttpResponseBase:
    """Answer a table as a file, in the form that ``?format`` names."""
    filters = asked.read(visit.request.GET, level).at(1)
    table.names_above(visit, filters)
    first = table.find(visit, filters, page_size=PART)
    if first.total > MOST_ROWS:
        most = formats.integer(MOST_ROWS, formats.language_of(get_language()))
        text = _("A file holds at most %(most)s rows. Narrow the list down, then export it.") % {"most": most}
        return table.show(visit, filters, notice={"tone": "warn", "text": text}, status=422)
    zone, currency = ZoneInfo(visit.advertiser.timezone), visit.advertiser.currency
    if filters.breakdown:
        sheet = Sheet(WORDS[level].file_name, _broken_columns(filters, currency), _broken_lines(visit, filters, first))
    else:
        columns = [*_columns(level, currency), *(_columns_before(currency) if filters.is_compared else [])]
        sheet = Sheet(WORDS[level].file_name, columns, _lines(visit, filters, first, zone))
    now_ms = visit.means.clock.world_ms()
    days = periods.days(visit.advertiser.timezone, now_ms, filters.period)
    return answers.answer(sheet, forms.read(visit.request.GET.get("format", "")), days=days)


def _lines(
    visit: AdvertiserVisit, filters: Filters, first: NumberedPage[Row], zone: ZoneInfo
) -> Iterator[Sequence[Cell]]:
    """Yield every row, a part at a time."""
    currency, period = visit.advertiser.currency, str(periods.PERIODS[filters.period].label)
    for page in range(1, first.pages + 1):
        rows = first.items if page == 1 else table.find(visit, filters.at(page), page_size=PART).items
        for row in rows:
            results = [period, *cells_of_figures(row.figures, currency)]
            before = cells_of_figures(row.before or NO_FIGURES, currency) if filters.is_compared else []
            yield [*_common(row), *_own(row, zone, results, currency), *before]


def _broken_lines(visit: AdvertiserVisit, filters: Filters, first: NumberedPage[Row]) -> Iterator[Sequence[Cell]]:
    """Yield every line beneath every row; a row of which nothing was counted has one, with nothing in it."""
    currency, period = visit.advertiser.currency, str(periods.PERIODS[filters.period].label)
    is_by_day = filters.breakdown == BY_DAY
    nothing, columns = [Part("", "", NO_FIGURES)], columns_of_figures(currency)
    for page in range(1, first.pages + 1):
        rows = first.items if page == 1 else table.find(visit, filters.at(page), page_size=PART).items
        ids = [row.id for row in rows]
        told = breakdown.beneath(visit, filters.level, ids, filters.breakdown, filters.period)
        for row in rows:
            for part in told.get(row.id, nothing):
                by = dt.date.fromisoformat(part.value[:10]) if is_by_day and part.value else part.label
                cells = zip(columns, cells_of_figures(part.figures, currency), strict=True)
                kept = [cell for column, cell in cells if column.key != VALUE]
                yield [str(row.id), row.name, row.objective, by or None, period, *kept, currency]


def _broken_columns(filters: Filters, currency: str) -> list[Column]:
    """Return the columns of a table that is broken down: what orders were worth is not told by these."""
    dimension = breakdown.BREAKDOWNS[filters.breakdown]
    kind = Kind.DAY if filters.breakdown == BY_DAY else Kind.TEXT
    return [
        *(Column("id", _("Id")), Column("name", _("Name")), Column("objective", _("Objective"))),
        Column(dimension, titles.title(dimension), kind),
        Column("period", _("Results over")),
        *(column for column in columns_of_figures(currency) if column.key != VALUE),
        Column("currency", _("Currency")),
    ]


def _columns_before(currency: str) -> list[Column]:
    """Return the columns of figures of the days before."""
    return [
        Column(f"{one.key}_before", _("%(name)s, days before") % {"name": one.title}, one.kind, one.places)
        for one in columns_of_figures(currency)
    ]


def _columns(level: Level, currency: str) -> list[Column]:
    common = [
        Column("id", _("Id")),
        Column("name", _("Name")),
        Column("on", pgettext("switch", "On")),
        Column("status", _("Status")),
        Column("why", _("Why")),
        Column("objective", _("Objective")),
        Column("format", _("Format")),
        Column("creator", _("Creator")),
    ]
    results = [Column("period", _("Results over")), *columns_of_figures(currency)]
    campaign, money = Column("campaign", _("Campaign")), Column("currency", _("Currency"))
    if level is Level.AD:
        until = Column("authorized_until", _("Authorized until"), Kind.DAY)
        return [*common, campaign, Column("ad_group", _("Ad group")), until, *results, money]
    return [
        *common,
        *([campaign] if level is Level.ADGROUP else []),
        money_column("budget", _("Budget"), currency),
        Column("budget_per", _("Budget per")),
        money_column("spent", _("Spent"), currency),
        Column("spent_over", _("Spent over")),
        money,
        Column("begins", _("Begins"), Kind.DAY),
        Column("ends", _("Ends"), Kind.DAY),
        *results,
    ]


def _common(row: Row) -> list[Cell]:
    return [
        str(row.id),
        row.name,
        _("yes") if row.is_on else _("no"),
        str(row.said.words or statuses.look_of(row.said.key).label),
        row.note,
        row.objective,
        " + ".join("Spark" if tag == SPARK else _("Standard") for tag in row.tags),
        row.creator,
    ]


def _own(row: Row, zone: ZoneInfo, results: list[Cell], currency: str) -> list[Cell]:
    """Return what the level of a row has beside what all have."""
    if isinstance(row.view, AdView):
        until = _day(row.view.authorized_until_ms, zone)
        return [row.view.campaign_name, row.view.adgroup_name, until, *results, currency]
    budget = row.budget
    has_one = budget is not None and budget.micros is not None
    per_day = budget is not None and budget.per_day
    return [
        *([row.view.campaign_name] if isinstance(row.view, AdGroupView) else []),
        amount(None if budget is None else budget.micros, row.currency),
        (_("day") if per_day else _("whole")) if has_one else "",
        amount(row.spent_micros, row.currency),
        row.spent_when,
        row.currency,
        _day(row.starts_at_ms, zone),
        _day(row.ends_at_ms, zone),
        *results,
    ]


def _day(epoch_ms: int | None, zone: dt.tzinfo) -> dt.date | None:
    return None if epoch_ms is None else to_datetime(epoch_ms).astimezone(zone).date()
