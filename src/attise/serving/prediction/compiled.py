"""The kernel of a decision's predictions; loaded by ``kernels.use``, never imported before."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.kernels import kernel
from attise.serving.prediction import features as f
from attise.serving.prediction import hashing
from attise.serving.prediction.adding import add_up
from attise.serving.prediction.calibration import CELLS, LOW, STEP
from attise.serving.prediction.hashing import M1, M2, R27, R30, R31, A, B
from attise.serving.prediction.heads import COUNT, WIDTH
from attise.serving.prediction.thompson import DRAW, GATE, QUANTILE_SHIFT, TICKETS
from attise.serving.targeting.compiled import fetch

MOST_INTERESTS, INTERESTS, VIEWER_FEATURES = f.MOST_INTERESTS, f.INTERESTS, f.VIEWER_FEATURES
AGE, GENDER, COUNTRY, LANGUAGE, OS, HOUR = f.AGE, f.GENDER, f.COUNTRY, f.LANGUAGE, f.OS, f.HOUR
CATEGORY, OBJECTIVE, AD_LANGUAGE, POST, ADVERTISER, CREATOR = (
    f.CATEGORY,
    f.OBJECTIVE,
    f.AD_LANGUAGE,
    f.POST,
    f.ADVERTISER,
    f.CREATOR,
)
EXPLORES = f.EXPLORES
PERSON, SINCE_BANDS_MS, CROSS_FEATURES = f.PERSON, f.SINCE_BANDS_MS, f.CROSS_FEATURES
EXPOSURES_S, SINCE_S, FOLLOWS_S = f.SPACES["exposures"], f.SPACES["since"], f.SPACES["follows"]
FOLLOWS_ADVERTISER_S, AGE_CATEGORY_S = f.SPACES["follows_advertiser"], f.SPACES["age_category"]
GENDER_CATEGORY_S, HOUR_CATEGORY_S = f.SPACES["gender_category"], f.SPACES["hour_category"]
COUNTRY_ADVERTISER_S, LANGUAGE_LANGUAGE_S = f.SPACES["country_advertiser"], f.SPACES["language_language"]
OS_OBJECTIVE_S, PERSON_POST_S, PERSON_CATEGORY_S = (
    f.SPACES["os_objective"],
    f.SPACES["person_post"],
    f.SPACES["person_category"],
)
INTEREST_CATEGORY_S, INTEREST_POST_S = f.SPACES["interest_category"], f.SPACES["interest_post"]
BIAS_S, AGE_GENDER_S, COUNTRY_HOUR_S = f.SPACES["bias"], f.SPACES["age_gender"], f.SPACES["country_hour"]
INTEREST_S = f.SPACES["interest"]
ALONE_S = np.array([f.SPACES[name] for name in f.VIEWER_ALONE], dtype=np.uint64)
ZERO, ONE = np.uint64(0), np.uint64(1)

MAPPED = "Array(f4, 2, 'C', readonly=True)"
"""What may come from a file, which nobody can write to."""
MAPPED_KEYS = "Array(u4, 2, 'C', readonly=True)"

_AHEAD: Final = 4
"""How many candidates' weights are on their way at once."""
_ROWS_AHEAD: Final = 8
"""How many candidates' own rows are: their weights are found by them."""

_TOGETHER: Final = 8
"""Hashes that are made at once: one vector register of them."""
_KEPT: Final = 64
"""Categories whose hashes are at hand; two that share a place take turns in it."""
_OF_CATEGORY: Final = 4
"""Crosses of a category beside those with interests."""
_CREATORS: Final = np.uint32(1_023)
"""Who is not followed is told by the last bits of their number, nearly always."""
_NO_CATEGORY: Final = np.uint64((1 << 64) - 1)

mix = kernel("u8(u8, u8, u8)")(hashing.mix)


@kernel("void(u8[::1], u8, u8[::1])", is_rule=True)
def mix_all(before: NDArray[np.uint64], second: np.uint64, found: NDArray[np.uint64]) -> None:
    """Fill ``found`` with hashes of features that share their second value: ``mix``, eight at once.

    Args: before: uint64[8 n], what each hash begins with: space and first value, ``first * A + space``.
    """
    shared = second * B
    for j in range(len(found)):
        one = before[j] + shared
        one = (one ^ (one >> R30)) * M1
        one = (one ^ (one >> R27)) * M2
        found[j] = one ^ (one >> R31)


@kernel(f"f4({MAPPED}, i8, f4)", is_rule=True)
def rate_at(grid: NDArray[np.float32], head: int, score: float) -> float:
    """Return the rate of a head's log-odds: ``calibration.apply``."""
    at = (score - np.float32(LOW)) * np.float32(1.0 / STEP)
    at = min(max(at, np.float32(0)), np.float32(CELLS))
    cell = int(min(np.int64(at), np.int64(CELLS - 1)))
    below = grid[head, cell]
    rate: float = below + (grid[head, cell + 1] - below) * (at - np.float32(cell))
    return rate


