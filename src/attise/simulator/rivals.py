"""What advertisers of a story do: they find a post, ask its creator for a code, apply it, and boost the post.

Each by its own taste: objective, bid, budget. They know what everybody may see, and nothing of the truth. Where a
campaign has spent its budget or is over, its brand boosts another post after a pause, by the taste of the next in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.kernel.money import MICROS
from attise.management.authorizations import actions as authorizations
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns import queries as campaign_queries
from attise.management.campaigns.actions import Boosted
from attise.management.campaigns.queries import CampaignWish
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import BY_CODE, Creative
from attise.management.posts import queries as posts_queries
from attise.records.lookups import regions
from attise.records.targeting import Targeting
from attise.records.terms import Terms
from attise.simulator.cast import Brand, Cast
from attise.simulator.drawing import CATEGORIES, Planned
from attise.simulator.stage import Stage

DAY, TOTAL = "BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL"
PAGE: Final = "http://127.0.0.1:8000/boutique/"
GRANT_DAYS: Final = 30
SPENT_PER_MILLE: Final = 995
"""From this part of a total budget on it is spent: what is left buys nothing."""
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


PAUSE_MS: Final = 8 * HOUR_MS
"""Between the end of a campaign and the next one of its brand."""


@dataclass(slots=True)
class Running:
    """What a brand runs, or ran last."""

    number: int
    """How many campaigns of it there were before."""
    campaign_id: int
    post_id: int
    ends_at_ms: int
    """When it is over at the latest."""
    over_at_ms: int = 0
    """When it was seen to be over; 0: it was not."""


@dataclass(slots=True)
class Rivals:
    """The brands of a story, each with one campaign at a time, in the order of the brands."""

    stage: Stage
    cast: Cast
    running: list[Running]

    @classmethod
    def begin(cls, stage: Stage, cast: Cast) -> tuple[Rivals, list[Boosted]]:
        """Have each brand boost a post; returns what that made too. Raises: the refusals of those verbs."""
        made = cls(stage, cast, [])
        boosted = []
        for brand in cast.brands:
            taste, post = made._next(brand, 0)
            boosted.append(boost(stage, brand, taste, post.post_id, name=_name(brand, taste, 0)))
            made.running.append(made._run(boosted[-1].campaign.id, taste, post.post_id, 0))
        return made, boosted

    def turn(self) -> None:
        """Look how campaigns stand, and launch the next of each brand whose pause is over."""
        now_ms = self.stage.clock.world_ms()
        for place, (brand, run) in enumerate(zip(self.cast.brands, self.running, strict=True)):
            if not run.over_at_ms and self._is_over(brand, run, now_ms):
                run.over_at_ms = now_ms
            if run.over_at_ms and now_ms >= run.over_at_ms + PAUSE_MS:
                self._launch(place, brand, run.number + 1)

    def _is_over(self, brand: Brand, run: Running, now_ms: int) -> bool:
        """Tell whether a campaign is over: by its time, by its budget, or because somebody deleted it."""
        if now_ms >= run.ends_at_ms:
            return True
        seen = campaign_queries.find_campaign(
            self.stage.means, advertiser_id=brand.advertiser_id, campaign_id=run.campaign_id
        )
        if seen is None or seen.is_deleted:
            return True
        return seen.budget_mode == TOTAL and 1_000 * seen.spent_micros >= SPENT_PER_MILLE * (seen.budget_micros or 0)

    def _launch(self, place: int, brand: Brand, number: int) -> None:
        """Launch a campaign, unless it is there: a life that was cut short does not remember its last moments."""
        taste, post = self._next(brand, number)
        name = _name(brand, taste, number)
        there = campaign_queries.page_campaigns(
            self.stage.means, advertiser_id=brand.advertiser_id, wish=CampaignWish(name=name), limit=1
        ).items
        if there:
            campaign_id = there[0].id
        else:
            try:
                campaign_id = boost(self.stage, brand, taste, post.post_id, name=name).campaign.id
            except (Refusal, Refusals):  # the post went, or another has it: the next one is tried after a pause
                self.running[place].number = number
                self.running[place].over_at_ms = self.stage.clock.world_ms()
                return
        self.running[place] = self._run(campaign_id, taste, post.post_id, number)

    def _run(self, campaign_id: int, taste: Taste, post_id: int, number: int) -> Running:
        days = taste.days if taste.budget_mode == TOTAL else GRANT_DAYS
        return Running(number, campaign_id, post_id, self.stage.clock.world_ms() + days * DAY_MS)

    def _next(self, brand: Brand, number: int) -> tuple[Taste, Planned]:
        """Return how a brand buys next, and the newest post of its sort that nobody boosts, another for each brand."""
        place = self.cast.brands.index(brand)
        busy = {run.post_id for run in self.running}
        there = [one for one in self.cast.planned if one.post_id and one.post_id not in busy]
        mine = [one for one in there if one.category == brand.category] or there
        return TASTES[(place + number) % len(TASTES)], mine[-1 - place % len(mine)]


def _name(brand: Brand, taste: Taste, number: int) -> str:
    """Return the name of a brand's campaign: the first has no number."""
    return f"{brand.name} · {taste.objective.lower()}" + (f" · {number + 1}" if number else "")


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
        ends_at_ms = stage.clock.world_ms() + taste.days * DAY_MS
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
