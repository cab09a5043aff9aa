"""Awarding the slots of an answer: who has which, and what 1,000 impressions of each are to bring."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from attise.serving.delivery.auction import NOBODY
from attise.serving.delivery.compiled.shared import Ids, read_only
from attise.serving.delivery.contest import LIKED, OFFER, RANKED, VALUE
from attise.serving.kernels import kernel

# The compiler folds these in as numbers.
_NOBODY: Final = NOBODY
PRICE, SHARE = 0, 1


@kernel(types.float64(types.float64[::1], read_only(types.float64), types.int64, types.int64), is_rule=True)
def _displaced(worth: NDArray[np.float64], reach: NDArray[np.float64], slots: int, slot: int) -> float:
    """Return what those after a slot lose by its winner, for each time that it is seen: ``auction._displaced``."""
    lost, end = 0.0, len(reach) - 1
    for at in range(slot, slots - 1):
        lost += (reach[min(at, end)] - reach[min(at + 1, end)]) * worth[at + 1]
    found: float = (lost + reach[min(slots - 1, end)] * worth[slots]) / reach[min(slot, end)]
    return found


@kernel(
    types.int64(
        *(Ids, types.float64[:, ::1], read_only(types.float64), types.int64, types.float64, types.float64),
        *(types.int64[:, ::1], types.float64[:, ::1]),
    ),
    is_rule=True,
)
def award(
    heads: NDArray[np.int64],
    scores: NDArray[np.float64],
    reach: NDArray[np.float64],
    slots: int,
    reserve: float,
    attention: float,
    won: NDArray[np.int64],
    prices: NDArray[np.float64],
) -> int:
    """Fill winner and runner-up (``won``), price and share (``prices``) of each slot that found an ad: how many did.

    Args: heads: the best ad of each advertiser, best first; reach: of the slots, the last one goes on for more. The
    same as ``auction.award`` where nobody is held out.
    """
    standing = min(len(heads), slots + 1)
    worth = np.empty(slots + 1, dtype=np.float64)
    for at in range(slots + 1):
        worth[at] = max(scores[VALUE, heads[at]], attention) if at < standing else attention
    many = min(standing, slots)
    for slot in range(many):
        winner = heads[slot]
        own, liked = scores[OFFER, winner], scores[LIKED, winner]
        # The least share of its bid with which it is worth its slot: against the others by the rate that it was ranked
        # by, against reserve and attention by the mean.
        against_others = (_displaced(worth, reach, slots, slot) - liked) / scores[RANKED, winner]
        share = min(1.0, max(0.0, against_others, max(reserve, attention - liked) / own))
        won[slot, 0] = winner
        won[slot, 1] = heads[slot + 1] if slot + 1 < standing else _NOBODY
        prices[slot, PRICE], prices[slot, SHARE] = share * own, share
    return many
