"""The choice of posts and the filling of an answer, compiled. Loaded by ``kernels.use``, never before.

The same as ``ranking.choose_by_numpy`` and ``mixing.fill_plainly``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from attise.serving.delivery.gates import ANY_BESIDE
from attise.serving.feed import circles, mixing, ranking
from attise.serving.feed.mixing import Filled, Filling
from attise.serving.feed.posts import Places, PostIndex
from attise.serving.feed.ranking import Asked
from attise.serving.kernels import kernel

# The compiler folds these in as numbers.
_FRESH_WORTH, _FRESH_MS = np.float32(ranking.FRESH_WORTH), np.float32(ranking.FRESH_MS)
_CHANCE_WORTH, _FOLLOW_WORTH = np.float32(ranking.CHANCE_WORTH), np.float32(circles.FOLLOW_WORTH)
_LANGUAGE_WORTH, _COUNTRY_WORTH = np.float32(circles.LANGUAGE_WORTH), np.float32(circles.COUNTRY_WORTH)
_OUTSIDE = np.float32(circles.OUTSIDE)
_MOST_OF_CREATOR = ranking.PER_CREATOR_IN_POOL
_ONE, _ZERO, _UNIT = np.float32(1), np.float32(0), np.float32(2**-24)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S40 = np.uint64(30), np.uint64(27), np.uint64(40)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_S20 = np.uint64(20)
_EMPTY = np.int64(-1)
_S31 = np.uint64(31)
_AN_AD, _BY_CHANCE, _NONE = mixing.AN_AD, mixing.BY_CHANCE, mixing.AN_AD - 1
_TRIES, _ANY_BESIDE = mixing.TRIES, ANY_BESIDE
_SENSITIVITY = np.array(mixing.SENSITIVITY, np.int64)


@kernel("i8(i8[::1], i8)", is_rule=True)
def _slot_of(table: NDArray[np.int64], key: Any) -> Any:
    """Return where a key is in a table of a power of two, or the empty entry where it belongs."""
    mask = len(table) - 1
    at = np.int64((np.uint64(key) * _SPREAD) >> _S20) & mask
    while table[at] != _EMPTY and table[at] != key:
        at = (at + 1) & mask
    return at


@kernel("i8[::1](i8)", is_rule=True)
def _table_for(many: int) -> NDArray[np.int64]:
    size = 16
    while size < 2 * many:
        size *= 2
    return np.full(size, _EMPTY)


@kernel("void(f4[::1], i4[::1], i8, i8)", is_rule=True)
def _sift(keys: NDArray[np.float32], heap: NDArray[np.int32], at: int, size: int) -> None:
    """Let an entry sink to its place: the greatest key first, of equals the earliest."""
    one = heap[at]
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size:
            left, right = heap[child], heap[child + 1]
            if keys[right] > keys[left] or (keys[right] == keys[left] and right < left):
                child += 1
        best = heap[child]
        if keys[one] > keys[best] or (keys[one] == keys[best] and one < best):
            break
        heap[at] = best
        at = child
    heap[at] = one


def _read_only(of: Any) -> Any:
    return types.Array(of, 1, "C", readonly=True)


_Ids, _Words, _Bytes, _Floats = (_read_only(one) for one in (types.int64, types.uint16, types.uint8, types.float32))


@kernel(
    types.int64(
        *(_Ids, _Ids, _Ids, _Floats, _Floats, _Bytes, _Words, _Words, _read_only(types.boolean)),
        *(_read_only(types.int32), types.int64, _Ids, _read_only(types.int32), _Floats),
        *(types.uint16, types.uint16, types.int64, types.uint64, types.int32[::1], types.float32[::1]),
    ),
    is_quick=True,
)
def _choose(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    post_id: NDArray[np.int64],
    creator_id: NDArray[np.int64],
    published_at_ms: NDArray[np.int64],
    rank: NDArray[np.float32],
    wall: NDArray[np.float32],
    category: NDArray[np.uint8],
    language: NDArray[np.uint16],
    country: NDArray[np.uint16],
    live: NDArray[np.bool_],
    places: NDArray[np.int32],
    followed_from: int,
    seen: NDArray[np.int64],
    taken: NDArray[np.int32],
    worth: NDArray[np.float32],
    spoken: int,
    where: int,
    now_ms: int,
    seed: int,
    chosen: NDArray[np.int32],
    chosen_scores: NDArray[np.float32],
) -> int:
    """Fill ``chosen`` with the best places; returns how many there are."""
    many, wanted = len(places), len(chosen)
    known = _table_for(len(seen))
    for one in seen:
        known[_slot_of(known, one)] = one
    had = _table_for(many + len(taken))
    for held in taken:
        had[_slot_of(had, np.int64(held))] = held
    scores, heap, size = np.empty(many, np.float32), np.empty(many, np.int32), 0
    for at in range(many):
        place = places[at]
        if not live[place]:
            continue
        age = max(np.float32(now_ms - published_at_ms[place]), _ZERO)
        score = rank[place] + _FRESH_WORTH / (_ONE + age / _FRESH_MS)
        mixed = np.uint64(post_id[place]) ^ seed
        mixed = (mixed ^ (mixed >> _S30)) * _FIRST
        mixed = (mixed ^ (mixed >> _S27)) * _SECOND
        score += np.float32(mixed >> _S40) * _UNIT * _CHANCE_WORTH
        near = worth[category[place]]
        if spoken != 0 and language[place] == spoken:
            near += _LANGUAGE_WORTH
        if where != 0 and country[place] == where:
            near += _COUNTRY_WORTH
        if at >= followed_from:
            near += _FOLLOW_WORTH
        score += near
        if near < wall[place]:
            score -= _OUTSIDE
        scores[at] = score
        heap[size] = at
        size += 1
    for at in range(size // 2 - 1, -1, -1):
        _sift(scores, heap, at, size)
    creators = _table_for(many)
    counts = np.zeros(len(creators), np.int8)
    later, put_off, found = np.empty(wanted, np.int32), 0, 0
    while size > 0 and found < wanted:
        at = heap[0]
        size -= 1
        heap[0] = heap[size]
        _sift(scores, heap, 0, size)
        place = np.int64(places[at])
        slot = _slot_of(had, place)
        if had[slot] == place or known[_slot_of(known, post_id[place])] == post_id[place]:
            continue
        had[slot] = place
        of = _slot_of(creators, creator_id[place])
        creators[of] = creator_id[place]
        if counts[of] < _MOST_OF_CREATOR:
            counts[of] += 1
            chosen[found] = place
            chosen_scores[found] = scores[at]
            found += 1
        elif put_off < wanted:
            later[put_off] = at
            put_off += 1
    for number in range(min(put_off, wanted - found)):
        chosen[found] = places[later[number]]
        chosen_scores[found] = scores[later[number]]
        found += 1
    return found


def choose(index: PostIndex, asked: Asked) -> tuple[Places, NDArray[np.float32]]:
    """Return the best of what is asked about, and their scores."""
    chosen, scores = np.empty(asked.wanted, np.int32), np.empty(asked.wanted, np.float32)
    found = _choose(
        index.post_id,
        index.creator_id,
        index.published_at_ms,
        index.rank,
        index.wall,
        index.category,
        index.language,
        index.country,
        index.live,
        asked.places,
        asked.followed_from,
        asked.seen,
        asked.taken,
        asked.worth,
        asked.language,
        asked.country,
        asked.now_ms,
        asked.seed,
        chosen,
        scores,
    )
    return chosen[:found], scores[:found]


@kernel("f8(u8, i8)", is_rule=True)
def _draw(seed: int, what: int) -> float:
    """Return one number in [0, 1) for a purpose by number: ``ranking.draw``."""
    mixed = (np.uint64(what) * _SPREAD) ^ seed
    mixed = (mixed ^ (mixed >> _S30)) * _FIRST
    mixed = (mixed ^ (mixed >> _S27)) * _SECOND
    return np.float64(mixed ^ (mixed >> _S31)) * 2.0**-64


@kernel(types.boolean(_Ids, types.int64, types.int64), is_rule=True)
def _is_among(some: NDArray[np.int64], many: int, one: int) -> bool:
    """Tell whether one is among the first of some."""
    for number in range(many):  # noqa: SIM110 - a generator would not be compiled
        if some[number] == one:
            return True
    return False


_Places, _Live = _read_only(types.int32), _read_only(types.boolean)


@kernel(
    types.int64(
        *(_Ids, _Ids, _Places, _Bytes, _Live, _Places),
        *(_Places, types.int64, types.Array(types.int64, 2, "C", readonly=True), _Ids, types.uint64, types.float64),
        types.int64[:, ::1],
    ),
    is_quick=True,
)
def _fill(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    post_id: NDArray[np.int64],
    creator_id: NDArray[np.int64],
    duration_ms: NDArray[np.int32],
    category: NDArray[np.uint8],
    live: NDArray[np.bool_],
    new: NDArray[np.int32],
    places: NDArray[np.int32],
    repeats: int,
    ads: NDArray[np.int64],
    seen: NDArray[np.int64],
    seed: int,
    exploration: float,
    filled: NDArray[np.int64],
) -> int:
    """Fill ``filled`` (int64[5, count], the lists of ``Filled``); returns how many places are filled."""
    count, many = filled.shape[1], len(places)
    ad_at = np.full(count + 2, np.int64(-1))
    """By place + 1, the number of the ad that stands there."""
    used, uses = np.empty(count + len(ads), np.int64), 0
    for number in range(len(ads)):
        ad_at[ads[number, 0] + 1] = number
        used[uses] = ads[number, 1]
        uses += 1
    first, before, done = 0, np.int64(0), 0
    for place in range(count):
        if ad_at[place + 1] >= 0:
            filled[0, place] = _AN_AD
            filled[1:, place] = 0
            before = ads[ad_at[place + 1], 2]
            done = place + 1
            continue
        found, stock = _NONE, 0
        while True:
            behind, ahead = ad_at[place], ad_at[place + 2]
            after, accepted = np.int64(0), np.int64(_ANY_BESIDE)
            if behind >= 0:
                accepted = min(accepted, ads[behind, 3])
            if ahead >= 0:
                after, accepted = ads[ahead, 2], min(accepted, ads[ahead, 3])
            if len(new) > 0 and _draw(seed, place) < exploration:
                for turn in range(1, _TRIES + 1):
                    one = new[np.int64(_draw(seed, place + (turn << 16)) * len(new))]
                    if (
                        live[one]
                        and creator_id[one] != before
                        and creator_id[one] != after
                        and _SENSITIVITY[category[one]] <= accepted
                        and not _is_among(used, uses, post_id[one])
                        and not _is_among(seen, len(seen), post_id[one])
                    ):
                        found, stock = _BY_CHANCE, one
                        break
            while first < many and _is_among(used, uses, post_id[places[first]]):
                first += 1
            if found == _NONE and first < many:
                end = repeats if accepted >= _ANY_BESIDE and first < repeats else many
                other = _NONE
                for at in range(first, end):
                    one = places[at]
                    if _SENSITIVITY[category[one]] > accepted or _is_among(used, uses, post_id[one]):
                        continue
                    if creator_id[one] != before and creator_id[one] != after:
                        found = at
                        break
                    if other == _NONE:
                        other = at
                if found == _NONE:
                    found = other
                if found != _NONE:
                    stock = places[found]
            if found != _NONE or ahead < 0:
                break
            ad_at[place + 2] = -1
        if found == _NONE:
            break
        filled[0, place], filled[1, place] = found, stock
        filled[2, place], filled[3, place], filled[4, place] = post_id[stock], creator_id[stock], duration_ms[stock]
        before = creator_id[stock]
        used[uses] = post_id[stock]
        uses += 1
        done = place + 1
    return done


def fill(index: PostIndex, filling: Filling) -> Filled:
    """Return who stands where."""
    filled = np.empty((5, filling.wanted), np.int64)
    pool = filling.pool
    found = _fill(
        index.post_id,
        index.creator_id,
        index.duration_ms,
        index.category,
        index.live,
        index.new,
        pool.places,
        pool.repeats,
        filling.ads,
        np.asarray(filling.seen, np.int64),
        filling.seed & ranking.ALL,
        filling.exploration,
        filled,
    )
    return Filled(*(filled if found == filling.wanted else filled[:, :found]).tolist())