@kernel(
    f"void(u8[::1], {MAPPED}, {MAPPED_KEYS}, i4[::1], u4[::1], i4[::1], i8[::1], {MAPPED}, {MAPPED}, f4[:, ::1], "
    "f4[:, ::1])"
)
def predict(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    keys: NDArray[np.uint64],
    alone: NDArray[np.float32],
    words: NDArray[np.uint32],
    places: NDArray[np.int32],
    follows: NDArray[np.uint32],
    exposures: NDArray[np.int32],
    since_ms: NDArray[np.int64],
    weights: NDArray[np.float32],
    grid: NDArray[np.float32],
    scores: NDArray[np.float32],
    mean: NDArray[np.float32],
) -> None:
    """Fill ``scores`` and ``mean`` for each candidate, whose rows of ``alone`` and ``words`` are told by ``places``.

    Cost: a line of memory for each cross with a post or an advertiser, all heads together; crosses with categories, of
    which there are few, are hashed once for all candidates, and their weights stay in the cache.
    """
    mask = np.uint64(len(weights) - 1)
    # A candidate's lines are asked for while those of one before it are added up: memory is waited for once, not often.
    crossed = np.empty((_AHEAD, CROSS_FEATURES), dtype=np.uint64)
    counts = np.empty(_AHEAD, dtype=np.int64)
    mixed = np.empty((1, VIEWER_FEATURES), dtype=np.uint64)
    for i in range(min(len(places), _ROWS_AHEAD)):
        fetch(words, places[i])
        fetch(alone, places[i])
    interests = 0
    while interests < MOST_INTERESTS and keys[INTERESTS + interests] != ZERO:
        interests += 1
    of_viewer = VIEWER_FEATURES - MOST_INTERESTS + interests
    for j in range(of_viewer):
        if j == 0:
            mixed[0, j] = mix(BIAS_S, ZERO, ZERO)
        elif j <= INTERESTS:
            mixed[0, j] = mix(ALONE_S[j - 1], keys[j - 1], ZERO)
        elif j == INTERESTS + 1:
            mixed[0, j] = mix(AGE_GENDER_S, keys[AGE], keys[GENDER])
        elif j == INTERESTS + 2:
            mixed[0, j] = mix(COUNTRY_HOUR_S, keys[COUNTRY], keys[HOUR])
        else:
            mixed[0, j] = mix(INTEREST_S, keys[j - 3], ZERO)
        fetch(weights, np.int64(mixed[0, j] & mask))
    viewer, nothing = np.zeros((1, WIDTH), dtype=np.float32), np.zeros((1, WIDTH), dtype=np.float32)
    add_up(viewer, 0, nothing, 0, nothing, weights, mixed, 0, of_viewer)
    person = keys[AGE] * PERSON + keys[GENDER]
    # What hashes of crosses begin with, the viewer's half of them; interests first.
    with_post, with_category = np.zeros(_TOGETHER, dtype=np.uint64), np.zeros(2 * _TOGETHER, dtype=np.uint64)
    for place in range(interests):
        with_post[place] = keys[INTERESTS + place] * A + INTEREST_POST_S
        with_category[place] = keys[INTERESTS + place] * A + INTEREST_CATEGORY_S
    with_post[MOST_INTERESTS] = person * A + PERSON_POST_S
    with_category[MOST_INTERESTS] = keys[AGE] * A + AGE_CATEGORY_S
    with_category[MOST_INTERESTS + 1] = keys[GENDER] * A + GENDER_CATEGORY_S
    with_category[MOST_INTERESTS + 2] = keys[HOUR] * A + HOUR_CATEGORY_S
    with_category[MOST_INTERESTS + 3] = person * A + PERSON_CATEGORY_S
    maybe = np.zeros(_CREATORS + 1, dtype=np.bool_)
    for creator in follows:
        maybe[creator & _CREATORS] = True
    post_mixed = np.empty(_TOGETHER, dtype=np.uint64)
    met = np.full(_KEPT, _NO_CATEGORY, dtype=np.uint64)
    met_mixed = np.empty((_KEPT, 2 * _TOGETHER), dtype=np.uint64)
    unseen, never = mix(EXPOSURES_S, ZERO, ZERO), mix(SINCE_S, ZERO, ZERO)
    for step in range(len(places) + _AHEAD):
        if step >= _AHEAD:
            i = step - _AHEAD
            add_up(scores, i, alone, np.int64(places[i]), viewer, weights, crossed, i % _AHEAD, counts[i % _AHEAD])
            for h in range(COUNT):
                mean[i, h] = rate_at(grid, h, scores[i, h])
        i = step
        if i >= len(places):
            continue
        if i + _ROWS_AHEAD < len(places):
            fetch(words, places[i + _ROWS_AHEAD])
            fetch(alone, places[i + _ROWS_AHEAD])
        at, lane = places[i], i % _AHEAD
        category, post = np.uint64(words[at, CATEGORY]), np.uint64(words[at, POST])
        advertiser = np.uint64(words[at, ADVERTISER])
        creator = words[at, CREATOR]
        low, high = 0, 0
        if maybe[creator & _CREATORS]:
            high = len(follows)
        while low < high:
            half = (low + high) >> 1
            if follows[half] < creator:
                low = half + 1
            else:
                high = half
        crossed[lane, 0], crossed[lane, 1] = unseen, never
        if exposures[i] > 0:
            digits = 0
            left = exposures[i]
            while left > 0:
                digits += 1
                left >>= 1
            crossed[lane, 0] = mix(EXPOSURES_S, np.uint64(digits), ZERO)
        if since_ms[i] >= 0:
            since = 1
            for band in SINCE_BANDS_MS:
                if since_ms[i] > band:
                    since += 1
            crossed[lane, 1] = mix(SINCE_S, np.uint64(since), ZERO)
        kept = np.int64(category & np.uint64(_KEPT - 1))
        if met[kept] != category:
            met[kept] = category
            mix_all(with_category, category, met_mixed[kept])
            for j in range(MOST_INTERESTS + _OF_CATEGORY):
                fetch(weights, np.int64(met_mixed[kept, j] & mask))
        mix_all(with_post, post, post_mixed)
        crossed[lane, 2] = met_mixed[kept, MOST_INTERESTS]
        crossed[lane, 3] = met_mixed[kept, MOST_INTERESTS + 1]
        crossed[lane, 4] = met_mixed[kept, MOST_INTERESTS + 2]
        crossed[lane, 5] = mix(COUNTRY_ADVERTISER_S, keys[COUNTRY], advertiser)
        crossed[lane, 6] = mix(LANGUAGE_LANGUAGE_S, keys[LANGUAGE], np.uint64(words[at, AD_LANGUAGE]))
        crossed[lane, 7] = mix(OS_OBJECTIVE_S, keys[OS], np.uint64(words[at, OBJECTIVE]))
        crossed[lane, 8] = post_mixed[MOST_INTERESTS]
        crossed[lane, 9] = met_mixed[kept, MOST_INTERESTS + 3]
        many = 10
        for place in range(interests):
            crossed[lane, many] = met_mixed[kept, place]
            crossed[lane, many + 1] = post_mixed[place]
            fetch(weights, np.int64(post_mixed[place] & mask))
            many += 2
        fetch(weights, np.int64(crossed[lane, 5] & mask))
        fetch(weights, np.int64(crossed[lane, 6] & mask))
        fetch(weights, np.int64(crossed[lane, 7] & mask))
        fetch(weights, np.int64(crossed[lane, 8] & mask))
        if maybe[creator & _CREATORS] and low < len(follows) and follows[low] == creator:
            crossed[lane, many] = mix(FOLLOWS_S, ONE, ZERO)
            crossed[lane, many + 1] = mix(FOLLOWS_ADVERTISER_S, ONE, advertiser)
            fetch(weights, np.int64(crossed[lane, many] & mask))
            fetch(weights, np.int64(crossed[lane, many + 1] & mask))
            many += 2
        counts[lane] = many


