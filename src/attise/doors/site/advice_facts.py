"""What advice on campaigns is given on, gathered from management and measurement, for several campaigns at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from attise.doors.site.reach import asked_of, reaches_of
from attise.doors.site.widening import without_narrow
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
from attise.kernel.money import MICROS
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.authorizations.queries import find_usable
from attise.management.authorizations.views import Usable
from attise.management.campaigns import queries
from attise.management.campaigns.rules import budgets
from attise.management.campaigns.rules.objectives import BID, OBJECTIVES
from attise.management.campaigns.views import AdGroupView, AdView, CampaignView
from attise.management.posts.queries import find_posts
from attise.measurement.advice.facts import Aimed, Budgeted, Facts, Rising, Shown, Week
from attise.measurement.advice.rules import WHOLE_DAYS, leaves_most
from attise.measurement.attribution.figures import NO_FIGURES, Figures, list_figures
from attise.measurement.counters.spans import span_of
from attise.measurement.reports.compared import Newcomers, newcomers_of
from attise.measurement.scout.judging import BOOST_NOW
from attise.measurement.scout.queries import page_standings

ON: Final = "ENABLE"
LOOKED_AT: Final = 100
"""Ad groups, and ads, that are looked at: the newest."""
RISING: Final = 20
"""Posts that the scout would boost now, of the creators that campaigns show: the best."""
ESTIMATED: Final = 4
"""Ad groups of a campaign whose audience is estimated, the newest: each takes twenty milliseconds of a page."""
WEEK_DAYS: Final = 7
BEFORE_MS: Final = 28 * DAY_MS
"""Whom an ad group reached in it before the last whole days is not new to it."""


@dataclass(slots=True)
class Gathered:
    """Facts of campaigns, and what is needed to tell of them and to do what follows."""

    facts: dict[int, Facts]
    """By campaign."""
    names: dict[tuple[str, int], str]
    groups: dict[int, AdGroupView]
    like: dict[int, AdView] = field(default_factory=dict)
    """By rising post: the ad beside which it would stand."""
    usable: dict[int, Usable] = field(default_factory=dict)


def gather(
    means: Means, house: House, views: Sequence[CampaignView], advertiser_id: int, *, estimated: int = ESTIMATED
) -> Gathered:
    """Return what advice on some campaigns of one advertiser is given on; ``estimated``: of how many audiences.

    Cost: some twenty-five statements in all.
    """
    advertiser = get_advertiser(advertiser_id)
    where: dict[str, Any] = {"advertiser_id": advertiser_id, "limit": LOOKED_AT}
    ids = [view.id for view in views]
    groups = queries.page_adgroups(means, wish=queries.AdGroupWish(campaign_ids=ids), **where).items
    ads = queries.page_ads(means, wish=queries.AdWish(campaign_ids=ids), **where).items
    running = [group for group in groups if group.operation_status == ON]
    on = [ad for ad in ads if ad.operation_status == ON]
    found = Gathered({}, _names(views, groups, ads), {group.id: group for group in running})
    days = _Days(means, advertiser)
    budgeted = {**_campaigns(days, views, groups), **_groups(days, running, _Usual(advertiser_id))}
    shown = _ads(means, advertiser, running, on)
    audiences = _Audiences(means, advertiser, views, running, estimated)
    aimed = _aimed(house, days, running, budgeted, audiences)
    rising = _rising(means, found, advertiser_id, running, ads, {one.id: one.week.spent_micros for one in shown})
    above = {group.id: group.campaign_id for group in groups}
    for view in views:
        mine = [group.id for group in running if group.campaign_id == view.id]
        levels = [("campaign", view.id), *(("adgroup", id_) for id_ in mine)]
        found.facts[view.id] = Facts(
            now_ms=means.clock.world_ms(),
            unit_micros=MICROS,
            budgeted=tuple(budgeted[key] for key in levels if key in budgeted),
            shown=tuple(one for one in shown if above[one.adgroup_id] == view.id),
            aimed=tuple(one for one in aimed if one.id in mine),
            rising=tuple(one for one in rising if one.adgroup_id in mine),
        )
    return found


def _names(
    views: Sequence[CampaignView], groups: Sequence[AdGroupView], ads: Sequence[AdView]
) -> dict[tuple[str, int], str]:
    names = {("campaign", view.id): view.name for view in views}
    names |= {("adgroup", group.id): group.name for group in groups}
    return names | {("ad", ad.id): ad.name for ad in ads}


class _Days:
    """What was spent on each of the last whole days of an advertiser's calendar."""

    def __init__(self, means: Means, advertiser: AdvertiserView) -> None:
        self._advertiser = advertiser
        span = span_of(advertiser.timezone, means.clock.world_ms(), WHOLE_DAYS + 1)
        self._bounds = list(zip(span.starts[:WHOLE_DAYS], span.starts[1 : WHOLE_DAYS + 1], strict=True))

    @property
    def from_ms(self) -> int:
        """Where they begin."""
        return self._bounds[0][0]

    def spent(self, level: str, since_ms: dict[int, int]) -> dict[int, tuple[int, ...]]:
        """Return what objects spent on each day that they ran through; ``since_ms``: when each began."""
        found: dict[int, list[int]] = {id_: [] for id_ in since_ms}
        for from_ms, to_ms in self._bounds:
            ran = [id_ for id_, since in since_ms.items() if since <= from_ms]
            told = list_figures(self._advertiser.id, level=level, ids=ran, from_ms=from_ms, to_ms=to_ms) if ran else {}
            for id_ in ran:
                found[id_].append(told.get(id_, NO_FIGURES).spent_micros)
        return {id_: tuple(spent) for id_, spent in found.items()}


