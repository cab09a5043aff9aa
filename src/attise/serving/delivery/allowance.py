"""What this process may still spend, envelope by envelope: step 4 of a decision; before: prediction; after: auction.

Why: several processes decide at once, and what they decided is charged later. Each may have decisions outstanding
worth a share of what an envelope has left, and what it decided counts as spent until the totals of a later moment make
it true or tell that it will not come. Together they can then never promise more than there is, as long as they look at
the same totals; what one knows late is bounded by its slice.

Invariants: ``room = slice - outstanding`` for each envelope; outstanding is never negative; a hold is let go of by the
totals' own clock (``counted_to_ms``), so that where settling stands still nothing is let go of, and a process ends at
its slice. After ``ALLOWANCE_LIFE_MS`` without a publication nothing may be spent at all.

One process, one thread: nothing here locks. Amounts are micros of the envelope's own currency. No clock inside.
"""

from __future__ import annotations

import enum
import heapq
from array import array
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import MINUTE_MS
from attise.records.totals import EnvelopeTotals, Totals

ALLOWANCE_LIFE_MS: Final = 10_000
"""How long totals are good for, from their publication (wire)."""
CERTAIN_LIFE_MS: Final = 3 * MINUTE_MS
"""How long after its decision an impression is waited for: a feed of ten items is watched in about that."""
UNCERTAIN_LIFE_MS: Final = 10 * MINUTE_MS
"""How long after its decision a click or a view is."""
BUCKET_MS: Final = 1_000
"""Holds that end within one such span are let go of together."""
NO_LIMIT: Final = 1 << 62
CLOSED: Final = -1
"""The room of what may not be spent from at all, not even nothing."""
NEVER: Final = (1 << 63) - 1
FIRST_SHARE: Final = (1, 8)
"""Of its slice, what a process begins with: what it had outstanding before it was started again is not known."""
NONE, UNKNOWN = 0, 1
"""Places: of *no envelope*, which bounds nothing; of those that totals never told of, which allow nothing."""


class Held(enum.StrEnum):
    """Why an envelope allows no decision, in the order in which it is judged."""

    STALE = "totals_stale"
    UNKNOWN = "envelope_unknown"
    CLOSED = "envelope_closed"
    PERIOD = "period_over"
    SPENT = "envelope_spent"


