"""Numbers of ids, given in the order in which they come: what arrays by place are found by.

Two arrays of twelve bytes an id, where a dictionary has a hundred. What was asked for lately is in a short table beside
them, since a few ids are asked for again and again.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LATELY: Final = 4_096
"""Ids whose place is at hand."""


class Places:
    """Ids and their places, from ``first`` on; belongs to whoever locks it."""

    def __init__(self, *, first: int) -> None:
        """Know no id."""
        self._ids = np.zeros(0, np.int64)
        self._at = np.zeros(0, np.int32)
        self._next = first
        self._lately: dict[int, int] = {}

    def __len__(self) -> int:
        """Return the first place that nothing has."""
        return self._next

    def find(self, id_: int, otherwise: int) -> int:
        """Return an id's place, or ``otherwise`` when it has none. Cost: a look-up, or a microsecond."""
        place = self._lately.get(id_)
        if place is not None:
            return place
        at = int(self._ids.searchsorted(id_))
        if at == len(self._ids) or self._ids[at] != id_:
            return otherwise
        if len(self._lately) >= LATELY:
            self._lately.clear()
        place = self._lately[id_] = int(self._at[at])
        return place

    def find_all(self, ids: NDArray[np.int64], otherwise: int) -> NDArray[np.int32]:
        """Return the places of ids, int32[n]; ``otherwise`` of those that have none. Cost: O(n log all)."""
        if not len(self._ids):
            return np.full(len(ids), otherwise, np.int32)
        at = np.minimum(self._ids.searchsorted(ids), len(self._ids) - 1)
        return np.where(self._ids[at] == ids, self._at[at], np.int32(otherwise))

    def give(self, ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the places of ids, of which none is named twice, giving one to each that has none.

        Cost: as above, and a copy of all where one is new.
        """
        found = self.find_all(ids, -1)
        is_new = found < 0
        many = int(is_new.sum())
        if many:
            found[is_new] = np.arange(self._next, self._next + many)
            self._next += many
            order = np.argsort(ids[is_new])
            added = ids[is_new][order]
            at = self._ids.searchsorted(added)
            self._ids = np.insert(self._ids, at, added)
            self._at = np.insert(self._at, at, found[is_new][order])
        return found
