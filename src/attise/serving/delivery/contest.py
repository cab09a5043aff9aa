"""One contest: who was found, what became of them, who has which slot at what price. All numbers, no words.

Held by one compiled loop where the kernels are ready (``compiled.holding``), by numpy until then and here, with the
same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.drops import REASONS, Drop
from attise.records.feed import FeedRequest, ViewerContext
from attise.serving import kernels
from attise.serving.delivery.allowance import NO_LIMIT
from attise.serving.delivery.auction import Place, award, heads_of, judged
from attise.serving.delivery.candidates import Candidates, foremost, gather
from attise.serving.delivery.caps import NONE, Seen, seen_of
from attise.serving.delivery.chance import REDRAWS, normals
from attise.serving.delivery.gates import stop_paced, stop_unaffordable, stop_unwanted
from attise.serving.delivery.holdout import is_held_out
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.delivery.policy import Caps, Policy
from attise.serving.delivery.splits import number_of, stop_other_side
from attise.serving.delivery.state import Rates, State
from attise.serving.delivery.value import rates_of, user_values
from attise.serving.prediction.predictor import Draws
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import Retrieved, retrieve

HEADS: Final = 6
SCORES: Final = 5
RATE, OFFER, LIKED, RANKED, VALUE = range(SCORES)
"""Rows of what n predicted candidates are worth."""
REDRAWN: Final = 31
"""Other draws by which a winner's probability is counted: with its own, 32."""
_NOBODY: Final = np.zeros(0, dtype=np.int64)


class Weighed(msgspec.Struct, frozen=True, gc=False):
    """What n predicted candidates are worth; of none where nothing may be spent."""

    scores: NDArray[np.float64]
    """float64[SCORES, n or more]: the properties below, row by row."""
    many: int
    """n"""
    order: NDArray[np.int64]
    """int64[heads]: ``heads``."""

    @property
    def rate(self) -> NDArray[np.float64]:
        """How often what is bid for follows an impression, by the mean; float64[n], as the next four."""
        return self.scores[RATE, : self.many]

    @property
    def offer(self) -> NDArray[np.float64]:
        """What each would pay at most for 1,000 impressions."""
        return self.scores[OFFER, : self.many]

    @property
    def user_value(self) -> NDArray[np.float64]:
        """What they are worth to the viewer."""
        return self.scores[LIKED, : self.many]

    @property
    def ranked_by(self) -> NDArray[np.float64]:
        """The offer by the rate it is ranked by: that drawn, where one was."""
        return self.scores[RANKED, : self.many]

    @property
    def rank_value(self) -> NDArray[np.float64]:
        """That and the user value together."""
        return self.scores[VALUE, : self.many]

    @property
    def heads(self) -> list[int]:
        """The best ad of each advertiser among those that stand, best first."""
        found: list[int] = self.order.tolist()
        return found


class Left(msgspec.Struct, frozen=True, gc=False):
    """The n candidates that are predicted; arrays of n."""

    kept: NDArray[np.int64]
    """Their numbers among all candidates."""
    part: NDArray[np.uint8]
    place: NDArray[np.int32]
    exposures: NDArray[np.int32]
    since_ms: NDArray[np.int64]


class Arrays(msgspec.Struct, frozen=True, gc=False):
    """The search of a contest and what became of all that it found."""

    search: Retrieved
    found: Candidates
    drop: NDArray[np.int16]
    """int16[m]: why each candidate left, or ``caps.NONE``; those that stand lost or won by rank."""
    seen: Seen
    kept: NDArray[np.int64]
    """int64[n]: the candidates that were predicted."""
    rates: Rates
    weighed: Weighed


class Standing(msgspec.Struct, frozen=True, gc=False):
    """What a record tells of one candidate that is of this contest alone; what is told whoever asks: ``told``."""

    part: int
    place: int
    """In its part's segment."""
    exposures: int
    since_ms: int
    is_exploring: bool
    multiplier: float
    rate: float
    """Here and below, as in ``Weighed``."""
    offer: float
    user_value: float
    rank_value: float
    rates: tuple[float, ...]
    """Mean estimates, by head."""


