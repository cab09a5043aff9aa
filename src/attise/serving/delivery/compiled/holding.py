"""One contest, from the search to the award, in one loop: the same as ``contest.hold_by_numpy``.

Each step stands where its rule does: ``searching`` (the best ads that may be shown), ``drawing`` (the foremost of them,
their rows, what keeps each out), ``prediction.compiled`` (how likely what is), ``weighing`` (what each is worth, who
can pay, the best of each advertiser), ``awarding`` (who has which slot at what price). Where rates are drawn or told by
somebody else, the loop ends after the second, and goes on with the fourth once they are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.drops import REASONS, TARGETING_REASONS, Drop
from attise.records.feed import FeedRequest
from attise.serving.delivery.auction import Place
from attise.serving.delivery.candidates import CANDIDATE, Candidates
from attise.serving.delivery.caps import Seen
from attise.serving.delivery.chance import PACING, TIES
from attise.serving.delivery.compiled import searching, shared
from attise.serving.delivery.compiled.awarding import award
from attise.serving.delivery.compiled.drawing import draw_up
from attise.serving.delivery.compiled.searching import search
from attise.serving.delivery.compiled.shared import (
    EXPOSURES,
    KEPT,
    LEFT_EXPOSURES,
    LEFT_PART,
    LEFT_PLACE,
    LEFT_SINCE,
    N_LARGE,
    N_MIDDLE,
    N_SMALL,
    PART,
    PLACE,
    SINCE,
    Grid,
    Ids,
    Rows,
    Shown,
    pointer,
    read_only,
)
from attise.serving.delivery.compiled.weighing import count_standing, tally, weigh
from attise.serving.delivery.contest import (
    SCORES,
    Contest,
    Left,
    Weighed,
    awarded,
    chances_of,
    gap_of,
    has_holdouts,
    number_in_splits,
    predicted,
    same_advertiser,
)
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.state import Rates, State
from attise.serving.kernels import kernel
from attise.serving.prediction import compiled as prediction
from attise.serving.prediction.heads import COUNT, WIDTH
from attise.serving.prediction.predictor import InLoop, Predictions
from attise.serving.targeting.query import asked_of, own_of
from attise.serving.targeting.retrieve import Retrieved

# The compiler folds these in as numbers.
_WIDTH: Final = WIDTH
_STALE: Final = int(Drop.TOTALS_STALE)
_SCAN_LIMIT: Final = int(Drop.SCAN_LIMIT)
_PACING, _TIES = np.uint64(PACING), np.uint64(TIES)
_OF_SEED, _OF_END = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)
_FLOAT32: Final = np.dtype(np.float32)
_UINT32: Final = np.dtype(np.uint32)
N_ADS: Final = shared.N_ADS
_predict: Final = prediction.predict

DRAW, PREDICT, WEIGH = 1, 2, 4
"""Steps of the loop: those that are to be done."""
FOUND, LEFT, HEADS, WON = range(searching.TOLD, searching.TOLD + 4)
"""Beside what is told of the search: how many candidates, how many of them are predicted, heads, slots with an ad."""
TOLD: Final = searching.TOLD + 4
RESERVE, ATTENTION, WORTH = 0, 1, 2
"""Of a policy's values; what viewers get of ads comes after the other two."""


@kernel("u8(u8, u8)", is_rule=True)
def _key_of(seed: np.uint64, end: np.uint64) -> np.uint64:
    """Return what ids are mixed with: ``chance.key_of``."""
    return seed * _OF_SEED + end * _OF_END


@kernel(
    types.void(
        *(types.int64[:, ::1], types.int64[:, ::1], types.uint64[::1], types.uint32[::1]),
        *(read_only(types.float32, 2), Grid, types.uint8[::1], types.int32[::1], types.int32[::1], types.int64[::1]),
        types.float32[:, ::1],
    ),
    is_rule=True,
)
def _rate(
    parts: NDArray[np.int64],
    tables: NDArray[np.int64],
    keys: NDArray[np.uint64],
    follows: NDArray[np.uint32],
    weights: NDArray[np.float32],
    grid: NDArray[np.float32],
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
    exposures: NDArray[np.int32],
    since_ms: NDArray[np.int64],
    mean: NDArray[np.float32],
) -> None:
    """Fill the rates of candidates; where several tables meet, their rows are gathered first."""
    many = len(places)
    scores = np.empty((many, _WIDTH), dtype=np.float32)
    if len(tables) == 1:
        shape = (parts[0, N_ADS], _WIDTH)
        alone, words = carray(pointer(tables[0, 0]), shape, _FLOAT32), carray(pointer(tables[0, 1]), shape, _UINT32)
        _predict(keys, alone, words, places, follows, exposures, since_ms, weights, grid, scores, mean)
        return
    own, own_words = np.empty((many, _WIDTH), dtype=np.float32), np.empty((many, _WIDTH), dtype=np.uint32)
    rows = np.empty(many, dtype=np.int32)
    for number in range(len(tables)):
        shape = (parts[number, N_ADS], _WIDTH)
        alone = carray(pointer(tables[number, 0]), shape, _FLOAT32)
        words = carray(pointer(tables[number, 1]), shape, _UINT32)
        for at in range(many):
            if part[at] == number:
                rows[at] = at
                for column in range(_WIDTH):
                    own[at, column], own_words[at, column] = alone[places[at], column], words[places[at], column]
    _predict(keys, own, own_words, rows, follows, exposures, since_ms, weights, grid, scores, mean)


