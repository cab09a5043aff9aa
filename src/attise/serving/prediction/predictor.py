"""A decision's one call: the rates of all its candidates, all heads, in one kernel.

Step *predict* of *a viewer's feed request is decided*; before: ``targeting`` (candidates), after: ``delivery`` (value,
auction). While kernels are being compiled the same sums are made by numpy, in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.feed import ViewerContext
from attise.serving import kernels
from attise.serving.prediction import calibration, thompson
from attise.serving.prediction.features import (
    ADVERTISER,
    CREATOR,
    EXPLORES,
    MOST_VIEWERS,
    Keys,
    Words,
    crosses,
    fold,
    own_keys,
    viewer_keys,
    viewer_part,
)
from attise.serving.prediction.heads import COUNT, WIDTH
from attise.serving.prediction.model import Model
from attise.serving.prediction.table import AdTable

NEVER_SHOWN: Final = -1
NOBODY: Final = np.zeros(0, dtype=np.uint32)
NO_ADS: Final = np.zeros(0, dtype=np.intp)


class Draws(msgspec.Struct, frozen=True, gc=False):
    """What the rates of n ads are drawn from: ``grid`` of a normal number, by head; arrays float32[n, 6], log-odds."""

    middle: NDArray[np.float32]
    width: NDArray[np.float32]
    """By how much it may rise for one standard deviation (``thompson.reach_of``)."""
    grid: calibration.Grid

    def rates(self, normals: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the rates that standard normal numbers give, float32[..., n, 6] as they: none below its middle."""
        scores = self.middle + (self.width * np.maximum(normals, 0.0)).astype(np.float32)
        return calibration.apply(self.grid, scores.reshape(-1, COUNT)).reshape(normals.shape)


class Predictions(msgspec.Struct, frozen=True, gc=False):
    """Rates of m candidates, in their order."""

    mean: NDArray[np.float32]
    """float32[m, 6], by head: for value, price and pacing."""
    sampled: NDArray[np.float32] | None
    """float32[m, 6]: for ranking only; equal to ``mean`` but for ads that are tried. None where nothing is."""
    exploring: NDArray[np.bool_]
    """bool[m]: whose rates are drawn."""
    draws: Draws | None = None
    """Of those that are drawn, in their order: what other draws would have given, for the probability of what this one
    did. None where nothing is drawn."""


class InLoop(msgspec.Struct, frozen=True, gc=False):
    """What a loop over candidates makes rates of, where nothing is drawn."""

    tables: NDArray[np.int64]
    """int64[tables, 2]: where the scores and the keys of each begin in memory."""
    keys: Keys
    """Of the viewer at any moment: ``features.own_keys``."""
    follows: Words
    weights: NDArray[np.float32]
    grid: calibration.Grid