class Contest(msgspec.Struct, frozen=True, gc=False):
    """What a contest came to, in plain numbers; its arrays are made for whoever looks at them, as explanations do."""

    arrays: Callable[[], Arrays]
    scanned: int
    visited: int
    many: int
    """m: how many ads were brought to the contest."""
    stood: int
    """How many ads nothing was found against."""
    left: tuple[tuple[int, int], ...]
    """Reasons by number, rising, and how many ads left by each, found or not; none by which none left."""
    places: tuple[Place, ...]
    """By slot; their winners are numbers among the n that were predicted."""
    same: tuple[int, ...]
    """By slot, how many ads that stood are of its winner's advertiser."""
    ghosts: tuple[tuple[int, int], ...]
    """Held out wins: number among the n, and the slot."""
    by_mean: tuple[int, ...]
    """Who would have won by the mean estimates, by slot."""
    propensity: tuple[float, ...]
    """By slot, how likely its winner was to have one of the slots, over the draws of exploration."""
    standings: Mapping[int, Standing] = {}
    """By number among the n, of those that were told of as they were awarded; the others are in the arrays."""

    @property
    def search(self) -> Retrieved:
        """As of the arrays; so are the next six."""
        return self.arrays().search

    @property
    def found(self) -> Candidates:
        """Who was found."""
        return self.arrays().found

    @property
    def drop(self) -> NDArray[np.int16]:
        """Why each left."""
        return self.arrays().drop

    @property
    def seen(self) -> Seen:
        """How often the viewer saw them."""
        return self.arrays().seen

    @property
    def kept(self) -> NDArray[np.int64]:
        """Who was predicted."""
        return self.arrays().kept

    @property
    def rates(self) -> Rates:
        """How likely what was."""
        return self.arrays().rates

    @property
    def weighed(self) -> Weighed:
        """What they were worth."""
        return self.arrays().weighed

    def standing(self, at: int) -> Standing:
        """Return what is told of the ``at``-th of those that were predicted."""
        return self.standings.get(at) or _standing(self.arrays(), at)


def _standing(arrays: Arrays, at: int) -> Standing:
    candidate, found, seen, scores = arrays.kept.item(at), arrays.found, arrays.seen, arrays.weighed.scores
    return Standing(
        found.part.item(candidate),
        found.place.item(candidate),
        seen.exposures.item(candidate),
        seen.since_ms.item(candidate),
        arrays.rates.exploring.item(at),
        found.rows["multiplier"].item(candidate),
        scores.item(RATE, at),
        scores.item(OFFER, at),
        scores.item(LIKED, at),
        scores.item(VALUE, at),
        tuple(arrays.rates.mean[at].tolist()),
    )


def _contest(
    arrays: Arrays,
    stood: int,
    left: tuple[tuple[int, int], ...],
    places: tuple[Place, ...],
    same: tuple[int, ...],
    ghosts: tuple[tuple[int, int], ...],
    by_mean: tuple[int, ...],
    propensity: tuple[float, ...],
) -> Contest:
    """Return a contest whose arrays are there."""
    search = arrays.search
    scanned, visited, many = search.scanned, search.visited, len(arrays.found)
    return Contest(lambda: arrays, scanned, visited, many, stood, left, places, same, ghosts, by_mean, propensity)


def hold_contest(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], *, beside: int = 0
) -> Contest:
    """Hold the contest of an answer's slots; arguments as for ``decide.decide_slots``."""
    loop = kernels.find("attise.serving.delivery.compiled.holding")
    hold = hold_by_numpy if loop is None else loop.hold_contest
    held: Contest = hold(request, state, memory, slots, beside)
    return held


