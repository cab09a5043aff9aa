"""The choice of posts and the filling of an answer, compiled. Loaded by ``kernels.use``, never before.

The same as ``ranking.choose_by_numpy`` and ``mixing.fill_plainly``.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numpy.typing import NDArray

from attise.serving.delivery.compiled.shared import pointer
from attise.serving.delivery.gates import ANY_BESIDE
from attise.serving.feed import circles, mixing, posts, ranking
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
_IDS, _TIMES, _RANKS, _WALLS = posts.IDS, posts.TIMES, posts.RANKS, posts.WALLS
_PLACES, _LANGUAGES, _COUNTRIES, _OF_CATEGORY = posts.PLACES, posts.LANGUAGES, posts.COUNTRIES, posts.OF_CATEGORY
_INT64, _INT32, _FLOAT32 = np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.float32)
_NOWHERE = np.int32(-1)
"""The code of no language or country."""
_NO_SHEET = np.zeros((0, posts.TOLD), np.int64)
_S31 = np.uint64(31)
_AN_AD, _BY_CHANCE, _NONE = mixing.AN_AD, mixing.BY_CHANCE, mixing.AN_AD - 1
_NO_PLACE = mixing.NO_PLACE
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


@kernel(
    types.void(
        *(types.int64[:, ::1], types.float32[:, ::1], types.int32[:, ::1], _Floats, types.int32, types.int32),
        *(types.float32, types.int64, types.uint64, types.float32[::1]),
    ),
    is_rule=True,
)
def _score(
    numbers: NDArray[np.int64],
    worths: NDArray[np.float32],
    codes: NDArray[np.int32],
    worth: NDArray[np.float32],
    spoken: Any,
    where: Any,
    followed: Any,
    now_ms: int,
    seed: int,
    scores: NDArray[np.float32],
) -> None:
    """Fill the scores of a sheet's posts, seen or not: ``ranking.scores_of``.

    Written so that the compiler takes many posts at a time: what is gathered is apart, and nothing is a branch.
    """
    near = np.empty(len(scores), np.float32)
    for at in range(len(scores)):
        near[at] = worth[codes[_OF_CATEGORY, at]]
    for at in range(len(scores)):
        age = max(np.float32(now_ms - numbers[_TIMES, at]), _ZERO)
        score = worths[_RANKS, at] + _FRESH_WORTH / (_ONE + age / _FRESH_MS)
        mixed = np.uint64(numbers[_IDS, at]) ^ seed
        mixed = (mixed ^ (mixed >> _S30)) * _FIRST
        mixed = (mixed ^ (mixed >> _S27)) * _SECOND
        score += np.float32(np.int64(mixed >> _S40)) * _UNIT * _CHANCE_WORTH
        close = near[at] + (_LANGUAGE_WORTH if codes[_LANGUAGES, at] == spoken else _ZERO)
        close += _COUNTRY_WORTH if codes[_COUNTRIES, at] == where else _ZERO
        close += followed
        score += close
        scores[at] = score - (_OUTSIDE if close < worths[_WALLS, at] else _ZERO)


@kernel(types.void(types.int64[:, ::1], types.int64[::1], types.int64[::1], types.float32[::1]), is_rule=True)
def _pass_over(
    numbers: NDArray[np.int64], known: NDArray[np.int64], maybe: NDArray[np.int64], scores: NDArray[np.float32]
) -> None:
    """Take out the posts of a sheet that were seen."""
    signs = np.uint64((len(maybe) << _WORD) - 1)
    for at in range(len(scores)):
        id_ = numbers[_IDS, at]
        sign = (np.uint64(id_) * _SPREAD) >> _S20 & signs
        if maybe[sign >> _OF_WORD] >> np.int64(sign & _IN_WORD) & 1 and known[_slot_of(known, id_)] == id_:
            scores[at] = _NEVER


@kernel("f4(f4[::1], i8)", is_rule=True)
def _best_of(scores: NDArray[np.float32], block: int) -> float:
    """Return the greatest score of a block."""
    best = scores[block * _BLOCK]
    for at in range(block * _BLOCK + 1, (block + 1) * _BLOCK):
        best = max(best, scores[at])
    found: float = best
    return found


@kernel(
    types.int64(
        *(_Posts, _read_only(types.boolean), types.int64[:, ::1], _Places, _Ids, _Places, _Floats),
        *(types.int64, types.int64, types.int64, types.uint64, types.int32[::1], types.float32[::1]),
    ),
    is_quick=True,
)
def _choose(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
    live: NDArray[np.bool_],
    sheets: NDArray[np.int64],
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

    Args: sheets: of each its length, and where its arrays begin in memory (``Sheet.told``).
    Whom the viewer has seen is passed over, by one look at a row of bits: to those who have seen much, most of it is.
    The best score of each block is at hand, so that the next best is found among those, and what is not wanted is never
    put in order. Whether a post lives is asked of those alone that come out first.
    """
    wanted, many = len(chosen), len(followed)
    for number in range(len(sheets)):
        many += sheets[number, 0]
    known = _table_for(len(seen))
    maybe = np.zeros(_SPARSE * len(known) >> _WORD, np.int64)
    signs = np.uint64((len(maybe) << _WORD) - 1)
    for one in seen:
        known[_slot_of(known, one)] = one
        sign = (np.uint64(one) * _SPREAD) >> _S20 & signs
        maybe[sign >> _OF_WORD] |= np.int64(np.uint64(1) << (sign & _IN_WORD))
    language = np.int32(spoken) if spoken != 0 else _NOWHERE
    country = np.int32(where) if where != 0 else _NOWHERE
    had = _table_for(2 * wanted + len(taken))
    for held in taken:
        had[_slot_of(had, np.int64(held))] = held
    blocks = (many + _BLOCK - 1) // _BLOCK
    places, scores, heads = (
        np.empty(many, np.int32),
        np.empty(blocks * _BLOCK, np.float32),
        np.empty(blocks, np.float32),
    )
    begin = 0
    for number in range(len(sheets)):
        end = begin + sheets[number, 0]
        numbers = carray(pointer(sheets[number, 1]), (2, sheets[number, 0]), _INT64)
        worths = carray(pointer(sheets[number, 2]), (2, sheets[number, 0]), _FLOAT32)
        codes = carray(pointer(sheets[number, 3]), (4, sheets[number, 0]), _INT32)
        places[begin:end] = codes[_PLACES]
        _score(numbers, worths, codes, worth, language, country, _ZERO, now_ms, seed, scores[begin:end])
        _pass_over(numbers, known, maybe, scores[begin:end])
        begin = end
    if begin < many:  # of these no sheet was made: they are few, and each viewer's own
        numbers, worths = np.empty((2, many - begin), np.int64), np.empty((2, many - begin), np.float32)
        codes = np.empty((4, many - begin), np.int32)
        for at in range(many - begin):
            row = rows[followed[at]]
            numbers[_IDS, at], numbers[_TIMES, at] = row["post_id"], row["published_at_ms"]
            worths[_RANKS, at], worths[_WALLS, at] = row["rank"], row["wall"]
            codes[_LANGUAGES, at], codes[_COUNTRIES, at] = row["language"], row["country"]
            codes[_OF_CATEGORY, at] = row["category"]
        places[begin:] = followed
        _score(numbers, worths, codes, worth, language, country, _FOLLOW_WORTH, now_ms, seed, scores[begin:many])
        _pass_over(numbers, known, maybe, scores[begin:many])
    scores[many:] = _NEVER
    for block in range(blocks):
        heads[block] = _best_of(scores, block)
    creators = _table_for(wanted + 1)
    counts = np.zeros(len(creators), np.int8)
    later, worth_of_later, put_off, found = np.empty(wanted, np.int32), np.empty(wanted, np.float32), 0, 0
    while found < wanted and blocks > 0:
        best = 0
        for block in range(1, blocks):
            if heads[block] > heads[best]:
                best = block
        score, at = heads[best], best * _BLOCK
        if score == _NEVER:
            break
        while scores[at] != score:
            at += 1
        scores[at] = _NEVER
        heads[best] = _best_of(scores, best)
        place = np.int64(places[at])
        slot = _slot_of(had, place)
        if had[slot] == place or not live[place]:
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
            later[put_off], worth_of_later[put_off] = place, score
            put_off += 1
    for number in range(min(put_off, wanted - found)):
        chosen[found], chosen_scores[found] = later[number], worth_of_later[number]
        found += 1
    return found


def choose(index: PostIndex, asked: Asked) -> tuple[Places, NDArray[np.float32]]:
    """Return the best of what is asked about, and their scores."""
    chosen, scores = np.empty(asked.wanted, np.int32), np.empty(asked.wanted, np.float32)
    found = _choose(
        index.rows,
        index.live,
        np.concatenate([_NO_SHEET, *[sheet.told for sheet in asked.sheets]]),
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
            filled[0, place], filled[1, place] = _AN_AD, _NO_PLACE
            filled[2:, place] = 0
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