@dataclass(frozen=True)
class Predictor:
    """A model and the tables of the segments that it speaks of, in the segments' order; immutable, one for a state."""

    model: Model
    tables: tuple[AdTable, ...]
    explore_share: float = thompson.MOST_SHARE
    """Of requests; a house's is its model's (``Header.explore_share``)."""
    _arrays: NDArray[np.int64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Tell where the tables lie: they are held by this predictor, and stay there."""
        if not all(table.alone.flags.c_contiguous and table.keys.flags.c_contiguous for table in self.tables):
            raise AssertionError("the tables of a predictor are whole")
        told = [[table.alone.ctypes.data, table.keys.ctypes.data] for table in self.tables]
        object.__setattr__(self, "_arrays", np.array(told, dtype=np.int64).reshape(len(told), 2))

    def in_loop(self, viewer: ViewerContext) -> InLoop:
        """Return what a compiled loop makes of candidates what ``predict`` does, where ``does_explore`` says no."""
        return InLoop(self._arrays, own_keys(viewer), _followed(viewer), self.model.weights, self.model.grid)

    def does_explore(self, seed: int) -> bool:
        """Tell whether something may be tried in a request."""
        return thompson.does_explore(seed, self.explore_share)

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
    ) -> Predictions:
        """Return what is likely of each candidate.

        Args: now_ms: world time; segment, place: int[m], which table and which row of it; exposures: int32[m],
        impressions of each ad to this viewer so far; since_ms: int64[m], time since the last, -1 for none; index: place
        in the answer of the first item that is decided; gap: items since the last ad, -1 for none; seed: the request's;
        None: nothing is tried.
        Cost: 30 µs and 0.1 µs a candidate.
        """
        many = len(place)
        compiled = kernels.find("attise.serving.prediction.compiled")
        keys = viewer_keys(viewer, now_ms=now_ms, index=index, gap=gap)
        alone, words, rows = self._rows(segment, place)
        follows = _followed(viewer)
        shown = np.zeros(many, dtype=np.int32) if exposures is None else np.ascontiguousarray(exposures, np.int32)
        since = np.full(many, NEVER_SHOWN, np.int64) if since_ms is None else np.ascontiguousarray(since_ms, np.int64)
        new = NO_ADS
        if seed is not None and thompson.does_explore(seed, self.explore_share):
            new = self._new(compiled, seed, segment, place, words, rows)
        about = (keys, alone, words, rows, follows, shown, since)
        scores, mean = self._plain(*about) if compiled is None else self._compiled(compiled.predict, *about)
        exploring = np.zeros(many, dtype=bool)
        if not len(new) or seed is None:
            return Predictions(mean, None, exploring)
        exploring[new] = True
        spread = self._spread(segment[new], place[new])[:, :COUNT]
        width = thompson.reach_of(spread, mean[new])
        sampled, grid = mean.copy(), self.model.grid
        if compiled is not None:
            middle = np.empty((len(new), COUNT), dtype=np.float32)
            key, ids = np.uint64(seed & thompson.MOST_SEED), self._ids(segment, place)
            compiled.draw(key, ids, new, scores, width, grid, thompson.rises(), middle, sampled)
            return Predictions(mean, sampled, exploring, Draws(middle, width, grid))
        draws = Draws(np.ascontiguousarray(scores[new, :COUNT]), width, grid)
        sampled[new] = draws.rates(thompson.normals(seed, self._ids(segment[new], place[new])))
        return Predictions(mean, sampled, exploring, draws)

    def _new(
        self,
        compiled: Any,
        seed: int,
        segment: NDArray[Any],
        place: NDArray[Any],
        words: Words,
        rows: NDArray[np.int32],
    ) -> NDArray[np.intp]:
        """Return which candidates are tried."""
        if compiled is None:
            new: NDArray[np.intp] = words[rows, EXPLORES].nonzero()[0]
            return new[thompson.tickets(seed, self._ids(segment[new], place[new]), words[rows[new], ADVERTISER])]
        chosen = np.empty(len(rows), dtype=np.int64)
        count = compiled.choose_new(
            np.uint64(seed & thompson.MOST_SEED), words, rows, self._ids(segment, place), chosen
        )
        return chosen[:count]

    def _rows(self, segment: NDArray[Any], place: NDArray[Any]) -> tuple[NDArray[np.float32], Words, NDArray[np.int32]]:
        """Return arrays of scores and keys, and the candidates' rows in them; where tables meet, gathered."""
        if len(self.tables) == 1:
            return self.tables[0].alone, self.tables[0].keys, np.ascontiguousarray(place, np.int32)
        alone = np.empty((len(place), WIDTH), dtype=np.float32)
        words = np.empty((len(place), WIDTH), dtype=np.uint32)
        rows = np.arange(len(place), dtype=np.int32)
        for number, table in enumerate(self.tables):
            of_it = np.flatnonzero(segment == number)
            alone[of_it] = table.alone[place[of_it]]
            words[of_it] = table.keys[place[of_it]]
        return alone, words, rows

    def _ids(self, segment: NDArray[Any], place: NDArray[Any]) -> NDArray[np.int64]:
        if len(self.tables) == 1:
            return self.tables[0].ad_ids.take(place)
        found = np.zeros(len(place), dtype=np.int64)
        for number, table in enumerate(self.tables):
            of_it = segment == number
            found[of_it] = table.ad_ids[place[of_it]]
        return found

    def _spread(self, segment: NDArray[Any], place: NDArray[Any]) -> NDArray[np.float32]:
        if len(self.tables) == 1:
            return self.tables[0].spread.take(place, axis=0).astype(np.float32)
        found = np.zeros((len(place), WIDTH), dtype=np.float32)
        for number, table in enumerate(self.tables):
            of_it = segment == number
            found[of_it] = table.spread[place[of_it]]
        return found

    def _viewer(self, keys: Keys) -> NDArray[np.float32]:
        """Return the log-odds that the viewer alone accounts for, float32[8]: summed in order, as the kernel does."""
        part = viewer_part(keys[None], self.model.slots_log2)
        found = np.zeros(WIDTH, dtype=np.float32)
        for slot, value in zip(part.slots[0], part.values[0], strict=True):
            if slot >= 0:
                found += self.model.weights[slot] * value
        return found

    def _compiled(
        self,
        predict: Any,
        keys: Keys,
        alone: NDArray[np.float32],
        words: Words,
        rows: NDArray[np.int32],
        follows: Words,
        shown: NDArray[np.int32],
        since: NDArray[np.int64],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        many = len(rows)
        scores = np.empty((many, WIDTH), dtype=np.float32)
        mean = np.empty((many, COUNT), dtype=np.float32)
        model = self.model
        predict(
            keys, alone, words, rows, follows, shown, since,
            model.weights, model.grid, scores, mean,
        )  # fmt: skip
        return scores, mean

    def _plain(
        self,
        keys: Keys,
        alone: NDArray[np.float32],
        words: Words,
        rows: NDArray[np.int32],
        follows: Words,
        shown: NDArray[np.int32],
        since: NDArray[np.int64],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        model = self.model
        alone, words = alone[rows], words[rows]
        part = crosses(
            keys[None],
            words,
            model.slots_log2,
            follows=np.isin(words[:, CREATOR], follows),
            exposures=shown,
            since_ms=since,
        )
        scores = alone + self._viewer(keys)
        for column in range(part.slots.shape[1]):
            slots, values = part.slots[:, column], part.values[:, column : column + 1]
            scores += model.weights[slots] * values
        return scores, calibration.apply(model.grid, scores)


def _followed(viewer: ViewerContext) -> Words:
    """Return the creators that a viewer follows as an ad's keys name creators, rising; kept, at most 4 KB each."""
    if not viewer.follows:
        return NOBODY
    known = _FOLLOWED.find(viewer)
    if known is not None:
        return known
    found = fold(np.array(viewer.follows, dtype=np.int64))
    found.sort()
    return _FOLLOWED.keep(viewer, found)


_FOLLOWED: Final[Kept[ViewerContext, Words]] = Kept(MOST_VIEWERS)
