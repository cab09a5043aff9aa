"""Weighing a contest: what each candidate is worth, what is found against it, and the best of each advertiser.

Also the sums that a record takes of it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from attise.records.drops import REASONS, Drop
from attise.serving.delivery.caps import NONE
from attise.serving.delivery.compiled.shared import Ids, Rows, mixed, rate_from, read_only
from attise.serving.delivery.gates import PER_IMPRESSION, REASON_OF_ENVELOPE
from attise.serving.delivery.value import ASKED
from attise.serving.kernels import kernel
from attise.serving.targeting.compiled import fetch

# The compiler folds these in as numbers.
_NONE: Final = NONE
_REASON_COUNT: Final = REASONS
_NO_BID: Final = int(Drop.NO_BID)
_RESERVE: Final = int(Drop.RESERVE)
_ATTENTION: Final = int(Drop.ATTENTION)
_REASONS: Final = np.array(REASON_OF_ENVELOPE, dtype=np.int16)
_ENVELOPES: Final = len(REASON_OF_ENVELOPE)
_BY_IMPRESSION: Final = PER_IMPRESSION
_THOUSAND: Final = 1_000.0
_ASKED: Final = ASKED


@kernel(
    types.float64(types.uint8, read_only(types.float32), types.int32),
    is_rule=True,
)
def _rate_of(event: int, rates: NDArray[np.float32], duration_ms: int) -> float:
    """Return the same from all heads."""
    first, second = max(_ASKED[event, 0], 0), max(_ASKED[event, 1], 0)
    found: float = rate_from(event, rates[first], rates[second], duration_ms)
    return found


@kernel(
    types.int64(
        *(Rows, types.int64[::1], read_only(types.float32, 2), read_only(types.float32, 2), types.boolean),
        *(read_only(types.float64), Ids, Ids, types.float64, types.float64, types.uint64, types.int16[::1]),
        *(types.float64[:, ::1], types.int64[::1]),
    ),
    is_rule=True,
)
def weigh(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    mean: NDArray[np.float32],
    sampled: NDArray[np.float32],
    is_drawn: bool,
    worth: NDArray[np.float64],
    rooms: NDArray[np.int64],
    lefts: NDArray[np.int64],
    reserve: float,
    attention: float,
    key: np.uint64,
    drop: NDArray[np.int16],
    scores: NDArray[np.float64],
    heads: NDArray[np.int64],
) -> int:
    """Fill rate, offer, user value, ranking offer and rank (rows of ``scores``), and who stands for each advertiser.

    Returns how many ``heads`` has, best first: ``gates.stop_unaffordable`` and ``auction._heads``.
    """
    count = 0
    standing = np.empty(len(kept), dtype=np.int64)
    for n in range(len(kept)):
        for column in range(_ENVELOPES):
            envelope = rows[kept[n]]["envelopes"][column]
            if envelope > 0:
                fetch(rooms, np.int64(envelope))
                fetch(lefts, np.int64(envelope))
    for n in range(len(kept)):
        at = kept[n]
        event, factor, unit = rows[at]["event"], rows[at]["factor"], rows[at]["unit"]
        rate = _rate_of(event, mean[n], rows[at]["duration_ms"])
        offer = factor * rate
        liked = _THOUSAND * (
            worth[0] * (np.float64(mean[n, 1]) - worth[1])
            + worth[2] * np.float64(mean[n, 3])
            - worth[3] * np.float64(mean[n, 5])
        )
        ranked = factor * _rate_of(event, sampled[n], rows[at]["duration_ms"]) if is_drawn else offer
        scores[0, n], scores[1, n], scores[2, n], scores[3, n], scores[4, n] = (
            rate,
            offer,
            liked,
            ranked,
            ranked + liked,
        )
        expected = offer / (unit * _THOUSAND) if unit > 0 else 0.0
        once = expected
        if not _BY_IMPRESSION[rows[at]["billing_event"]]:
            once = rows[at]["full_bid_micros"] * np.float64(rows[at]["multiplier"])
        found = _NONE
        for column in range(_ENVELOPES):
            envelope = rows[at]["envelopes"][column]
            if rooms[envelope] < expected or lefts[envelope] < once:
                found = _REASONS[column]
                break
        if found == _NONE:
            if not (offer > 0 and ranked > 0):
                found = _NO_BID
            elif offer < reserve:
                found = _RESERVE
            elif offer + liked < attention:
                found = _ATTENTION
        drop[at] = found
        if found == _NONE:
            standing[count] = n
            count += 1
    # The best of each advertiser: by advertiser first, in a table of places; then in order, by insertion.
    size = 16
    while size < 2 * count:
        size *= 2
    table = np.full(size, -1, dtype=np.int64)
    ties = np.empty(count, dtype=np.uint64)
    for place in range(count):
        at = kept[standing[place]]
        advertiser = rows[at]["advertiser_id"]
        ties[place] = mixed(np.uint64(rows[at]["ad_id"]) ^ key)
        slot = np.int64(mixed(np.uint64(advertiser)) & np.uint64(size - 1))
        while table[slot] >= 0 and rows[kept[standing[table[slot]]]]["advertiser_id"] != advertiser:
            slot = np.int64((slot + 1) & (size - 1))
        other = table[slot]
        if other >= 0:
            value, best = scores[4, standing[place]], scores[4, standing[other]]
            if best > value or (best == value and ties[other] < ties[place]):
                continue
        table[slot] = place
    values = np.empty(count, dtype=np.float64)
    own = np.empty(count, dtype=np.uint64)
    is_best = np.zeros(count, dtype=np.bool_)
    for best_place in table:
        if best_place >= 0:
            is_best[best_place] = True
    many = 0
    for place in range(count):  # in falling order of promise, which is nearly that of worth: few have far to go
        if not is_best[place]:
            continue
        value, tie = scores[4, standing[place]], ties[place]
        at = many
        while at > 0 and (values[at - 1] < value or (values[at - 1] == value and own[at - 1] > tie)):
            values[at], own[at], heads[at] = values[at - 1], own[at - 1], heads[at - 1]
            at -= 1
        values[at], own[at], heads[at] = value, tie, standing[place]
        many += 1
    return many


@kernel(types.UniTuple(types.int64, 2)(read_only(types.int16), Ids, types.int64[:, ::1]), is_rule=True)  # type: ignore[no-untyped-call]
def tally(drop: NDArray[np.int16], before: NDArray[np.int64], by_reason: NDArray[np.int64]) -> tuple[int, int]:
    """Count candidates by their reason, with what the search counted (``before``).

    Fills the reasons that took any out, rising, and how many each did. Returns how many stand, and how many reasons.
    """
    counts, met = np.zeros(_REASON_COUNT - _NONE, dtype=np.int64), 0
    for at in range(len(drop)):
        counts[drop[at] - _NONE] += 1
    for number in range(len(before)):
        counts[number - _NONE] += before[number]
    for reason in range(_REASON_COUNT):
        if counts[reason - _NONE] != 0:
            by_reason[0, met], by_reason[1, met] = reason, counts[reason - _NONE]
            met += 1
    return counts[0], met


@kernel(types.int64(Rows, types.int16[::1], types.int64), is_rule=True)
def count_standing(rows: NDArray[Any], drop: NDArray[np.int16], advertiser_id: int) -> int:
    """Return how many candidates of an advertiser nothing was found against."""
    count = 0
    for at in range(len(rows)):
        count += drop[at] == _NONE and rows[at]["advertiser_id"] == advertiser_id
    return count
