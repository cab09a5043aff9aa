"""What advertisers of a story do: they find a post, ask its creator for a code, apply it, and boost the post.

Each by its own taste: objective, bid, budget. They know what everybody may see, and nothing of the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.actor import COMMAND
from attise.kernel.money import MICROS
from attise.management.authorizations import actions as authorizations
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.actions import Boosted
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import BY_CODE, Creative
from attise.management.posts import queries as posts_queries
from attise.records.lookups import regions
from attise.records.targeting import Targeting
from attise.records.terms import Terms
from attise.simulator.cast import Brand
from attise.simulator.drawing import CATEGORIES
from attise.simulator.stage import Stage

DAY, TOTAL = "BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL"
PAGE: Final = "http://127.0.0.1:8000/boutique/"
GRANT_DAYS: Final = 30
SHARE_PPM: Final = 100_000
"""Of what an ad costs, its post's creator is paid a tenth."""


@dataclass(frozen=True, slots=True)
class Taste:
    """How an advertiser buys."""

    objective: str
    goal: str
    bid_micros: int | None
    """None: as much as the budget bears."""
    budget_mode: str
    budget_euros: int
    days: int = 30
    """For a total budget: within how many days."""


TASTES: Final = (
    Taste("TRAFFIC", "CLICK", 2 * MICROS, DAY, 50),
    Taste("REACH", "REACH", 26 * MICROS, TOTAL, 50, days=5),
    Taste("VIDEO_VIEWS", "ENGAGED_VIEW", 40_000, DAY, 50),
    Taste("REACH", "REACH", 32 * MICROS, TOTAL, 50, days=4),
    Taste("TRAFFIC", "CLICK", 1_500_000, DAY, 60),
    Taste("REACH", "REACH", 14 * MICROS, DAY, 50),
    Taste("VIDEO_VIEWS", "ENGAGED_VIEW", 30_000, DAY, 50),
    Taste("REACH", "REACH", 18 * MICROS, DAY, 80),
)
"""Bids are high for what they buy: in a world of a few thousand viewers budgets have a minimum, and slots are few."""


def boost(stage: Stage, brand: Brand, taste: Taste, post_id: int, *, name: str, holdout_ppm: int = 0) -> Boosted:
    """Have a post's creator grant it to a brand, and the brand boost it. Raises: the refusals of those verbs."""
    means = stage.means
    post = posts_queries.get_post(post_id)
    _, code = authorizations.grant_post(
        means,
        COMMAND,
        creator_id=post.creator_id,
        post_id=post_id,
        days=GRANT_DAYS,
        terms=Terms(share_ppm=SHARE_PPM),
    )
    bound = authorizations.redeem(means, COMMAND, advertiser_id=brand.advertiser_id, code=code)
    return campaigns.boost(
        means,
        COMMAND,
        house=stage.house,
        advertiser_id=brand.advertiser_id,
        campaign=campaign_draft(taste, name, holdout_ppm=holdout_ppm),
        adgroup=adgroup_draft(stage, brand, taste),
        creative=Creative(
            identity_type=BY_CODE,
            identity_id=bound.identity_id,
            post_id=post_id,
            call_to_action="LEARN_MORE",
            landing_page_url=PAGE,
        ),
    )


def campaign_draft(taste: Taste, name: str, *, holdout_ppm: int = 0) -> CampaignDraft:
    """Return the campaign of a taste."""
    return CampaignDraft(
        name=name,
        objective_type=taste.objective,
        budget_mode=taste.budget_mode,
        budget_micros=taste.budget_euros * MICROS,
        budget_optimize_on=True,
        holdout_ppm=holdout_ppm,
    )


def adgroup_draft(stage: Stage, brand: Brand, taste: Taste) -> AdGroupDraft:
    """Return the ad group of a taste: for France, and for whoever likes what the brand sells when bids are high."""
    france = regions.by_iso("FR")
    if france is None:
        raise AssertionError("France is among the regions")
    ends_at_ms = None
    if taste.budget_mode == TOTAL:
        ends_at_ms = stage.clock.world_ms() + taste.days * 86_400_000
    return AdGroupDraft(
        name=CATEGORIES[brand.category],
        optimization_goal=taste.goal,
        bid_micros=taste.bid_micros,
        schedule_type="SCHEDULE_START_END" if ends_at_ms else "SCHEDULE_FROM_NOW",
        starts_at_ms=stage.clock.world_ms() if ends_at_ms else None,
        ends_at_ms=ends_at_ms,
        targeting=Targeting(locations=(france.id,)),
        pixel_id=brand.pixel_id,
    )
