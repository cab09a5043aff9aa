"""The ads that a search found, side by side with everything that a contest asks of them.

Few of a row's facts are asked of every candidate: those are here, in one array. The rest is looked up for the one or
two that a decision tells of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.drops import Drop
from attise.records.snapshot.shapes import SnapshotAd
from attise.serving.delivery.offers import OFFER_ROW
from attise.serving.delivery.state import Part
from attise.serving.targeting.retrieve import Retrieved
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW

CANDIDATE: Final = np.dtype(
    [
        ("ad_id", "<i8"),
        ("creator_id", "<i8"),
        ("factor", "<f8"),  # from here on as in ``OFFER_ROW``, but for two
        ("unit", "<f8"),
        ("full_bid_micros", "<i8"),
        ("adgroup_id", "<i8"),
        ("campaign_id", "<i8"),
        ("advertiser_id", "<i8"),
        ("split_id", "<i8"),
        ("multiplier", "<f4"),
        ("entry", "<f4"),
        ("holdout_ppm", "<u4"),
        ("frequency", "<u4"),
        ("duration_ms", "<i4"),
        ("envelopes", "<i4", (6,)),  # places in ``Allowances``, the grant's last
        ("frequency_days", "<u2"),
        ("event", "<u1"),
        ("billing_event", "<u1"),
        ("optimization_goal", "<u1"),
        ("currency", "<u1"),
        ("brand_safety", "<u1"),
        ("has_bid", "<u1"),
        ("split_side", "<u1"),
    ],
    align=True,
)
"""What a contest asks of every candidate."""
OF_AD: Final = ("ad_id", "creator_id", "duration_ms")
OF_OFFER: Final = tuple(name for name in OFFER_ROW.names or () if name != "envelopes")
_SCAN_LIMIT: Final = int(Drop.SCAN_LIMIT)
FIELD: Final = {name: number for number, name in enumerate(CANDIDATE.names or ())}
"""Places of the fields of a candidate's own row."""
AD_FIELD: Final = {name: number for number, name in enumerate(AD_ROW.names or ())}
"""Places of the fields of ``Candidates.ad``."""
GROUP_FIELD: Final = {name: number for number, name in enumerate(GROUP_ROW.names or ())}


class Candidates(msgspec.Struct, frozen=True, gc=False):
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

    def post_id(self, at: int) -> int:
        """Return the post of one candidate; 0: it has none."""
        return int(self.parts[int(self.part[at])].segment.ads["post_id"][self.place[at]])

    def group(self, at: int) -> tuple[Any, ...]:
        """Return the row of one candidate's group, by ``GROUP_FIELD``."""
        segment = self.parts[int(self.part[at])].segment
        found: tuple[Any, ...] = segment.groups[segment.ads["group"][self.place[at]]].item()
        return found

    def record(self, at: int) -> SnapshotAd:
        """Return the whole ad of one candidate."""
        part = self.parts[int(self.part[at])]
        return part.record(int(part.segment.ads["source"][self.place[at]]))


def foremost(parts: Sequence[Part], search: Retrieved, most: int) -> Retrieved:
    """Return the most promising of what a search found: the best by bound and pacing together, in the same order.

    Why: bounds are made once for an index, and pacing turns while it is in use; at any number of ads the best few by
    both are found among the best few hundred by bounds. Of those that promise the same, those of the higher bound stay.
    Those left out are counted under ``SCAN_LIMIT``.
    """
    many = len(search)
    if many <= most:
        return search
    promise = parts[0].offers.promise.take(search.place) if len(parts) == 1 else _promises(parts, search)
    left = np.argsort(-promise, kind="stable")[:most]
    left.sort()
    return narrowed(search, search.segment[left], search.place[left])


def narrowed(search: Retrieved, segment: NDArray[np.uint8], place: NDArray[np.int32]) -> Retrieved:
    """Return a search that found some of what it found; the others are counted under ``SCAN_LIMIT``."""
    dropped = search.dropped.copy()
    dropped[_SCAN_LIMIT] += len(search) - len(place)
    return Retrieved(segment, place, search.scanned, search.visited, dropped, search.is_whole)


def gather(parts: Sequence[Part], search: Retrieved) -> Candidates:
    """Return what a search found, in its order."""
    rows = np.empty(len(search), dtype=CANDIDATE)
    for number in range(len(parts)):
        _fill(parts[number], number, search, rows)
    return Candidates(parts, search.segment, search.place, rows)


def _promises(parts: Sequence[Part], search: Retrieved) -> NDArray[np.float32]:
    found = np.empty(len(search), dtype=np.float32)
    for number, part in enumerate(parts):
        mine = search.segment == number
        found[mine] = part.offers.promise[search.place[mine]]
    return found


def _fill(part: Part, number: int, search: Retrieved, rows: NDArray[Any]) -> None:
    """Fill the rows of the candidates that are of a part."""
    mine = np.flatnonzero(search.segment == number)
    place = search.place[mine]
    ads = part.segment.ads[place]
    offers = part.offers.rows[ads["group"]]
    for name in OF_AD:
        rows[name][mine] = ads[name]
    for name in OF_OFFER:
        rows[name][mine] = offers[name]
    rows["envelopes"][mine, :-1] = offers["envelopes"]
    rows["envelopes"][mine, -1] = part.offers.grant_envelope[place]
