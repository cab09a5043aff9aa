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
from attise.records.totals import ENVELOPE_KINDS, EnvelopeTotals, Totals
from attise.serving.delivery.places import Places

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
NOT_TOLD, OPEN, SHUT = 0, 1, 2
"""What totals said of an envelope last."""
KINDS: Final = {kind: number for number, kind in enumerate(ENVELOPE_KINDS)}
STRANGE: Final = -1
"""The kind of an envelope that totals did not tell of, or by a word of a later release."""
LEAST_MORE: Final = 1_024
"""Places by which the arrays grow at least; else by a quarter."""


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
        self._places = Places(first=UNKNOWN + 1)
        self._slice = np.array([NO_LIMIT, CLOSED], np.int64)
        self._left = self._slice.copy()
        self._room = self._slice.copy()
        self._held = np.zeros(2, np.int64)
        self._doubtful = np.zeros(2, np.int64)
        self._settled = np.zeros(2, np.int64)
        self._begins = np.zeros(2, np.int64)
        self._ends = np.full(2, NEVER, np.int64)
        self._limit = np.full(2, NO_LIMIT, np.int64)
        self._spent = np.zeros(2, np.int64)
        self._of_node = np.zeros(2, np.int64)
        """Of what is spent, the part of this process's decisions; 0 where totals do not tell."""
        self._told = np.full(2, NOT_TOLD, np.int8)
        self._kind = np.full(2, STRANGE, np.int8)
        self._due: dict[int, tuple[array[int], array[int]]] = {}
        self._due_order: list[int] = []
        self._next_end_ms = NEVER
        self._fresh_until_ms = 0
        self._version = -1
        self._processes = 1
        self._share = FIRST_SHARE
        self._times = 1.0

    @property
    def version(self) -> int:
        """The version of the totals that were heeded last; -1: none yet."""
        return self._version

    def is_fresh(self, wire_ms: int) -> bool:
        """Tell whether anything may be spent at a moment (wire), as far as the totals' age goes."""
        return wire_ms < self._fresh_until_ms

    def heed(self, totals: Totals, *, processes: int) -> bool:
        """Take in totals, whole or what changed, and share what is left among ``processes`` that decide.

        Totals older than those known are ignored; the same again do no harm. Returns whether any envelope was told of
        for the first time. Cost: about a microsecond for each envelope told, and a few passes over all.
        """
        head = totals.head
        if head.version < self._version:
            return False
        self._fresh_until_ms = max(self._fresh_until_ms, head.published_at_ms + ALLOWANCE_LIFE_MS)
        self._version = head.version
        has_news = self._learn(totals.envelopes)
        share = _share_at(int((head.counted_to_ms - self._started_at_ms) * self._times))
        if (processes, share) != (self._processes, self._share):
            self._processes, self._share = max(1, processes), share
            self._slice[UNKNOWN + 1 :] = self._slices_of(self._left[UNKNOWN + 1 :])
        self._let_go(head.counted_to_ms)
        np.subtract(self._slice, self._held, out=self._room)
        self._room += self._settled
        self._room[self._slice < 0] = CLOSED
        self._next_end_ms = 0  # the ends are looked at when the next decision tells the time
        return has_news

    def live_at(self, times: float) -> None:
        """Expect what people do so many times sooner: they live at that speed, as they may in an example world.

        What is held from now on is held for so much shorter, and this process counts as so much older.
        """
        self._times = max(1.0, times)

    def begin_again(self) -> None:
        """Take the next totals whatever their version: the database was put back. What is outstanding stays so."""
        self._version = -1

    def places_of(self, envelope_ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the places of envelopes, for ``rooms``; any shape. Id 0 is no envelope, and bounds nothing.

        Cost: a sort of the ids: once for each set of groups, not in a decision.
        """
        ids, back = np.unique(envelope_ids, return_inverse=True)
        places = np.full(len(ids), NONE, np.int32)
        places[ids != 0] = self._places_of(ids[ids != 0])
        return places[back].reshape(envelope_ids.shape)

    def facts_of(self, envelope_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what totals told of envelopes: int64[5, n], for pacing.

        Rows: begin and end (``NEVER``: none) of the period, limit (``NO_LIMIT``: none), what is spent, and the kind
        by its number in ``KINDS`` (``STRANGE``: not told of). Whoever heeds may ask, without a lock.
        Cost: O(n log all).
        """
        places = self._places.find_all(envelope_ids, UNKNOWN)
        columns = (self._begins, self._ends, self._limit, self._spent, self._kind)
        return np.stack([column[places].astype(np.int64) for column in columns])

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
            place = self._place_of(one)
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
        places = [place for one in envelope_ids if (place := self._place_of(one)) != NONE and place != UNKNOWN]
        doubtful = 0 if certain else expected_micros - expected_micros // 2
        for place in places:
            self._held[place] += expected_micros
            self._room[place] -= expected_micros
        self._keep(places, expected_micros - doubtful, wire_ms + int(CERTAIN_LIFE_MS / self._times), is_doubtful=False)
        if not certain:
            for place in places:
                self._doubtful[place] += doubtful
            self._keep(places, doubtful, wire_ms + int(UNCERTAIN_LIFE_MS / self._times), is_doubtful=True)

    def _keep(self, places: list[int], micros: int, until_ms: int, *, is_doubtful: bool) -> None:
        """Have what is held be let go of at its time."""
        bucket = -(-until_ms // BUCKET_MS) * 2 + is_doubtful
        due = self._due.get(bucket)
        if due is None:
            due = self._due[bucket] = (array("q"), array("q"))
            heapq.heappush(self._due_order, bucket)
        due[0].extend(places)
        due[1].extend([micros] * len(places))

    def outstanding_micros(self, envelope_id: int) -> int:
        """Return what this process decided and totals have not caught up with."""
        place = self._place_of(envelope_id)
        return int(self._held[place] - self._settled[place])

    def room_micros(self, envelope_id: int) -> int:
        """Return what this process may still spend of an envelope as totals stood; ``CLOSED``: nothing, not even 0."""
        return int(self._room[self._place_of(envelope_id)])

    def _learn(self, rows: Sequence[EnvelopeTotals]) -> bool:
        """Take in what totals tell of envelopes, each row after those before it; tells whether any is new."""
        ids = np.array([row.envelope_id for row in rows], np.int64)
        if len(np.unique(ids)) < len(ids):
            has_news = False
            for row in rows:
                has_news |= self._learn((row,))
            return has_news
        begins = np.array([row.begins_at_ms for row in rows], np.int64)
        ends = np.array([NEVER if row.ends_at_ms is None else row.ends_at_ms for row in rows], np.int64)
        limit = np.array([NO_LIMIT if row.limit_micros is None else row.limit_micros for row in rows], np.int64)
        spent = np.array([row.spent_micros for row in rows], np.int64)
        of_node = np.array([_of_node(row, self._node) for row in rows], np.int64)
        is_told = np.array([bool(row.spent_by_node) for row in rows], np.bool_)
        is_shut = np.array([row.closed_at_ms is not None for row in rows], np.bool_)
        kind = np.array([KINDS.get(row.kind, STRANGE) for row in rows], np.int8)
        places = self._places_of(ids)
        known = self._told[places] != NOT_TOLD
        charged = np.where(
            is_told, of_node - self._of_node[places], (spent - self._spent[places]) // self._processes
        )  # for decisions of this process; where totals do not tell whose, its share
        is_same = known & (self._begins[places] == begins)
        settled = np.where(is_same, self._settled[places] + np.maximum(charged, 0), 0)
        left = np.where(is_shut, CLOSED, np.where(limit == NO_LIMIT, NO_LIMIT, np.maximum(limit - spent, 0)))
        now = ~known | (begins >= self._begins[places])  # else of a period that is over
        for column, values in (
            (self._settled, settled),
            (self._begins, begins),
            (self._ends, ends),
            (self._limit, limit),
            (self._spent, spent),
            (self._of_node, of_node),
            (self._told, np.where(is_shut, SHUT, OPEN)),
            (self._kind, kind),
            (self._left, left),
            (self._slice, self._slices_of(left)),
        ):
            column[places[now]] = values[now]
        return bool((~known).any())

    def _slices_of(self, left: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return this process's share of what is left, without a product that could outgrow its 64 bits."""
        part, whole = self._share
        quotient, rest = np.divmod(left, whole * self._processes)
        sliced = quotient * part + rest * part // (whole * self._processes)
        return np.where((left == CLOSED) | (left == NO_LIMIT), left, sliced)

    def _place_of(self, envelope_id: int) -> int:
        return self._places.find(envelope_id, UNKNOWN) if envelope_id else NONE

    def _places_of(self, ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the places of envelopes, giving one that allows nothing to those that totals have yet to tell of."""
        found = self._places.give(ids)
        self._grow(len(self._places))
        return found

    def _grow(self, least: int) -> None:
        """Have at least so many places."""
        many = len(self._room)
        if least <= many:
            return
        more = max(least - many, LEAST_MORE, many // 4)
        for name, fill in (
            *(
                ("_slice", CLOSED),
                ("_left", CLOSED),
                ("_room", CLOSED),
                ("_held", 0),
                ("_doubtful", 0),
                ("_settled", 0),
            ),
            *(("_begins", 0), ("_ends", NEVER), ("_limit", NO_LIMIT), ("_spent", 0), ("_of_node", 0)),
            *(("_told", NOT_TOLD), ("_kind", STRANGE)),
        ):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.full(more, fill, column.dtype)]))

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
        if self._told[place] != OPEN:
            return Held.CLOSED if self._told[place] == SHUT else Held.UNKNOWN
        return Held.PERIOD if self._ends[place] <= now_ms else Held.SPENT


def _of_node(row: EnvelopeTotals, node: int) -> int:
    return next((spent for number, spent in row.spent_by_node if number == node), 0)


def _share_at(age_ms: int) -> tuple[int, int]:
    """Return what part of its slice a process of that age may use: an eighth, and all after the longest hold's life."""
    whole = 8
    return (min(whole, 1 + max(0, age_ms) * (whole - 1) // UNCERTAIN_LIFE_MS), whole)
