"""One ad and one organic post as serving needs them, with nothing left to look up.

Facts, never verdicts: a schedule, a grant's end, an envelope or a creator's terms are carried as they stand and judged
at the moment of a decision. Amounts are micros of ``SnapshotGroup.currency``; times are world time in epoch
milliseconds; 0 or None where something is not there, as said. Encoded as arrays, without names: a field is added at the
end, with a default, and none is ever moved or removed.
"""

from __future__ import annotations

import msgspec

from attise.records.targeting import Targeting
from attise.records.terms import Terms

DAYPARTING_BYTES = 42
"""336 half hours from Monday 00:00 in the advertiser's zone, the first one the highest bit of the first byte."""


class SnapshotPicture(msgspec.Struct, frozen=True, array_like=True):
    """A further picture of a carousel, under the key of the first."""

    file_name: str
    width: int
    height: int


class SnapshotMedia(msgspec.Struct, frozen=True, array_like=True):
    """A stored file, as links are made to it (``records.media_link``), or a host's own (``source_url``)."""

    key: str
    file_name: str
    kind: str
    """``video`` or ``image``."""
    has_cover: bool
    source_url: str
    duration_ms: int
    width: int
    height: int
    others: tuple[SnapshotPicture, ...] = ()
    """Of a carousel: its pictures after the first, in their order."""


class SnapshotPost(msgspec.Struct, frozen=True, array_like=True):
    """A post that may be shown: in the organic feed, in ads, or both."""

    post_id: int
    creator_id: int
    handle: str
    display_name: str
    country: str
    """Of the creator, ISO 3166-1 alpha-2; empty when not told."""
    language: str
    """Of the creator, ISO 639-1; empty when not told."""
    format: str
    of_post_id: int | None
    caption: str
    visibility: str
    """``public``, ``followers`` or ``private``."""
    ads_only: bool
    sound: str
    tags: tuple[str, ...]
    category: str
    allow_comments: bool
    allow_duet: bool
    allow_stitch: bool
    partnership: bool
    """Whether *Collaboration commerciale* is shown."""
    published_at_ms: int
    media: SnapshotMedia
    circle: int = 0
    """Always 0: totals tell it (``records.totals.PostCircle``). It stays because rows are read by their places."""
    adult_from_ms: int = 0
    """When a creator who is a minor comes of age: no ad shows the post before. 0: nothing against it is known."""
    is_retouched: bool = False
    """As its creator says of what they publish; told beside an ad."""
    is_ai_generated: bool = False

    @property
    def is_organic(self) -> bool:
        """Whether the feed may show it by itself, to everyone or to the creator's followers."""
        return not self.ads_only and self.visibility in {"public", "followers"}

    @property
    def may_be_advertised(self) -> bool:
        """Whether an ad may show it: what everyone may see, and what is shown in ads alone."""
        return self.ads_only or self.visibility == "public"


class SnapshotGrant(msgspec.Struct, frozen=True, array_like=True):
    """The grant that a Spark or push ad stands on, and its terms."""

    grant_id: int
    """Of the authorization: a post's or an account's."""
    kind: str
    """``post``, ``account`` or ``own``."""
    starts_at_ms: int
    ends_at_ms: int | None
    """Exact: no decision at or after it. None: until somebody ends it."""
    terms: Terms
    terms_version: int
    envelope_id: int = 0
    """Of the creator's spending cap; 0: there is none."""


