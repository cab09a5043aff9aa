"""The kernel of a decision's predictions; loaded by ``kernels.use``, never imported before."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.kernels import kernel
from attise.serving.prediction import features as f
from attise.serving.prediction import hashing
from attise.serving.prediction.calibration import CELLS, LOW, STEP
from attise.serving.prediction.hashing import A, B
from attise.serving.prediction.heads import COUNT
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
R63 = hashing.R63
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

_AHEAD: Final = 2
"""How many candidates' weights are on their way at once."""
_ROWS_AHEAD: Final = 8
"""How many candidates' own rows are: their weights are found by them."""

mix = kernel("u8(u8, u8, u8)")(hashing.mix)


@kernel(f"f4({MAPPED}, i8, f4)")
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

    Cost: one hash and one line of memory for each cross of each candidate, all heads together.
    """
    mask = np.uint64(len(weights) - 1)
    # A candidate's lines are asked for while those of one before it are added up: memory is waited for once, not often.
    slots = np.empty((_AHEAD, CROSS_FEATURES), dtype=np.int64)
    signs = np.empty((_AHEAD, CROSS_FEATURES), dtype=np.float32)
    counts = np.empty(_AHEAD, dtype=np.int64)
    mixed = np.empty(max(CROSS_FEATURES, VIEWER_FEATURES), dtype=np.uint64)
    for i in range(min(len(places), _ROWS_AHEAD)):
        fetch(words, places[i])
        fetch(alone, places[i])
    interests = 0
    while interests < MOST_INTERESTS and keys[INTERESTS + interests] != ZERO:
        interests += 1
    of_viewer = VIEWER_FEATURES - MOST_INTERESTS + interests
    for j in range(of_viewer):
        if j == 0:
            mixed[j] = mix(BIAS_S, ZERO, ZERO)
        elif j <= INTERESTS:
            mixed[j] = mix(ALONE_S[j - 1], keys[j - 1], ZERO)
        elif j == INTERESTS + 1:
            mixed[j] = mix(AGE_GENDER_S, keys[AGE], keys[GENDER])
        elif j == INTERESTS + 2:
            mixed[j] = mix(COUNTRY_HOUR_S, keys[COUNTRY], keys[HOUR])
        else:
            mixed[j] = mix(INTEREST_S, keys[j - 3], ZERO)
        fetch(weights, np.int64(mixed[j] & mask))
    viewer = np.zeros(8, dtype=np.float32)
    for j in range(of_viewer):
        x = np.float32(-1) if mixed[j] >> R63 else np.float32(1)
        for h in range(8):
            viewer[h] += weights[np.int64(mixed[j] & mask), h] * x
    v0, v1, v2, v3 = viewer[0], viewer[1], viewer[2], viewer[3]
    v4, v5, v6, v7 = viewer[4], viewer[5], viewer[6], viewer[7]
    person = keys[AGE] * PERSON + keys[GENDER]
    for step in range(len(places) + _AHEAD):
        if step >= _AHEAD:
            i = step - _AHEAD
            at = places[i]
            lane = i % _AHEAD
            # Written out, the eight sums are one vector register.
            s0, s1, s2, s3 = alone[at, 0] + v0, alone[at, 1] + v1, alone[at, 2] + v2, alone[at, 3] + v3
            s4, s5, s6, s7 = alone[at, 4] + v4, alone[at, 5] + v5, alone[at, 6] + v6, alone[at, 7] + v7
            for j in range(counts[lane]):
                s, x = slots[lane, j], signs[lane, j]
                s0 += weights[s, 0] * x
                s1 += weights[s, 1] * x
                s2 += weights[s, 2] * x
                s3 += weights[s, 3] * x
                s4 += weights[s, 4] * x
                s5 += weights[s, 5] * x
                s6 += weights[s, 6] * x
                s7 += weights[s, 7] * x
            scores[i, 0], scores[i, 1], scores[i, 2], scores[i, 3] = s0, s1, s2, s3
            scores[i, 4], scores[i, 5], scores[i, 6], scores[i, 7] = s4, s5, s6, s7
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
        low, high = 0, len(follows)
        while low < high:
            half = (low + high) >> 1
            if follows[half] < creator:
                low = half + 1
            else:
                high = half
        digits = 0
        left = exposures[i]
        while left > 0:
            digits += 1
            left >>= 1
        since = 0
        if since_ms[i] >= 0:
            since = 1
            for band in SINCE_BANDS_MS:
                if since_ms[i] > band:
                    since += 1
        mixed[0] = mix(EXPOSURES_S, np.uint64(digits), ZERO)
        mixed[1] = mix(SINCE_S, np.uint64(since), ZERO)
        mixed[2] = mix(AGE_CATEGORY_S, keys[AGE], category)
        mixed[3] = mix(GENDER_CATEGORY_S, keys[GENDER], category)
        mixed[4] = mix(HOUR_CATEGORY_S, keys[HOUR], category)
        mixed[5] = mix(COUNTRY_ADVERTISER_S, keys[COUNTRY], advertiser)
        mixed[6] = mix(LANGUAGE_LANGUAGE_S, keys[LANGUAGE], np.uint64(words[at, AD_LANGUAGE]))
        mixed[7] = mix(OS_OBJECTIVE_S, keys[OS], np.uint64(words[at, OBJECTIVE]))
        mixed[8] = mix(PERSON_POST_S, person, post)
        mixed[9] = mix(PERSON_CATEGORY_S, person, category)
        many = 10
        for place in range(interests):
            interest = keys[INTERESTS + place]
            mixed[many] = mix(INTEREST_CATEGORY_S, interest, category)
            mixed[many + 1] = mix(INTEREST_POST_S, interest, post)
            many += 2
        if low < len(follows) and follows[low] == creator:
            mixed[many] = mix(FOLLOWS_S, ONE, ZERO)
            mixed[many + 1] = mix(FOLLOWS_ADVERTISER_S, ONE, advertiser)
            many += 2
        for j in range(many):
            slots[lane, j] = np.int64(mixed[j] & mask)
            signs[lane, j] = np.float32(-1) if mixed[j] >> R63 else np.float32(1)
            fetch(weights, slots[lane, j])
        counts[lane] = many


@kernel(f"void({MAPPED}, {MAPPED_KEYS}, i8[::1], i8, i8[::1], f4[:, ::1], u4[:, ::1])")
def gather(
    alone: NDArray[np.float32],
    keys: NDArray[np.uint32],
    segment: NDArray[np.int64],
    number: int,
    place: NDArray[np.int64],
    found: NDArray[np.float32],
    words: NDArray[np.uint32],
) -> None:
    """Copy the rows of those candidates that are of the table of this number, to where they stand among all."""
    for i in range(len(place)):
        if segment[i] == number:
            at = place[i]
            for h in range(8):
                found[i, h] = alone[at, h]
                words[i, h] = keys[at, h]


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
