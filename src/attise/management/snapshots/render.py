"""From rows to records: an ad with everything it needs, many at once.

Reads through each room's own queries, some columns of each, in lists: so a hundred thousand ads are a few hundred
statements. Used within ``outbox.queries.at_one_version``, so that all that is read belongs together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from attise.kernel.limits import DELTA_LIFE_MS
from attise.kernel.means import Means
from attise.ledger.queries import ids_of_envelopes
from attise.management.accounts import queries as accounts
from attise.management.accounts.payer import payer_of
from attise.management.accounts.views import AdvertiserView
from attise.management.authorizations.coverage import Cover, Use, covers_of
from attise.management.authorizations.rules import State
from attise.management.campaigns import runnable
from attise.management.campaigns.runnable import RunnableAd, RunnableCampaign, RunnableGroup
from attise.management.library import shown
from attise.management.policy.queries import get_policy
from attise.management.posts import showable
from attise.records.lookups import categories
from attise.records.snapshot.shapes import (
    SnapshotAd,
    SnapshotCreative,
    SnapshotGrant,
    SnapshotGroup,
    SnapshotMedia,
    SnapshotPost,
)

ADS_AT_ONCE = 1_000
KEPT = 50_000
"""Ad groups, and posts, kept from one list of ads to the next."""


class Renderer:
    """Renders ads and posts as of one moment; keeps what many ads share, so it must not outlive that moment."""

    def __init__(self, means: Means) -> None:
        """Render as of ``means``'s world time."""
        self._means = means
        self._now_ms = means.clock.world_ms()
        self._over_ms = self._now_ms - DELTA_LIFE_MS
        self._fee_ppm = get_policy().fee_ppm
        self._groups: dict[int, SnapshotGroup | None] = {}
        self._payers: dict[int, tuple[AdvertiserView, int]] = {}
        self._posts: dict[int, SnapshotPost | None] = {}

    def posts(self, post_ids: Sequence[int]) -> dict[int, SnapshotPost]:
        """Return those of some posts that the organic feed may show, by id. Cost: one query."""
        found = showable.find_showable(post_ids, now_ms=self._now_ms)
        return {post_id: post for post_id, post in found.items() if post.is_organic}

    def all_posts(self) -> Iterator[SnapshotPost]:
        """Yield every post of the organic feed, by rising id. Cost: one query a thousand posts."""
        after: int | None = 0
        while after is not None:
            page = showable.page_organic(after=after, limit=ADS_AT_ONCE, now_ms=self._now_ms)
            if len(self._posts) + len(page.items) <= KEPT:
                self._posts.update((post.post_id, post) for post in page.items)  # ads will ask for them
            yield from page.items
            after = page.after

    def ads(self, ad_ids: Sequence[int]) -> dict[int, SnapshotAd]:
        """Return those of some ads that may run, by id. Cost: at most ten queries, whatever the number."""
        return {ad.ad_id: ad for ad in self._resolve(runnable.find_runnable(ad_ids))}

    def all_ads(self) -> Iterator[SnapshotAd]:
        """Yield every ad that may run, by rising id. Cost: at most ten queries a thousand ads."""
        after = 0
        while page := runnable.page_runnable(after=after, limit=ADS_AT_ONCE):
            yield from self._resolve(page)
            after = page[-1].id

    def _resolve(self, rows: Sequence[RunnableAd]) -> Iterator[SnapshotAd]:
        if not rows:
            return
        self._bring_groups({row.adgroup_id for row in rows})
        self._bring_posts({row.post_id for row in rows if row.post_id is not None})
        uses = {row.id: _use_of(row) for row in rows if self._shown(row) is not None}
        covers = covers_of(self._means, uses.values())
        library = _Library.of(rows)
        for row in rows:
            group = self._groups[row.adgroup_id]
            if group is None or not self._goes_on(group.ends_at_ms):
                continue
            if row.kind == "standard":
                creative = library.standard(row)
                if creative is not None:
                    yield SnapshotAd(creative, group, None, None)
                continue
            post = self._shown(row)
            cover = None if post is None else covers.get(uses[row.id])
            if cover is not None and self._is_covered(row, cover):
                yield SnapshotAd(library.spark(row, cover), group, _grant(cover), post)

    def _shown(self, row: RunnableAd) -> SnapshotPost | None:
        """Return the post that an ad may show, None where it shows none or may not."""
        post = None if row.kind == "standard" or row.post_id is None else self._posts[row.post_id]
        return post if post is not None and post.may_be_advertised else None

    def _goes_on(self, ends_at_ms: int | None) -> bool:
        """Tell whether something is not over, or not for long: whoever asks about an ad of yesterday finds it."""
        return ends_at_ms is None or ends_at_ms > self._over_ms

    def _is_covered(self, row: RunnableAd, cover: Cover) -> bool:
        """Tell whether a grant opens the post to this ad, its end and its terms for spending apart."""
        if not cover.is_held or cover.state is State.REVOKED or not self._goes_on(cover.live_until_ms):
            return False
        if cover.terms.approve_each_ad and row.creator_word != "approved":
            return False
        if cover.kind == "post":
            return True
        asked = {"new_posts", "new_posts_ads_only"} if row.kind == "push" else {"existing_posts"}
        return bool(cover.permissions & asked)

    def _bring_groups(self, adgroup_ids: Collection[int]) -> None:
        """Have the ad groups at hand; None where nothing of theirs may run."""
        _make_room(self._groups, adgroup_ids)
        missing = [adgroup_id for adgroup_id in adgroup_ids if adgroup_id not in self._groups]
        rows = runnable.find_groups(missing)
        self._groups.update(dict.fromkeys(missing))
        self._bring_payers({row.advertiser_id for row, _ in rows.values()})
        for row, campaign in rows.values():
            payer, balance_id = self._payers[row.advertiser_id]
            may_run = _may_advertise(payer)
            self._groups[row.id] = _group(row, campaign, payer, balance_id, self._fee_ppm) if may_run else None

    def _bring_posts(self, post_ids: Collection[int]) -> None:
        """Have posts at hand; None where one may not be shown."""
        _make_room(self._posts, post_ids)
        missing = [post_id for post_id in post_ids if post_id not in self._posts]
        self._posts.update(dict.fromkeys(missing))
        self._posts.update(showable.find_showable(missing, now_ms=self._now_ms))

    def _bring_payers(self, advertiser_ids: Iterable[int]) -> None:
        """Have accounts at hand, with the envelopes of their balances (0: none was opened)."""
        missing = [advertiser_id for advertiser_id in advertiser_ids if advertiser_id not in self._payers]
        if missing:
            balances = ids_of_envelopes(map(payer_of, missing))
            for payer in accounts.list_advertisers(missing):
                self._payers[payer.id] = (payer, balances.get(payer_of(payer.id), 0))