@kernel(f"i8(u8, {MAPPED_KEYS}, i4[::1], i8[::1], i8[::1])")
def choose_new(
    seed: np.uint64,
    words: NDArray[np.uint32],
    rows: NDArray[np.int32],
    ad_ids: NDArray[np.int64],
    chosen: NDArray[np.int64],
) -> int:
    """Write the numbers of the candidates that are tried, rising, and return how many: ``thompson.tickets``."""
    many = len(rows)
    new, advertisers = np.empty(many, dtype=np.int64), np.empty(many, dtype=np.uint32)
    drawn = np.empty(many, dtype=np.uint64)
    count = 0
    for n in range(many):
        if words[rows[n], EXPLORES] > 0:
            new[count], advertisers[count] = n, words[rows[n], ADVERTISER]
            drawn[count] = mix(GATE, seed, np.uint64(ad_ids[n]))
            count += 1
    found = 0
    for at in range(count):
        before = 0
        for other in range(count):
            before += (advertisers[other] == advertisers[at]) & (
                (drawn[other] < drawn[at]) | ((drawn[other] == drawn[at]) & (other < at))
            )
        if before < TICKETS:
            chosen[found] = new[at]
            found += 1
    return found


@kernel(
    f"void(u8, i8[::1], i8[::1], f4[:, ::1], f4[:, ::1], {MAPPED}, f8[::1], f4[:, ::1], f4[:, ::1])",
)
def draw(
    seed: np.uint64,
    ad_ids: NDArray[np.int64],
    new: NDArray[np.int64],
    scores: NDArray[np.float32],
    width: NDArray[np.float32],
    grid: NDArray[np.float32],
    quantiles: NDArray[np.float64],
    middle: NDArray[np.float32],
    sampled: NDArray[np.float32],
) -> None:
    """Fill what the tried are drawn around, and their rates by a draw: ``thompson.normals``, ``Draws.rates``."""
    for at in range(len(new)):
        n = new[at]
        ad_id = np.uint64(ad_ids[n])
        for h in range(COUNT):
            key = seed * A + np.uint64(h) * B
            normal = quantiles[np.int64(mix(DRAW, key, ad_id) >> QUANTILE_SHIFT)]
            middle[at, h] = scores[n, h]
            score = scores[n, h] + np.float32(np.float64(width[at, h]) * normal)
            sampled[n, h] = rate_at(grid, h, score)
