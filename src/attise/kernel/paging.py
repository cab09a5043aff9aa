"""Pages of a list: a door asks for one, a query answers one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Part of a list in a fixed order; ``after`` is the id to ask the next part from, None at the end."""

    items: list[Item]
    after: int | None = None

    def map(self, change: Callable[[Item], Other]) -> Page[Other]:
        """Return the page with each item changed."""
        return Page([change(item) for item in self.items], self.after)


@dataclass(frozen=True, slots=True)
class NumberedPage(Generic[Item]):
    """Part of a list by page number, with the exact total, as the dialect's readers count."""

    items: list[Item]
    page: int
    page_size: int
    total: int

    @property
    def pages(self) -> int:
        """The number of pages; 0 for an empty list."""
        return -(-self.total // self.page_size)