class _Usual:
    """The advertiser's own usual bid for an objective, asked for once."""

    def __init__(self, advertiser_id: int) -> None:
        self._advertiser_id, self._known = advertiser_id, dict[str, int]()

    def of(self, group: AdGroupView) -> int | None:
        """Return it; None where the ad group is after something else than its objective usually is."""
        goal = OBJECTIVES[group.objective_type].goals[0]
        if goal.bid != BID or group.optimization_goal != goal.name:
            return None
        if group.objective_type not in self._known:
            self._known[group.objective_type] = queries.suggest_bid(self._advertiser_id, group.objective_type)
        return self._known[group.objective_type]


_Budgets = dict[tuple[str, int], Budgeted]


def _campaigns(days: _Days, views: Sequence[CampaignView], groups: Sequence[AdGroupView]) -> _Budgets:
    began = {
        view.id: min(
            (group.starts_at_ms for group in groups if group.campaign_id == view.id), default=view.created_at_ms
        )
        for view in views
        if view.budget_micros is not None and view.budget_mode in budgets.DAILY
    }
    spent = days.spent("campaign", began) if began else {}
    return {
        ("campaign", view.id): Budgeted(
            level="campaign", id=view.id, budget_micros=view.budget_micros, spent_micros=spent[view.id]
        )
        for view in views
        if view.id in began
    }


def _groups(days: _Days, groups: Sequence[AdGroupView], usual: _Usual) -> _Budgets:
    daily = [one for one in groups if one.budget_micros is not None and one.budget_mode in budgets.DAILY]
    spent = days.spent("adgroup", {one.id: max(one.starts_at_ms, one.created_at_ms) for one in daily})
    return {
        ("adgroup", one.id): Budgeted(
            level="adgroup",
            id=one.id,
            budget_micros=one.budget_micros,
            spent_micros=spent[one.id],
            bid_micros=one.bid_micros,
            usual_bid_micros=usual.of(one),
        )
        for one in daily
    }


def _ads(means: Means, advertiser: AdvertiserView, groups: Sequence[AdGroupView], ads: Sequence[AdView]) -> list[Shown]:
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


