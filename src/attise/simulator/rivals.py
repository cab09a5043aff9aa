"""What advertisers of a story do: they find some posts, ask their creators for codes, apply them, and boost one by lot.

Each by its own taste: objective, bid, budget. They know what everybody may see, and nothing of the truth. Those of its
posts that the lot leaves out were as good for it as the one that it boosts, so that what ads bring can be told beside
them. Where a campaign has spent its budget or is over, its brand boosts another post after a pause, by the taste of the
next in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.kernel.money import MICROS
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns import queries as campaign_queries
from attise.management.campaigns.actions import Boosted
from attise.management.campaigns.queries import AdWish, CampaignWish
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import BY_CODE, Creative
from attise.management.campaigns.rules.delivery import FAST, SMOOTH
from attise.records.lookups import regions
from attise.records.targeting import Targeting
from attise.simulator.cast import Brand, Cast
from attise.simulator.drawing import CATEGORIES
from attise.simulator.draws import AFTER_MS, draw_once
from attise.simulator.granting import GRANT_DAYS, PAGE, authorize
from attise.simulator.stage import Stage

DAY, TOTAL = "BUDGET_MODE_DAY", "BUDGET_MODE_TOTAL"
SPENT_PER_MILLE: Final = 995
"""From this part of a total budget on it is spent: what is left buys nothing."""


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
    is_fast: bool = False
    """Whether it is spent as fast as it goes, and so runs out; else it is spread over its days."""


TASTES: Final = (
    Taste("TRAFFIC", "CLICK", 2 * MICROS, DAY, 50),
    Taste("REACH", "REACH", 36 * MICROS, TOTAL, 50, days=7, is_fast=True),
    Taste("VIDEO_VIEWS", "ENGAGED_VIEW", 40_000, DAY, 50),
    Taste("REACH", "REACH", 42 * MICROS, TOTAL, 50, days=6, is_fast=True),
    Taste("TRAFFIC", "CLICK", 1_500_000, DAY, 60),
    Taste("REACH", "REACH", 14 * MICROS, DAY, 50),
    Taste("VIDEO_VIEWS", "ENGAGED_VIEW", 30_000, DAY, 50),
    Taste("REACH", "REACH", 18 * MICROS, DAY, 80),
)
"""Bids are high for what they buy: in a world of a few thousand viewers budgets have a minimum, and slots are few."""


CANDIDATES: Final = 6
"""Posts that a brand asks codes for, of which a lot chooses the one that is boosted."""
LOOKED_AT_HOURS: Final = 6
"""How often it is looked whether a campaign is over that no budget ends."""
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
    held: set[int] | None = None
    """Posts of the first brand's draw, which no other brand boosts; None: it is not known to have one."""

    @classmethod
    def begin(cls, stage: Stage, cast: Cast) -> tuple[Rivals, list[Boosted]]:
        """Have each brand boost a post; returns what that made too. Raises: the refusals of those verbs."""
        made = cls(stage, cast, [])
        boosted = []
        for brand in cast.brands:
            taste = made._taste(brand, 0)
            first = made._boost(brand, taste, _name(brand, taste, 0))
            boosted += [] if first is None else [first]
            made.running.append(made._none(0) if first is None else made._run(first, taste, 0))
        return made, boosted

    def turn(self) -> None:
        """Look how campaigns stand, and launch the next of each brand whose pause is over."""
        now_ms = self.stage.clock.world_ms()
        self._draw(now_ms)
        for place, (brand, run) in enumerate(zip(self.cast.brands, self.running, strict=True)):
            if not run.over_at_ms and self._is_over(brand, run, now_ms):
                run.over_at_ms = now_ms
            if run.over_at_ms and now_ms >= run.over_at_ms + PAUSE_MS:
                self._launch(place, brand, run.number + 1)

    def _draw(self, now_ms: int) -> None:
        """Have the first brand let chance choose, once its first campaign has run for a while."""
        if self.held is not None or not self.running:
            return
        run = self.running[0]
        if run.number == 0 and now_ms < run.ends_at_ms - GRANT_DAYS * DAY_MS + AFTER_MS:
            return
        lot = draw_once(self.stage, self.cast, self.cast.brands[0], {one.post_id for one in self.running})
        if lot is not None:
            self.held = {one.post_id for one in lot.posts}

    def _is_over(self, brand: Brand, run: Running, now_ms: int) -> bool:
        """Tell whether a campaign is over: by its time, by its budget, or because somebody deleted it."""
        if now_ms >= run.ends_at_ms:
            return True
        if self._taste(brand, run.number).budget_mode != TOTAL and now_ms // HOUR_MS % LOOKED_AT_HOURS:
            return False
        seen = campaign_queries.find_campaign(
            self.stage.means, advertiser_id=brand.advertiser_id, campaign_id=run.campaign_id
        )
        if seen is None or seen.is_deleted:
            return True
        return seen.budget_mode == TOTAL and 1_000 * seen.spent_micros >= SPENT_PER_MILLE * (seen.budget_micros or 0)

    def _launch(self, place: int, brand: Brand, number: int) -> None:
        """Launch a campaign, unless it is there: a life that was cut short does not remember its last moments."""
        taste = self._taste(brand, number)
        name = _name(brand, taste, number)
        there = campaign_queries.page_campaigns(
            self.stage.means, advertiser_id=brand.advertiser_id, wish=CampaignWish(name=name), limit=1
        ).items
        if there:
            shown = campaign_queries.page_ads(
                self.stage.means,
                advertiser_id=brand.advertiser_id,
                wish=AdWish(campaign_ids=(there[0].id,)),
                limit=1,
            ).items
            post = shown[0].post if shown else None
            self.running[place] = self._running(there[0].id, 0 if post is None else post.id, taste, number)
            return
        try:
            boosted = self._boost(brand, taste, name)
        except (Refusal, Refusals):  # the post went, or another has it
            boosted = None
        self.running[place] = self._none(number) if boosted is None else self._run(boosted, taste, number)

    def _none(self, number: int) -> Running:
        """Return a campaign that could not be: the next one is tried after a pause."""
        now_ms = self.stage.clock.world_ms()
        return Running(number, campaign_id=0, post_id=0, ends_at_ms=now_ms, over_at_ms=now_ms)

    def _run(self, boosted: Boosted, taste: Taste, number: int) -> Running:
        post = boosted.ad.post
        return self._running(boosted.campaign.id, 0 if post is None else post.id, taste, number)

    def _running(self, campaign_id: int, post_id: int, taste: Taste, number: int) -> Running:
        days = taste.days if taste.budget_mode == TOTAL else GRANT_DAYS
        return Running(number, campaign_id, post_id, self.stage.clock.world_ms() + days * DAY_MS)

    def _taste(self, brand: Brand, number: int) -> Taste:
        return TASTES[(self.cast.brands.index(brand) + number) % len(TASTES)]

    def _boost(self, brand: Brand, taste: Taste, name: str) -> Boosted | None:
        """Boost one of the posts that a brand would have, by lot; None: others boost all there are.

        Raises: the refusals of those verbs.
        """
        identities = {one: authorize(self.stage, brand, one) for one in self._candidates(brand)}
        if not identities:
            return None
        post_id = list(identities)[int(self.cast.rng.integers(len(identities)))]
        return boost(self.stage, brand, taste, post_id, identity_id=identities[post_id], name=name)

    def _candidates(self, brand: Brand) -> list[int]:
        """Return the newest posts of a brand's sort that nobody boosts, others for each brand as far as there are."""
        place = self.cast.brands.index(brand)
        busy = {run.post_id for run in self.running} | (self.held or set())
        there = [one for one in self.cast.planned if one.post_id and one.post_id not in busy]
        mine = [one for one in there if one.category == brand.category] or there
        if not mine:
            return []
        last = len(mine) - place % len(mine)
        return [one.post_id for one in mine[max(last - CANDIDATES, 0) : last]]


