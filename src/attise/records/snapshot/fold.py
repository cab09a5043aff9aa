"""What may run, from a snapshot, the deltas after it and the stops since: the one rule of laying them over each other.

A record stands for the version that it was read at. So of two the later one holds, whatever the order they come in; a
snapshot speaks for everything at its own version, the absence of an ad included; and a stop beats every record of
before, for ever, and none of after. Serving keeps the same in arrays and bits; this is the plain form, for one ad at a
time and for checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

from attise.records.change import Change, ChangeKind
from attise.records.snapshot.deltas import DeltaKind, SnapshotDelta
from attise.records.snapshot.shapes import SnapshotAd, SnapshotPost, decode_ad, decode_post

Record = TypeVar("Record", SnapshotAd, SnapshotPost)


def _grant_id(ad: SnapshotAd) -> int:
    return 0 if ad.grant is None else ad.grant.grant_id


AD_STANDS_ON: Final[dict[ChangeKind, Callable[[SnapshotAd], int]]] = {
    ChangeKind.AD_STOPPED: lambda ad: ad.creative.ad_id,
    ChangeKind.ADGROUP_STOPPED: lambda ad: ad.group.adgroup_id,
    ChangeKind.CAMPAIGN_STOPPED: lambda ad: ad.group.campaign_id,
    ChangeKind.ADVERTISER_STOPPED: lambda ad: ad.group.advertiser_id,
    ChangeKind.GRANT_STOPPED: _grant_id,
    ChangeKind.ACCOUNT_ACCESS_STOPPED: _grant_id,
    ChangeKind.IDENTITY_STOPPED: lambda ad: ad.creative.identity_key,
    ChangeKind.POST_STOPPED: lambda ad: 0 if ad.post is None else ad.post.post_id,
    ChangeKind.CREATOR_STOPPED: lambda ad: 0 if ad.post is None else ad.post.creator_id,
}
"""By kind of stop, which object of an ad's it must name to stop the ad; 0: the ad has none."""
POST_STANDS_ON: Final[dict[ChangeKind, Callable[[SnapshotPost], int]]] = {
    ChangeKind.POST_STOPPED: lambda post: post.post_id,
    ChangeKind.CREATOR_STOPPED: lambda post: post.creator_id,
}


class _Kept(Generic[Record]):
    """The records of one sort, each with the version it stands for."""

    def __init__(self, base_version: int) -> None:
        self._base_version = base_version
        self._records: dict[int, tuple[int, Record | None]] = {}

    def put(self, object_id: int, version: int, record: Record | None) -> None:
        """Keep a record, or that there is none, unless something later is known."""
        known = self._records.get(object_id)
        if version >= (self._base_version if known is None else known[0]):
            self._records[object_id] = (version, record)

    def items(self) -> Iterable[tuple[int, int, Record]]:
        """Yield id, version and record of all that are there."""
        return ((key, version, record) for key, (version, record) in self._records.items() if record is not None)


class Fold:
    """A snapshot with what came after it."""

    def __init__(self, version: int, ads: Iterable[SnapshotAd] = (), posts: Iterable[SnapshotPost] = ()) -> None:
        """Begin with the snapshot of ``version``."""
        self._ads: _Kept[SnapshotAd] = _Kept(version)
        self._posts: _Kept[SnapshotPost] = _Kept(version)
        self._stops: dict[tuple[ChangeKind, int], int] = {}
        for ad in ads:
            self._ads.put(ad.ad_id, version, ad)
        for post in posts:
            self._posts.put(post.post_id, version, post)

    def apply(self, delta: SnapshotDelta) -> None:
        """Lay one delta over what is there."""
        if delta.kind is DeltaKind.AD:
            self._ads.put(delta.object_id, delta.version, decode_ad(delta.body))
        elif delta.kind is DeltaKind.AD_GONE:
            self._ads.put(delta.object_id, delta.version, None)
        elif delta.kind is DeltaKind.POST:
            self._posts.put(delta.object_id, delta.version, decode_post(delta.body))
        else:
            self._posts.put(delta.object_id, delta.version, None)

    def stop(self, change: Change) -> None:
        """Heed one change; only those that stop something do anything here."""
        if change.kind in AD_STANDS_ON:
            key = (change.kind, change.object_id)
            self._stops[key] = max(change.version, self._stops.get(key, 0))

    def ads(self) -> dict[int, SnapshotAd]:
        """Return, by id, the ads that nothing has stopped; whether they run now is for the clock and the budgets."""
        return {key: ad for key, version, ad in self._ads.items() if not self._is_stopped(AD_STANDS_ON, ad, version)}

    def posts(self) -> dict[int, SnapshotPost]:
        """Return, by id, the posts of the organic feed that nothing has stopped."""
        return {
            key: post
            for key, version, post in self._posts.items()
            if not self._is_stopped(POST_STANDS_ON, post, version)
        }

    def _is_stopped(self, stands_on: dict[ChangeKind, Callable[[Record], int]], record: Record, version: int) -> bool:
        return any(self._stops.get((kind, of(record)), 0) > version for kind, of in stands_on.items())
