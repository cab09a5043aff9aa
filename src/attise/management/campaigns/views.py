"""What others see of campaigns, ad groups and ads: plain values, with the status at the moment of asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.kernel.errors import Refusal
from attise.management.authorizations.views import PostRequestView
from attise.management.campaigns.blockers import Blocker
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.rules.drawing import LotWish
from attise.management.posts.views import PostView
from attise.records.targeting import Targeting


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign at one moment. Amounts are micros of ``currency``."""

    id: int
    advertiser_id: int
    currency: str
    name: str
    objective_type: str
    budget_mode: str
    budget_micros: int | None
    spent_micros: int
    """Of the budget's current period, as the ledger has it."""
    budget_optimize_on: bool
    app_promotion_type: str
    app_id: int | None
    special_industries: tuple[str, ...]
    po_number: str
    operation_status: str
    secondary_status: str
    revision: int
    created_at_ms: int
    modified_at_ms: int
    is_deleted: bool
    envelope_id: int | None = None
    week_envelope_id: int | None = None
    holdout_ppm: int = 0
    """Share of viewers, in parts per million, who are never shown its ads."""


@dataclass(frozen=True, slots=True)
class AdGroupView:
    """An ad group at one moment."""

    id: int
    advertiser_id: int
    campaign_id: int
    campaign_name: str
    objective_type: str
    currency: str
    name: str
    promotion_type: str
    placement_type: str
    placements: tuple[str, ...]
    pixel_id: int | None
    app_id: int | None
    optimization_event: str
    optimization_goal: str
    billing_event: str
    bid_type: str
    bid_micros: int | None
    conversion_bid_micros: int | None
    pacing: str
    budget_mode: str
    budget_micros: int | None
    scheduled_budget_micros: int | None
    """A day budget that begins at ``scheduled_from_ms``."""
    scheduled_from_ms: int | None
    spent_micros: int
    schedule_type: str
    starts_at_ms: int
    ends_at_ms: int | None
    dayparting: str
    frequency: int | None
    frequency_days: int | None
    click_window: str
    view_window: str
    engaged_view_window: str
    attribution_event_count: str
    comment_disabled: bool
    share_disabled: bool
    video_download_disabled: bool
    brand_safety_type: str
    targeting: Targeting
    operation_status: str
    secondary_status: str
    revision: int
    created_at_ms: int
    modified_at_ms: int
    is_deleted: bool
    envelope_id: int | None = None
    week_envelope_id: int | None = None


@dataclass(frozen=True, slots=True)
class AdView:
    """An ad at one moment. ``blockers``: all that keeps it from running now, each with its next step."""

    id: int
    advertiser_id: int
    campaign_id: int
    campaign_name: str
    adgroup_id: int
    adgroup_name: str
    objective_type: str
    optimization_event: str
    """Of the ad group."""
    name: str
    kind: str
    identity_type: str
    identity_id: str
    business_center_id: int | None
    creator_id: int | None
    creator_handle: str
    """Empty for a standard ad."""
    display_name: str
    authorization_id: int | None
    """The grant that it stands on now, or last stood on; None for a standard ad."""
    authorized_until_ms: int | None
    """When that grant ends by the clock; None: nobody has said, or there is none."""
    post: PostView | None
    video_id: str | None
    image_ids: tuple[str, ...]
    ad_format: str
    ad_text: str
    """The post's caption for a Spark ad."""
    call_to_action: str
    portfolio_id: int | None
    calls: tuple[str, ...]
    """The codes of the buttons that are chosen from: those of the portfolio, or the one call to action."""
    landing_page_url: str
    deeplink: str
    deeplink_type: str
    utm_params: tuple[dict[str, str], ...]
    impression_tracking_url: str
    click_tracking_url: str
    tracking_pixel_id: int | None
    tracking_app_id: int | None
    dark_post: bool
    music_disabled: bool
    duet_allowed: bool
    stitch_allowed: bool
    creative_authorized: bool
    ai_generated: bool
    creative_version: int
    review: str
    is_reaudit: bool
    review_rule: str
    review_note: str
    review_at_ms: int | None
    review_asked_at_ms: int | None
    """Since when it waits for a person, or did last."""
    appealed: bool
    appeal_note: str
    creator_word: str
    operation_status: str
    secondary_status: str
    revision: int
    created_at_ms: int
    modified_at_ms: int
    is_deleted: bool
    blockers: tuple[Blocker, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    """What stops nothing now, and will."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What became of a launch: the ad as it is, with all that is in its way; switched on if nothing refuses that."""

    is_launched: bool
    ad: AdView


@dataclass(frozen=True, slots=True)
class SplitSide:
    """One side of a split test, as it is now."""

    object_id: int
    name: str
    kinds: tuple[str, ...]
    """Of its ads that are not deleted: ``spark``, ``push``, ``standard``, in that order."""
    may_run: bool
    """Whether an ad of it is approved and switched on, in a campaign that is on."""
    is_on: bool
    """Whether it is switched on itself, as a launch does it."""
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class SplitView:
    """A split test at one moment."""

    id: int
    advertiser_id: int
    currency: str
    name: str
    level: str
    sides: tuple[SplitSide, SplitSide]
    days: int
    state: str
    """``draft``, ``running`` or ``over``."""
    created_at_ms: int
    starts_at_ms: int | None
    ends_at_ms: int | None
    """When it ends, or did; None: it was not launched."""
    differing: tuple[str, ...]
    """Settings beside the ads in which the sides differ: whatever is measured may come of these too."""


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One change."""

    id: int
    level: str
    object_id: int
    at_ms: int
    verb: str
    actor: str
    origin: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WaitingBoostView:
    """A boost that waits for its creator's word, or for its launch."""

    id: int
    advertiser_id: int
    wish: BoostWish
    request: PostRequestView
    is_usable: bool
    """Whether the advertiser may use the post now."""
    created_at_ms: int

    @property
    def state(self) -> str:
        """``ready`` to be launched, ``waiting`` for the creator's word, or ``refused``."""
        if self.is_usable:
            return "ready"
        return "waiting" if self.request.state == "pending" else "refused"


@dataclass(frozen=True, slots=True)
class LotPostView:
    """A post of a lot."""

    post_id: int
    is_promoted: bool | None
    """None: it is not drawn yet."""
    ad_id: int | None


@dataclass(frozen=True, slots=True)
class LotView:
    """Several posts of which chance chooses those that are boosted."""

    id: int
    advertiser_id: int
    currency: str
    wish: LotWish
    state: str
    """``announced``, ``running`` or ``over``."""
    posts: tuple[LotPostView, ...]
    """As they were named."""
    commitment: str
    seed: str | None
    """None: it is not drawn yet."""
    created_at_ms: int
    drawn_at_ms: int | None
    ends_at_ms: int | None
    campaign_id: int | None


@dataclass(frozen=True, slots=True)
class DraftView:
    """A campaign that is being put together: what was typed, by the name of its field."""

    id: int
    advertiser_id: int
    body: dict[str, Any]
    created_at_ms: int
    modified_at_ms: int
