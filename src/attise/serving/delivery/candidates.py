"""The ads that a search found, side by side with everything that a contest asks of them.

Few of a row's facts are asked of every candidate: those are here, in one array. The rest is looked up for the one or
two that a decision tells of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.snapshot.shapes import SnapshotAd
from attise.serving import kernels
from attise.serving.delivery.state import Part
from attise.serving.targeting.retrieve import Retrieved
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW

CANDIDATE: Final = np.dtype(
    [
        ("ad_id", "<i8"),
        ("creator_id", "<i8"),
        ("adgroup_id", "<i8"),
        ("campaign_id", "<i8"),
        ("advertiser_id", "<i8"),
        ("full_bid_micros", "<i8"),  # from here on of ``offers``, as far as not of the rows
        ("factor", "<f8"),
        ("unit", "<f8"),
        ("multiplier", "<f4"),
        ("entry", "<f4"),
        ("duration_ms", "<i4"),
        ("holdout_ppm", "<u4"),
        ("frequency", "<u4"),
        ("frequency_days", "<u2"),
        ("event", "<u1"),
        ("billing_event", "<u1"),
        ("brand_safety", "<u1"),
        ("padding", "<u1"),
        ("padding_more", "<u2"),
        ("envelopes", "<i4", (6,)),  # places in ``Allowances``, the grant's last
    ],
    align=True,
)
"""What a contest asks of every candidate."""
OF_AD: Final = ("ad_id", "creator_id", "duration_ms")
OF_GROUP: Final = (
    *("adgroup_id", "campaign_id", "advertiser_id", "frequency", "frequency_days", "billing_event", "brand_safety"),
)
OF_OFFER: Final = ("full_bid_micros", "factor", "unit", "multiplier", "entry", "holdout_ppm", "event")
AD_FIELD: Final = {name: number for number, name in enumerate(AD_ROW.names or ())}
"""Places of the fields of ``Candidates.ad``."""
GROUP_FIELD: Final = {name: number for number, name in enumerate(GROUP_ROW.names or ())}


@dataclass(frozen=True, slots=True)
class Candidates:
    """m ads, best bound first."""

    parts: Sequence[Part]
    part: NDArray[np.uint8]
    """uint8[m]"""
    place: NDArray[np.int32]
    """int32[m]: of the ad in its part's segment."""
    rows: NDArray[Any]
    """``CANDIDATE[m]``."""

    def __len__(self) -> int:
        """Return m."""
        return len(self.place)

    def ad(self, at: int) -> tuple[Any, ...]:
        """Return the row of one candidate's ad, by ``AD_FIELD``."""
        found: tuple[Any, ...] = self.parts[int(self.part[at])].segment.ads[self.place[at]].item()
        return found

    def group(self, at: int) -> tuple[Any, ...]:
        """Return the row of one candidate's group, by ``GROUP_FIELD``."""
        segment = self.parts[int(self.part[at])].segment
        found: tuple[Any, ...] = segment.groups[segment.ads["group"][self.place[at]]].item()
        return found

    def record(self, at: int) -> SnapshotAd:
        """Return the whole ad of one candidate."""
        part = self.parts[int(self.part[at])]
        return part.record(int(part.segment.ads["source"][self.place[at]]))


def gather(parts: Sequence[Part], search: Retrieved) -> Candidates:
    """Return what a search found, in its order. Cost: some 20 ns a candidate, compiled."""
    rows = np.empty(len(search), dtype=CANDIDATE)
    fill = _fill_compiled if kernels.are_ready() else _fill
    for number in range(len(parts)):
        fill(parts[number], number, search, rows)
    return Candidates(parts, search.segment, search.place, rows)


def _fill(part: Part, number: int, search: Retrieved, rows: NDArray[Any]) -> None:
    """Fill the rows of the candidates that are of a part."""
    mine = np.flatnonzero(search.segment == number)
    place = search.place[mine]
    ads, offers = part.segment.ads[place], part.offers
    group = ads["group"]
    groups = part.segment.groups[group]
    for name in OF_AD:
        rows[name][mine] = ads[name]
    for name in OF_GROUP:
        rows[name][mine] = groups[name]
    for name in OF_OFFER:
        rows[name][mine] = getattr(offers, name)[group]
    rows["envelopes"][mine, :-1] = offers.envelopes[group]
    rows["envelopes"][mine, -1] = offers.grant_envelope[place]


def _fill_compiled(part: Part, number: int, search: Retrieved, rows: NDArray[Any]) -> None:
    from attise.serving.delivery.compiled import fill

    segment, offers = part.segment, part.offers
    fill(
        number, search.segment, search.place, segment.ads, segment.groups,
        offers.full_bid_micros, offers.factor, offers.unit, offers.multiplier, offers.entry, offers.holdout_ppm,
        offers.event, offers.envelopes, offers.grant_envelope, rows,
    )  # fmt: skip
