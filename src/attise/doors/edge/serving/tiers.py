"""Deltas as small segments, so that a new ad costs what few ads cost and not what all do.

Two of them stand beside the index of the snapshot: a *small* one that every batch of deltas makes anew, and a *middle*
one that takes the small one in when it is full. A later word about an ad stands in the smaller one; its earlier words
lose their live bits where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from attise.doors.edge.serving.making import NO_TOTALS, Piece, piece_of
from attise.records.snapshot.deltas import DeltaKind, SnapshotDelta
from attise.records.snapshot.shapes import SnapshotAd, SnapshotPost, decode_ad, decode_post
from attise.records.totals import PostTotals
from attise.serving.prediction.model import Model

SMALL: Final = 256
"""Ads of the small segment, about."""


@dataclass(frozen=True, slots=True)
class AdWord:
    """What the latest delta says of an ad; None: it may not run."""

    number: int
    version: int
    ad: SnapshotAd | None


@dataclass(frozen=True, slots=True)
class PostWord:
    """What the latest delta says of a post of the organic feed."""

    number: int
    version: int
    post: SnapshotPost | None


class Tiers:
    """What deltas said since a snapshot; belongs to the thread of loading."""

    def __init__(self, totals: Mapping[int, PostTotals] = NO_TOTALS) -> None:
        """Know of nothing. ``totals`` of posts are looked at whenever a segment is made."""
        self._totals = totals
        self.ads: dict[int, AdWord] = {}
        self.posts: dict[int, PostWord] = {}
        self._middle: Piece | None = None
        self._in_middle: set[int] = set()
        self._small: Piece | None = None
        self._in_small: set[int] = set()
        self._is_small_old = False

    def take(self, deltas: Iterable[SnapshotDelta], *, after_version: int) -> bool:
        """Take deltas in, in their order; tells whether any is of a post. Raises: msgspec.MsgspecError.

        What stands for an earlier version than the snapshot of ``after_version`` is in that snapshot.
        """
        has_posts = False
        for delta in deltas:
            if delta.version < after_version:
                continue
            if delta.kind in {DeltaKind.AD, DeltaKind.AD_GONE}:
                ad = decode_ad(delta.body) if delta.kind is DeltaKind.AD else None
                self.ads[delta.object_id] = AdWord(delta.number, delta.version, ad)
                self._in_small.add(delta.object_id)
                self._is_small_old = True
            else:
                post = decode_post(delta.body) if delta.kind is DeltaKind.POST else None
                self.posts[delta.object_id] = PostWord(delta.number, delta.version, post)
                has_posts = True
        return has_posts

    def drop_upto(self, number: int) -> None:
        """Forget what a snapshot that holds every delta up to ``number`` says by itself."""
        self.ads = {key: word for key, word in self.ads.items() if word.number > number}
        self.posts = {key: word for key, word in self.posts.items() if word.number > number}
        self.make_all_again()

    def make_all_again(self) -> None:
        """Have both segments made anew, as for another model."""
        self._middle = self._small = None
        self._in_middle.clear()
        self._in_small = set(self.ads)
        self._is_small_old = True

    def pieces(self, model: Model) -> list[Piece]:
        """Return the segments, the larger first. Cost: some 60 µs an ad of those that are made anew."""
        if len(self._in_small) > SMALL:
            self._in_middle |= self._in_small
            self._middle = self._piece(self._in_middle, model)
            self._small, self._in_small, self._is_small_old = None, set(), False
        if self._is_small_old:
            self._small = self._piece(self._in_small, model)
            self._is_small_old = False
        return [piece for piece in (self._middle, self._small) if piece is not None]

    def replaced(self) -> list[tuple[Piece, set[int]]]:
        """Return which ads of the middle segment the small one holds in a later form, or knows to be gone."""
        return [] if self._middle is None else [(self._middle, self._in_small)]

    def _piece(self, ad_ids: Iterable[int], model: Model) -> Piece | None:
        words = [self.ads[ad_id] for ad_id in ad_ids]
        records = [(word.version, word.ad) for word in words if word.ad is not None]
        return piece_of(records, model, self._totals) if records else None
