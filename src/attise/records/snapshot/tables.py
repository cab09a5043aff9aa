"""Which facts of ads, groups and posts are arrays: what serving asks of many at once.

Tables of a file, by name; a place is a row's number within its table.

- ``ads``: by rising id. ``group``, ``post`` (-1: none) and ``terms`` are places; ``grant_id`` 0: none. Between
  ``opens_at_ms`` and ``closes_at_ms`` (exclusive) grant and creator let it run; its group's schedule is another matter.
- ``groups``: one per ad group. ``dayparting`` and each of ``behaviours`` are places.
- ``posts``: those of the organic feed and those that only ads show (``is_organic`` 0).
- ``terms``, ``behaviours``, ``dayparts``: what many share, once; the first daypart is *always*, the first terms are
  those of an ad without a grant.

Where nothing is set: -1 for amounts, ``NEVER`` for ends, 0 for ids and counts, the empty word for texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.snapshot.columns import WORD, Table, Words
from attise.records.snapshot.shapes import DAYPARTING_BYTES, SnapshotAd, SnapshotGroup, SnapshotPost
from attise.records.targeting import Behaviour
from attise.records.terms import Terms

NEVER: Final = (1 << 63) - 1
"""The end of what has none."""
NOT_SET: Final = -1

BUDGET_OPTIMIZE_ON, COMMENT_DISABLED, SHARE_DISABLED, DOWNLOAD_DISABLED = 1, 2, 4, 8
"""Bits of ``groups.flags``."""
ADS_ONLY, ALLOW_COMMENTS, ALLOW_DUET, ALLOW_STITCH, PARTNERSHIP = 1, 2, 4, 8, 16
"""Bits of ``posts.flags``."""

ADS: Final = {
    "ad_id": "<i8",
    "group": "<u4",
    "post": "<i4",
    "kind": WORD,
    "duration_ms": "<i4",
    "grant_id": "<i8",
    "opens_at_ms": "<i8",
    "closes_at_ms": "<i8",
    "grant_envelope_id": "<i8",
    "terms": "<u4",
    "identity_key": "<i8",
    "payload": "<u8",
}
GROUPS: Final = {
    "adgroup_id": "<i8",
    "campaign_id": "<i8",
    "advertiser_id": "<i8",
    "currency": WORD,
    "timezone": WORD,
    "category": WORD,
    "category_gate": WORD,
    "objective": WORD,
    "optimization_goal": WORD,
    "billing_event": WORD,
    "bid_type": WORD,
    "bid_micros": "<i8",
    "conversion_bid_micros": "<i8",
    "pacing": WORD,
    "campaign_budget_mode": WORD,
    "campaign_budget_micros": "<i8",
    "budget_mode": WORD,
    "budget_micros": "<i8",
    "starts_at_ms": "<i8",
    "ends_at_ms": "<i8",
    "dayparting": "<u4",
    "frequency": "<u4",
    "frequency_days": "<u2",
    "gender": WORD,
    "followers": WORD,
    "device_price_least": "<i4",
    "device_price_most": "<i4",
    "brand_safety_type": WORD,
    "campaign_envelope_id": "<i8",
    "campaign_week_envelope_id": "<i8",
    "envelope_id": "<i8",
    "week_envelope_id": "<i8",
    "balance_envelope_id": "<i8",
    "fee_ppm": "<u4",
    "holdout_ppm": "<u4",
    "split_id": "<i8",
    "split_side": "<u1",
    "flags": "<u1",
    "payload": "<u8",
}
GROUP_LISTS: Final = {
    "locations": "<u4",
    "languages": WORD,
    "age_groups": WORD,
    "operating_systems": WORD,
    "interests": "<u4",
    "behaviours": "<u4",
    "audiences": "<i8",
    "excluded_audiences": "<i8",
    "special_industries": WORD,
}
POSTS: Final = {
    "post_id": "<i8",
    "creator_id": "<i8",
    "published_at_ms": "<i8",
    "duration_ms": "<i4",
    "format": WORD,
    "visibility": WORD,
    "category": WORD,
    "language": WORD,
    "country": WORD,
    "circle": "<u1",
    "is_organic": "<u1",
    "flags": "<u1",
    "payload": "<u8",
}
TERMS: Final = {"spend_cap_micros": "<i8", "currency": WORD, "share_ppm": "<u4", "fee_micros": "<i8"}
TERMS_LISTS: Final = {"countries": WORD, "refused_objectives": WORD, "refused_categories": WORD}
LATER: Final = dict.fromkeys(("groups.holdout_ppm", "groups.split_id", "groups.split_side"), "groups.adgroup_id")
"""Columns that came after files were written without them, and that are all zeros there: as long as another column."""
BEHAVIOURS: Final = {"scene": WORD, "period_days": "<u2"}
BEHAVIOUR_LISTS: Final = {"category_ids": "<u4", "actions": WORD}


class Tables:
    """The arrays of one version in the making; groups and posts are told apart by their ids, so all must be of it."""

    def __init__(self) -> None:
        """Begin empty, with the terms of no grant and the daypart that is always."""
        self.words = Words()
        self.ads = Table("ads", ADS)
        self.groups = Table("groups", GROUPS, GROUP_LISTS)
        self.posts = Table("posts", POSTS)
        self.terms = Table("terms", TERMS, TERMS_LISTS)
        self.behaviours = Table("behaviours", BEHAVIOURS, BEHAVIOUR_LISTS)
        self._place_of_group: dict[int, int] = {}
        self._place_of_post: dict[int, int] = {}
        self._place_of_terms: dict[Terms, int] = {}
        self._place_of_behaviour: dict[Behaviour, int] = {}
        self._dayparts: dict[bytes, int] = {bytes([255]) * DAYPARTING_BYTES: 0}
        self._add_terms(Terms())

    def has_group(self, adgroup_id: int) -> bool:
        """Tell whether a group is in already."""
        return adgroup_id in self._place_of_group

    def has_post(self, post_id: int) -> bool:
        """Tell whether a post is in already."""
        return post_id in self._place_of_post

    def add_post(self, post: SnapshotPost, payload: int) -> int:
        """Add a post whose payload lies at ``payload``; returns its place."""
        word = self.words.number_of
        flags = (
            (post.ads_only and ADS_ONLY)
            | (post.allow_comments and ALLOW_COMMENTS)
            | (post.allow_duet and ALLOW_DUET)
            | (post.allow_stitch and ALLOW_STITCH)
            | (post.partnership and PARTNERSHIP)
        )
        place = self.posts.add(
            (
                post.post_id,
                post.creator_id,
                post.published_at_ms,
                post.media.duration_ms,
                word(post.format),
                word(post.visibility),
                word(post.category),
                word(post.language),
                word(post.country),
                post.circle,
                post.is_organic,
                flags,
                payload,
            )
        )
        self._place_of_post[post.post_id] = place
        return place

    def add_group(self, group: SnapshotGroup, payload: int) -> int:
        """Add an ad group whose payload lies at ``payload``; returns its place."""
        word, words = self.words.number_of, self.words.numbers_of
        aim = group.targeting
        flags = (
            (group.budget_optimize_on and BUDGET_OPTIMIZE_ON)
            | (group.comment_disabled and COMMENT_DISABLED)
            | (group.share_disabled and SHARE_DISABLED)
            | (group.video_download_disabled and DOWNLOAD_DISABLED)
        )
        place = self.groups.add(
            (
                group.adgroup_id,
                group.campaign_id,
                group.advertiser_id,
                word(group.currency),
                word(group.timezone),
                word(group.category),
                word(group.category_gate),
                word(group.objective),
                word(group.optimization_goal),
                word(group.billing_event),
                word(group.bid_type),
                _amount(group.bid_micros),
                _amount(group.conversion_bid_micros),
                word(group.pacing),
                word(group.campaign_budget_mode),
                _amount(group.campaign_budget_micros),
                word(group.budget_mode),
                _amount(group.budget_micros),
                group.starts_at_ms,
                _end(group.ends_at_ms),
                self._daypart_of(group.dayparting),
                group.frequency,
                group.frequency_days,
                word(aim.gender),
                word(aim.followers),
                _amount(aim.device_price_least),
                _amount(aim.device_price_most),
                word(group.brand_safety_type),
                group.campaign_envelope_id,
                group.campaign_week_envelope_id,
                group.envelope_id,
                group.week_envelope_id,
                group.balance_envelope_id,
                group.fee_ppm,
                group.holdout_ppm,
                group.split_id,
                group.split_side,
                flags,
                payload,
            ),
            (
                aim.locations,
                words(aim.languages),
                words(aim.age_groups),
                words(aim.operating_systems),
                aim.interests,
                [self._behaviour_of(behaviour) for behaviour in aim.behaviours],
                aim.audiences,
                aim.excluded_audiences,
                words(group.special_industries),
            ),
        )
        self._place_of_group[group.adgroup_id] = place
        return place

    def add_ad(self, ad: SnapshotAd, payload: int) -> int:
        """Add an ad whose group and post are in already; returns its place."""
        grant, video = ad.grant, ad.video
        return self.ads.add(
            (
                ad.creative.ad_id,
                self._place_of_group[ad.group.adgroup_id],
                NOT_SET if ad.post is None else self._place_of_post[ad.post.post_id],
                self.words.number_of(ad.creative.kind),
                0 if video is None else video.duration_ms,
                0 if grant is None else grant.grant_id,
                ad.opens_at_ms,
                NEVER if grant is None else _end(grant.ends_at_ms),
                0 if grant is None else grant.envelope_id,
                0 if grant is None else self._terms_of(grant.terms),
                ad.creative.identity_key,
                payload,
            )
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by its name."""
        found: dict[str, NDArray[Any]] = {}
        for table in (self.ads, self.groups, self.posts, self.terms, self.behaviours):
            found.update(table.arrays())
        whole = np.frombuffer(b"".join(self._dayparts), dtype="<u1")
        found["dayparts.bits"] = whole.reshape(len(self._dayparts), DAYPARTING_BYTES)
        return found

    def _terms_of(self, terms: Terms) -> int:
        place = self._place_of_terms.get(terms)
        return self._add_terms(terms) if place is None else place

    def _add_terms(self, terms: Terms) -> int:
        word, words = self.words.number_of, self.words.numbers_of
        place = self.terms.add(
            (_amount(terms.spend_cap_micros), word(terms.currency or ""), terms.share_ppm, terms.fee_micros),
            (words(terms.countries), words(terms.refused_objectives), words(terms.refused_categories)),
        )
        self._place_of_terms[terms] = place
        return place

    def _behaviour_of(self, behaviour: Behaviour) -> int:
        place = self._place_of_behaviour.get(behaviour)
        if place is None:
            place = self.behaviours.add(
                (self.words.number_of(behaviour.scene), behaviour.period_days),
                (behaviour.category_ids, self.words.numbers_of(behaviour.actions)),
            )
            self._place_of_behaviour[behaviour] = place
        return place

    def _daypart_of(self, bits: bytes) -> int:
        return self._dayparts.setdefault(bits, len(self._dayparts)) if bits else 0


def names() -> Iterable[str]:
    """Return the name of every array that this release writes."""
    return Tables().arrays()


def _amount(value: int | None) -> int:
    return NOT_SET if value is None else value


def _end(moment_ms: int | None) -> int:
    return NEVER if moment_ms is None else moment_ms