def _make_room(kept: dict[int, Any], wanted: Collection[int]) -> None:
    """Let go of what is kept and not wanted, where it would become too much."""
    if len(kept) + len(wanted) > KEPT:
        for key in kept.keys() - set(wanted):
            del kept[key]


def _use_of(row: RunnableAd) -> Use:
    return Use(row.advertiser_id, row.identity_id, row.post_id)


def _may_advertise(payer: AdvertiserView) -> bool:
    """Tell whether an account may run ads at all, as far as it itself says: enabled, labelled, not of a banned sort."""
    is_named = bool(payer.company and payer.payer_name)
    return payer.status == "STATUS_ENABLE" and is_named and _gate_of(payer) != "banned"


def _gate_of(payer: AdvertiserView) -> str:
    category = categories.find(payer.category)
    return "none" if category is None else category.gate


def _group(
    row: RunnableGroup, campaign: RunnableCampaign, payer: AdvertiserView, balance_id: int, fee_ppm: int
) -> SnapshotGroup:
    side = row if row.split_id is not None else campaign
    return SnapshotGroup(
        advertiser_id=payer.id,
        business_center_id=payer.business_center_id,
        currency=payer.currency,
        timezone=payer.timezone,
        category=payer.category,
        category_gate=_gate_of(payer),
        on_behalf_of=payer.company,
        paid_by=payer.payer_name,
        campaign_id=campaign.id,
        objective=campaign.objective_type,
        special_industries=tuple(campaign.special_industries),
        budget_optimize_on=campaign.budget_optimize_on,
        campaign_budget_mode=campaign.budget_mode,
        campaign_budget_micros=campaign.budget_micros,
        adgroup_id=row.id,
        promotion_type=row.promotion_type,
        placements=tuple(row.placements),
        optimization_goal=row.optimization_goal,
        optimization_event=row.optimization_event,
        billing_event=row.billing_event,
        bid_type=row.bid_type,
        bid_micros=row.bid_micros,
        conversion_bid_micros=row.conversion_bid_micros,
        pacing=row.pacing,
        budget_mode=row.budget_mode,
        budget_micros=row.budget_micros,
        starts_at_ms=row.starts_at_ms,
        ends_at_ms=row.ends_at_ms,
        dayparting=pack_dayparting(row.dayparting),
        frequency=row.frequency or 0,
        frequency_days=row.frequency_days or 0,
        click_window=row.click_window,
        view_window=row.view_window,
        engaged_view_window=row.engaged_view_window,
        attribution_event_count=row.attribution_event_count,
        pixel_id=row.pixel_id or 0,
        app_id=row.app_id or 0,
        comment_disabled=row.comment_disabled,
        share_disabled=row.share_disabled,
        video_download_disabled=row.video_download_disabled,
        brand_safety_type=row.brand_safety_type,
        targeting=row.audience,
        campaign_envelope_id=campaign.envelope_id or 0,
        campaign_week_envelope_id=campaign.week_envelope_id or 0,
        envelope_id=row.envelope_id or 0,
        week_envelope_id=row.week_envelope_id or 0,
        balance_envelope_id=balance_id,
        fee_ppm=fee_ppm,
        holdout_ppm=campaign.holdout_ppm,
        split_id=side.split_id or 0,
        split_side=side.split_side,
    )


