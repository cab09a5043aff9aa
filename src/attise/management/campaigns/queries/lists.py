"""Lists of rows by a status that is derived: as many rows as there are, a part at a time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from attise.kernel.paging import NumberedPage, Page
from attise.management.campaigns.status import StatusWish

View = TypeVar("View")

PART = 1_000
"""Rows whose statuses are derived together."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[View]):
    """Rows that are asked for, how they are seen, and which statuses are meant. Newest first."""

    rows: QuerySet[Any]
    """Filtered by all that columns tell, deletion included."""
    view: Callable[[list[Any]], list[View]]
    status: StatusWish

    def numbered(self, page: int, page_size: int) -> NumberedPage[View]:
        """Return one page by number, with the exact total.

        Cost: a count, and the queries of one view. By a derived status, those of a view for each thousand rows.
        """
        first = (page - 1) * page_size
        if self.status.is_told_by_rows:
            total = self.rows.count()
            items = self.view(list(self.rows.order_by("-id")[first : first + page_size])) if first < total else []
            return NumberedPage(items, page, page_size, total)
        items, total = [], 0
        for view in self._meant(self.rows):
            if first <= total < first + page_size:
                items.append(view)
            total += 1
        return NumberedPage(items, page, page_size, total)

    def after(self, after: int | None, limit: int) -> Page[View]:
        """Return the next part after an id. Cost: the queries of a view, for each thousand rows looked at."""
        rows = self.rows if after is None else self.rows.filter(id__lt=after)
        if self.status.is_told_by_rows:
            found = self.view(list(rows.order_by("-id")[: limit + 1]))
        else:
            found = []
            for view in self._meant(rows):
                found.append(view)
                if len(found) > limit:
                    break
        kept: list[Any] = found[:limit]
        return Page(kept, kept[-1].id if len(found) > limit else None)

    def ids(self, most: int) -> list[int]:
        """Return the ids, newest first, ``most`` of them. Cost: one statement, by a derived status those of views."""
        if self.status.is_told_by_rows:
            return list(self.rows.order_by("-id").values_list("id", flat=True)[:most])
        return [view.id for view in itertools.islice(self._meant(self.rows), most)]

    def _meant(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """Give the views whose status is asked for, newest first."""
        part = list(rows.order_by("-id")[:PART])
        while part:
            yield from (view for view in self.view(part) if self.status.keeps(view.secondary_status))
            part = list(rows.filter(id__lt=part[-1].id).order_by("-id")[:PART]) if len(part) == PART else []
