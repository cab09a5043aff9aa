"""The ads that a search found, side by side with everything that a contest asks of them: one gather for each table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attise.serving.delivery.state import Part
from attise.serving.targeting.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class Candidates:
    """m ads, best bound first; every array has a row for each."""

    part: NDArray[np.uint8]
    place: NDArray[np.int32]
    """Of the ad in its part's segment."""
    ads: NDArray[Any]
    """``AD_ROW[m]``."""
    groups: NDArray[Any]
    """``GROUP_ROW[m]``."""
    event: NDArray[np.uint8]
    full_bid_micros: NDArray[np.int64]
    multiplier: NDArray[np.float32]
    entry: NDArray[np.float32]
    unit: NDArray[np.float64]
    factor: NDArray[np.float64]
    envelopes: NDArray[np.int32]
    """int32[m, 6]: places in ``Allowances``, the grant's last."""
    holdout_ppm: NDArray[np.uint32]

    def __len__(self) -> int:
        """Return m."""
        return len(self.place)


def gather(parts: Sequence[Part], found: Retrieved) -> Candidates:
    """Return what a search found. Cost: a dozen gathers."""
    numbers = np.unique(found.segment).tolist()
    if len(numbers) <= 1:
        return _of_part(parts[numbers[0] if numbers else 0], found.segment, found.place)
    pieces = []
    order = []
    for number in numbers:
        mine = np.flatnonzero(found.segment == number)
        order.append(mine)
        pieces.append(_of_part(parts[number], found.segment[mine], found.place[mine]))
    back = np.argsort(np.concatenate(order))
    columns = (np.concatenate([getattr(piece, name) for piece in pieces])[back] for name in Candidates.__slots__)
    return Candidates(*columns)


def _of_part(of: Part, part: NDArray[np.uint8], place: NDArray[np.int32]) -> Candidates:
    ads = of.segment.ads[place]
    group = ads["group"]
    offers = of.offers
    envelopes = np.empty((len(place), offers.envelopes.shape[1] + 1), dtype=np.int32)
    envelopes[:, :-1] = offers.envelopes[group]
    envelopes[:, -1] = offers.grant_envelope[place]
    return Candidates(
        part=part,
        place=place,
        ads=ads,
        groups=of.segment.groups[group],
        event=offers.event[group],
        full_bid_micros=offers.full_bid_micros[group],
        multiplier=offers.multiplier[group],
        entry=offers.entry[group],
        unit=offers.unit[group],
        factor=offers.factor[group],
        envelopes=envelopes,
        holdout_ppm=offers.holdout_ppm[group],
    )
