"""Many things, a few at a time: a statement takes only so many values, and whoever holds a lock lets others in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")


def in_parts(values: Iterable[Value], most: int) -> Iterator[list[Value]]:
    """Yield values in lists of up to ``most``, in their order, as they are asked for; nothing for none.

    Invariants: ``most`` is above zero.
    """
    rest = iter(values)
    while part := list(islice(rest, most)):
        yield part