def hold_by_numpy(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], beside: int
) -> Contest:
    """Hold the same contest step by step, until the loop is loaded."""
    policy, now_ms = state.policy, request.now_ms
    segments = state.segments
    queries = [compile_query(segment, request.viewer, now_ms) for segment in segments]
    searched, candidates = policy.breadth(state.size)
    search = retrieve(segments, queries, searched, most_blocks=policy.most_blocks)
    search, found, drop, seen, left = drawn_up(request, state, memory, search, candidates, beside)
    rates = predicted(request, state, memory, slots, left)
    is_drawn = rates.sampled is not None
    means = None
    if is_drawn:
        by_mean = _weighed(found.rows, left.kept, rates, drop.copy(), request, state, is_drawn=False)
        means, _ = awarded(by_mean, request, state, found.rows, left.kept, len(slots))
    weighed = _weighed(found.rows, left.kept, rates, drop, request, state, is_drawn=is_drawn)
    places, ghosts = awarded(weighed, request, state, found.rows, left.kept, len(slots))
    counts = np.bincount(drop - NONE, minlength=REASONS + 1)
    counts[1 : len(search.dropped) + 1] += search.dropped
    chances = chances_of(found.rows, left.kept, drop, rates, weighed, places, means, len(slots), request.seed)
    same = same_advertiser(found.rows, left.kept, drop, places)
    arrays = Arrays(search, found, drop, seen, left.kept, rates, weighed)
    stood, *by_reason = counts.tolist()
    left_by = tuple([(reason, count) for reason, count in enumerate(by_reason) if count])
    return _contest(arrays, stood, left_by, places, same, ghosts, *chances)


def same_advertiser(
    rows: NDArray[Any], kept: NDArray[np.int64], drop: NDArray[np.int16], places: Sequence[Place]
) -> tuple[int, ...]:
    """Return of each slot's winner how many ads that stood are of its advertiser, itself among them."""
    advertisers = rows["advertiser_id"][drop == NONE]
    own = rows["advertiser_id"][kept[[place.winner for place in places]]] if places else ()
    return tuple(int(np.count_nonzero(advertisers == one)) for one in own)


