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
from attise.records.feed import FeedRequest, ViewerContext
from attise.serving.delivery.auction import Place
from attise.serving.delivery.candidates import CANDIDATE, Candidates
from attise.serving.delivery.caps import Seen
from attise.serving.delivery.chance import PACING, TIES
from attise.serving.delivery.compiled import searching, shared
from attise.serving.delivery.compiled.awarding import award
from attise.serving.delivery.compiled.drawing import draw_up
from attise.serving.delivery.compiled.searching import SCANNED, VISITED, search
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
    LIKED,
    OFFER,
    RATE,
    SCORES,
    VALUE,
    Arrays,
    Contest,
    Left,
    Standing,
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
from attise.serving.prediction.features import GAP, HOUR, SLOT, WEEKDAY
from attise.serving.prediction.heads import COUNT, WIDTH
from attise.serving.prediction.predictor import InLoop, Predictions
from attise.serving.targeting.query import asked_of, own_of
from attise.serving.targeting.retrieve import Retrieved
from attise.serving.targeting.segment import Asked

# The compiler folds these in as numbers.
_WIDTH: Final = WIDTH
_HOUR, _WEEKDAY, _SLOT, _GAP = HOUR, WEEKDAY, SLOT, GAP
_RATES: Final = COUNT
_OF_RATE, _OF_OFFER, _OF_LIKED, _OF_VALUE = RATE, OFFER, LIKED, VALUE
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
FOUND, LEFT, HEADS, WON, STOOD, REASONS_MET = range(searching.TOLD, searching.TOLD + 6)
"""Beside what is told of the search: how many candidates, how many of them are predicted, heads, slots with an ad, how
many ads nothing was found against, reasons by which any left."""
_TOLD: Final = searching.TOLD + 6
_NUMBERS: Final = _TOLD + TARGETING_REASONS
"""After those, what the search dropped."""
_HEADS: Final = N_LARGE
"""A row more: the best of each advertiser."""
_WON, _WORTH = 8, 7 + COUNT
"""Of each slot: winner, runner-up, ads that stood of the winner's advertiser; price, share. Then, of who stands at this
rank, slot or not: number, part, place, exposures, since when; multiplier, rate, offer, user value, rank, rates."""
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


_STEPS: Final = (types.int64, types.float32[:, ::1], types.float32[:, ::1], types.boolean)
_ASKED: Final = (
    *(types.int64[:, ::1], types.int64[:, ::1], types.int64, types.int64[::1], types.int64[::1], Ids),
    *(Ids, Ids, types.uint64, types.int64, types.int64, Ids, read_only(types.float64), read_only(types.float64)),
    *(types.int64[:, ::1], types.uint64[::1], types.uint32[::1], read_only(types.float32, 2), Grid),
    *(types.int64[:, ::1], Shown, types.int64, types.int64, types.int64, types.int64, types.uint64),
    *(types.int64, Ids, Ids, types.boolean),
)
_MADE: Final = (
    *(types.uint8[:, ::1], types.int32[:, ::1], types.int64[:, ::1], Rows, types.int16[::1], types.float64[:, ::1]),
    *(types.int64[:, ::1], types.float64[:, ::1], types.int64[::1], types.int64[:, ::1]),
)