def pack_dayparting(half_hours: str) -> bytes:
    """Return 336 signs of 0 and 1 as bits, the first sign the highest of the first byte; no sign is always, no byte."""
    return int(half_hours, 2).to_bytes(len(half_hours) // 8, "big") if half_hours else b""


def _grant(cover: Cover) -> SnapshotGrant:
    return SnapshotGrant(
        grant_id=cover.authorization_id,
        kind=cover.kind,
        starts_at_ms=cover.starts_at_ms,
        ends_at_ms=cover.live_until_ms,
        terms=cover.terms,
        terms_version=cover.terms_version,
        envelope_id=cover.envelope_id or 0,
    )


@dataclass(frozen=True, slots=True)
class _Library:
    """The files and names that some ads show beside posts."""

    videos: dict[int, SnapshotMedia]
    images: dict[str, SnapshotMedia]
    names: dict[int, shown.ShownName]

    @classmethod
    def of(cls, rows: Sequence[RunnableAd]) -> _Library:
        """Bring what some ads show. Cost: at most three queries."""
        return cls(
            shown.find_videos({row.video_id for row in rows if row.kind == "standard" and row.video_id}),
            shown.find_images({image_id for row in rows for image_id in row.image_ids}),
            shown.find_names({row.custom_identity_id for row in rows if row.custom_identity_id}),
        )

    def standard(self, row: RunnableAd) -> SnapshotCreative | None:
        """Return a standard ad's creative; None when its name or what it shows is not there any more."""
        name = self.names.get(row.custom_identity_id or 0)
        video = self.videos.get(row.video_id or 0)
        images = self._images_of(row)
        if name is None or (video is None and not images):
            return None
        return _creative(row, row.custom_identity_id or 0, name.display_name, name.picture, video, images)

    def spark(self, row: RunnableAd, cover: Cover) -> SnapshotCreative:
        """Return the creative of an ad that shows a post."""
        return _creative(row, cover.identity_key, "", None, None, self._images_of(row))

    def _images_of(self, row: RunnableAd) -> tuple[SnapshotMedia, ...]:
        return tuple(self.images[image_id] for image_id in row.image_ids if image_id in self.images)


def _creative(
    row: RunnableAd,
    identity_key: int,
    display_name: str,
    picture: SnapshotMedia | None,
    video: SnapshotMedia | None,
    images: tuple[SnapshotMedia, ...],
) -> SnapshotCreative:
    return SnapshotCreative(
        ad_id=row.id,
        kind=row.kind,
        identity_type=row.identity_type,
        identity_id=row.identity_id,
        identity_key=identity_key,
        display_name=display_name,
        picture=picture,
        video=video,
        images=images,
        ad_format=row.ad_format,
        ad_text=row.ad_text,
        call_to_action=row.call_to_action,
        landing_page_url=row.landing_page_url,
        deeplink=row.deeplink,
        deeplink_type=row.deeplink_type,
        utm_params=row.utm_params,
        impression_tracking_url=row.impression_tracking_url,
        click_tracking_url=row.click_tracking_url,
        tracking_pixel_id=row.tracking_pixel_id or 0,
        tracking_app_id=row.tracking_app_id or 0,
        dark_post=row.dark_post,
        music_disabled=row.music_disabled,
        duet_allowed=row.duet_allowed,
        stitch_allowed=row.stitch_allowed,
        creator_word=row.creator_word,
        creative_version=row.creative_version,
    )
