"""What an impression is worth: to the advertiser, by what it bids for; to the viewer, by how they will like it.

Step *value* of *a viewer's feed request is decided*; before: ``prediction``, after: ``auction``. Pure, on plain arrays:
with rates of one's own it works without anything else of Attise.

An advertiser's offer is ``factor · rate``: the rate at which the event that it bids for follows an impression, and the
factor (micros of the common unit for 1,000 impressions at a rate of 1) that bid, pacing and currency make.
Source: total value = bid · estimated action rate + user value, as the large feeds publish it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.targeting.codes import BILLING_EVENTS, GOALS

if TYPE_CHECKING:
    from attise.serving.delivery.policy import UserValue

IMPRESSION, CLICK, VIEW_6S, VIEW_15S, CONVERSION, ENGAGEMENT, NOTHING = range(7)
"""What may be bid for. ``NOTHING``: words this release does not know; such a bid is worth nothing."""
EVENTS: Final = 7
THOUSAND: Final = 1_000.0
SHORT_MS: Final = 6_000
LONG_MS: Final = 15_000
_P_CLICK, _P_VIEW_6S, _P_COMPLETE, _P_ENGAGE, _P_CONVERT, _P_NEGATIVE = range(6)
"""Columns of predictions: ``records.decision.HEADS``."""
_LIKED: Final = (_P_VIEW_6S, _P_ENGAGE, _P_NEGATIVE)

_OF_RESULT: Final = {
    "TRAFFIC_LANDING_PAGE_VIEW": CLICK,
    "FOLLOWERS": ENGAGEMENT,
    "CONVERT": CONVERSION,
    "VALUE": CONVERSION,
    "LEAD_GENERATION": CONVERSION,
    "INSTALL": CONVERSION,
    "IN_APP_EVENT": CONVERSION,
}
"""By goal, the prediction nearest to the result that ``OCPM`` has a target cost for; the loop of pacing corrects the
distance between the two."""


def event_of(billing_event: str, goal: str) -> int:
    """Return what an ad group bids for."""
    if billing_event == "CPM":
        return IMPRESSION
    if billing_event == "CPC":
        return CLICK
    if billing_event == "CPV":
        return VIEW_15S if goal == "ENGAGED_VIEW_FIFTEEN" else VIEW_6S
    return _OF_RESULT.get(goal, NOTHING) if billing_event == "OCPM" else NOTHING


EVENT_TABLE: Final[NDArray[np.uint8]] = np.array(
    [[event_of(billing, goal) for goal in GOALS.words] for billing in BILLING_EVENTS.words], dtype=np.uint8
)
"""uint8[n_billing_events, n_goals], by ``targeting.codes``."""


NO_HEAD: Final = -1


def _asked() -> NDArray[np.int64]:
    found = np.full((EVENTS, 2), NO_HEAD, dtype=np.int64)
    found[CLICK, 0], found[VIEW_6S, 0], found[ENGAGEMENT, 0] = _P_CLICK, _P_VIEW_6S, _P_ENGAGE
    found[CONVERSION], found[VIEW_15S] = (_P_CLICK, _P_CONVERT), (_P_VIEW_6S, _P_COMPLETE)
    return found


ASKED: Final = _asked()
"""int64[events, 2]: the predictions that the rate of an event is made of, or ``NO_HEAD``."""


def view_goal_ms(billing_event: str, goal: str) -> int:
    """Return how long must be watched for a view to be billed; 0 where views are not billed."""
    return {VIEW_6S: SHORT_MS, VIEW_15S: LONG_MS}.get(event_of(billing_event, goal), 0)


def rates_of(event: NDArray[np.uint8], rates: NDArray[Any], duration_ms: NDArray[Any]) -> NDArray[np.float64]:
    """Return how often what is bid for follows an impression, float64[m] in 0..1.

    Args: event: uint8[m]; rates: float[m, 6] by ``records.decision.HEADS``; duration_ms: int[m] of the video, 0 where
    there is none. A view of a video shorter than the goal is the whole of it.
    """
    many = len(event)
    of_event = np.zeros((EVENTS, many))
    of_event[IMPRESSION] = 1.0
    of_event[CLICK] = rates[:, _P_CLICK]
    of_event[VIEW_6S] = rates[:, _P_VIEW_6S]
    of_event[CONVERSION] = of_event[CLICK] * rates[:, _P_CONVERT]
    of_event[ENGAGEMENT] = rates[:, _P_ENGAGE]
    if np.any(event == VIEW_15S):
        of_event[VIEW_15S] = views_15s(rates[:, _P_VIEW_6S], rates[:, _P_COMPLETE], duration_ms)
    found: NDArray[np.float64] = of_event[event, np.arange(many)]
    return found


def views_15s(view_6s: NDArray[Any], complete: NDArray[Any], duration_ms: NDArray[Any]) -> NDArray[np.float64]:
    """Return the rate of 15 second views, between those of 6 seconds and of the whole: people leave at an even rate.

    A video of 15 seconds or less must be watched whole. Invariants: between the two rates.
    """
    least = np.minimum(view_6s, complete).astype(np.float64)
    most = np.maximum(view_6s, complete).astype(np.float64)
    share = (LONG_MS - SHORT_MS) / np.maximum(duration_ms.astype(np.float64) - SHORT_MS, LONG_MS - SHORT_MS)
    found: NDArray[np.float64] = most * np.power(np.maximum(least, 1e-9) / np.maximum(most, 1e-9), share)
    return found


def user_values(rates: NDArray[Any], worth: UserValue) -> NDArray[np.float64]:
    """Return what 1,000 impressions are worth to the viewer, float64[m] micros of the common unit, signed.

    Args: rates: float[m, 6] by ``records.decision.HEADS``.
    """
    view_6s, engage, negative = (rates[:, column].astype(np.float64) for column in _LIKED)
    found: NDArray[np.float64] = THOUSAND * (
        worth.watch_micros * (view_6s - worth.usual_view)
        + worth.engagement_micros * engage
        - worth.negative_micros * negative
    )
    return found


def full_bids(
    event: NDArray[np.uint8],
    bid_micros: NDArray[np.int64],
    conversion_bid_micros: NDArray[np.int64],
    is_target: NDArray[np.bool_],
    ceiling_micros: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what each ad group offers at most for one event (1,000 impressions for ``IMPRESSION``), in its currency.

    Args: is_target: bool[m], whether its bid is the cost it wants for a result; ceiling_micros: int64[m], what stands
    for the bid of maximum delivery, where none is set (-1 or 0).
    """
    told = np.where(is_target, conversion_bid_micros, bid_micros)
    found: NDArray[np.int64] = np.where(told > 0, told, ceiling_micros)
    return np.where(event == NOTHING, 0, found)


def factors(
    event: NDArray[np.uint8], full_bid_micros: NDArray[np.int64], pace: NDArray[Any], unit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the offers for 1,000 impressions at a rate of 1, float64[m] micros of the common unit.

    Args: pace: float[m] in 0..1, the share of its bid that pacing lets each offer; unit: float64[m], common units that
    one unit of its currency is taken for.
    """
    found: NDArray[np.float64] = full_bid_micros * pace * unit * np.where(event == IMPRESSION, 1.0, THOUSAND)
    return found