@kernel(types.void(*_STEPS, *_ASKED, *_MADE))
def hold(
    steps: int,
    mean: NDArray[np.float32],
    sampled: NDArray[np.float32],
    is_drawn: bool,
    parts: NDArray[np.int64],
    asked: NDArray[np.int64],
    price: int,
    audiences: NDArray[np.int64],
    follows: NDArray[np.int64],
    owns: NDArray[np.int64],
    hidden_ads: NDArray[np.int64],
    hidden_advertisers: NDArray[np.int64],
    number: np.uint64,
    searched: int,
    most_blocks: int,
    caps: NDArray[np.int64],
    values: NDArray[np.float64],
    reach: NDArray[np.float64],
    tables: NDArray[np.int64],
    keys: NDArray[np.uint64],
    followed: NDArray[np.uint32],
    weights: NDArray[np.float32],
    grid: NDArray[np.float32],
    clocks: NDArray[np.int64],
    shown: NDArray[Any],
    beside: int,
    step: int,
    gap_step: int,
    now_ms: int,
    seed: np.uint64,
    slots: int,
    rooms: NDArray[np.int64],
    lefts: NDArray[np.int64],
    is_fresh: bool,
    small: NDArray[np.uint8],
    middle: NDArray[np.int32],
    large: NDArray[np.int64],
    rows: NDArray[Any],
    drop: NDArray[np.int16],
    scores: NDArray[np.float64],
    won: NDArray[np.int64],
    worth: NDArray[np.float64],
    numbers: NDArray[np.int64],
    by_reason: NDArray[np.int64],
) -> None:
    """Hold a contest, or the steps of it that are told; what is made is as ``drawing.draw_up`` and others fill it.

    Args: number: the viewer's in split tests; step, gap_step: of the first slot and of the items before it, in steps of
    two; searched: how many ads a search brings, of which ``rows`` has room for the foremost. ``won`` and ``worth`` get
    what ``_WON`` and ``_WORTH`` name; ``numbers`` what is told of the search and the contest, and what the search
    dropped; ``by_reason`` the reasons by which any ad left, rising, and how many did.
    """
    told, dropped = numbers[:_TOLD], numbers[_TOLD:]
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
        at_moment, minutes = keys.copy(), now_ms // 60_000  # ``features.viewer_keys``
        at_moment[_HOUR], at_moment[_WEEKDAY] = np.uint64(minutes // 60 % 24), np.uint64((minutes // 1440 + 3) % 7)
        at_moment[_SLOT], at_moment[_GAP] = np.uint64(step), np.uint64(gap_step)
        _rate(
            parts,
            tables,
            at_moment,
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
        reserve, attention, heads = values[RESERVE], values[ATTENTION], large[_HEADS]
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
        told[WON] = award(heads[: told[HEADS]], scores, reach, slots, reserve, attention, won, worth)
        for slot in range(told[WON]):
            advertiser = rows[kept[won[slot, 0]]]["advertiser_id"]
            won[slot, 2] = count_standing(rows[: told[FOUND]], drop[: told[FOUND]], advertiser)
        for rank in range(min(told[HEADS], slots + 1)):
            n = heads[rank]
            won[rank, 3], won[rank, 4], won[rank, 5], won[rank, 6], won[rank, 7] = (
                n,
                np.int64(small[LEFT_PART, n]),
                np.int64(middle[LEFT_PLACE, n]),
                np.int64(middle[LEFT_EXPOSURES, n]),
                large[LEFT_SINCE, n],
            )
            worth[rank, 2], worth[rank, 3], worth[rank, 4], worth[rank, 5], worth[rank, 6] = (
                np.float64(rows[kept[n]]["multiplier"]),
                scores[_OF_RATE, n],
                scores[_OF_OFFER, n],
                scores[_OF_LIKED, n],
                scores[_OF_VALUE, n],
            )
            for head in range(_RATES):
                worth[rank, 7 + head] = np.float64(mean[n, head])
        told[STOOD], told[REASONS_MET] = tally(drop[: told[FOUND]], dropped, by_reason)


def hold_contest(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], beside: int
) -> Contest:
    """Return the contest of an answer's slots; arguments as for ``contest.hold_contest``."""
    loop = _Loop(request, state, memory, slots, beside)
    if loop.is_whole:
        loop.go(DRAW | PREDICT | WEIGH, loop.mean, loop.mean)
        return loop.contest(None, None)
    loop.go(DRAW, _NO_RATES, _NO_RATES)
    rates = predicted(request, state, memory, slots, loop.left)
    mean = sampled = np.require(rates.mean, np.float32, ["C", "W"])
    means = None
    if rates.sampled is not None:
        sampled = np.require(rates.sampled, np.float32, ["C", "W"])
        loop.go(WEIGH, mean, mean)
        means, _, _ = loop.awarded()
    loop.go(WEIGH, mean, sampled)
    return loop.contest(rates, means)


class Plan(NamedTuple):
    """What a loop is asked for one viewer on one state, whatever the moment and what they saw."""

    held: list[Asked]
    """Of each part: the loop goes by where their arrays lie."""
    arguments: tuple[Any, ...]
    is_whole: bool
    """Whether the loop can make the rates, too."""


def _plan_of(viewer: ViewerContext, state: State) -> Plan:
    policy = state.policy
    asked = [asked_of(part.segment, viewer) for part in state.parts]
    searched, _ = policy.breadth(state.size)
    told = state.predictor.in_loop(viewer)
    by = _BY_NOTHING if told is None else told
    arguments = (
        *(state.arrays, _side_by_side([one.arrays for one in asked]), *own_of(viewer), _ids(viewer.owns)),
        *(_ids(viewer.hidden_ads), _ids(viewer.hidden_advertisers), np.uint64(number_in_splits(viewer, state))),
        *(min(searched, max(1, state.size)), policy.most_blocks),
        *(_RULES.find(policy) or _RULES.keep(policy, _rules_of(policy))),
        *(by.tables, by.keys, by.follows, by.weights, by.grid),
    )
    return Plan(asked, arguments, told is not None)


class _Loop:
    """What the loop is asked for one contest, and what it fills."""

    __slots__ = (
        *(
            "_arguments",
            "_by_reason",
            "_clocks",
            "_drop",
            "_is_fresh",
            "_large",
            "_middle",
            "_numbers",
            "_plan",
            "_rates",
        ),
        *("_request", "_rows", "_scores", "_slots", "_small", "_state", "_won", "_worth", "is_whole", "mean"),
    )

    def __init__(
        self, request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], beside: int
    ) -> None:
        viewer, now_ms, known, many = request.viewer, request.now_ms, memory or NEW, len(slots)
        self._request, self._state, self._slots = request, state, many
        plan = self._plan = state.plans.find(viewer) or state.plans.keep(viewer, _plan_of(viewer, state))
        room = state.room
        self._small, self._middle = np.empty((N_SMALL, room), np.uint8), np.empty((N_MIDDLE, room), np.int32)
        self._large = np.empty((N_LARGE + 1, room), np.int64)
        self._rows, self._drop = np.empty(room, CANDIDATE), np.empty(room, np.int16)
        self._scores, self._numbers = np.empty((SCORES, room)), np.zeros(_NUMBERS, np.int64)
        self._by_reason = np.empty((2, REASONS), np.int64)
        self._won, self._worth = np.empty((many + 1, _WON), np.int64), np.empty((many + 1, _WORTH))
        self._rates: Rates | None = None
        # Held for as long as the loop goes by where they lie.
        self._clocks = [part.segment.open_clocks(now_ms) for part in state.parts]
        self._is_fresh = state.allowances.is_fresh(request.wire_ms)
        self.is_whole = plan.is_whole and not state.predictor.does_explore(request.seed)
        """Whether the loop makes the rates, too."""
        self.mean = np.empty((room, COUNT), np.float32) if self.is_whole else _NO_RATES
        self._arguments = (
            *plan.arguments,
            self._clocks[0][1] if len(self._clocks) == 1 else _side_by_side([where for _, where in self._clocks]),
            known.shown,
            beside,
            slots[0].bit_length(),
            (gap_of(memory, slots) + 1).bit_length(),
            now_ms,
            np.uint64(request.seed & _ALL),
            many,
            *state.allowances.by_place(now_ms=now_ms),
            self._is_fresh,
            self._small,
            self._middle,
            self._large,
            self._rows,
            self._drop,
            self._scores,
            self._won,
            self._worth,
            self._numbers,
            self._by_reason,
        )

    def go(self, steps: int, mean: NDArray[np.float32], sampled: NDArray[np.float32]) -> None:
        """Do some steps; ranked by rates that were drawn where there are other ones than the means."""
        hold(steps, mean, sampled, sampled is not mean, *self._arguments)

    @property
    def left(self) -> Left:
        """Those that are predicted."""
        many, middle, large = self._numbers.item(LEFT), self._middle, self._large
        return Left(
            large[KEPT, :many],
            self._small[LEFT_PART, :many],
            middle[LEFT_PLACE, :many],
            middle[LEFT_EXPOSURES, :many],
            large[LEFT_SINCE, :many],
        )

    def _weighed(self) -> Weighed:
        """Return what those that are predicted are worth."""
        many = self._numbers.item(LEFT) if self._is_fresh else 0
        return Weighed(self._scores, many, self._large[_HEADS, : self._numbers.item(HEADS)])

    def awarded(self) -> tuple[tuple[Place, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Return who has which slot, how many ads that stood are of each winner's advertiser, what was held out."""
        if has_holdouts(self._request, self._state):  # a keyed hash says who is: the loop has none
            kept, many = self._large[KEPT], self._numbers.item(FOUND)
            places, ghosts = awarded(self._weighed(), self._request, self._state, self._rows, kept, self._slots)
            return places, same_advertiser(self._rows[:many], kept, self._drop[:many], places), ghosts
        many = self._numbers.item(WON)
        if not many:
            return (), (), ()
        won, worth = self._won[:many].tolist(), self._worth[:many].tolist()
        places = tuple([Place(one[0], one[1], of[0], of[1]) for one, of in zip(won, worth, strict=True)])
        return places, tuple([one[2] for one in won]), ()

    def arrays(self) -> Arrays:
        """Return the arrays of the contest, once it was held."""
        numbers, part, place = self._numbers, self._small[PART], self._middle[PLACE]
        rows, drop = self._rows, self._drop
        scanned, visited, is_whole, many, left = numbers[: LEFT + 1].tolist()
        if many < len(rows):
            part, place, rows, drop = part[:many], place[:many], rows[:many], drop[:many]
        rates = self._rates or Predictions(self.mean[:left], None, np.zeros(left, dtype=np.bool_))
        search = Retrieved(part, place, scanned, visited, numbers[_TOLD:], is_whole=bool(is_whole))
        found = Candidates(self._state.parts, part, place, rows)
        seen = Seen(drop, self._middle[EXPOSURES], self._large[SINCE])
        return Arrays(search, found, drop, seen, self._large[KEPT, :left], rates, self._weighed())

    def contest(self, rates: Rates | None, means: Sequence[Place] | None) -> Contest:
        """Return the whole of it; ``rates``: those that were told; ``means``: who has the slots by their means."""
        self._rates = rates
        numbers = self._numbers[:_TOLD].tolist()
        reasons, counts = self._by_reason[:, : numbers[REASONS_MET]].tolist()
        places, same, ghosts = self.awarded()
        told = self._told(min(numbers[HEADS], self._slots + 1), rates)
        if means is None:
            winners = tuple([place.winner for place in places])
            chances: tuple[tuple[int, ...], tuple[float, ...]] = (winners, (1.0,) * len(winners))
        else:
            made = self.arrays()
            about = (made.found.rows, made.kept, made.drop, made.rates, made.weighed)
            chances = chances_of(*about, places, means, self._slots, self._request.seed)
        return Contest(
            self.arrays,
            numbers[SCANNED],
            numbers[VISITED],
            numbers[FOUND],
            numbers[STOOD],
            tuple(zip(reasons, counts, strict=True)),
            places,
            same,
            ghosts,
            *chances,
            told,
        )

    def _told(self, many: int, rates: Rates | None) -> dict[int, Standing]:
        """Return the standings of the first of those that stand."""
        if not many:
            return {}
        found = {}
        for one, of in zip(self._won[:many].tolist(), self._worth[:many].tolist(), strict=True):
            at = one[3]
            is_exploring = rates is not None and rates.exploring.item(at)
            _, _, multiplier, rate, offer, liked, value, *means = of
            own = (multiplier, rate, offer, liked, value)
            found[at] = Standing(one[4], one[5], one[6], one[7], is_exploring, *own, tuple(means))
        return found


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
