"""Tables as files: what campaigns, ad groups and ads came to, for a spreadsheet or an analysis tool."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Final, Literal

from django.http import StreamingHttpResponse
from pydantic import Field

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.campaigns import NameFilter, ObjectiveFilter, StatusFilter
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.exports import FILES, WORDS, FileForm
from attise.doors.native_api.schemas.overviews import DAYS, Period
from attise.doors.site.sheets import answers
from attise.doors.site.sheets.columns import Cell, Column, Sheet
from attise.doors.site.sheets.errors import FILE_ROWS
from attise.doors.site.sheets.figures import cells_of_figures, columns_of_figures
from attise.kernel.errors import Refusal
from attise.management.accounts import queries as accounts
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import queries
from attise.management.campaigns.status import StatusWish
from attise.measurement.attribution.figures import NO_FIGURES, list_figures
from attise.measurement.counters.spans import Span, span_of

group = Group("Exports")
Level = Annotated[Literal["campaign", "adgroup", "ad"], Field(description="What rows are of.")]
MOST_ROWS: Final = 20_000
PART: Final = 500
"""Rows read at a time."""


class _Listed:
    """How the rows of a level are read: what filters ask of it, its list, and the columns that say what a row is."""

    def __init__(self, wish: Callable[..., Any], ids: Callable[..., list[int]], page: Callable[..., Any]) -> None:
        self.wish, self.ids, self.page = wish, ids, page


_LEVELS: Final[dict[str, _Listed]] = {
    "campaign": _Listed(queries.CampaignWish, queries.list_ids_of_campaigns, queries.page_campaigns),
    "adgroup": _Listed(queries.AdGroupWish, queries.list_ids_of_adgroups, queries.page_adgroups),
    "ad": _Listed(queries.AdWish, queries.list_ids_of_ads, queries.page_ads),
}
_NAMED: Final[dict[str, tuple[str, ...]]] = {
    "campaign": ("id", "name", "operation_status", "secondary_status", "objective_type"),
    "adgroup": ("id", "name", "operation_status", "secondary_status", "campaign_id", "campaign_name"),
    "ad": (
        *("id", "name", "operation_status", "secondary_status", "campaign_id", "campaign_name"),
        *("adgroup_id", "adgroup_name"),
    ),
}
"""What is told of an object, as its view names it."""


@group.get_file("/v1/advertisers/{advertiser_id}/export", files=FILES)
def export_figures(
    call: Call,
    advertiser_id: PathId,
    level: Level = "campaign",
    format: FileForm = "csv",  # noqa: A002 - what callers say
    period: Period = "28_days",
    name: NameFilter = "",
    status: StatusFilter | None = None,
    objective_type: ObjectiveFilter | None = None,
) -> StreamingHttpResponse:
    """Export what campaigns, ad groups or ads came to, as CSV, XLSX or Parquet.

    The rows are those of the list with the same filters, 20,000 at most, the newest first; the sums of a column are the
    figures of the overview over the same period, as far as nothing was deleted. Money is told in the currency of the
    last column, identifiers as text; a text that a spreadsheet could take for a formula gets a quote mark in CSV.
    """
    advertiser = accounts.get_advertiser(advertiser_id)
    listed = _LEVELS[level]
    wish = listed.wish(name=name, objective_type=objective_type, status=StatusWish(primary=status))
    where = {"advertiser_id": advertiser.id, "wish": wish}
    if len(listed.ids(call.means, most=MOST_ROWS + 1, **where)) > MOST_ROWS:
        raise Refusal(FILE_ROWS, most=MOST_ROWS)
    span = span_of(advertiser.timezone, call.means.clock.world_ms(), DAYS[period])
    columns = [*(Column(one, one) for one in _NAMED[level]), *_figures(advertiser.currency)]
    sheet = Sheet(f"{level}s", columns, _rows(call, level, where, advertiser, span))
    return answers.answer(sheet, WORDS[format], days=(span.first, span.last))


def _figures(currency: str) -> list[Column]:
    """Return the columns of figures by their technical names, which are no reader's language."""
    found = columns_of_figures(currency)
    return [*(Column(one.key, one.key, one.kind, one.places) for one in found), Column("currency", "currency")]


def _rows(
    call: Call, level: str, where: dict[str, Any], advertiser: AdvertiserView, span: Span
) -> Iterator[Sequence[Cell]]:
    """Yield every row, a part at a time."""
    after: int | None = None
    for turn in itertools.count():
        if turn and after is None:
            return
        page = _LEVELS[level].page(call.means, after=after, limit=PART, **where)
        ids = [view.id for view in page.items]
        told = list_figures(advertiser.id, level=level, ids=ids, from_ms=span.from_ms, to_ms=span.to_ms)
        for view in page.items:
            said = [str(getattr(view, name)) for name in _NAMED[level]]
            figures = cells_of_figures(told.get(view.id, NO_FIGURES), advertiser.currency)
            yield [*said, *figures, advertiser.currency]
        after = page.after