_ASKED: Final = (
    *(types.int64[:, ::1], types.int64[:, ::1], types.int64[:, ::1], types.int64, types.int64[::1], types.int64[::1]),
    *(types.int64[:, ::1], types.uint64[::1], types.uint32[::1], read_only(types.float32, 2), Grid),
    *(Shown, Ids, Ids, Ids, types.int64, types.int64, types.uint64, types.uint64),
    *(types.int64, types.int64, types.int64),
    *(Ids, read_only(types.float64), read_only(types.float64), Ids, Ids, types.boolean),
)
_MADE: Final = (
    *(types.uint8[:, ::1], types.int32[:, ::1], types.int64[:, ::1], Rows, types.int16[::1], types.int64[::1]),
    *(types.float32[:, ::1], types.float32[:, ::1], types.boolean, types.float64[:, ::1], types.int64[::1]),
    *(types.int64[:, ::1], types.float64[:, ::1], types.int64[::1], types.int64[::1]),
)


@kernel(types.void(types.int64, *_ASKED, *_MADE))
def hold(
    steps: int,
    parts: NDArray[np.int64],
    asked: NDArray[np.int64],
    clocks: NDArray[np.int64],
    price: int,
    audiences: NDArray[np.int64],
    follows: NDArray[np.int64],
    tables: NDArray[np.int64],
    keys: NDArray[np.uint64],
    followed: NDArray[np.uint32],
    weights: NDArray[np.float32],
    grid: NDArray[np.float32],
    shown: NDArray[Any],
    owns: NDArray[np.int64],
    hidden_ads: NDArray[np.int64],
    hidden_advertisers: NDArray[np.int64],
    beside: int,
    now_ms: int,
    seed: np.uint64,
    number: np.uint64,
    searched: int,
    most_blocks: int,
    slots: int,
    caps: NDArray[np.int64],
    values: NDArray[np.float64],
    reach: NDArray[np.float64],
    rooms: NDArray[np.int64],
    lefts: NDArray[np.int64],
    is_fresh: bool,
    small: NDArray[np.uint8],
    middle: NDArray[np.int32],
    large: NDArray[np.int64],
    rows: NDArray[Any],
    drop: NDArray[np.int16],
    dropped: NDArray[np.int64],
    mean: NDArray[np.float32],
    sampled: NDArray[np.float32],
    is_drawn: bool,
    scores: NDArray[np.float64],
    heads: NDArray[np.int64],
    won: NDArray[np.int64],
    prices: NDArray[np.float64],
    counts: NDArray[np.int64],
    told: NDArray[np.int64],
) -> None:
    """Hold a contest, or the steps of it that are told; what is made is as ``drawing.draw_up`` and others fill it.

    Args: number: the viewer's in split tests; searched: how many ads a search brings, of which ``rows`` has room for
    the foremost. ``won`` gets of each slot
    winner, runner-up and how many ads that stood are of the winner's advertiser; ``counts`` ads by their reason, from
    ``NONE`` on.
    """
    if steps & DRAW:
        part, places = np.empty(searched, dtype=np.uint8), np.empty(searched, dtype=np.int32)
        count = search(
            parts, asked, clocks, now_ms, price, audiences, follows, most_blocks, part, places, dropped, told
        )
        most = min(count, len(rows))
        dropped[_SCAN_LIMIT] += count - most
        told[FOUND] = most
        told[LEFT] = draw_up(
            parts,
            part[:count],
            places[:count],
            shown,
            owns,
            hidden_ads,
            hidden_advertisers,
            beside,
            caps,
            now_ms,
            _key_of(seed, _PACING),
            number,
            small,
            middle,
            large,
            rows[:most],
            drop[:most],
        )
    left = told[LEFT]
    kept = large[KEPT, :left]
    if steps & PREDICT:
        _rate(
            parts,
            tables,
            keys,
            followed,
            weights,
            grid,
            small[LEFT_PART, :left],
            middle[LEFT_PLACE, :left],
            middle[LEFT_EXPOSURES, :left],
            large[LEFT_SINCE, :left],
            mean,
        )
    if steps & WEIGH:
        if not is_fresh:
            for at in range(left):
                drop[kept[at]] = _STALE
            kept = kept[:0]
        reserve, attention = values[RESERVE], values[ATTENTION]
        told[HEADS] = weigh(
            rows,
            kept,
            mean,
            sampled,
            is_drawn,
            values[WORTH:],
            rooms,
            lefts,
            reserve,
            attention,
            _key_of(seed, _TIES),
            drop,
            scores,
            heads,
        )
        told[WON] = award(heads[: told[HEADS]], scores, reach, slots, reserve, attention, won, prices)
        for slot in range(told[WON]):
            advertiser = rows[kept[won[slot, 0]]]["advertiser_id"]
            won[slot, 2] = count_standing(rows[: told[FOUND]], drop[: told[FOUND]], advertiser)
        for reason in range(len(counts)):
            counts[reason] = 0
        tally(drop[: told[FOUND]], dropped, counts)


