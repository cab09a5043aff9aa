"""Pages of a list by their numbers, as the consoles ask for them and lead to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from attise.kernel.ids import parse_id
from attise.kernel.paging import NumberedPage

PAGE = 50
LARGEST_PAGE = 100_000


def number_of(request: HttpRequest) -> int:
    """Return the page that the address asks for; the first one when it names none that can be."""
    return min(parse_id(request.GET.get("page", "")) or 1, LARGEST_PAGE)


def pager(found: NumberedPage[Any], query: Mapping[str, str], *, at: str = "") -> dict[str, Any] | None:
    """Return what ``parts/pager.html`` takes, or None for a list of one page.

    ``query`` is what else the address says; ``at`` is its path, when the page may be shown at another one.
    """
    if found.pages <= 1 or not found.items:
        return None
    first = (found.page - 1) * found.page_size + 1

    def url(number: int) -> str:
        return f"{at}?{urlencode({**query, 'page': number})}"

    return {
        "first": first,
        "last": first + len(found.items) - 1,
        "total": found.total,
        "previous_url": url(found.page - 1) if found.page > 1 else "",
        "next_url": url(found.page + 1) if found.page < found.pages else "",
    }
