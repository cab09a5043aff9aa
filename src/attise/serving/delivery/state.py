"""Everything that a decision reads: one immutable object, made aside and swapped in by one pointer.

Of it only live bits and allowances change while it is in use: by stops, by totals, and by what this process decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.decision import Versions
from attise.records.feed import ViewerContext
from attise.records.snapshot.shapes import SnapshotAd
from attise.serving.delivery.allowance import Allowances
from attise.serving.delivery.offers import Offers
from attise.serving.delivery.policy import Policy
from attise.serving.prediction.predictor import Draws, InLoop
from attise.serving.targeting.segment import Segment

ARRAYS: Final = 14
"""How much is told of a part's arrays."""
PLANS: Final = 8_192
"""Viewers whose plans are kept: some five kilobytes each, forty megabytes at most."""


class Rates(Protocol):
    """What a predictor answers with: ``prediction.predictor.Predictions``, or rates of one's own."""

    @property
    def mean(self) -> NDArray[np.float32]:
        """float32[m, 6] by ``records.decision.HEADS``."""
        ...

    @property
    def sampled(self) -> NDArray[np.float32] | None:
        """float32[m, 6]: with draws in place of the means of what is explored; None where nothing is."""
        ...

    @property
    def exploring(self) -> NDArray[np.bool_]:
        """bool[m]: whose rates are drawn."""
        ...

    @property
    def draws(self) -> Draws | None:
        """What the rates of those that are drawn come from, in their order; None where nothing is."""
        ...


class Predicts(Protocol):
    """What predicts: ``prediction.predictor.Predictor``, or rates of one's own."""

    def predict(
        self,
        viewer: ViewerContext,
        *,
        now_ms: int,
        segment: NDArray[Any],
        place: NDArray[Any],
        exposures: NDArray[np.int32] | None = None,
        since_ms: NDArray[np.int64] | None = None,
        index: int = 0,
        gap: int = -1,
        seed: int | None = None,
    ) -> Rates:
        """Return the rates of m candidates, in their order."""
        ...

    def in_loop(self, viewer: ViewerContext) -> InLoop | None:
        """Return what a compiled loop makes the same rates of, at any moment; None: it is to ask ``predict``."""
        ...

    def does_explore(self, seed: int) -> bool:
        """Tell whether, for a request, it is to ask ``predict`` nevertheless."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One segment with what delivery adds to it."""

    segment: Segment
    offers: Offers
    record: Callable[[int], SnapshotAd]
    """The whole ad of a place in the snapshot or the tables that the segment was built from (``ads["source"]``)."""
    told: dict[int, Any] = field(default_factory=dict)
    """By place, what was told of an ad before: ``told``."""
    told_places: dict[int, int] = field(default_factory=dict)
    """By ad, the places of those."""
    arrays: NDArray[np.int64] = field(init=False)
    """int64[1, ARRAYS]: where its arrays begin in memory and how long they are, in the order of ``__post_init__``:
    compiled loops take parts by it, as many as there are."""

    def __post_init__(self) -> None:
        """Tell where the arrays lie: they are held by this part, and stay there."""
        segment, offers = self.segment, self.offers
        by_ad = (segment.ads, offers.rows, offers.grant_envelope, offers.promise)
        whole = (*by_ad, segment.groups, segment.bits, segment.live, segment.lists)
        if not all(one.flags.c_contiguous for one in whole):
            raise AssertionError("the arrays of a part are whole")
        begins = [one.ctypes.data for one in whole]
        counts = (len(offers.rows), *segment.bits.shape, len(segment.live), len(segment.lists))
        object.__setattr__(self, "arrays", np.array([[len(segment.ads), *begins, *counts]], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class State:
    """What may run, what it offers, what is likely, and what may be spent, as of ``versions``."""

    parts: tuple[Part, ...]
    predictor: Predicts
    allowances: Allowances
    policy: Policy
    versions: Versions
    size: int = field(init=False)
    """How many ads are in the index, live or not."""
    arrays: NDArray[np.int64] = field(init=False)
    """int64[parts, ARRAYS]: those of the parts."""
    room: int = field(init=False)
    """For how many candidates a contest has room."""
    has_holdouts: bool = field(init=False)
    """Whether any group has viewers held out from it."""
    has_splits: bool = field(init=False)
    """Whether any group is a side of a split test."""
    plans: Kept[ViewerContext, Any] = field(init=False, repr=False, compare=False, default_factory=lambda: Kept(PLANS))
    """What the loop over contests is asked for each viewer, whatever the moment."""

    def __post_init__(self) -> None:
        """Work out what every decision asks."""
        found = [part.arrays for part in self.parts]
        size = sum(len(part.segment) for part in self.parts)
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "room", min(*self.policy.breadth(size), max(1, size)))
        object.__setattr__(self, "arrays", np.concatenate(found) if found else np.zeros((0, ARRAYS), dtype=np.int64))
        object.__setattr__(self, "has_holdouts", any(part.offers.has_holdouts for part in self.parts))
        object.__setattr__(self, "has_splits", any(part.offers.has_splits for part in self.parts))

    @property
    def segments(self) -> Sequence[Segment]:
        """The segments of the parts, in their order."""
        return [part.segment for part in self.parts]

    def find_place(self, ad_id: int) -> tuple[int, int] | None:
        """Return part and place of an ad, of one that is live where there are several; None: no part has it.

        Cost: some twenty looks for each part.
        """
        found = None
        for number, part in enumerate(self.parts):
            for place in part.segment.places_of("ad_id", ad_id).tolist():
                found = (number, place)
                if part.segment.is_live(place):
                    return found
        return found

    def find_winner(self, ad_id: int) -> SnapshotAd | None:
        """Return an ad that was chosen from this state a moment ago. Cost: a look-up; else that of ``find_ad``."""
        for part in self.parts:
            place = part.told_places.get(ad_id)
            if place is not None and part.segment.is_live(place):
                return part.record(int(part.segment.ads["source"][place]))
        return self.find_ad(ad_id)

    def find_ad(self, ad_id: int) -> SnapshotAd | None:
        """Return an ad, whole, or None: also one that was stopped since. Cost: as above, and a record."""
        found = self.find_place(ad_id)
        return None if found is None else self.record(*found)

    def record(self, part: int, place: int) -> SnapshotAd:
        """Return the whole ad of a place."""
        of = self.parts[part]
        return of.record(int(of.segment.ads["source"][place]))


def remembered(record: Callable[[int], SnapshotAd], most: int = 4_096) -> Callable[[int], SnapshotAd]:
    """Return the same function with the records asked for last at hand: few ads win most contests."""
    return lru_cache(most)(record)
