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
    yield from [_line(row, zone, form) for row in first.items]
    for page in range(2, first.pages + 1):
        yield from [_line(row, zone, form) for row in table.find(visit, filters.at(page), page_size=PART).items]


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
    if level is Level.AD:
        return [*common, _("Campaign"), _("Ad group"), _("Authorized until")]
    money = [_("Budget"), _("Budget per"), _("Spent"), _("Spent over"), _("Currency"), _("Begins"), _("Ends")]
    return [*common, *([_("Campaign")] if level is Level.ADGROUP else []), *money]


def _line(row: Row, zone: ZoneInfo, form: str) -> list[str]:
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
        return [*common, row.view.campaign_name, row.view.adgroup_name, _day(row.view.authorized_until_ms, zone)]
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
    ]


def _day(epoch_ms: int | None, zone: dt.tzinfo) -> str:
    return "" if epoch_ms is None else to_datetime(epoch_ms).astimezone(zone).date().isoformat()