def hold_contest(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], beside: int
) -> Contest:
    """Return the contest of an answer's slots; arguments as for ``contest.hold_contest``."""
    loop = _Loop(request, state, memory, slots, beside)
    if loop.in_loop is not None:
        mean = np.empty((loop.room, COUNT), dtype=np.float32)
        made = loop.go(DRAW | PREDICT | WEIGH, mean, mean)
        many = loop.told.item(LEFT)
        return loop.contest(Predictions(mean[:many], None, np.zeros(many, dtype=np.bool_)), made, None)
    loop.go(DRAW, _NO_RATES, _NO_RATES)
    rates = predicted(request, state, memory, slots, loop.left)
    mean = sampled = np.require(rates.mean, np.float32, ["C", "W"])
    means = None
    if rates.sampled is not None:
        sampled = np.require(rates.sampled, np.float32, ["C", "W"])
        means, _, _ = loop.awarded(loop.go(WEIGH, mean, mean))
    return loop.contest(rates, loop.go(WEIGH, mean, sampled), means)


class _Made(NamedTuple):
    """What weighing and awarding fill."""

    scores: NDArray[np.float64]
    """float64[SCORES, room]"""
    heads: NDArray[np.int64]
    won: NDArray[np.int64]
    """int64[slots, 3]: winner, runner-up, ads that stood of the winner's advertiser."""
    prices: NDArray[np.float64]
    """float64[slots, 2]: for 1,000 impressions, and as a share of the offer."""


