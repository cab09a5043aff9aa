"""One contest: who was found, what became of them, who has which slot at what price. All numbers, no words.

Compiled where the kernels are ready, by numpy until then, with the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.drops import Drop
from attise.records.feed import FeedRequest
from attise.serving import kernels
from attise.serving.delivery.allowance import NO_LIMIT
from attise.serving.delivery.auction import Place, award, heads_of, judged
from attise.serving.delivery.candidates import CANDIDATE, Candidates, foremost, gather, narrowed
from attise.serving.delivery.caps import NONE, Seen, seen_of
from attise.serving.delivery.chance import PACING, REDRAWS, TIES, key_of, normals
from attise.serving.delivery.gates import hidden_of, stop_paced, stop_unaffordable, stop_unwanted
from attise.serving.delivery.holdout import is_held_out
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.delivery.policy import Caps, Policy, UserValue
from attise.serving.delivery.state import Part, Rates, State
from attise.serving.delivery.value import rates_of, user_values
from attise.serving.prediction.predictor import Draws
from attise.serving.prediction.thompson import quantiles
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import Retrieved, retrieve

_RATE, _OFFER, _LIKED, _RANKED, _VALUE = range(5)
_SCORES: Final = 5
HEADS: Final = 6
REDRAWN: Final = 31
"""Other draws by which a winner's probability is counted: with its own, 32."""
_NOBODY: Final = np.zeros(0, dtype=np.int64)


class Weighed(msgspec.Struct, frozen=True, gc=False):
    """What n predicted candidates are worth; all arrays float64[n]."""

    rate: NDArray[np.float64]
    """How often what is bid for follows an impression, by the mean."""
    offer: NDArray[np.float64]
    user_value: NDArray[np.float64]
    ranked_by: NDArray[np.float64]
    """The offer by the rate it is ranked by: that drawn, where one was."""
    rank_value: NDArray[np.float64]
    heads: list[int]
    """The best ad of each advertiser among those that stand, best first."""


class Left(msgspec.Struct, frozen=True, gc=False):
    """The n candidates that are predicted; arrays of n."""

    kept: NDArray[np.int64]
    """Their numbers among all candidates."""
    part: NDArray[np.uint8]
    place: NDArray[np.int32]
    exposures: NDArray[np.int32]
    since_ms: NDArray[np.int64]


class Contest(msgspec.Struct, frozen=True, gc=False):
    """One search and what became of what it found; kept for the record and for explanations."""

    search: Retrieved
    found: Candidates
    drop: NDArray[np.int16]
    """int16[m]: why each candidate left, or ``caps.NONE``; those that stand lost or won by rank."""
    seen: Seen
    kept: NDArray[np.int64]
    """int64[n]: the candidates that were predicted."""
    rates: Rates
    weighed: Weighed
    places: tuple[Place, ...]
    """By slot; their winners are numbers among the n."""
    ghosts: tuple[tuple[int, int], ...]
    """Held out wins: number among the n, and the slot."""
    by_mean: tuple[int, ...]
    """Who would have won by the mean estimates, by slot."""
    propensity: tuple[float, ...]
    """By slot, how likely its winner was to have one of the slots, over the draws of exploration."""


def hold_contest(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], *, beside: int = 0
) -> Contest:
    """Hold the contest of an answer's slots; arguments as for ``decide.decide_slots``."""
    policy, now_ms = state.policy, request.now_ms
    segments = state.segments
    queries = [compile_query(segment, request.viewer, now_ms) for segment in segments]
    searched, candidates = policy.breadth(state.size)
    search = retrieve(segments, queries, searched, most_blocks=policy.most_blocks)
    drawn_up = _drawn_up_compiled if kernels.are_ready() else _drawn_up
    search, found, drop, seen, left = drawn_up(request, state, memory, search, candidates, beside)
    kept = left.kept
    rates = _predicted(request, state, memory, slots, left)
    weighed = _weighed(found.rows, kept, rates, drop, request, state, is_drawn=rates.sampled is not None)
    reach = (policy.reach + policy.reach[-1:] * len(slots))[: len(slots)]
    places, ghosts = _awarded(weighed, request, policy, found, kept, reach)
    by_mean = places
    likely = (1.0,) * len(places)
    if rates.sampled is not None:
        winners = [place.winner for place in places]
        likely = propensities(found.rows, kept, drop, rates, weighed, winners, len(slots), request.seed)
        means = _weighed(found.rows, kept, rates, drop.copy(), request, state, is_drawn=False)
        by_mean, _ = _awarded(means, request, policy, found, kept, reach)
    best = tuple(place.winner for place in by_mean)
    return Contest(search, found, drop, seen, kept, rates, weighed, places, ghosts, best, likely)


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
    count = _recounted_compiled if kernels.are_ready() else _recounted
    had = count(rows, kept, drop, rates.exploring, rates.draws, weighed, winners, slots, seed)
    return tuple([(times + 1) / (REDRAWN + 1) for times in had])


