"""Drawing up a contest: the foremost of what a search found, their rows, and what keeps each of them out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import carray, types  # type: ignore[attr-defined]
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.drops import Drop
from attise.serving.delivery.caps import NEVER, NONE
from attise.serving.delivery.compiled import shared
from attise.serving.delivery.compiled.shared import (
    EXPOSURES,
    KEPT,
    LEFT_EXPOSURES,
    LEFT_PART,
    LEFT_PLACE,
    LEFT_SINCE,
    PART,
    PLACE,
    SINCE,
    Ads,
    Ids,
    Ids32,
    Offers,
    Rows,
    Shown,
    least_of_best,
    mixed,
    pointer,
    read_only,
)
from attise.serving.delivery.gates import MOST_BESIDE, REASON_OF_ENVELOPE
from attise.serving.delivery.offers import OFFER_ROW
from attise.serving.delivery.policy import WEEK_MS
from attise.serving.kernels import kernel
from attise.serving.targeting.compiled import fetch, fetch_more
from attise.serving.targeting.rows import AD_ROW

# The compiler folds these in as numbers.
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
_SPLIT_TEST: Final = int(Drop.SPLIT_TEST)
_SIDE: Final = np.uint64(63)
_ENVELOPES: Final = len(REASON_OF_ENVELOPE)
_BESIDE: Final = MOST_BESIDE
N_ADS, ADS, OFFERS, GRANTS, PROMISES, N_GROUPS = (
    *(shared.N_ADS, shared.ADS, shared.OFFERS, shared.GRANTS, shared.PROMISES),
    shared.N_GROUPS,
)
_UNIT: Final = 2.0**-53
_ADVERTISERS: Final = 255


@kernel(types.boolean(Ids, types.int64), is_rule=True)
def _has(ids: NDArray[np.int64], wanted: int) -> bool:
    for one in ids:  # noqa: SIM110 - compiled
        if one == wanted:
            return True
    return False


@kernel(
    types.void(
        *(types.float32[::1], types.float32, read_only(types.uint8), read_only(types.int32)),
        *(types.uint8[::1], types.int32[::1]),
    ),
    is_rule=True,
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
    if not len(chosen):
        return
    more = 0
    for at in range(len(promise)):
        more += promise[at] > least
    alike = len(chosen) - more
    count = 0
    for at in range(len(promise)):
        is_alike = (promise[at] == least) & (alike > 0)
        alike -= is_alike
        chosen_part[count], chosen[count] = part[at], places[at]
        count += (promise[at] > least) | is_alike  # whoever comes next is written over one that is not chosen
        if count == len(chosen):
            break


@kernel(
    types.void(
        *(types.int64, read_only(types.uint8), read_only(types.int32), Ads, Offers),
        *(read_only(types.int32), Rows),
    ),
    is_rule=True,
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
            fetch_more(offers, np.int64(ads[places[at]]["group"]))
            fetch_more(ads, np.int64(places[at]))
            fetch(grant_envelope, np.int64(places[at]))
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
        rows[at]["split_id"] = offers[group]["split_id"]
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
        rows[at]["split_side"] = offers[group]["split_side"]
        for column in range(_ENVELOPES - 1):
            rows[at]["envelopes"][column] = offers[group]["envelopes"][column]
        rows[at]["envelopes"][_ENVELOPES - 1] = grant_envelope[place]


@kernel(
    types.int64(
        *(Rows, Shown, Ids, Ids, Ids, types.int64, Ids, types.int64, types.uint64, types.uint64),
        *(types.int16[::1], types.int32[::1], types.int64[::1], types.int64[::1]),
    ),
    is_rule=True,
)
def screen(  # noqa: C901, PLR0912, PLR0915 - a kernel is one loop
    rows: NDArray[Any],
    shown: NDArray[Any],
    owns: NDArray[np.int64],
    hidden_ads: NDArray[np.int64],
    hidden_advertisers: NDArray[np.int64],
    beside: int,
    caps: NDArray[np.int64],
    now_ms: int,
    key: np.uint64,
    number: np.uint64,
    drop: NDArray[np.int16],
    exposures: NDArray[np.int32],
    since: NDArray[np.int64],
    kept: NDArray[np.int64],
) -> int:
    """Say what keeps each candidate out, and how often it was seen; returns how many places ``kept`` has.

    ``number``: the viewer's in split tests (``splits.number_of``).
    """
    count = 0
    # Whose ads were shown, by the last bits of their number: of most advertisers there is nothing to count.
    maybe = np.zeros(_ADVERTISERS + 1, dtype=np.bool_)
    for past in range(len(shown)):
        maybe[shown[past]["advertiser_id"] & _ADVERTISERS] = True
    for at in range(len(rows)):
        ad_id, advertiser = rows[at]["ad_id"], rows[at]["advertiser_id"]
        campaign, adgroup = rows[at]["campaign_id"], rows[at]["adgroup_id"]
        split, frequency = rows[at]["split_id"], rows[at]["frequency"]
        span_ms = np.int64(rows[at]["frequency_days"]) * _DAY_MS
        of_ad = of_campaign = of_advertiser = of_group = close = seen = 0
        latest = np.int64(_WEEK_MS)
        for past in range(len(shown) if maybe[advertiser & _ADVERTISERS] else 0):
            if shown[past]["advertiser_id"] != advertiser:
                continue
            age = now_ms - shown[past]["at_ms"]
            of_advertiser += age < caps[5]
            close += age < caps[6]
            of_campaign += shown[past]["campaign_id"] == campaign and age < caps[3]
            of_group += shown[past]["adgroup_id"] == adgroup and age < span_ms
            if shown[past]["ad_id"] == ad_id:
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
        elif number != 0 and split != 0 and mixed(np.uint64(split) ^ number) >> _SIDE != rows[at]["split_side"]:
            found = _SPLIT_TEST
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
            drawn = np.float64(mixed(np.uint64(adgroup) ^ key) >> np.uint64(11)) * _UNIT
            if drawn >= rows[at]["entry"]:
                found = _PACED
        drop[at] = found
        if found == _NONE:
            kept[count] = at
            count += 1
    return count


@kernel(
    types.int64(
        *(types.int64[:, ::1], read_only(types.uint8), Ids32),
        *(Shown, Ids, Ids, Ids, types.int64, Ids, types.int64, types.uint64, types.uint64),
        *(types.uint8[:, ::1], types.int32[:, ::1], types.int64[:, ::1], Rows, types.int16[::1]),
    ),
    is_rule=True,
)
def draw_up(
    parts: NDArray[np.int64],
    part: NDArray[np.uint8],
    places: NDArray[np.int32],
    shown: NDArray[Any],
    owns: NDArray[np.int64],
    hidden_ads: NDArray[np.int64],
    hidden_advertisers: NDArray[np.int64],
    beside: int,
    caps: NDArray[np.int64],
    now_ms: int,
    key: np.uint64,
    number: np.uint64,
    small: NDArray[np.uint8],
    middle: NDArray[np.int32],
    large: NDArray[np.int64],
    rows: NDArray[Any],
    drop: NDArray[np.int16],
) -> int:
    """Choose the foremost of what a search found, fill their rows, screen them: see ``contest``.

    Args: parts: by part, where its arrays begin (``state.Part.arrays``); part, places: of what was found; rows, drop:
    of as many as are chosen.
    Fills part (``small``), place and exposures (``middle``), time since the last (``large``) of each candidate, and the
    same once more of those that are left, with their numbers. Returns how many are left.
    """
    many, most = len(places), len(rows)
    chosen_part, chosen = small[PART, :most], middle[PLACE, :most]
    if many > most:
        promise = np.empty(many, dtype=np.float32)
        for one in range(len(parts)):
            promises = carray(pointer(parts[one, PROMISES]), (parts[one, N_ADS],), _FLOAT32)
            for at in range(many):
                if part[at] == one:
                    promise[at] = promises[places[at]]
        choose(promise, least_of_best(promise, most), part, places, chosen_part, chosen)
    else:
        for at in range(most):
            chosen_part[at], chosen[at] = part[at], places[at]
    for one in range(len(parts)):
        ads = carray(pointer(parts[one, ADS]), (parts[one, N_ADS],), _AD_ROW)
        offers = carray(pointer(parts[one, OFFERS]), (parts[one, N_GROUPS],), _OFFER_ROW)
        grants = carray(pointer(parts[one, GRANTS]), (parts[one, N_ADS],), _INT32)
        fill(one, chosen_part, chosen, ads, offers, grants, rows)
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
        number,
        drop,
        middle[EXPOSURES, :most],
        large[SINCE, :most],
        large[KEPT, :most],
    )
    for at in range(count):
        own = large[KEPT, at]
        small[LEFT_PART, at], middle[LEFT_PLACE, at], middle[LEFT_EXPOSURES, at], large[LEFT_SINCE, at] = (
            small[PART, own],
            middle[PLACE, own],
            middle[EXPOSURES, own],
            large[SINCE, own],
        )
    return count
