"""The auction: who is shown in the slots of one answer, and what 1,000 impressions of each are to bring.

Step *auction and price*; before: ``value``, after: the decision's record. Pure, on plain arrays, float64, one unit of
money for all: an auction log drives it without anything else of Attise (``examples/``).

Every ad stands with its offer (what it would pay at most for 1,000 impressions) and its user value, signed. Each
advertiser stands with its best ad. The slots of an answer go to the best by the sum of both. A winner pays what its
presence costs the others: of the ads ranked after it, each would have been seen one slot earlier, with the difference
of the slots' reach. With one slot that is the second price: the least offer that still wins. So a bid says when an ad
stops being worth it, and no bid but the honest one does better.

Invariants: reserve <= price <= offer, price >= 0; a price never rests on the winner's own bid; a higher bid never
loses a slot; no two winners of one advertiser.
Source: Vickrey (1961), Clarke (1971), Groves (1973); Edelman, Ostrovsky, Schwarz (2007) for slots of unlike worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.drops import Drop, name_of
from attise.serving.delivery.caps import NONE
from attise.serving.delivery.chance import TIES, shuffle

NOBODY: Final = -1


class Place(msgspec.Struct, frozen=True, gc=False):
    """One slot that found an ad. Candidates are told by their places in the arrays that were given."""

    winner: int
    runner_up: int
    """The next in rank, or ``NOBODY``."""
    price: float
    """For 1,000 impressions."""
    share: float
    """The price as a share of the winner's offer, 0..1: the same share of its bid is the price of one event."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an auction came to."""

    places: tuple[Place, ...]
    """By slot, in order; fewer than slots where ads ran out."""
    ghosts: tuple[tuple[int, int], ...]
    """Held out wins: place in the arrays, and the slot it would have won."""
    drop: NDArray[np.int16]
    """int16[m]: why a candidate does not stand (``NO_BID``, ``RESERVE``, ``ATTENTION``), or ``NONE``."""
    rank_value: NDArray[np.float64]
    """float64[m]: what candidates are ranked by."""

    def why(self, place: int) -> str:
        """Return why a candidate did not stand, by name; empty where it stood, whether or not it won."""
        return "" if self.drop[place] == NONE else name_of(Drop(int(self.drop[place])))


def run_auction(
    offer: NDArray[np.float64],
    user_value: NDArray[np.float64],
    advertiser_id: NDArray[np.int64],
    ad_id: NDArray[np.int64],
    *,
    reach: Sequence[float] = (1.0,),
    reserve: float = 0.0,
    attention: float = 0.0,
    rank_offer: NDArray[np.float64] | None = None,
    is_held_out: Callable[[int], bool] | None = None,
    seed: int = 0,
) -> Result:
    """Return the winners of ``len(reach)`` slots and their prices.

    Args: offer, user_value: float64[m], for 1,000 impressions; reach: how likely each slot is seen, not rising, above
    0; reserve: no offer below it stands; attention: no sum of both below it; rank_offer: float64[m], offers by rates
    that were drawn, for ranking alone (exploration); is_held_out: whether the ad of a place may not be shown to this
    viewer, asked of ads that win; seed: of the request: equal values are ordered by a hash of it and their ids.
    Cost: a sort.
    """
    ranked_by = offer if rank_offer is None else rank_offer
    rank_value = ranked_by + user_value
    drop = judged(offer, user_value, ranked_by, reserve=reserve, attention=attention)
    heads = heads_of(np.flatnonzero(drop == NONE), rank_value, advertiser_id, ad_id, seed)
    places, ghosts = award(
        heads,
        offer,
        user_value,
        ranked_by,
        rank_value,
        reach=reach,
        reserve=reserve,
        attention=attention,
        is_held_out=is_held_out,
    )
    return Result(places, ghosts, drop, rank_value)


def judged(
    offer: NDArray[np.float64],
    user_value: NDArray[np.float64],
    ranked_by: NDArray[np.float64],
    *,
    reserve: float,
    attention: float,
) -> NDArray[np.int16]:
    """Return why candidates cannot stand (``NO_BID``, ``RESERVE``, ``ATTENTION``), or ``NONE``, int16[m]."""
    drop = np.full(len(offer), NONE, dtype=np.int16)
    drop[offer + user_value < attention] = Drop.ATTENTION
    drop[offer < reserve] = Drop.RESERVE
    drop[~((offer > 0) & (ranked_by > 0))] = Drop.NO_BID
    return drop


def award(
    heads: Sequence[int],
    offer: NDArray[np.float64],
    user_value: NDArray[np.float64],
    ranked_by: NDArray[np.float64],
    rank_value: NDArray[np.float64],
    *,
    reach: Sequence[float],
    reserve: float,
    attention: float,
    is_held_out: Callable[[int], bool] | None = None,
) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
    """Return who has which slot at what price, and the wins that were held out (place in the arrays, slot).

    Args: heads: the best ad of each advertiser, best first; the others as for ``run_auction``, ranked_by: the offers
    that they were ranked by. Cost: a few microseconds, whatever the number of heads.
    """
    slots = len(reach)
    standing: list[int] = []
    ghosts: list[tuple[int, int]] = []
    for place in heads:
        if is_held_out is not None and is_held_out(place):
            if len(standing) < slots:
                ghosts.append((place, len(standing)))
            continue
        standing.append(place)
        if len(standing) > slots:
            break
    worth = [max(rank_value.item(place), attention) for place in standing]
    worth += [attention] * (slots + 1 - len(worth))
    places = []
    for slot, winner in enumerate(standing[:slots]):
        own, liked = offer.item(winner), user_value.item(winner)
        # The least share of its bid with which it is worth its slot: against the others by the rate that it was ranked
        # by, against reserve and attention by the mean.
        against_others = (_displaced(worth, reach, slot) - liked) / ranked_by.item(winner)
        share = min(1.0, max(0.0, against_others, max(reserve, attention - liked) / own))
        runner_up = standing[slot + 1] if slot + 1 < len(standing) else NOBODY
        places.append(Place(winner, runner_up, share * own, share))
    return tuple(places), tuple(ghosts)


def _displaced(worth: list[float], reach: Sequence[float], slot: int) -> float:
    """Return what those after a slot lose by its winner, for each time that the slot is seen."""
    lost, last = 0.0, len(reach) - 1
    for at in range(slot, last):
        lost += (reach[at] - reach[at + 1]) * worth[at + 1]
    return (lost + reach[last] * worth[last + 1]) / reach[slot]


def heads_of(
    standing: NDArray[Any],
    rank_value: NDArray[np.float64],
    advertiser_id: NDArray[np.int64],
    ad_id: NDArray[np.int64],
    seed: int,
) -> list[int]:
    """Return the best ad of each advertiser, best first. Args: standing: places of the ads that may win."""
    if not len(standing):
        return []
    down = -rank_value[standing]
    order = standing[np.argsort(down)]
    ranked = rank_value[order]
    if (ranked[1:] == ranked[:-1]).any():
        order = standing[np.lexsort((shuffle(ad_id[standing], seed, TIES), down))]
    _, first = np.unique(advertiser_id[order], return_index=True)
    heads: list[int] = order[np.sort(first)].tolist()
    return heads
