"""Stops become live bits: step 5 of *a creator revokes*.

Before: ``changes`` read a stop from the database. After: no decision that begins later sees what it names. A stop beats
records of earlier versions alone (``records.snapshot.fold``): what a later delta brings back stays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.change import STOPS, Change, ChangeKind
from attise.serving.feed.posts import PostIndex
from attise.serving.targeting.segment import AD_FIELDS, STANDS_ON, Segment

Stops = Mapping[ChangeKind, Mapping[int, int]]
"""By kind and object, the version of the newest stop."""

ADS_PER_SEARCH: Final = 200
"""One search for a stop's ads takes as long as a pass over so many."""
POST_FIELDS: Final = {ChangeKind.POST_STOPPED: "post_id", ChangeKind.CREATOR_STOPPED: "creator_id"}


class Stopping:
    """What is served now, with the stops laid over it; told by the thread of changes, swapped by that of loading."""

    def __init__(self, empty: Callable[[], None]) -> None:
        """Serve nothing; ``empty`` takes from decisions what they have, when it is to be forgotten."""
        self._empty = empty
        self._lock = threading.Lock()
        self._segments: tuple[Segment, ...] = ()
        self._posts: PostIndex | None = None
        self._tail: list[Change] = []
        self.generation = 0
        """Rises when everything is to be forgotten."""

    def heed(self, changes: Sequence[Change]) -> None:
        """Clear what some changes stop. Cost: some microseconds a stop, and one pass over the posts."""
        stops = [change for change in changes if change.kind in STANDS_ON]
        if not stops:
            return
        with self._lock:
            self._tail += stops
            _lay(stops, self._segments, self._posts)

    def forget(self) -> None:
        """Stop everything: what is served may be of another database."""
        with self._lock:
            for segment in self._segments:
                segment.live[:] = 0
            if self._posts is not None:
                self._posts.live[:] = False
            self._segments, self._posts = (), None
            self._tail.clear()
            self.generation += 1
            self._empty()

    def mark(self) -> int:
        """Return a place in time: what is stopped from here on is laid over what is then swapped in.

        One caller at a time, who swaps or marks again before long.
        """
        with self._lock:
            self._tail.clear()
            return self.generation

    def swap(
        self,
        generation: int,
        segments: Sequence[Segment],
        posts: PostIndex,
        publish: Callable[[], None],
        *,
        replaced: Iterable[tuple[Segment, Iterable[int]]] = (),
    ) -> bool:
        """Serve these from now on, with all that was stopped since the mark laid over them; False if all was forgotten.

        ``publish`` hands them to decisions, within the lock: no stop can fall between. ``replaced``: ads, by id, that
        other segments of these hold in a later form or that are gone.
        """
        with self._lock:
            if generation != self.generation:
                return False
            for segment, ad_ids in replaced:
                segment.clear_ads(ad_ids)
            _lay(self._tail, segments, posts)
            self._segments, self._posts = tuple(segments), posts
            publish()
            return True


def _lay(stops: Sequence[Change], segments: Iterable[Segment], posts: PostIndex | None) -> None:
    newest: dict[ChangeKind, dict[int, int]] = {}
    for stop in stops:  # in their order, so that the last word about an object is the latest
        newest.setdefault(stop.kind, {})[stop.object_id] = stop.version
    for segment in segments:
        stop_ads(segment, newest)
    if posts is not None:
        stop_posts(posts, newest)


def copy_of(stops: Mapping[ChangeKind, dict[int, int]]) -> Stops:
    """Return stops as they are at this moment, while another thread goes on writing them."""
    return {kind: dict(stops[kind]) for kind in STOPS if kind in STANDS_ON}


def stop_ads(segment: Segment, stops: Stops) -> None:
    """Clear every ad of a segment that stops name.

    Cost: by kind, a search of some 20 µs for each stop, or one pass of some 0.1 µs an ad, the less of both.
    """
    for kind, newest in stops.items():
        if not newest or kind not in STANDS_ON:
            continue
        if len(newest) * ADS_PER_SEARCH <= len(segment):
            for object_id, version in newest.items():
                segment.stop(kind, object_id, version)
            continue
        name = STANDS_ON[kind]
        column = segment.ads[name] if name in AD_FIELDS else segment.groups[name][segment.ads["group"]]
        versions = segment.version if segment.versions is None else segment.versions
        segment.clear(np.flatnonzero(_are_stopped(column, versions, newest)).astype(np.uint32))


def stop_posts(posts: PostIndex, stops: Stops) -> None:
    """Take out every post that stops name. Cost: a sort of the stops and one pass over the posts for each kind."""
    for kind, name in POST_FIELDS.items():
        newest = stops.get(kind, {})
        if newest and len(posts):
            posts.live[_are_stopped(getattr(posts, name), posts.version, newest)] = False


def _are_stopped(
    column: NDArray[Any], versions: NDArray[np.int64] | int, newest: Mapping[int, int]
) -> NDArray[np.bool_]:
    """Tell of each row whether a stop of its object is of a later version than the row; 0 is no object."""
    ids = np.fromiter(newest.keys(), np.int64, len(newest))
    order = np.argsort(ids)
    ids = ids[order]
    later = np.fromiter(newest.values(), np.int64, len(newest))[order]
    at = np.minimum(np.searchsorted(ids, column), len(ids) - 1)
    found: NDArray[np.bool_] = (ids[at] == column) & (later[at] > versions) & (column != 0)
    return found