class _Loop:
    """What the loop is asked for one contest, and what it fills."""

    def __init__(
        self, request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], beside: int
    ) -> None:
        self._request, self._state, self._slots = request, state, len(slots)
        policy, viewer, now_ms, known = state.policy, request.viewer, request.now_ms, memory or NEW
        searched, room = policy.breadth(state.size)
        searched = min(searched, max(1, state.size))
        self.room = room = min(room, searched)
        """For how many candidates."""
        self._small = np.empty((N_SMALL, room), dtype=np.uint8)
        self._middle = np.empty((N_MIDDLE, room), dtype=np.int32)
        self._large = np.empty((N_LARGE, room), dtype=np.int64)
        self._rows, self.drop = np.empty(room, dtype=CANDIDATE), np.empty(room, dtype=np.int16)
        self._dropped, self._counts = np.zeros(TARGETING_REASONS, np.int64), np.empty(REASONS + 1, np.int64)
        self.told = np.empty(TOLD, dtype=np.int64)
        # Held for as long as the loop goes by where they lie.
        self._asked = [asked_of(part.segment, viewer) for part in state.parts]
        self._clocks = [part.segment.open_clocks(now_ms) for part in state.parts]
        self._is_fresh = state.allowances.is_fresh(request.wire_ms)
        self.in_loop = state.predictor.in_loop(
            viewer, now_ms=now_ms, index=slots[0], gap=gap_of(memory, slots), seed=request.seed
        )
        by = self.in_loop or _BY_NOTHING
        self._arguments = (
            state.arrays,
            _side_by_side([asked.arrays for asked in self._asked]),
            _side_by_side([where for _, where in self._clocks]),
            *own_of(viewer),
            by.tables,
            by.keys,
            by.follows,
            by.weights,
            by.grid,
            known.shown,
            _ids(viewer.owns),
            _ids(viewer.hidden_ads),
            _ids(viewer.hidden_advertisers),
            beside,
            now_ms,
            np.uint64(request.seed & _ALL),
            np.uint64(number_in_splits(request, state)),
            searched,
            policy.most_blocks,
            self._slots,
            *(_RULES.find(policy) or _RULES.keep(policy, _rules_of(policy))),
            *state.allowances.by_place(now_ms=now_ms),
            self._is_fresh,
            self._small,
            self._middle,
            self._large,
            self._rows,
            self.drop,
            self._dropped,
        )

    def go(self, steps: int, mean: NDArray[np.float32], sampled: NDArray[np.float32]) -> _Made:
        """Do some steps; ranked by rates that were drawn where there are other ones than the means."""
        room, slots = self.room, self._slots
        made = _Made(
            np.empty((SCORES, room)), np.empty(room, np.int64), np.empty((slots, 3), np.int64), np.empty((slots, 2))
        )
        hold(steps, *self._arguments, mean, sampled, sampled is not mean, *made, self._counts, self.told)
        return made

    @property
    def left(self) -> Left:
        """Those that are predicted."""
        many, middle, large = self.told.item(LEFT), self._middle, self._large
        return Left(
            large[KEPT, :many],
            self._small[LEFT_PART, :many],
            middle[LEFT_PLACE, :many],
            middle[LEFT_EXPOSURES, :many],
            large[LEFT_SINCE, :many],
        )

    def weighed(self, made: _Made) -> Weighed:
        """Return what those that are predicted are worth."""
        many = self.told.item(LEFT) if self._is_fresh else 0
        return Weighed(made.scores, many, made.heads[: self.told.item(HEADS)])

    def awarded(self, made: _Made) -> tuple[tuple[Place, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Return who has which slot, how many ads that stood are of each winner's advertiser, what was held out."""
        if has_holdouts(self._request, self._state):  # a keyed hash says who is: the loop has none
            kept, weighed = self._large[KEPT], self.weighed(made)
            places, ghosts = awarded(weighed, self._request, self._state, self._rows, kept, self._slots)
            many = self.told.item(FOUND)
            return places, same_advertiser(self._rows[:many], kept, self.drop[:many], places), ghosts
        won, prices = made.won[: self.told.item(WON)].tolist(), made.prices.tolist()
        places = tuple([Place(one[0], one[1], *prices[slot]) for slot, one in enumerate(won)])
        return places, tuple([one[2] for one in won]), ()

    def contest(self, rates: Rates, made: _Made, means: Sequence[Place] | None) -> Contest:
        """Return the whole of it; ``means``: who would have the slots by the mean estimates, if not the same."""
        scanned, visited, is_whole, many, left, *_ = self.told.tolist()
        part, place, rows, drop = self._small[PART], self._middle[PLACE], self._rows, self.drop
        if many < self.room:
            part, place, rows, drop = part[:many], place[:many], rows[:many], drop[:many]
        kept, weighed = self._large[KEPT, :left], self.weighed(made)
        search = Retrieved(part, place, scanned, visited, self._dropped, is_whole=bool(is_whole))
        found = Candidates(self._state.parts, part, place, rows)
        seen = Seen(drop, self._middle[EXPOSURES], self._large[SINCE])
        places, same, ghosts = self.awarded(made)
        chances = chances_of(rows, kept, drop, rates, weighed, places, means, self._slots, self._request.seed)
        return Contest(search, found, drop, seen, kept, rates, weighed, self._counts, places, same, ghosts, *chances)


def _side_by_side(told: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return what is told of each part's arrays as one."""
    if len(told) == 1:
        return told[0]
    return np.concatenate(told) if told else _NO_PARTS


def _ids(ids: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(ids, dtype=np.int64) if ids else _NOBODY


def _rules_of(policy: Policy) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a policy's caps, values and reach in the order that the loop knows them by."""
    caps, likes = policy.caps, policy.user_value
    limits = (
        *(caps.ad.most, caps.ad.span_ms, caps.campaign.most, caps.campaign.span_ms),
        *(caps.advertiser.most, caps.advertiser.span_ms, caps.advertiser_gap_ms),
    )
    values = (
        *(policy.reserve_ecpm, policy.attention_ecpm),
        *(likes.watch_micros, likes.usual_view, likes.engagement_micros, likes.negative_micros),
    )
    return np.array(limits, dtype=np.int64), np.array(values, dtype=np.float64), np.array(policy.reach)


_ALL: Final = (1 << 64) - 1
_NOBODY: Final = np.zeros(0, dtype=np.int64)
_NO_PARTS: Final = np.zeros((0, 8), dtype=np.int64)
_NO_RATES: Final = np.zeros((0, COUNT), dtype=np.float32)
_BY_NOTHING: Final = InLoop(
    np.zeros((0, 2), dtype=np.int64),
    np.zeros(0, dtype=np.uint64),
    np.zeros(0, dtype=np.uint32),
    np.zeros((0, WIDTH), dtype=np.float32),
    np.zeros((0, 0), dtype=np.float32),
)
_RULES: Final[Kept[Policy, tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]]] = Kept(16)