class Allowances:
    """Rooms of one process, by place; a place is an envelope's for as long as the process lives."""

    def __init__(self, *, node: int, started_at_ms: int) -> None:
        """Begin without any allowance. ``node`` is the process's own number, ``started_at_ms`` its start (wire)."""
        self._node = node
        self._started_at_ms = started_at_ms
        self._place_of: dict[int, int] = {0: NONE}
        self._rows: list[EnvelopeTotals | None] = [None, None]
        self._slice = np.array([NO_LIMIT, CLOSED], np.int64)
        self._left = self._slice.copy()
        self._held = np.zeros(2, np.int64)
        self._doubtful = np.zeros(2, np.int64)
        self._settled = np.zeros(2, np.int64)
        self._ends = np.full(2, NEVER, np.int64)
        self._room = self._slice.copy()
        self._due: dict[int, tuple[array[int], array[int]]] = {}
        self._due_order: list[int] = []
        self._next_end_ms = NEVER
        self._fresh_until_ms = 0
        self._version = -1
        self._processes = 1
        self._share = FIRST_SHARE

    @property
    def version(self) -> int:
        """The version of the totals that were heeded last; -1: none yet."""
        return self._version

    def is_fresh(self, wire_ms: int) -> bool:
        """Tell whether anything may be spent at a moment (wire), as far as the totals' age goes."""
        return wire_ms < self._fresh_until_ms

    def heed(self, totals: Totals, *, processes: int) -> None:
        """Take in totals, whole or what changed, and share what is left among ``processes`` that decide.

        Totals older than those known are ignored; the same again do no harm.
        Cost: one pass over the envelopes told, one over all when the share changed, and over the holds that end.
        """
        head = totals.head
        if head.version < self._version:
            return
        self._fresh_until_ms = max(self._fresh_until_ms, head.published_at_ms + ALLOWANCE_LIFE_MS)
        self._version = head.version
        for row in totals.envelopes:
            self._learn(row)
        share = _share_at(head.counted_to_ms - self._started_at_ms)
        if (processes, share) != (self._processes, self._share):
            self._processes, self._share = max(1, processes), share
            for place, known in enumerate(self._rows):
                if known is not None:
                    self._slice[place] = self._slice_of(int(self._left[place]))
        self._let_go(head.counted_to_ms)
        self._room = self._slice - self._held + self._settled
        self._room[self._slice < 0] = CLOSED
        self._next_end_ms = 0  # the ends are looked at when the next decision tells the time

    def begin_again(self) -> None:
        """Take the next totals whatever their version: the database was put back. What is outstanding stays so."""
        self._version = -1

    def places_of(self, envelope_ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the places of envelopes, for ``rooms``; any shape. Id 0 is no envelope, and bounds nothing.

        Cost: a sort of the ids: once for each set of groups, not in a decision.
        """
        ids, back = np.unique(envelope_ids, return_inverse=True)
        places = np.array([self._place(int(one)) for one in ids], np.int32)
        return places[back].reshape(envelope_ids.shape)

    def rooms(self, places: NDArray[np.int32], *, now_ms: int, wire_ms: int) -> NDArray[np.int64]:
        """Return for each row of ``places`` (int32[n, envelopes]) the smallest room of its envelopes, int64[n].

        A decision may be worth as much; ``CLOSED`` where one allows nothing. ``now_ms`` is world time, ``wire_ms`` wire
        time. Cost: one gather.
        """
        return self._smallest(self._room, places, now_ms, wire_ms)

    def lefts(self, places: NDArray[np.int32], *, now_ms: int, wire_ms: int) -> NDArray[np.int64]:
        """Return for each row the least that all processes together have left: a whole price must fit in it."""
        return self._smallest(self._left, places, now_ms, wire_ms)

    def by_place(self, *, now_ms: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return rooms and what all processes have left, by place, for a decision's own loop; to be read, and at once.

        Whether totals are fresh is asked of ``is_fresh``.
        """
        self._close_what_ended(now_ms)
        return self._room, self._left

    def may_spend(
        self, envelope_ids: Iterable[int], price_micros: int, *, now_ms: int, wire_ms: int, expected_micros: int = -1
    ) -> bool:
        """Tell whether every envelope has a whole price left, and this process room for what is expected of it.

        ``expected_micros`` is probability times price; left out, it is the price. Cost: a look-up for each envelope.
        """
        held = self.why_not(envelope_ids, price_micros, now_ms=now_ms, wire_ms=wire_ms, expected_micros=expected_micros)
        return held is None

    def why_not(
        self, envelope_ids: Iterable[int], price_micros: int, *, now_ms: int, wire_ms: int, expected_micros: int = -1
    ) -> Held | None:
        """Return why a price may not be spent, or None when it may; arguments and cost as for ``may_spend``."""
        if not self.is_fresh(wire_ms):
            return Held.STALE
        self._close_what_ended(now_ms)
        expected_micros = price_micros if expected_micros < 0 else expected_micros
        for one in envelope_ids:
            place = self._place_of.get(one, UNKNOWN)
            if self._room[place] < expected_micros or self._left[place] < price_micros:
                return self._reason(place, now_ms)
        return None

    def hold(self, envelope_ids: Sequence[int], expected_micros: int, *, wire_ms: int, certain: bool) -> None:
        """Count what a decision will probably cost as spent, until totals have caught up with it.

        ``expected_micros`` is probability times price. It is let go of when totals show as much charged for decisions
        of this process, or when its life is over. ``certain`` is of what is paid for an impression. What may come or
        not is held for longer, and half of it whatever was charged: one click says little about others that may come.
        Cost: a look-up for each envelope.
        """
        if expected_micros < 0:
            raise AssertionError("a decision costs nothing or something")
        if certain:
            self._keep(envelope_ids, expected_micros, wire_ms + CERTAIN_LIFE_MS, is_doubtful=False)
        else:
            half = expected_micros // 2
            self._keep(envelope_ids, half, wire_ms + CERTAIN_LIFE_MS, is_doubtful=False)
            self._keep(envelope_ids, expected_micros - half, wire_ms + UNCERTAIN_LIFE_MS, is_doubtful=True)

    def _keep(self, envelope_ids: Iterable[int], micros: int, until_ms: int, *, is_doubtful: bool) -> None:
        bucket = -(-until_ms // BUCKET_MS) * 2 + is_doubtful
        due = self._due.get(bucket)
        if due is None:
            due = self._due[bucket] = (array("q"), array("q"))
            heapq.heappush(self._due_order, bucket)
        for one in envelope_ids:
            place = self._place_of.get(one, UNKNOWN)
            if place in {NONE, UNKNOWN}:
                continue
            self._held[place] += micros
            self._doubtful[place] += micros * is_doubtful
            self._room[place] -= micros
            due[0].append(place)
            due[1].append(micros)

    def outstanding_micros(self, envelope_id: int) -> int:
        """Return what this process decided and totals have not caught up with."""
        place = self._place_of.get(envelope_id, UNKNOWN)
        return int(self._held[place] - self._settled[place])

    def room_micros(self, envelope_id: int) -> int:
        """Return what this process may still spend of an envelope as totals stood; ``CLOSED``: nothing, not even 0."""
        return int(self._room[self._place_of.get(envelope_id, UNKNOWN)])

    def _learn(self, row: EnvelopeTotals) -> None:
        place = self._place(row.envelope_id)
        known = self._rows[place]
        if known is not None and row.begins_at_ms < known.begins_at_ms:
            return  # of a period that is over
        if known is not None and known.begins_at_ms == row.begins_at_ms:
            self._settled[place] += max(0, self._charged(row, known))
        else:
            self._settled[place] = 0
        self._rows[place] = row
        self._ends[place] = NEVER if row.ends_at_ms is None else row.ends_at_ms
        self._left[place] = _left_of(row)
        self._slice[place] = self._slice_of(int(self._left[place]))

    def _charged(self, row: EnvelopeTotals, known: EnvelopeTotals) -> int:
        """Return what was charged since for decisions of this process; where totals do not tell whose, its share."""
        if row.spent_by_node:
            return _of_node(row, self._node) - _of_node(known, self._node)
        return (row.spent_micros - known.spent_micros) // self._processes

    def _slice_of(self, left: int) -> int:
        if left in {CLOSED, NO_LIMIT}:
            return left
        part, whole = self._share
        return left * part // (whole * self._processes)

    def _place(self, envelope_id: int) -> int:
        """Return an envelope's place, giving it one that allows nothing until totals tell of it."""
        place = self._place_of.get(envelope_id)
        if place is None:
            place = self._place_of[envelope_id] = len(self._rows)
            self._rows.append(None)
            if place == len(self._room):
                self._grow()
        return place

    def _grow(self) -> None:
        more = len(self._room)
        self._slice = np.concatenate([self._slice, np.full(more, CLOSED, np.int64)])
        self._left = np.concatenate([self._left, np.full(more, CLOSED, np.int64)])
        self._room = np.concatenate([self._room, np.full(more, CLOSED, np.int64)])
        self._ends = np.concatenate([self._ends, np.full(more, NEVER, np.int64)])
        for name in ("_held", "_doubtful", "_settled"):
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(more, np.int64)]))

    def _let_go(self, counted_to_ms: int) -> None:
        """Let go of the holds whose life ended before the moment up to which events are counted."""
        while self._due_order and self._due_order[0] // 2 * BUCKET_MS <= counted_to_ms:
            bucket = heapq.heappop(self._due_order)
            places, micros = (np.frombuffer(part, np.int64) for part in self._due.pop(bucket))
            np.subtract.at(self._held, places, micros)
            np.subtract.at(self._doubtful if bucket % 2 else self._settled, places, micros)
        self._settled.clip(0, self._held - self._doubtful, out=self._settled)

    def _smallest(
        self, of: NDArray[np.int64], places: NDArray[np.int32], now_ms: int, wire_ms: int
    ) -> NDArray[np.int64]:
        if not self.is_fresh(wire_ms):
            return np.full(len(places), CLOSED, np.int64)
        self._close_what_ended(now_ms)
        found: NDArray[np.int64] = of[places].min(axis=1)
        return found

    def _close_what_ended(self, now_ms: int) -> None:
        """Take all room from periods that are over; what follows is allowed when totals tell of it."""
        if now_ms < self._next_end_ms:
            return
        over = self._ends <= now_ms
        self._room[over] = CLOSED
        self._left[over] = CLOSED
        self._slice[over] = CLOSED
        self._next_end_ms = int(self._ends[~over].min(initial=NEVER))

    def _reason(self, place: int, now_ms: int) -> Held:
        row = self._rows[place]
        if row is None:
            return Held.UNKNOWN
        if row.closed_at_ms is not None:
            return Held.CLOSED
        return Held.PERIOD if self._ends[place] <= now_ms else Held.SPENT


def _left_of(row: EnvelopeTotals) -> int:
    if row.closed_at_ms is not None:
        return CLOSED
    return NO_LIMIT if row.limit_micros is None else max(0, row.limit_micros - row.spent_micros)


def _of_node(row: EnvelopeTotals, node: int) -> int:
    return next((spent for number, spent in row.spent_by_node if number == node), 0)


def _share_at(age_ms: int) -> tuple[int, int]:
    """Return what part of its slice a process of that age may use: an eighth, and all after the longest hold's life."""
    whole = 8
    return (min(whole, 1 + max(0, age_ms) * (whole - 1) // UNCERTAIN_LIFE_MS), whole)
