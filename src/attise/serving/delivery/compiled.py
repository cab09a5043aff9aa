"""The loops of a contest, compiled: the same as ``candidates``, ``gates``, ``caps``, ``value``, ``auction`` by numpy.

Nothing imports it at start: see ``serving.kernels``. Sums are made in the same order as there.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.decision import HEADS
from attise.records.drops import Drop
from attise.serving.delivery.candidates import CANDIDATE
from attise.serving.delivery.caps import NEVER, NONE
from attise.serving.delivery.gates import MOST_BESIDE, PER_IMPRESSION, REASON_OF_ENVELOPE
from attise.serving.delivery.memory import EXPOSURE
from attise.serving.delivery.offers import OFFER_ROW
from attise.serving.delivery.policy import WEEK_MS
from attise.serving.delivery.value import (
    ASKED,
    CLICK,
    CONVERSION,
    ENGAGEMENT,
    IMPRESSION,
    LONG_MS,
    NO_HEAD,
    SHORT_MS,
    VIEW_6S,
    VIEW_15S,
)
from attise.serving.kernels import kernel
from attise.serving.prediction.compiled import rate_at
from attise.serving.prediction.thompson import QUANTILE_SHIFT
from attise.serving.targeting.compiled import fetch
from attise.serving.targeting.rows import AD_ROW

# The compiler folds these in as numbers.
_CANDIDATE: Final = CANDIDATE
_AD_ROW: Final = AD_ROW
_OFFER_ROW: Final = OFFER_ROW
_INT32: Final = np.dtype(np.int32)
_FLOAT32: Final = np.dtype(np.float32)
_NONE: Final = NONE
_NEVER: Final = NEVER
_WEEK_MS: Final = WEEK_MS
_DAY_MS: Final = DAY_MS
_OWN_AD: Final = int(Drop.OWN_AD)
_HIDDEN: Final = int(Drop.HIDDEN)
_BRAND_SAFETY: Final = int(Drop.BRAND_SAFETY)
_FREQUENCY_AD: Final = int(Drop.FREQUENCY_AD)
_FREQUENCY_CAMPAIGN: Final = int(Drop.FREQUENCY_CAMPAIGN)
_FREQUENCY_ADVERTISER: Final = int(Drop.FREQUENCY_ADVERTISER)
_FREQUENCY_GROUP: Final = int(Drop.FREQUENCY_GROUP)
_ADVERTISER_GAP: Final = int(Drop.ADVERTISER_GAP)
_PACED: Final = int(Drop.PACED)
_NO_BID: Final = int(Drop.NO_BID)
_RESERVE: Final = int(Drop.RESERVE)
_ATTENTION: Final = int(Drop.ATTENTION)
_REASONS: Final = np.array(REASON_OF_ENVELOPE, dtype=np.int16)
_ENVELOPES: Final = len(REASON_OF_ENVELOPE)
_BESIDE: Final = MOST_BESIDE
_BY_IMPRESSION: Final = PER_IMPRESSION
_THOUSAND: Final = 1_000.0
_UNIT: Final = 2.0**-53
_HEADS: Final = len(HEADS)
_NO_HEAD: Final = NO_HEAD
_ASKED: Final = ASKED
_QUANTILE_SHIFT: Final = QUANTILE_SHIFT


def _read_only(of: Any, dimensions: int = 1) -> Any:
    return types.Array(of, dimensions, "C", readonly=True)


_Ads: Final = _read_only(numba.from_dtype(AD_ROW))
_Offers: Final = _read_only(numba.from_dtype(OFFER_ROW))
_Shown: Final = _read_only(numba.from_dtype(EXPOSURE))
_Rows: Final = types.Array(numba.from_dtype(CANDIDATE), 1, "C")
_Grid: Final = _read_only(types.float32, 2)
_Ids: Final = _read_only(types.int64)
_Ids32: Final = _read_only(types.int32)


@kernel("u8(u8)")
def _mixed(value: np.uint64) -> np.uint64:
    """Return a fixed shuffle of a number: ``targeting.segment.tie_breaker``."""
    mixed = value + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@kernel(types.boolean(_Ids, types.int64))
def _has(ids: NDArray[np.int64], wanted: int) -> bool:
    for one in ids:  # noqa: SIM110 - compiled
        if one == wanted:
            return True
    return False


@kernel(types.float32(types.float32[::1], types.int64))
def _nth(values: NDArray[np.float32], most: int) -> float:
    """Return the least of the ``most`` greatest values, of more than there are: by their bits, some at a time."""
    many = len(values)
    # As whole numbers that rise with the values.
    words = np.empty(many, dtype=np.uint32)
    for at in range(many):
        word = values.view(np.uint32)[at]
        words[at] = ~word if word >> np.uint32(31) else word | np.uint32(0x80000000)
    counts = np.empty(2_048, dtype=np.int64)
    prefix, known, wanted = np.uint32(0), np.uint32(0), most
    for shift, bits in ((21, 11), (10, 11), (0, 10)):
        counts[:] = 0
        mask = np.uint32((1 << bits) - 1)
        for at in range(many):
            if words[at] & known == prefix:
                counts[words[at] >> np.uint32(shift) & mask] += 1
        digit = np.int64(mask)
        while counts[digit] < wanted:
            wanted -= counts[digit]
            digit -= 1
        prefix |= np.uint32(digit) << np.uint32(shift)
        known |= mask << np.uint32(shift)
    for at in range(many):
        if words[at] == prefix:
            found: float = values[at]
            return found
    return 0.0


@kernel(
    types.void(
        *(types.float32[::1], types.float32, _read_only(types.uint8), _read_only(types.int32)),
        *(types.uint8[::1], types.int32[::1]),
    )
)
def choose(
    promise: NDArray[np.float32],
    least: float,
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
    chosen_part: NDArray[np.uint8],
    chosen: NDArray[np.int32],
) -> None:
    """Keep those that promise more than the last that has room, and the first of those that promise as much."""
    more = 0
    for at in range(len(promise)):
        more += promise[at] > least
    alike = len(chosen) - more
    count = 0
    for at in range(len(promise)):
        if promise[at] > least or (promise[at] == least and alike > 0):
            alike -= promise[at] == least
            chosen_part[count], chosen[count] = part[at], places[at]
            count += 1


@kernel(
    types.void(
        *(types.int64, _read_only(types.uint8), _read_only(types.int32), _Ads, _Offers),
        *(_read_only(types.int32), _Rows),
    )
)
def fill(
    number: int,
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
    ads: NDArray[Any],
    offers: NDArray[Any],
    grant_envelope: NDArray[np.int32],
    rows: NDArray[Any],
) -> None:
    """Fill the rows of the candidates that are of a part: ``candidates._fill``."""
    for at in range(len(places)):
        if part[at] == number:
            fetch(offers, np.int64(ads[places[at]]["group"]))
    for at in range(len(places)):
        if part[at] != number:
            continue
        place = places[at]
        group = ads[place]["group"]
        rows[at]["ad_id"] = ads[place]["ad_id"]
        rows[at]["creator_id"] = ads[place]["creator_id"]
        rows[at]["duration_ms"] = ads[place]["duration_ms"]
        rows[at]["factor"] = offers[group]["factor"]
        rows[at]["unit"] = offers[group]["unit"]
        rows[at]["full_bid_micros"] = offers[group]["full_bid_micros"]
        rows[at]["adgroup_id"] = offers[group]["adgroup_id"]
        rows[at]["campaign_id"] = offers[group]["campaign_id"]
        rows[at]["advertiser_id"] = offers[group]["advertiser_id"]
        rows[at]["multiplier"] = offers[group]["multiplier"]
        rows[at]["entry"] = offers[group]["entry"]
        rows[at]["holdout_ppm"] = offers[group]["holdout_ppm"]
        rows[at]["frequency"] = offers[group]["frequency"]
        rows[at]["frequency_days"] = offers[group]["frequency_days"]
        rows[at]["event"] = offers[group]["event"]
        rows[at]["billing_event"] = offers[group]["billing_event"]
        rows[at]["optimization_goal"] = offers[group]["optimization_goal"]
        rows[at]["currency"] = offers[group]["currency"]
        rows[at]["brand_safety"] = offers[group]["brand_safety"]
        rows[at]["has_bid"] = offers[group]["has_bid"]
        for column in range(_ENVELOPES - 1):
            rows[at]["envelopes"][column] = offers[group]["envelopes"][column]
        rows[at]["envelopes"][_ENVELOPES - 1] = grant_envelope[place]


@kernel(
    types.int64(
        *(_Rows, _Shown, _Ids, _Ids, _Ids, types.int64, _Ids, types.int64, types.uint64),
        *(types.int16[::1], types.int32[::1], types.int64[::1], types.int64[::1]),
    )
)
def screen(  # noqa: C901, PLR0912 - a kernel is one loop
    rows: NDArray[Any],
    shown: NDArray[Any],
    owns: NDArray[np.int64],
    hidden_ads: NDArray[np.int64],
    hidden_advertisers: NDArray[np.int64],
    beside: int,
    caps: NDArray[np.int64],
    now_ms: int,
    key: np.uint64,
    drop: NDArray[np.int16],
    exposures: NDArray[np.int32],
    since: NDArray[np.int64],
    kept: NDArray[np.int64],
) -> int:
    """Say what keeps each candidate out, and how often it was seen; returns how many places ``kept`` has."""
    count = 0
    for at in range(len(rows)):
        ad_id, advertiser = rows[at]["ad_id"], rows[at]["advertiser_id"]
        campaign, adgroup, frequency = rows[at]["campaign_id"], rows[at]["adgroup_id"], rows[at]["frequency"]
        span_ms = np.int64(rows[at]["frequency_days"]) * _DAY_MS
        of_ad = of_campaign = of_advertiser = of_group = close = seen = 0
        latest = np.int64(_WEEK_MS)
        for number in range(len(shown)):
            if shown[number]["advertiser_id"] != advertiser:
                continue
            age = now_ms - shown[number]["at_ms"]
            of_advertiser += age < caps[5]
            close += age < caps[6]
            of_campaign += shown[number]["campaign_id"] == campaign and age < caps[3]
            of_group += shown[number]["adgroup_id"] == adgroup and age < span_ms
            if shown[number]["ad_id"] == ad_id:
                of_ad += age < caps[1]
                if age < _WEEK_MS:
                    seen += 1
                    latest = max(min(latest, age), np.int64(0))
        exposures[at] = seen
        since[at] = _NEVER if seen == 0 else latest
        found = _NONE
        if _has(owns, rows[at]["creator_id"]) or _has(owns, advertiser):
            found = _OWN_AD
        elif _has(hidden_ads, ad_id) or _has(hidden_advertisers, advertiser):
            found = _HIDDEN
        elif beside > 0 and _BESIDE[rows[at]["brand_safety"]] < beside:
            found = _BRAND_SAFETY
        elif frequency == 0 and of_ad >= caps[0]:
            found = _FREQUENCY_AD
        elif frequency == 0 and of_campaign >= caps[2]:
            found = _FREQUENCY_CAMPAIGN
        elif of_advertiser >= caps[4]:
            found = _FREQUENCY_ADVERTISER
        elif frequency > 0 and of_group >= frequency:
            found = _FREQUENCY_GROUP
        elif close > 0:
            found = _ADVERTISER_GAP
        elif rows[at]["entry"] < 1.0:
            drawn = np.float64(_mixed(np.uint64(adgroup) ^ key) >> np.uint64(11)) * _UNIT
            if drawn >= rows[at]["entry"]:
                found = _PACED
        drop[at] = found
        if found == _NONE:
            kept[count] = at
            count += 1
    return count


def _pointer_to(_typing: Any, address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


_pointer: Final[Any] = intrinsic(_pointer_to)


@kernel(
    types.int64(
        *(types.int64[:, ::1], _read_only(types.uint8), _Ids32, types.int64),
        *(_Shown, _Ids, _Ids, _Ids, types.int64, _Ids, types.int64, types.uint64),
        *(types.uint8[:, ::1], types.int32[:, ::1], types.int64[:, ::1], _Rows, types.int16[::1]),
    )
)
def draw_up(
    parts: NDArray[np.int64],
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
    most: int,
    shown: NDArray[Any],
    owns: NDArray[np.int64],
    hidden_ads: NDArray[np.int64],
    hidden_advertisers: NDArray[np.int64],
    beside: int,
    caps: NDArray[np.int64],
    now_ms: int,
    key: np.uint64,
    small: NDArray[np.uint8],
    middle: NDArray[np.int32],
    large: NDArray[np.int64],
    rows: NDArray[Any],
    drop: NDArray[np.int16],
) -> int:
    """Choose the foremost of what a search found, fill their rows, screen them: see ``contest``.

    Args: parts: by part, its ads and where its arrays begin (``state.Part.arrays``); part, places: of what was found.
    Fills part (``small``), place and exposures (``middle``), time since the last (``large``) of each candidate, and the
    same once more of those that are left, with their numbers. Returns how many are left.
    """
    many = len(places)
    if many > most:
        promise = np.empty(many, dtype=np.float32)
        for number in range(len(parts)):
            promises = carray(_pointer(parts[number, 4]), (parts[number, 0],), _FLOAT32)
            for at in range(many):
                if part[at] == number:
                    promise[at] = promises[places[at]]
        choose(promise, _nth(promise, most), part, places, small[0], middle[0])
    else:
        small[0, :], middle[0, :] = part, places
    for number in range(len(parts)):
        ads = carray(_pointer(parts[number, 1]), (parts[number, 0],), _AD_ROW)
        offers = carray(_pointer(parts[number, 2]), (parts[number, 5],), _OFFER_ROW)
        grants = carray(_pointer(parts[number, 3]), (parts[number, 0],), _INT32)
        fill(number, small[0], middle[0], ads, offers, grants, rows)
    count = screen(
        rows,
        shown,
        owns,
        hidden_ads,
        hidden_advertisers,
        beside,
        caps,
        now_ms,
        key,
        drop,
        middle[1],
        large[0],
        large[1],
    )
    for at in range(count):
        one = large[1, at]
        small[1, at], middle[2, at], middle[3, at], large[2, at] = (
            small[0, one],
            middle[0, one],
            middle[1, one],
            large[0, one],
        )
    return count


@kernel(types.float64(types.uint8, types.float32, types.float32, types.int32))
def _rate_from(event: int, first: float, second: float, duration_ms: int) -> float:
    """Return how often what is bid for follows an impression, from the heads that it asks for: ``value.rates_of``."""
    found = 0.0
    if event == IMPRESSION:
        found = 1.0
    elif event in (CLICK, VIEW_6S, ENGAGEMENT):
        found = np.float64(first)
    elif event == CONVERSION:
        found = np.float64(first) * np.float64(second)
    elif event == VIEW_15S:
        least = np.float64(min(first, second))
        most = np.float64(max(first, second))
        share = (LONG_MS - SHORT_MS) / max(np.float64(duration_ms) - SHORT_MS, np.float64(LONG_MS - SHORT_MS))
        found = most * (max(least, 1e-9) / max(most, 1e-9)) ** share
    return found


@kernel(
    types.float64(types.uint8, _read_only(types.float32), types.int32),
)
def _rate_of(event: int, rates: NDArray[np.float32], duration_ms: int) -> float:
    """Return the same from all heads."""
    first, second = max(_ASKED[event, 0], 0), max(_ASKED[event, 1], 0)
    found: float = _rate_from(event, rates[first], rates[second], duration_ms)
    return found


@kernel(
    types.int64(
        *(_Rows, types.int64[::1], _read_only(types.float32, 2), _read_only(types.float32, 2), types.boolean),
        *(_read_only(types.float64), _Ids, _Ids, types.float64, types.float64, types.uint64, types.int16[::1]),
        *(types.float64[:, ::1], types.int64[::1]),
    )
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
        ties[place] = _mixed(np.uint64(rows[at]["ad_id"]) ^ key)
        slot = np.int64(_mixed(np.uint64(advertiser)) & np.uint64(size - 1))
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


@kernel(types.void(_read_only(types.int16), _Ids, types.int64[::1]))
def tally(drop: NDArray[np.int16], before: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
    """Count candidates by their reason, from ``NONE`` on, and add what the search counted."""
    for at in range(len(drop)):
        counts[drop[at] - _NONE] += 1
    for number in range(len(before)):
        counts[number - _NONE] += before[number]


@kernel(types.int64(_Rows, types.int16[::1], types.int64))
def count_standing(rows: NDArray[Any], drop: NDArray[np.int16], advertiser_id: int) -> int:
    """Return how many candidates of an advertiser nothing was found against."""
    count = 0
    for at in range(len(rows)):
        count += drop[at] == _NONE and rows[at]["advertiser_id"] == advertiser_id
    return count


@kernel(
    types.void(
        *(_Rows, types.int64[::1], types.int16[::1], types.boolean[::1], types.float32[:, ::1], types.float32[:, ::1]),
        *(_Grid, types.float64[::1], types.float64[::1], types.int64[::1], types.int64, types.int64, types.uint64),
        *(types.float64[::1], types.int64[::1]),
    )
)
def recount(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
    kept: NDArray[np.int64],
    drop: NDArray[np.int16],
    exploring: NDArray[np.bool_],
    middle: NDArray[np.float32],
    width: NDArray[np.float32],
    grid: NDArray[np.float32],
    user_value: NDArray[np.float64],
    rank_value: NDArray[np.float64],
    winners: NDArray[np.int64],
    slots: int,
    redrawn: int,
    key: np.uint64,
    quantiles: NDArray[np.float64],
    found: NDArray[np.int64],
) -> None:
    """Count in how many other draws each winner has a slot: ``contest._recounted``.

    Only what may stand above a winner is drawn: nobody draws more than the highest of the quantiles.
    """
    tried = len(middle)
    # Those that stand, and before them the winners; what is asked of them once for each draw, side by side.
    first = len(winners)
    many = first + len(kept)
    ads, numbers = np.empty(many, dtype=np.int64), np.empty(len(kept), dtype=np.int64)
    number = 0
    for n in range(len(kept)):
        numbers[n] = number if exploring[n] else -1
        number += exploring[n]
    end = first
    for place in range(first):
        ads[place] = winners[place]
    for n in range(len(kept)):
        if drop[kept[n]] == _NONE:
            ads[end] = n
            end += 1
    events, durations = np.empty(end, dtype=np.uint8), np.empty(end, dtype=np.int32)
    heads, factors = np.empty((end, 2), dtype=np.int64), np.empty(end, dtype=np.float64)
    middles, widths = np.zeros((end, 2), dtype=np.float32), np.zeros((end, 2), dtype=np.float64)
    highest, advertisers = np.empty(end, dtype=np.float64), np.empty(end, dtype=np.int64)
    for at in range(end):
        n = ads[at]
        row = rows[kept[n]]
        events[at], durations[at], factors[at] = row["event"], row["duration_ms"], row["factor"]
        advertisers[at] = row["advertiser_id"]
        heads[at] = _ASKED[row["event"]]
        highest[at] = rank_value[n]
        if numbers[n] < 0:
            continue
        rates: Any = (np.float32(0), np.float32(0))
        for side in range(2):
            if heads[at, side] != _NO_HEAD:
                middles[at, side], widths[at, side] = (
                    middle[numbers[n], heads[at, side]],
                    width[numbers[n], heads[at, side]],
                )
                rate = rate_at(grid, heads[at, side], middles[at, side] + np.float32(widths[at, side] * quantiles[-1]))
                rates = (rate, rates[1]) if side == 0 else (rates[0], rate)
        highest[at] = factors[at] * _rate_from(events[at], rates[0], rates[1], durations[at]) + user_value[n]
    own, before = np.empty(first, dtype=np.float64), np.empty(first, dtype=np.int64)
    names, best = np.empty(end, dtype=np.int64), np.empty(end, dtype=np.float64)
    for turn in range(redrawn):
        least = np.inf
        above = 0
        for at in range(end):
            n = ads[at]
            if at >= first and highest[at] <= least:
                continue
            value = rank_value[n]
            if numbers[n] >= 0:
                drawn_at = (turn * tried + numbers[n]) * _HEADS
                rates = (np.float32(0), np.float32(0))
                for side in range(2):
                    head = heads[at, side]
                    if head == _NO_HEAD:
                        break
                    normal = quantiles[np.int64(_mixed(np.uint64(drawn_at + head) ^ key) >> _QUANTILE_SHIFT)]
                    rate = rate_at(grid, head, middles[at, side] + np.float32(widths[at, side] * normal))
                    rates = (rate, rates[1]) if side == 0 else (rates[0], rate)
                value = factors[at] * _rate_from(events[at], rates[0], rates[1], durations[at]) + user_value[n]
            if at < first:
                own[at] = value
                least = min(least, value)
                continue
            if value <= least:
                continue
            place = 0
            while place < above and names[place] != advertisers[at]:
                place += 1
            if place == above:
                names[place], best[place] = advertisers[at], value
                above += 1
            else:
                best[place] = max(best[place], value)
        for winner in range(first):
            before[winner] = 0
            is_first = True
            for place in range(above):
                if best[place] > own[winner]:
                    before[winner] += 1
                    is_first = is_first and names[place] != advertisers[winner]
            found[winner] += is_first and before[winner] < slots
