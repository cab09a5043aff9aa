"""What a change may have altered: which objects to look at again. Pure.

A source is a sort of object and its id: ``ad``, or what an ad belongs to, shows or stands on (``campaigns.runnable``),
or for posts ``post`` and ``creator``. Loud sources tell of an object that may not run any more; the others, which come
of stops, tell only what runs in spite of them, since decision processes have heeded the stop by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from attise.records.change import Change, ChangeKind

Source = tuple[str, int]


@dataclass
class Touched:
    """Sources of ads and of posts, each loud or not."""

    ads: dict[Source, bool] = field(default_factory=dict)
    posts: dict[Source, bool] = field(default_factory=dict)

    def look_at_ads(self, sort: str, object_id: object, *, is_loud: bool) -> None:
        """Add a source of ads; an id that a change does not say (None) is none."""
        _add(self.ads, sort, object_id, is_loud=is_loud)

    def look_at_posts(self, sort: str, object_id: object, *, is_loud: bool) -> None:
        """Add a source of posts."""
        _add(self.posts, sort, object_id, is_loud=is_loud)


def _add(sources: dict[Source, bool], sort: str, object_id: object, *, is_loud: bool) -> None:
    if isinstance(object_id, int):
        sources[sort, object_id] = is_loud or sources.get((sort, object_id), False)


_OWNERS = {
    ChangeKind.ADVERTISER_CHANGED: ("advertiser", True),
    ChangeKind.CAMPAIGN_CHANGED: ("campaign", True),
    ChangeKind.ADGROUP_CHANGED: ("adgroup", True),
    ChangeKind.AD_CHANGED: ("ad", True),
    ChangeKind.AD_STOPPED: ("ad", False),
}
_GRANTS = {
    ChangeKind.GRANT_CHANGED: True,
    ChangeKind.ACCOUNT_ACCESS_CHANGED: True,
    ChangeKind.IDENTITY_CHANGED: True,
    ChangeKind.GRANT_STOPPED: False,
    ChangeKind.ACCOUNT_ACCESS_STOPPED: False,
    ChangeKind.IDENTITY_STOPPED: False,
}


def touched_by(changes: Iterable[Change]) -> Touched:
    """Return what some changes may have altered.

    A post that stopped for one reader may go on for another (what everyone saw is now for followers), an ad whose grant
    stopped may stand on another grant of the same post, and one that waited for its creator's word may not need it any
    more: so these are looked at, and told of if they run.
    """
    found = Touched()
    for change in changes:
        kind, object_id = change.kind, change.object_id
        if kind in _OWNERS:
            sort, is_loud = _OWNERS[kind]
            found.look_at_ads(sort, object_id, is_loud=is_loud)
        elif kind in _GRANTS:
            touch_grant(found, change.body.get("post_id"), change.body.get("creator_id"), is_loud=_GRANTS[kind])
        elif kind is ChangeKind.POST_CHANGED:
            found.look_at_posts("post", object_id, is_loud=True)
            found.look_at_ads("post", object_id, is_loud=True)
        elif kind is ChangeKind.POST_STOPPED:
            found.look_at_posts("post", object_id, is_loud=False)
        elif kind is ChangeKind.FEE_CHANGED:
            found.look_at_ads("house", object_id, is_loud=False)
        elif kind is ChangeKind.CREATOR_CHANGED:
            found.look_at_posts("creator", object_id, is_loud=True)
            found.look_at_ads("creator", object_id, is_loud=True)
    return found


def touch_grant(found: Touched, post_id: object, creator_id: object, *, is_loud: bool) -> None:
    """Add the ads that a grant may open: those of its post, or of its creator where it is an account's."""
    if post_id is None:
        found.look_at_ads("creator", creator_id, is_loud=is_loud)
    else:
        found.look_at_ads("post", post_id, is_loud=is_loud)