def chances_of(
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    drop: NDArray[np.int16],
    rates: Rates,
    weighed: Weighed,
    places: Sequence[Place],
    means: Sequence[Place] | None,
    slots: int,
    seed: int,
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return who would have won by the mean estimates, and how likely each winner was to have a slot.

    Args: means: the places of a contest by mean estimates; None: this one is.
    """
    winners = tuple([place.winner for place in places])
    if means is None:
        return winners, (1.0,) * len(winners)
    likely = propensities(rows, kept, drop, rates, weighed, winners, slots, seed)
    return tuple([place.winner for place in means]), likely


def propensities(
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    drop: NDArray[np.int16],
    rates: Rates,
    weighed: Weighed,
    winners: Sequence[int],
    slots: int,
    seed: int,
) -> tuple[float, ...]:
    """Return how likely each winner was to have one of the slots, over the draws of exploration; never 0.

    Why: what a draw chose can later be weighed as if chosen by any other rule. Counted over ``REDRAWN`` other draws of
    the same ads; holdouts are left out of it. Cost: 40 to 200 µs, in the few requests that explore.
    """
    if rates.draws is None or not winners:
        return (1.0,) * len(winners)
    compiled = kernels.find("attise.serving.delivery.compiled.recounting")
    count = recounted if compiled is None else compiled.recounted
    had = count(rows, kept, drop, rates.exploring, rates.draws, weighed, winners, slots, seed)
    return tuple([(times + 1) / (REDRAWN + 1) for times in had])


def recounted(
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    drop: NDArray[np.int16],
    exploring: NDArray[np.bool_],
    draws: Draws,
    weighed: Weighed,
    winners: Sequence[int],
    slots: int,
    seed: int,
) -> list[int]:
    """Return in how many other draws each winner has a slot."""
    rows, stands = rows[kept], drop[kept] == NONE
    tried = np.flatnonzero(exploring)
    numbers = np.arange(REDRAWN * len(tried) * HEADS, dtype=np.int64).reshape(REDRAWN, len(tried), HEADS)
    others = draws.rates(normals(numbers, seed, REDRAWS))
    event, duration = (np.tile(rows[name][tried], REDRAWN) for name in ("event", "duration_ms"))
    rate = rates_of(event, others.reshape(-1, HEADS), duration).reshape(REDRAWN, len(tried))
    value = np.broadcast_to(weighed.rank_value, (REDRAWN, len(rows))).copy()
    value[:, tried] = rows["factor"][tried] * rate + weighed.user_value[tried]
    value[:, ~stands] = -np.inf
    order = np.argsort(rows["advertiser_id"], kind="stable")
    advertisers, begins = np.unique(rows["advertiser_id"][order], return_index=True)
    best = np.maximum.reduceat(value[:, order], begins, axis=1)
    found = []
    for winner in winners:
        own = value[:, winner]
        is_first = own >= best[:, np.searchsorted(advertisers, rows["advertiser_id"][winner])]
        has_slot = (best > own[:, None]).sum(axis=1) < slots
        found.append(int(np.count_nonzero(is_first & has_slot)))
    return found


def weigh_alone(
    found: Candidates, request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int]
) -> Contest:
    """Return a contest of candidates that nothing was asked of before: what each is worth, whatever stands against it.

    For explanations. Nobody wins it.
    """
    _, seen, _ = screened(found.rows, request, memory, state.policy.caps, 0, 0)
    kept = np.arange(len(found), dtype=np.int64)
    drop = np.full(len(found), NONE, dtype=np.int16)
    rates = predicted(request, state, memory, slots, _left(found, seen, kept))
    endless = np.full(int(found.rows["envelopes"].max(initial=0)) + 1, NO_LIMIT)
    is_drawn = rates.sampled is not None
    weighed = _weighed_by(found.rows, kept, rates, drop, request, state.policy, endless, endless, is_drawn=is_drawn)
    search = Retrieved(found.part, found.place, 0, 0, _NOBODY, is_whole=True)
    return _contest(Arrays(search, found, drop, seen, kept, rates, weighed), 0, (), (), (), (), (), ())


def drawn_up(
    request: FeedRequest, state: State, memory: ViewerMemory | None, search: Retrieved, most: int, beside: int
) -> tuple[Retrieved, Candidates, NDArray[np.int16], Seen, Left]:
    """Return the foremost of what was found, what keeps each of them out, how often it was seen, and who is left."""
    search = foremost(state.parts, search, most)
    found = gather(state.parts, search)
    drop, seen, kept = screened(
        found.rows, request, memory, state.policy.caps, beside, number_in_splits(request.viewer, state)
    )
    return search, found, drop, seen, _left(found, seen, kept)


def _left(found: Candidates, seen: Seen, kept: NDArray[np.int64]) -> Left:
    return Left(kept, found.part[kept], found.place[kept], seen.exposures[kept], seen.since_ms[kept])


def screened(
    rows: NDArray[Any], request: FeedRequest, memory: ViewerMemory | None, caps: Caps, beside: int, number: int
) -> tuple[NDArray[np.int16], Seen, NDArray[np.int64]]:
    """Return what keeps candidates out before anything is predicted, how often they were seen, and who is left.

    ``number``: the viewer's in split tests.
    """
    drop = np.full(len(rows), NONE, dtype=np.int16)
    seen = seen_of((memory or NEW).shown, rows, now_ms=request.now_ms, caps=caps)
    stop_unwanted(drop, rows, request.viewer, beside)
    stop_other_side(drop, rows, number)
    drop[drop == NONE] = seen.drop[drop == NONE]
    stop_paced(drop, rows, request.seed)
    return drop, seen, np.flatnonzero(drop == NONE).astype(np.int64)


def gap_of(memory: ViewerMemory | None, slots: Sequence[int]) -> int:
    """Return how many items lie between the last ad and the first slot; -1: there was no ad."""
    if memory is None or memory.last_ad_video < 0:
        return -1
    return memory.videos + slots[0] - memory.last_ad_video - 1


def predicted(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], left: Left
) -> Rates:
    """Return how likely what is of those that are left."""
    return state.predictor.predict(
        request.viewer,
        now_ms=request.now_ms,
        segment=left.part,
        place=left.place,
        exposures=left.exposures,
        since_ms=left.since_ms,
        index=slots[0],
        gap=gap_of(memory, slots),
        seed=request.seed,
    )


def _weighed(
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    rates: Rates,
    drop: NDArray[np.int16],
    request: FeedRequest,
    state: State,
    *,
    is_drawn: bool,
) -> Weighed:
    """Return what the candidates that are left are worth, and say of those that cannot stand why."""
    if not state.allowances.is_fresh(request.wire_ms):
        drop[kept] = Drop.TOTALS_STALE
        kept = kept[:0]
    rooms, lefts = state.allowances.by_place(now_ms=request.now_ms)
    return _weighed_by(rows, kept, rates, drop, request, state.policy, rooms, lefts, is_drawn=is_drawn)


def _weighed_by(
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    rates: Rates,
    drop: NDArray[np.int16],
    request: FeedRequest,
    policy: Policy,
    rooms: NDArray[np.int64],
    lefts: NDArray[np.int64],
    *,
    is_drawn: bool,
) -> Weighed:
    rows = rows[kept]
    mean = rates.mean[: len(kept)]
    rate = rates_of(rows["event"], mean, rows["duration_ms"])
    offer = rows["factor"] * rate
    ranked_by = offer
    if is_drawn and rates.sampled is not None:
        ranked_by = rows["factor"] * rates_of(rows["event"], rates.sampled[: len(kept)], rows["duration_ms"])
    left = np.full(len(rows), NONE, dtype=np.int16)
    stop_unaffordable(left, rows, offer, rooms, lefts)
    can_pay = left == NONE
    liked = user_values(mean, policy.user_value)
    judgement = judged(offer, liked, ranked_by, reserve=policy.reserve_ecpm, attention=policy.attention_ecpm)
    drop[kept] = np.where(can_pay, judgement, left)
    standing = np.flatnonzero(drop[kept] == NONE)
    value = ranked_by + liked
    heads = heads_of(standing, value, rows["advertiser_id"], rows["ad_id"], request.seed)
    scores = np.stack([rate, offer, liked, ranked_by, value])
    return Weighed(scores, len(rows), np.array(heads, dtype=np.int64))


def awarded(
    weighed: Weighed, request: FeedRequest, state: State, rows: NDArray[Any], kept: NDArray[np.int64], slots: int
) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
    """Return who has which slot at what price, and the wins that were held out."""
    policy = state.policy
    return award(
        weighed.heads,
        weighed.offer,
        weighed.user_value,
        weighed.ranked_by,
        weighed.rank_value,
        reach=(policy.reach + policy.reach[-1:] * slots)[:slots],
        reserve=policy.reserve_ecpm,
        attention=policy.attention_ecpm,
        is_held_out=_held_out(request, state, rows, kept) if has_holdouts(request, state) else None,
    )


def has_holdouts(request: FeedRequest, state: State) -> bool:
    """Tell whether a win may have to be held out from this viewer."""
    return state.has_holdouts and bool(request.viewer.pseudonym)


def number_in_splits(viewer: ViewerContext, state: State) -> int:
    """Return the viewer's number in split tests; 0 where there is none, or where they are in none."""
    return number_of(viewer.pseudonym, state.policy.salt) if state.has_splits else 0


def _held_out(request: FeedRequest, state: State, rows: NDArray[Any], kept: NDArray[np.int64]) -> Callable[[int], bool]:
    def is_out(at: int) -> bool:
        row = rows[kept[at]]
        return is_held_out(
            int(row["campaign_id"]),
            request.viewer.pseudonym,
            share_ppm=int(row["holdout_ppm"]),
            salt=state.policy.salt,
        )

    return is_out
