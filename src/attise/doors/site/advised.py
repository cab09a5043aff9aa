"""Advice on a campaign, gathered from management and measurement, and done by the actions that people take."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.kernel.money import MICROS
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import actions, queries
from attise.management.campaigns.rules import budgets
from attise.management.campaigns.rules.objectives import BID, OBJECTIVES
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.measurement.advice.facts import Budgeted, Facts, Shown, Week
from attise.measurement.advice.rules import WHOLE_DAYS, Advice, Kind, advise
from attise.measurement.attribution.figures import NO_FIGURES, Figures, list_figures
from attise.measurement.counters.spans import span_of

ON: Final = "ENABLE"
LOOKED_AT: Final = 100
"""Ad groups, and ads, that are looked at: the newest."""
WEEK_DAYS: Final = 7


class Advised(NamedTuple):
    """Advice, and what it is on."""

    advice: Advice
    name: str


def advice_on(means: Means, view: CampaignView) -> list[Advised]:
    """Return what would make a campaign do better; nothing of one that is off. Cost: about twenty queries."""
    if view.operation_status != ON or view.is_deleted:
        return []
    facts, names = _gather(means, view)
    return [Advised(one, names[one.level, one.id]) for one in advise(facts)]


def take(means: Means, actor: Actor, view: CampaignView, key: str) -> Advised:
    """Do what an advice says, if that is still advised.

    Raises: ``not_found`` for what is not advised any more, or is not done here; the refusals of the action.
    """
    told = next((one for one in advice_on(means, view) if one.advice.key == key), None)
    if told is None or told.advice.kind is Kind.RENEW_GRANT:
        raise Refusal(NOT_FOUND, field="key")
    found = told.advice
    mine: dict[str, Any] = {"advertiser_id": view.advertiser_id}
    if found.level == "ad":
        actions.switch_ads(means, actor, ad_ids=[found.id], to="DISABLE", **mine)
    elif found.level == "campaign":
        actions.update_campaign(means, actor, campaign_id=found.id, budget_micros=found.to_micros, **mine)
    elif found.kind is Kind.RAISE_BID:
        actions.update_adgroup(means, actor, adgroup_id=found.id, bid_micros=found.to_micros, **mine)
    else:
        actions.update_adgroup(means, actor, adgroup_id=found.id, budget_micros=found.to_micros, **mine)
    return told


def _gather(means: Means, view: CampaignView) -> tuple[Facts, dict[tuple[str, int], str]]:
    """Return what advice on a campaign is given on, and what everything is called."""
    advertiser = get_advertiser(view.advertiser_id)
    where: dict[str, Any] = {"advertiser_id": view.advertiser_id, "limit": LOOKED_AT}
    groups = queries.page_adgroups(means, wish=queries.AdGroupWish(campaign_ids=[view.id]), **where).items
    ads = queries.page_ads(means, wish=queries.AdWish(campaign_ids=[view.id]), **where).items
    running = [group for group in groups if group.operation_status == ON]
    days = _Days(means, advertiser)
    usual = queries.suggest_bid(advertiser.id, view.objective_type)
    names = {("campaign", view.id): view.name}
    names |= {("adgroup", group.id): group.name for group in groups} | {("ad", ad.id): ad.name for ad in ads}
    facts = Facts(
        now_ms=means.clock.world_ms(),
        unit_micros=MICROS,
        budgeted=(_campaign(days, view, groups), *_groups(days, running, usual)),
        shown=tuple(_ads(means, advertiser, running, [ad for ad in ads if ad.operation_status == ON])),
    )
    return facts, names


class _Days:
    """What was spent on each of the last whole days of an advertiser's calendar."""

    def __init__(self, means: Means, advertiser: AdvertiserView) -> None:
        self._advertiser = advertiser
        span = span_of(advertiser.timezone, means.clock.world_ms(), WHOLE_DAYS + 1)
        self._bounds = list(zip(span.starts[:WHOLE_DAYS], span.starts[1 : WHOLE_DAYS + 1], strict=True))

    def spent(self, level: str, since_ms: dict[int, int]) -> dict[int, tuple[int, ...]]:
        """Return what objects spent on each day that they ran through; ``since_ms``: when each began."""
        found: dict[int, list[int]] = {id_: [] for id_ in since_ms}
        for from_ms, to_ms in self._bounds:
            ran = [id_ for id_, since in since_ms.items() if since <= from_ms]
            told = list_figures(self._advertiser.id, level=level, ids=ran, from_ms=from_ms, to_ms=to_ms) if ran else {}
            for id_ in ran:
                found[id_].append(told.get(id_, NO_FIGURES).spent_micros)
        return {id_: tuple(spent) for id_, spent in found.items()}


def _campaign(days: _Days, view: CampaignView, groups: list[AdGroupView]) -> Budgeted:
    budget = view.budget_micros if view.budget_mode in budgets.DAILY else None
    since = {view.id: min((group.starts_at_ms for group in groups), default=view.created_at_ms)}
    spent = () if budget is None else days.spent("campaign", since)[view.id]
    return Budgeted(level="campaign", id=view.id, budget_micros=budget, spent_micros=spent)


def _groups(days: _Days, groups: list[AdGroupView], usual: int) -> list[Budgeted]:
    daily = [one for one in groups if one.budget_micros is not None and one.budget_mode in budgets.DAILY]
    spent = days.spent("adgroup", {one.id: max(one.starts_at_ms, one.created_at_ms) for one in daily})
    return [
        Budgeted(
            level="adgroup",
            id=one.id,
            budget_micros=one.budget_micros,
            spent_micros=spent[one.id],
            bid_micros=one.bid_micros,
            usual_bid_micros=usual if _has_the_usual_goal(one) else None,
        )
        for one in daily
    ]


def _has_the_usual_goal(group: AdGroupView) -> bool:
    goal = OBJECTIVES[group.objective_type].goals[0]
    return goal.bid == BID and group.optimization_goal == goal.name


def _ads(means: Means, advertiser: AdvertiserView, groups: list[AdGroupView], ads: list[AdView]) -> list[Shown]:
    until = {group.id: group.ends_at_ms for group in groups}
    mine = [ad for ad in ads if ad.adgroup_id in until]
    span = span_of(advertiser.timezone, means.clock.world_ms(), WEEK_DAYS)
    where: dict[str, Any] = {"level": "ad", "ids": [ad.id for ad in mine]}
    now = list_figures(advertiser.id, from_ms=span.from_ms, to_ms=span.to_ms, **where)
    before = list_figures(advertiser.id, from_ms=span.before_from_ms, to_ms=span.before_to_ms, **where)
    return [
        Shown(
            id=ad.id,
            adgroup_id=ad.adgroup_id,
            week=_week(now.get(ad.id, NO_FIGURES)),
            before=_week(before.get(ad.id, NO_FIGURES)),
            grant_ends_at_ms=ad.authorized_until_ms,
            runs_until_ms=until[ad.adgroup_id],
        )
        for ad in mine
    ]


def _week(one: Figures) -> Week:
    return Week(
        impressions=one.impressions,
        completions=one.completions,
        spent_micros=one.spent_micros,
        results=one.results,
    )
