"""An advertiser changes a campaign: its name, its budget, its holdout, what it declares."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypedDict, Unpack

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_UNKNOWN, Refusal, Refusals
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import change
from attise.management.campaigns.actions.holding import check_revision, hold_campaign
from attise.management.campaigns.actions.telling import tell_adgroup, tell_campaign
from attise.management.campaigns.errors import ADGROUP_LEAVES_OUT, CAMPAIGN_NAME_TAKEN
from attise.management.campaigns.models import AdGroup, Campaign
from attise.management.campaigns.queries import get_campaign
from attise.management.campaigns.rules import bids, budgets
from attise.management.campaigns.rules.campaign import clean_holdout, clean_industries, clean_po_number
from attise.management.campaigns.rules.names import clean_name
from attise.management.campaigns.targeting_rules import TOLD_AT_ONCE, for_everybody_alike
from attise.management.campaigns.views import CampaignView
from attise.management.outbox.actions import unit, verb
from attise.management.policy.queries import get_policy
from attise.records.targeting import Targeting


class CampaignChanges(TypedDict, total=False):
    """What can be changed of a campaign; absent keys stay as they are."""

    name: str
    budget_mode: str
    """Only as it is: it is that of the creation."""
    budget_micros: int
    special_industries: tuple[str, ...]
    po_number: str
    holdout_ppm: int
    """Those whom a smaller share held out stay held out by a greater one, and the other way round."""


@verb
def update_campaign(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    campaign_id: int,
    expected_revision: int | None = None,
    **changes: Unpack[CampaignChanges],
) -> CampaignView:
    """Change a campaign; a new budget rules the current period at once.

    ``expected_revision``: that of the campaign as the caller read it; None does not ask.
    Raises: ``not_found``, ``campaign_deleted``, ``edited_meanwhile``, ``campaign_name_taken``, ``field_unknown``,
    ``budget_mode_fixed``, ``budget_under_spend``, ``bid_above_budget``, ``adgroup_leaves_people_out``, and the rules of
    each field, together.
    """
    advertiser = get_advertiser(advertiser_id)
    with unit(means) as work:
        row = hold_campaign(advertiser_id=advertiser_id, campaign_id=campaign_id)
        check_revision(row, expected_revision)
        values = _clean(row, changes, advertiser)
        opened = _open_audiences(row, values.get("special_industries", ()))
        before = _change(means, actor, row, values)
        if "budget_micros" in before:
            envelopes.set_budgets(means, [row], advertiser)
        if before:
            tell_campaign(work, row)
        for adgroup, targeting in opened:
            if change(means, actor, adgroup, "updated", {"targeting": targeting}):
                tell_adgroup(work, adgroup)
    return get_campaign(means, advertiser_id=advertiser_id, campaign_id=campaign_id)


def _clean(row: Campaign, changes: CampaignChanges, advertiser: AdvertiserView) -> dict[str, Any]:
    """Return the new values of columns. Raises: all that is wrong with them, together."""
    gather = Gather()
    clean: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "budget_mode":
            gather.take(budgets.check_mode_stays, row.budget_mode, value)
        elif name == "budget_micros":
            clean[name] = gather.take(_clean_budget, row, value, advertiser)
        elif name in _CLEANERS:
            clean[name] = gather.take(_CLEANERS[name], value)
        else:
            gather.add(Refusal(FIELD_UNKNOWN, field=name))
    gather.tell()
    return clean


def _clean_budget(row: Campaign, budget_micros: int, advertiser: AdvertiserView) -> int | None:
    """Return a new budget that holds every bid of the ad groups beneath."""
    currency = advertiser.currency
    _, budget = budgets.clean_campaign_budget(
        row.budget_mode,
        budget_micros,
        is_shared=row.budget_optimize_on,
        currency=currency,
        least_eur=0 if budget_micros == row.budget_micros else get_policy().least_budget_micros,
    )
    if budget is None or budget == row.budget_micros:
        return budget
    beneath = AdGroup.objects.filter(campaign_id=row.id, deleted_at_ms__isnull=True)
    highest = beneath.aggregate(bid=Max("bid_micros"), conversion=Max("conversion_bid_micros"))
    try:
        bids.check_within(highest["bid"], highest["conversion"], budgets=[budget], currency=currency)
    except Refusal as refusal:
        raise refusal.at("budget_micros") from None
    return budget


def _open_audiences(row: Campaign, industries: Collection[str]) -> list[tuple[AdGroup, Targeting]]:
    """Return the ad groups of a campaign that now declares industries, with their audiences as those ask for.

    The campaign is held, and so no ad group changes meanwhile. Raises: ``adgroup_leaves_people_out``, for the first
    twenty of them. Cost: one query.
    """
    if not industries:
        return []
    gather = Gather()
    found = []
    for adgroup in AdGroup.objects.filter(campaign_id=row.id, deleted_at_ms__isnull=True).order_by("id"):
        targeting = msgspec.convert(adgroup.targeting, Targeting)
        try:
            found.append((adgroup, for_everybody_alike(targeting)))
        except (Refusal, Refusals):
            gather.add(Refusal(ADGROUP_LEAVES_OUT, field="special_industries", adgroup_id=str(adgroup.id)))
            if len(gather.found) == TOLD_AT_ONCE:
                break
    gather.tell()
    return found


def _change(means: Means, actor: Actor, row: Campaign, values: dict[str, Any]) -> dict[str, Any]:
    try:
        with transaction.atomic():
            return change(means, actor, row, "updated", values)
    except IntegrityError:
        raise Refusal(CAMPAIGN_NAME_TAKEN, field="name") from None


_CLEANERS: dict[str, Any] = {
    "name": lambda value: clean_name(value, field="name"),
    "special_industries": clean_industries,
    "po_number": clean_po_number,
    "holdout_ppm": clean_holdout,
}