def _recounted(
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


def _recounted_compiled(
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
    from attise.serving.delivery.compiled.recounting import recount

    found = np.zeros(len(winners), dtype=np.int64)
    recount(
        rows,
        kept,
        drop,
        exploring,
        draws.middle,
        draws.width,
        draws.grid,
        weighed.user_value,
        weighed.rank_value,
        np.array(winners, dtype=np.int64),
        slots,
        REDRAWN,
        key_of(seed, REDRAWS),
        quantiles(),
        found,
    )
    had: list[int] = found.tolist()
    return had


def weigh_alone(
    found: Candidates, request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int]
) -> Contest:
    """Return a contest of candidates that nothing was asked of before: what each is worth, whatever stands against it.

    For explanations. Nobody wins it.
    """
    _, seen, _ = screened(found.rows, request, memory, state.policy.caps, 0)
    kept = np.arange(len(found), dtype=np.int64)
    drop = np.full(len(found), NONE, dtype=np.int16)
    rates = _predicted(request, state, memory, slots, _left(found, seen, kept))
    endless = np.full(int(found.rows["envelopes"].max(initial=0)) + 1, NO_LIMIT)
    is_drawn = rates.sampled is not None
    weighed = _weighed_by_numpy(
        found.rows, kept, rates, drop, request, state.policy, endless, endless, is_drawn=is_drawn
    )
    search = Retrieved(found.part, found.place, 0, 0, _NOBODY, is_whole=True)
    return Contest(search, found, drop, seen, kept, rates, weighed, (), (), (), ())


def _drawn_up(
    request: FeedRequest, state: State, memory: ViewerMemory | None, search: Retrieved, most: int, beside: int
) -> tuple[Retrieved, Candidates, NDArray[np.int16], Seen, Left]:
    """Return the foremost of what was found, what keeps each of them out, how often it was seen, and who is left."""
    search = foremost(state.parts, search, most)
    found = gather(state.parts, search)
    drop, seen, kept = screened(found.rows, request, memory, state.policy.caps, beside)
    return search, found, drop, seen, _left(found, seen, kept)


def _drawn_up_compiled(
    request: FeedRequest, state: State, memory: ViewerMemory | None, search: Retrieved, most: int, beside: int
) -> tuple[Retrieved, Candidates, NDArray[np.int16], Seen, Left]:
    from attise.serving.delivery.compiled.drawing import draw_up

    parts, memory = state.parts, memory or NEW
    many = min(len(search), most)
    small = np.empty((2, many), dtype=np.uint8)
    middle, large = np.empty((4, many), dtype=np.int32), np.empty((3, many), dtype=np.int64)
    rows, drop = np.empty(many, dtype=CANDIDATE), np.empty(many, dtype=np.int16)
    hidden_ads, hidden_advertisers = map(_ids, hidden_of(request.viewer, memory))
    count = draw_up(
        parts[0].arrays if len(parts) == 1 else np.concatenate([part.arrays for part in parts]),
        search.segment,
        search.place,
        most,
        memory.shown,
        _ids(request.viewer.owns),
        hidden_ads,
        hidden_advertisers,
        beside,
        _limits(state.policy.caps),
        request.now_ms,
        key_of(request.seed, PACING),
        small,
        middle,
        large,
        rows,
        drop,
    )
    part, place = small[0], middle[0]
    left = Left(large[1, :count], small[1, :count], middle[2, :count], middle[3, :count], large[2, :count])
    if len(search) > most:
        search = narrowed(search, part, place)
    return search, Candidates(parts, part, place, rows), drop, Seen(drop, middle[1], large[0]), left


def _left(found: Candidates, seen: Seen, kept: NDArray[np.int64]) -> Left:
    return Left(kept, found.part[kept], found.place[kept], seen.exposures[kept], seen.since_ms[kept])


def screened(
    rows: NDArray[Any], request: FeedRequest, memory: ViewerMemory | None, caps: Caps, beside: int
) -> tuple[NDArray[np.int16], Seen, NDArray[np.int64]]:
    """Return what keeps candidates out before anything is predicted, how often they were seen, and who is left."""
    if kernels.are_ready():
        return _screened_compiled(rows, request, memory or NEW, caps, beside)
    drop = np.full(len(rows), NONE, dtype=np.int16)
    seen = seen_of((memory or NEW).shown, rows, now_ms=request.now_ms, caps=caps)
    stop_unwanted(drop, rows, request.viewer, memory, beside)
    drop[drop == NONE] = seen.drop[drop == NONE]
    stop_paced(drop, rows, request.seed)
    return drop, seen, np.flatnonzero(drop == NONE).astype(np.int64)


def _screened_compiled(
    rows: NDArray[Any], request: FeedRequest, memory: ViewerMemory, caps: Caps, beside: int
) -> tuple[NDArray[np.int16], Seen, NDArray[np.int64]]:
    from attise.serving.delivery.compiled.drawing import screen

    many = len(rows)
    drop = np.empty(many, dtype=np.int16)
    exposures, since = np.empty(many, dtype=np.int32), np.empty(many, dtype=np.int64)
    kept = np.empty(many, dtype=np.int64)
    hidden_ads, hidden_advertisers = map(_ids, hidden_of(request.viewer, memory))
    count = screen(
        rows,
        memory.shown,
        _ids(request.viewer.owns),
        hidden_ads,
        hidden_advertisers,
        beside,
        _limits(caps),
        request.now_ms,
        key_of(request.seed, PACING),
        drop,
        exposures,
        since,
        kept,
    )
    return drop, Seen(drop, exposures, since), kept[:count]


def _predicted(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], left: Left
) -> Rates:
    gap = -1
    if memory is not None and memory.last_ad_video >= 0:
        gap = memory.videos + slots[0] - memory.last_ad_video - 1
    return state.predictor.predict(
        request.viewer,
        now_ms=request.now_ms,
        segment=left.part,
        place=left.place,
        exposures=left.exposures,
        since_ms=left.since_ms,
        index=slots[0],
        gap=gap,
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
    if kernels.are_ready():
        return _weighed_compiled(rows, kept, rates, drop, request, state.policy, rooms, lefts, is_drawn=is_drawn)
    return _weighed_by_numpy(rows, kept, rates, drop, request, state.policy, rooms, lefts, is_drawn=is_drawn)


def _weighed_by_numpy(
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
    return Weighed(rate, offer, liked, ranked_by, value, heads)


def _weighed_compiled(
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
    from attise.serving.delivery.compiled.weighing import weigh

    scores = np.empty((_SCORES, len(kept)))
    heads = np.empty(len(kept), dtype=np.int64)
    many = weigh(
        rows,
        kept,
        rates.mean,
        rates.mean if rates.sampled is None else rates.sampled,
        is_drawn,
        _worth(policy.user_value),
        rooms,
        lefts,
        policy.reserve_ecpm,
        policy.attention_ecpm,
        key_of(request.seed, TIES),
        drop,
        scores,
        heads,
    )
    return Weighed(
        scores[_RATE], scores[_OFFER], scores[_LIKED], scores[_RANKED], scores[_VALUE], heads[:many].tolist()
    )


def _awarded(
    weighed: Weighed,
    request: FeedRequest,
    policy: Policy,
    found: Candidates,
    kept: NDArray[np.int64],
    reach: Sequence[float],
) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
    return award(
        weighed.heads,
        weighed.offer,
        weighed.user_value,
        weighed.ranked_by,
        weighed.rank_value,
        reach=reach,
        reserve=policy.reserve_ecpm,
        attention=policy.attention_ecpm,
        is_held_out=_held_out(request, policy, found.parts, found.rows, kept),
    )


def _held_out(
    request: FeedRequest, policy: Policy, parts: Sequence[Part], rows: NDArray[Any], kept: NDArray[np.int64]
) -> Callable[[int], bool] | None:
    if not request.viewer.pseudonym or not any(part.offers.has_holdouts for part in parts):
        return None

    def is_out(at: int) -> bool:
        row = rows[kept[at]]
        return is_held_out(
            int(row["campaign_id"]),
            request.viewer.pseudonym,
            share_ppm=int(row["holdout_ppm"]),
            salt=policy.salt,
        )

    return is_out


def _ids(ids: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(ids, dtype=np.int64) if ids else _NOBODY


def _worth(likes: UserValue) -> NDArray[np.float64]:
    """Return what viewers get of ads in the order that the compiled loop knows it by."""
    found = _WORTH.find(likes)
    if found is None:
        told = (likes.watch_micros, likes.usual_view, likes.engagement_micros, likes.negative_micros)
        found = _WORTH.keep(likes, np.array(told))
    return found


def _limits(caps: Caps) -> NDArray[np.int64]:
    """Return the caps in the order that the compiled loop knows them by."""
    found = _LIMITS.find(caps)
    if found is None:
        told = (
            *(caps.ad.most, caps.ad.span_ms, caps.campaign.most, caps.campaign.span_ms),
            *(caps.advertiser.most, caps.advertiser.span_ms, caps.advertiser_gap_ms),
        )
        found = _LIMITS.keep(caps, np.array(told, dtype=np.int64))
    return found


_WORTH: Final[Kept[UserValue, NDArray[np.float64]]] = Kept(16)
_LIMITS: Final[Kept[Caps, NDArray[np.int64]]] = Kept(16)