class _Audiences:
    """How many people ad groups are meant for, of the first ones that ask for what can be left out."""

    def __init__(
        self,
        means: Means,
        advertiser: AdvertiserView,
        views: Sequence[CampaignView],
        groups: Sequence[AdGroupView],
        most: int,
    ) -> None:
        industries = {view.id: tuple(view.special_industries) for view in views}
        named = [group for group in groups if without_narrow(group.targeting) != group.targeting][:most]
        asked = [
            asked_of(targeting, group.objective_type, advertiser.category, industries[group.campaign_id])
            for group in named
            for targeting in (group.targeting, without_narrow(group.targeting))
        ]
        found = reaches_of(means, asked) if asked else []
        self._by_group = {group.id: (found[2 * at], found[2 * at + 1]) for at, group in enumerate(named)}

    def are_few(self, group: AdGroupView) -> bool:
        """Tell whether an ad group is meant for fewer than are counted out loud."""
        return group.id in self._by_group and self._by_group[group.id][0].is_few

    def wider(self, group: AdGroupView) -> int:
        """Return how many it would be meant for without what can be left out; 0: few, or nobody estimated it."""
        return self._by_group[group.id][1].people if group.id in self._by_group else 0


def _aimed(
    house: House,
    days: _Days,
    groups: Sequence[AdGroupView],
    budgeted: _Budgets,
    audiences: _Audiences,
) -> list[Aimed]:
    """Return whom ad groups are meant for; who was newly reached is asked of those alone that leave their budget."""
    slow = [group.id for group in groups if (one := budgeted.get(("adgroup", group.id))) and leaves_most(one)]
    newly = _newcomers(house, slow, days.from_ms)
    return [
        Aimed(
            id=group.id,
            can_widen=without_narrow(group.targeting) != group.targeting,
            is_few=audiences.are_few(group),
            wider_people=audiences.wider(group),
            reached=None if group.id not in newly else newly[group.id].reached,
            newly_reached=None if group.id not in newly else newly[group.id].new,
        )
        for group in groups
    ]


def _newcomers(house: House, adgroup_ids: Sequence[int], recent_ms: int) -> dict[int, Newcomers]:
    try:
        return newcomers_of(house, adgroup_ids, since_ms=recent_ms - BEFORE_MS, recent_ms=recent_ms)
    except Outage:  # facts that cannot be read cost this one advice, and no other
        return {}


def _rising(
    means: Means,
    found: Gathered,
    advertiser_id: int,
    groups: Sequence[AdGroupView],
    ads: Sequence[AdView],
    spent: dict[int, int],
) -> list[Rising]:
    """Return the posts to add: of creators that running ad groups show, and in no ad of the campaign yet."""
    running = {group.id: group for group in groups}
    sparks = [ad for ad in ads if ad.kind == "spark" and ad.adgroup_id in running and ad.id in spent]
    sparks.sort(key=lambda ad: (-spent[ad.id], ad.id))
    beside: dict[int, list[AdView]] = {}
    for ad in sparks:
        if ad.creator_id is not None:
            beside.setdefault(ad.creator_id, []).append(ad)
    if not beside:
        return []
    best = page_standings(verdicts=[BOOST_NOW], creator_ids=list(beside), page_size=RISING).items
    usable = find_usable(means, advertiser_id=advertiser_id, post_ids=[one.post_id for one in best]) if best else {}
    seen = find_posts(usable)
    shown = {(ad.campaign_id, ad.post.id) for ad in ads if ad.post is not None}
    told = []
    for one in best:
        if one.post_id not in usable or one.post_id not in seen or not seen[one.post_id].is_public or not one.until_ms:
            continue
        like = next((ad for ad in beside[one.creator_id] if (ad.campaign_id, one.post_id) not in shown), None)
        if like is not None:
            found.like[one.post_id], found.usable[one.post_id] = like, usable[one.post_id]
            told.append(
                Rising(post_id=one.post_id, adgroup_id=like.adgroup_id, score=round(one.score), until_ms=one.until_ms)
            )
    return told
