"""Campaigns are switched on or off, or deleted: all that are named, or none."""

from __future__ import annotations

from collections.abc import Sequence

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import change
from attise.management.campaigns.actions.holding import hold_campaigns
from attise.management.campaigns.actions.telling import tell_campaign
from attise.management.campaigns.errors import CAMPAIGN_DELETED
from attise.management.campaigns.models import Ad, AdGroup, Campaign
from attise.management.campaigns.rules.switching import DELETE, ENABLE, clean_ids, clean_switch, values_of
from attise.management.outbox.actions import unit, verb


@verb
def switch_campaigns(
    means: Means, actor: Actor, *, advertiser_id: int, campaign_ids: Sequence[int], to: str
) -> tuple[int, ...]:
    """Switch campaigns to ``ENABLE``, ``DISABLE`` or ``DELETE``; returns them, once each, in the order given.

    One that stands so already stays as it is. Deleting is final, carries ad groups and ads along, and is told of them
    as of their campaign; their times of change move. What stops stops costing a minute later.
    Raises: ``not_found``, ``campaign_deleted``, ``too_many_at_once``, ``choice_unknown``; then nothing is changed.
    """
    to = clean_switch(to)
    wanted = clean_ids(campaign_ids, field="campaign_ids")
    advertiser = get_advertiser(advertiser_id)
    with unit(means) as work:
        rows = hold_campaigns(advertiser_id=advertiser_id, campaign_ids=wanted)
        if len(rows) < len(wanted):
            raise Refusal(NOT_FOUND, field="campaign_ids")
        if to != DELETE and any(row.deleted_at_ms is not None for row in rows.values()):
            raise Refusal(CAMPAIGN_DELETED, field="campaign_ids")
        switched = [row for row in rows.values() if _switch(means, actor, row, to)]
        if switched:
            act = envelopes.reopen_budgets if to == ENABLE else envelopes.close_budgets
            act(means, switched, advertiser.currency)
        for row in switched:
            tell_campaign(work, row)
    return wanted


def _switch(means: Means, actor: Actor, row: Campaign, to: str) -> bool:
    """Switch a held campaign; tell whether anything changed."""
    now = means.clock.world_ms()
    if row.deleted_at_ms is not None or not change(means, actor, row, "switched", values_of(to, now_ms=now)):
        return False
    if to == DELETE:
        AdGroup.objects.filter(campaign_id=row.id, deleted_at_ms__isnull=True).update(modified_at_ms=now)
        Ad.objects.filter(adgroup__campaign_id=row.id, deleted_at_ms__isnull=True).update(modified_at_ms=now)
    return True
