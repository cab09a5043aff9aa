"""Gathers refusals so that a person mends everything at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from attise.kernel.errors import Refusal, Refusals


class Gathering:
    """Collects what is refused, in the order it is found."""

    def __init__(self) -> None:
        """Start with nothing refused."""
        self.items: list[Refusal] = []

    @contextmanager
    def each(self) -> Iterator[None]:
        """Run one check; what it refuses is kept for later."""
        try:
            yield
        except Refusal as refusal:
            self.items.append(refusal)
        except Refusals as several:
            self.items.extend(several.items)

    def tell(self) -> None:
        """Raise what was gathered: alone when it is one, together when they are several, not at all when none."""
        if len(self.items) == 1:
            raise self.items[0]
        if self.items:
            raise Refusals(self.items)
