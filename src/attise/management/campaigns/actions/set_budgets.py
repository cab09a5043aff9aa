"""Budgets of several ad groups are set: at once, or from the next local midnight on."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from attise.kernel.actor import CLOCK, Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import change
from attise.management.campaigns.actions.holding import check_adgroup_lives, hold_adgroups
from attise.management.campaigns.actions.telling import tell_adgroup
from attise.management.campaigns.errors import BUDGET_OF_CAMPAIGN, SCHEDULED_DAILY_ONLY
from attise.management.campaigns.models import AdGroup
from attise.management.campaigns.rules import bids, budgets
from attise.management.campaigns.rules.schedules import next_midnight_ms
from attise.management.campaigns.rules.switching import clean_ids
from attise.management.outbox.actions import unit, verb
from attise.management.policy.queries import get_policy

BATCH = 200


@verb
def set_adgroup_budgets(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    now: Mapping[int, int] | None = None,
    scheduled: Mapping[int, int | None] | None = None,
) -> None:
    """Set budgets by ad group, in micros: ``now`` at once, ``scheduled`` from the advertiser's next midnight on.

    A scheduled budget of None forgets the one that was to begin. All are set, or none.
    Raises: ``not_found``, ``adgroup_deleted``, ``campaign_deleted``, ``too_many_at_once``, ``budget_of_campaign``,
    ``scheduled_budget_daily_only``, ``budget_under_spend``, ``bid_above_budget`` and the minimums, together where one
    mends them together.
    """
    at_once, later = dict(now or {}), dict(scheduled or {})
    wanted = clean_ids([*at_once, *later], field="budget")
    advertiser = get_advertiser(advertiser_id)
    with unit(means) as work:
        rows = hold_adgroups(advertiser_id=advertiser_id, adgroup_ids=wanted)
        if len(rows) < len(wanted):
            raise Refusal(NOT_FOUND, field="adgroup_id")
        values: dict[int, dict[str, Any]] = {one: {} for one in wanted}
        gather = Gather()
        for one, budget in at_once.items():
            values[one]["budget_micros"] = gather.take(_clean, rows[one], budget, advertiser, "budget")
        midnight = next_midnight_ms(means.clock.world_ms(), advertiser.timezone)
        for one, budget in later.items():
            clean = None if budget is None else gather.take(_clean_later, rows[one], budget, advertiser)
            values[one] |= {
                "scheduled_budget_micros": clean,
                "scheduled_from_ms": None if budget is None else midnight,
            }
        gather.tell()
        changed = {one: change(means, actor, rows[one], "budget_set", values[one]) for one in wanted}
        limited = [rows[one] for one in wanted if "budget_micros" in changed[one]]
        if limited:
            envelopes.set_budgets(means, limited, advertiser)
        for row in limited:
            tell_adgroup(work, row)


def begin_scheduled_budgets(means: Means) -> int:
    """Let budgets rule whose midnight has come; returns how many. A worker's job, any number of times."""
    begun = 0
    while True:
        count = _begin_some(means)
        begun += count
        if count < BATCH:
            return begun


@verb
def _begin_some(means: Means) -> int:
    with unit(means) as work:
        now = means.clock.world_ms()
        due = AdGroup.objects.filter(scheduled_from_ms__lte=now).order_by("advertiser__currency", "advertiser_id", "id")
        found = list(due.values_list("id", "advertiser_id", "advertiser__currency")[:BATCH])
        for currency, group in groupby(found, key=lambda one: one[2]):
            rows = _held(group)
            begun = [row for row in rows if _begin(means, row, now)]
            if begun:
                envelopes.begin_budgets(means, begun, currency)
            for row in begun:
                tell_adgroup(work, row)
    return len(found)


def _held(found: Any) -> list[AdGroup]:
    """Return ad groups of several advertisers, held from the top of the tree down."""
    rows: list[AdGroup] = []
    for advertiser_id, group in groupby(found, key=lambda one: one[1]):
        held = hold_adgroups(advertiser_id=advertiser_id, adgroup_ids=[one[0] for one in group])
        rows += held.values()
    return rows


def _begin(means: Means, row: AdGroup, now_ms: int) -> bool:
    """Have the scheduled budget of a held row be its budget; tell whether its envelope follows."""
    if row.scheduled_from_ms is None or row.scheduled_from_ms > now_ms:
        return False
    values = {"scheduled_budget_micros": None, "scheduled_from_ms": None}
    if row.deleted_at_ms is None:
        values["budget_micros"] = row.scheduled_budget_micros
    return "budget_micros" in change(means, CLOCK, row, "scheduled_budget_begun", values)


def _clean(row: AdGroup, budget_micros: int, advertiser: AdvertiserView, field: str) -> int:
    """Return a new budget of an ad group. Raises: the refusals of a budget, under the name of ``field``."""
    check_adgroup_lives(row)
    if row.campaign.budget_optimize_on:
        raise Refusal(BUDGET_OF_CAMPAIGN, field=field)
    days = 1 if row.ends_at_ms is None else budgets.days_of(row.starts_at_ms, row.ends_at_ms)
    try:
        _, clean = budgets.clean_adgroup_budget(
            row.budget_mode,
            budget_micros,
            is_alone=row.campaign.budget_mode == budgets.INFINITE,
            days=days,
            currency=advertiser.currency,
            least_eur=0 if budget_micros == row.budget_micros else get_policy().least_budget_micros,
        )
        bids.check_within(row.bid_micros, row.conversion_bid_micros, budgets=[clean], currency=advertiser.currency)
    except Refusal as refusal:
        raise refusal.at(field) from None
    return clean


def _clean_later(row: AdGroup, budget_micros: int, advertiser: AdvertiserView) -> int:
    """Return a budget that begins later. Raises: as above, and ``scheduled_budget_daily_only``."""
    if not row.campaign.budget_optimize_on and row.budget_mode not in budgets.DAILY:
        raise Refusal(SCHEDULED_DAILY_ONLY, field="scheduled_budget")
    return _clean(row, budget_micros, advertiser, "scheduled_budget")
