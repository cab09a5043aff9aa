"""Lists: which page was asked for, what goes with its rows, and which fields of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from attise.doors.marketing_api.wire import errors
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.paging import NumberedPage

LARGEST_PAGE = 1_000_000
"""Beyond it every list is empty; bounded so that an offset stays a number that databases take."""


def page_info(page: NumberedPage[Any]) -> dict[str, int]:
    """Return what readers count with."""
    return {
        "page": page.page,
        "page_size": page.page_size,
        "total_number": page.total,
        "total_page": page.pages,
    }


def cut(rows: list[Any], page: int, page_size: int) -> NumberedPage[Any]:
    """Return one page of a list that is already whole in memory; past the end, an empty one."""
    return NumberedPage(rows[(page - 1) * page_size : page * page_size], page, page_size, len(rows))


def joined(parts: list[Callable[[int, int], NumberedPage[Any]]], page: int, page_size: int) -> NumberedPage[Any]:
    """Return one page of several lists told one after the other; each part is asked by page number and page size.

    Cost: at most two pages of each part.
    """
    first, last = (page - 1) * page_size, page * page_size
    items: list[Any] = []
    total = 0
    for part in parts:
        begin = max(0, first - total)
        number = begin // page_size + 1
        found = part(number, page_size)
        rows = found.items[begin % page_size :]
        if begin % page_size and len(found.items) == page_size:
            rows = rows + part(number + 1, page_size).items
        items += rows[: max(0, last - max(first, total))]
        total += found.total
    return NumberedPage(items, page, page_size, total)


def select(
    rows: list[dict[str, Any]],
    *,
    known: Collection[str],
    fields: list[str] | None,
    without_nulls: bool = False,
) -> list[dict[str, Any]]:
    """Return rows with the fields that were asked for, in the order of the answer; all of them when none were.

    Raises: Refusals naming every field that no row of this list has.
    """
    if fields is not None:
        strangers = [name for name in fields if name not in known]
        if strangers:
            raise Refusals(
                [Refusal(errors.FIELD_NOT_SELECTABLE, field="fields", name=_shown(name)) for name in strangers[:5]]
            )
        wanted = set(fields)
        rows = [{name: value for name, value in row.items() if name in wanted} for row in rows]
    if without_nulls:
        rows = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return rows


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"  # noqa: PLR2004 - enough to recognise it