class SnapshotGroup(msgspec.Struct, frozen=True, array_like=True):
    """An ad group, with its campaign and its advertiser."""

    advertiser_id: int
    business_center_id: int
    currency: str
    timezone: str
    """IANA name: budget days and dayparting are cut in it."""
    category: str
    category_gate: str
    """Of ``records.lookups.categories``: ``none``, ``review``, ``adult_only`` or ``banned``."""
    on_behalf_of: str
    """Whose ad it is, for the label."""
    paid_by: str
    campaign_id: int
    objective: str
    special_industries: tuple[str, ...]
    budget_optimize_on: bool
    campaign_budget_mode: str
    campaign_budget_micros: int | None
    adgroup_id: int
    promotion_type: str
    placements: tuple[str, ...]
    optimization_goal: str
    optimization_event: str
    billing_event: str
    bid_type: str
    bid_micros: int | None
    """Per 1,000 impressions, per click or per view, by the billing event; None: maximum delivery."""
    conversion_bid_micros: int | None
    """The target cost per result."""
    pacing: str
    budget_mode: str
    budget_micros: int | None
    starts_at_ms: int
    ends_at_ms: int | None
    dayparting: bytes
    """``DAYPARTING_BYTES`` bytes, or none: always."""
    frequency: int
    """At most so many impressions per viewer within ``frequency_days``; 0: the house's own caps."""
    frequency_days: int
    click_window: str
    view_window: str
    engaged_view_window: str
    attribution_event_count: str
    pixel_id: int
    app_id: int
    comment_disabled: bool
    share_disabled: bool
    video_download_disabled: bool
    brand_safety_type: str
    targeting: Targeting
    campaign_envelope_id: int
    """Envelopes are the ledger's; 0: there is none. A charge is taken from all that are there, or not at all."""
    campaign_week_envelope_id: int
    envelope_id: int
    week_envelope_id: int
    balance_envelope_id: int
    fee_ppm: int = 0
    """The platform's fee, in parts per million of the charge."""
    holdout_ppm: int = 0
    """Share of viewers, in parts per million, who are never shown the ads of its campaign."""
    split_id: int = 0
    """The split test that it is a side of, while that runs; 0: none. Each viewer is shown one side alone."""
    split_side: int = 0
    """0 or 1."""


class SnapshotCreative(msgspec.Struct, frozen=True, array_like=True):
    """What is an ad's own: who shows it, where it leads, and for a standard ad the video itself.

    It was approved in its present form, or it would not be here.
    """

    ad_id: int
    kind: str
    """``spark``, ``push`` or ``standard``."""
    identity_type: str
    identity_id: str
    identity_key: int
    """Of an account that a Business Center opened to its advertisers: what ``identity_stopped`` names; else 0."""
    display_name: str
    """Of a standard ad: the name that it is shown under."""
    picture: SnapshotMedia | None
    video: SnapshotMedia | None
    """Of a standard ad."""
    images: tuple[SnapshotMedia, ...]
    ad_format: str
    ad_text: str
    """Of a push or standard ad; a Spark ad shows its post's caption."""
    call_to_action: str
    landing_page_url: str
    deeplink: str
    deeplink_type: str
    utm_params: tuple[tuple[str, str], ...]
    impression_tracking_url: str
    click_tracking_url: str
    tracking_pixel_id: int
    tracking_app_id: int
    dark_post: bool
    music_disabled: bool
    duet_allowed: bool
    stitch_allowed: bool
    creator_word: str
    """``not_needed`` or ``approved``."""
    creative_version: int


class SnapshotAd(msgspec.Struct, frozen=True, array_like=True):
    """An ad that may run, whole."""

    creative: SnapshotCreative
    group: SnapshotGroup
    grant: SnapshotGrant | None
    """None for a standard ad."""
    post: SnapshotPost | None
    """The original post, which everything the ad earns lands on. None for a standard ad."""

    @property
    def ad_id(self) -> int:
        """The ad's id."""
        return self.creative.ad_id

    @property
    def video(self) -> SnapshotMedia | None:
        """What is played."""
        return self.creative.video if self.post is None else self.post.media

    @property
    def opens_at_ms(self) -> int:
        """When grant and creator let it run; its schedule may begin later."""
        moments = (
            0 if self.grant is None else self.grant.starts_at_ms,
            0 if self.post is None else self.post.adult_from_ms,
        )
        return max(moments)

    @property
    def ends_at_ms(self) -> int | None:
        """When it is over by the clock alone: its schedule's end or its grant's, whichever comes first."""
        ends = [self.group.ends_at_ms, None if self.grant is None else self.grant.ends_at_ms]
        return min((end for end in ends if end is not None), default=None)


OwnPart = tuple[SnapshotCreative, SnapshotGrant | None]
"""What of an ad is nobody else's: a file keeps the group and the post of many ads once."""

encoder = msgspec.msgpack.Encoder()
_AD = msgspec.msgpack.Decoder(SnapshotAd)
_POST = msgspec.msgpack.Decoder(SnapshotPost)


def decode_ad(body: bytes) -> SnapshotAd:
    """Return the ad of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _AD.decode(body)


def decode_post(body: bytes) -> SnapshotPost:
    """Return the post of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _POST.decode(body)
