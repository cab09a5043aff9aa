"""The choice of posts and the filling of an answer, compiled. Loaded by ``kernels.use``, never before.

The same as ``ranking.choose_by_numpy`` and ``mixing.fill_plainly``.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from attise.serving.delivery.gates import ANY_BESIDE
from attise.serving.feed import circles, mixing, ranking
from attise.serving.feed.mixing import Filled, Filling
from attise.serving.feed.posts import POST_ROW, Places, PostIndex
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
_SPARSE, _WORD, _OF_WORD, _IN_WORD = 8, 6, np.uint64(6), np.uint64(63)
"""Bits for each entry of a table, in words of 64: that a post was not seen is told by one look at them, as a rule."""
_NEVER, _BLOCK = np.float32(-np.inf), 32
"""The score of what is not to be chosen; how many candidates lie in one block."""
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


def _read_only(of: Any) -> Any:
    return types.Array(of, 1, "C", readonly=True)


_Ids, _Places, _Floats = (_read_only(one) for one in (types.int64, types.int32, types.float32))
_Posts, _Live = _read_only(numba.from_dtype(POST_ROW)), _read_only(types.boolean)


@kernel("i8(f4[::1], i8, i8)", is_rule=True)
def _first_best(values: NDArray[np.float32], begin: int, end: int) -> int:
    """Return where the greatest of some values is, of equals the first."""
    best = begin
    for at in range(begin + 1, end):
        if values[at] > values[best]:
            best = at
    return best


@kernel(
    types.int64(
        *(_Posts, _read_only(types.boolean), _Places, _Places, _Ids, _Places, _Floats),
        *(types.uint16, types.uint16, types.int64, types.uint64, types.int32[::1], types.float32[::1]),
    ),
    is_quick=True,
)
def _choose(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
    live: NDArray[np.bool_],
    places: NDArray[np.int32],
    followed: NDArray[np.int32],
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
    """Fill ``chosen`` with the best places; returns how many there are.

    Whom the viewer has seen is passed over before it is scored: to those who have seen much, most of it is. The best of
    each block are at hand, so that the next best is found among those, and what is not wanted is never put in order.
    """
    common, wanted = len(places), len(chosen)
    many = common + len(followed)
    known = _table_for(len(seen))
    maybe = np.zeros(_SPARSE * len(known) >> _WORD, np.int64)
    signs = np.uint64((len(maybe) << _WORD) - 1)
    for one in seen:
        known[_slot_of(known, one)] = one
        sign = (np.uint64(one) * _SPREAD) >> _S20 & signs
        maybe[sign >> _OF_WORD] |= np.int64(np.uint64(1) << (sign & _IN_WORD))
    language, country = np.int64(spoken) if spoken != 0 else _EMPTY, np.int64(where) if where != 0 else _EMPTY
    had = _table_for(2 * wanted + len(taken))
    for held in taken:
        had[_slot_of(had, np.int64(held))] = held
    blocks = (many + _BLOCK - 1) // _BLOCK
    scores, heads = np.empty(blocks * _BLOCK, np.float32), np.empty(blocks, np.int32)
    scores[many:] = _NEVER
    for at in range(many):
        place = np.int64(places[at] if at < common else followed[at - common])
        row = rows[place]
        id_ = row["post_id"]
        sign = (np.uint64(id_) * _SPREAD) >> _S20 & signs
        is_seen = maybe[sign >> _OF_WORD] >> np.int64(sign & _IN_WORD) & 1
        if not live[place] or (is_seen and known[_slot_of(known, id_)] == id_):
            scores[at] = _NEVER
            continue
        age = max(np.float32(now_ms - row["published_at_ms"]), _ZERO)
        score = row["rank"] + _FRESH_WORTH / (_ONE + age / _FRESH_MS)
        mixed = np.uint64(id_) ^ seed
        mixed = (mixed ^ (mixed >> _S30)) * _FIRST
        mixed = (mixed ^ (mixed >> _S27)) * _SECOND
        score += np.float32(mixed >> _S40) * _UNIT * _CHANCE_WORTH
        # Sums with nothing where a branch would be guessed wrong: neither changes a bit.
        near = worth[row["category"]] + np.float32(row["language"] == language) * _LANGUAGE_WORTH
        near += np.float32(row["country"] == country) * _COUNTRY_WORTH
        near += np.float32(at >= common) * _FOLLOW_WORTH
        score += near
        scores[at] = score - np.float32(near < row["wall"]) * _OUTSIDE
    for block in range(blocks):
        heads[block] = _first_best(scores, block * _BLOCK, (block + 1) * _BLOCK)
    creators = _table_for(wanted + 1)
    counts = np.zeros(len(creators), np.int8)
    later, worth_of_later, put_off, found = np.empty(wanted, np.int32), np.empty(wanted, np.float32), 0, 0
    while found < wanted and blocks > 0:
        best = 0
        for block in range(1, blocks):
            if scores[heads[block]] > scores[heads[best]]:
                best = block
        at = heads[best]
        score = scores[at]
        if score == _NEVER:
            break
        scores[at] = _NEVER
        heads[best] = _first_best(scores, best * _BLOCK, (best + 1) * _BLOCK)
        place = np.int64(places[at] if at < common else followed[at - common])
        slot = _slot_of(had, place)
        if had[slot] == place:
            continue
        creator = rows[place]["creator_id"]
        of = _slot_of(creators, creator)
        if counts[of] < _MOST_OF_CREATOR:
            creators[of] = creator
            counts[of] += 1
            had[slot] = place
            chosen[found] = place
            chosen_scores[found] = score
            found += 1
        elif put_off < wanted:  # another one of the same creator is put off, too, or passed over
            had[slot] = place
            later[put_off], worth_of_later[put_off] = at, score
            put_off += 1
    for number in range(min(put_off, wanted - found)):
        at = later[number]
        chosen[found] = places[at] if at < common else followed[at - common]
        chosen_scores[found] = worth_of_later[number]
        found += 1
    return found


def choose(index: PostIndex, asked: Asked) -> tuple[Places, NDArray[np.float32]]:
    """Return the best of what is asked about, and their scores."""
    chosen, scores = np.empty(asked.wanted, np.int32), np.empty(asked.wanted, np.float32)
    found = _choose(
        index.rows,
        index.live,
        asked.places,
        asked.followed,
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
    return (chosen, scores) if found == asked.wanted else (chosen[:found], scores[:found])


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


@kernel(
    types.int64(
        *(_Posts, _Live, _Places, _Places, types.int64, types.Array(types.int64, 2, "C", readonly=True), _Ids),
        *(types.uint64, types.float64),
        types.int64[:, ::1],
    ),
    is_quick=True,
)
def _fill(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
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
                        and rows[one]["creator_id"] != before
                        and rows[one]["creator_id"] != after
                        and _SENSITIVITY[rows[one]["category"]] <= accepted
                        and not _is_among(used, uses, rows[one]["post_id"])
                        and not _is_among(seen, len(seen), rows[one]["post_id"])
                    ):
                        found, stock = _BY_CHANCE, one
                        break
            while first < many and _is_among(used, uses, rows[places[first]]["post_id"]):
                first += 1
            if found == _NONE and first < many:
                end = repeats if accepted >= _ANY_BESIDE and first < repeats else many
                other = _NONE
                for at in range(first, end):
                    one = places[at]
                    if _SENSITIVITY[rows[one]["category"]] > accepted or _is_among(used, uses, rows[one]["post_id"]):
                        continue
                    if rows[one]["creator_id"] != before and rows[one]["creator_id"] != after:
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
        row = rows[stock]
        filled[2, place], filled[3, place], filled[4, place] = row["post_id"], row["creator_id"], row["duration_ms"]
        before = row["creator_id"]
        used[uses] = row["post_id"]
        uses += 1
        done = place + 1
    return done


def fill(index: PostIndex, filling: Filling) -> Filled:
    """Return who stands where."""
    filled = np.empty((5, filling.wanted), np.int64)
    pool = filling.pool
    found = _fill(
        index.rows,
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
