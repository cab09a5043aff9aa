"""Lists: from a query's page to ``{items, next_cursor}``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from attise.doors.native_api.cursors import write_cursor
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import Listing
from attise.kernel.paging import Page

Item = TypeVar("Item")
Shape = TypeVar("Shape", bound=BaseModel)


def listing(call: Call, kind: type[Listing[Shape]], page: Page[Item], tell: Callable[[Item], Shape]) -> Listing[Shape]:
    """Return a page as callers see it."""
    return kind(items=[tell(item) for item in page.items], next_cursor=write_cursor(call, page.after))
