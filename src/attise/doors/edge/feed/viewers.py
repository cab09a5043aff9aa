"""Viewers as this edge knows them: records that were read once, until a change says otherwise.

Step 3 of *a feed request is decided*: at most one keyed read, and none for whoever was here a moment ago.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from attise.records.change import Change, ChangeKind
from attise.records.viewer import Viewer

VIEWERS = 50_000
"""Records that are kept: about a kilobyte each, more for those who follow many."""


class _Load:
    """A read under way, which several requests may wait for."""

    __slots__ = ("is_stale", "reading")

    def __init__(self) -> None:
        self.is_stale = False
        self.reading: asyncio.Future[Viewer | None]


class Viewers:
    """A bounded cache of records. Read on one event loop; changes are heeded from any thread (``changes.Listener``)."""

    def __init__(self, read: Callable[[int], Awaitable[Viewer | None]], *, most: int = VIEWERS) -> None:
        """Fill the cache by ``read``, which may raise Outage."""
        self._read = read
        self._most = most
        self._known: OrderedDict[int, Viewer] = OrderedDict()
        self._loads: dict[int, _Load] = {}
        self.misses = 0

    def __len__(self) -> int:
        return len(self._known)

    def get(self, viewer_id: int) -> Viewer | None:
        """Return a record that is known, at no cost; None says nothing."""
        found = self._known.get(viewer_id)
        if found is not None:
            try:
                self._known.move_to_end(viewer_id)
            except KeyError:  # a change took it at this moment; what was read is still as old as the last poll
                return found
        return found

    async def find(self, viewer_id: int) -> Viewer | None:
        """Return a record, read now if need be, or None when there is no such viewer. Raises: Outage.

        Requests for one viewer share one read. One that began before a change was heeded answers those who wait for
        it, and is not kept.
        """
        known = self.get(viewer_id)
        if known is not None:
            return known
        load = self._loads.get(viewer_id)
        if load is None or load.is_stale:
            self.misses += 1
            load = self._loads[viewer_id] = _Load()
            load.reading = asyncio.ensure_future(self._load(viewer_id, load))
            load.reading.add_done_callback(_look_at)
        return await asyncio.shield(load.reading)

    def heed(self, changes: Sequence[Change]) -> None:
        """Drop the viewers that changed, and what is being read of them."""
        for change in changes:
            if change.kind is ChangeKind.VIEWER_CHANGED:
                load = self._loads.get(change.object_id)
                if load is not None:
                    load.is_stale = True
                self._known.pop(change.object_id, None)

    def forget(self) -> None:
        """Drop all."""
        for load in list(self._loads.values()):
            load.is_stale = True
        self._known.clear()

    async def _load(self, viewer_id: int, load: _Load) -> Viewer | None:
        try:
            found = await self._read(viewer_id)
        finally:
            if self._loads.get(viewer_id) is load:
                del self._loads[viewer_id]
        if found is not None:
            self._known[viewer_id] = found
            if load.is_stale:  # set before the record was put there, or else it was dropped after
                self._known.pop(viewer_id, None)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found


def _look_at(reading: asyncio.Future[Viewer | None]) -> None:
    """Take note of a failure that nobody waits for any more."""
    if not reading.cancelled():
        reading.exception()