def _name(brand: Brand, taste: Taste, number: int) -> str:
    """Return the name of a brand's campaign: the first has no number."""
    return f"{brand.name} · {taste.objective.lower()}" + (f" · {number + 1}" if number else "")


def boost(stage: Stage, brand: Brand, taste: Taste, post_id: int, *, identity_id: str, name: str) -> Boosted:
    """Have a brand boost a post by the identity that its code opened. Raises: the refusals of that verb."""
    return campaigns.boost(
        stage.means,
        COMMAND,
        house=stage.house,
        advertiser_id=brand.advertiser_id,
        campaign=campaign_draft(taste, name),
        adgroup=adgroup_draft(stage, brand, taste),
        creative=Creative(
            identity_type=BY_CODE,
            identity_id=identity_id,
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
        budget_optimize_on=not taste.is_fast,
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
        pacing=FAST if taste.is_fast else SMOOTH,
        budget_mode=DAY if taste.is_fast else None,
        budget_micros=taste.budget_euros * MICROS if taste.is_fast else None,
        schedule_type="SCHEDULE_START_END" if ends_at_ms else "SCHEDULE_FROM_NOW",
        starts_at_ms=stage.clock.world_ms() if ends_at_ms else None,
        ends_at_ms=ends_at_ms,
        targeting=Targeting(locations=(france.id,)),
        pixel_id=brand.pixel_id,
    )
