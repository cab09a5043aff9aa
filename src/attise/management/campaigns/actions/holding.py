"""Rows are held still, always from the top of the tree down.

Advertiser, campaign, ad group, ad; then the ledger, then the outbox. Whoever changes an ad group holds its campaign
too: what an ad group may be depends on it. Whoever counts what an advertiser has against a limit holds the advertiser.
"""

from __future__ import annotations

from collections.abc import Collection

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.management.accounts.queries import name_of_actor
from attise.management.authorizations.rules import day_of
from attise.management.campaigns.actions.history import LEVELS
from attise.management.campaigns.errors import ADGROUP_DELETED, CAMPAIGN_DELETED, EDITED_MEANWHILE
from attise.management.campaigns.models import Ad, AdGroup, Campaign, HistoryEntry


def hold_campaign(*, advertiser_id: int, campaign_id: int) -> Campaign:
    """Return a campaign that is not deleted, held until the end of the unit.

    Raises: ``not_found``, ``campaign_deleted``.
    """
    row = _campaigns(advertiser_id, [campaign_id]).get(campaign_id)
    if row is None:
        raise Refusal(NOT_FOUND, field="campaign_id")
    if row.deleted_at_ms is not None:
        raise Refusal(CAMPAIGN_DELETED, field="campaign_id")
    return row


def hold_campaigns(*, advertiser_id: int, campaign_ids: Collection[int]) -> dict[int, Campaign]:
    """Return those of several campaigns that are the advertiser's, deleted ones too, held until the end of the unit."""
    return _campaigns(advertiser_id, campaign_ids)


def hold_adgroup(*, advertiser_id: int, adgroup_id: int) -> AdGroup:
    """Return an ad group that is not deleted, nor its campaign; both held until the end of the unit.

    Raises: ``not_found``, ``adgroup_deleted``, ``campaign_deleted``.
    """
    row = hold_adgroups(advertiser_id=advertiser_id, adgroup_ids=[adgroup_id]).get(adgroup_id)
    if row is None:
        raise Refusal(NOT_FOUND, field="adgroup_id")
    check_adgroup_lives(row)
    return row


def hold_adgroups(*, advertiser_id: int, adgroup_ids: Collection[int]) -> dict[int, AdGroup]:
    """Return those of several ad groups that are the advertiser's, with their campaigns, all held."""
    groups = AdGroup.objects.filter(advertiser_id=advertiser_id, id__in=adgroup_ids)
    campaigns = _campaigns(advertiser_id, set(groups.values_list("campaign_id", flat=True)))
    rows = {row.id: row for row in groups.select_for_update(no_key=True).order_by("id")}
    for row in rows.values():
        row.campaign = campaigns[row.campaign_id]
    return rows


def check_adgroup_lives(row: AdGroup) -> None:
    """Refuse an ad group that is deleted, by itself or with its campaign."""
    if row.deleted_at_ms is not None:
        raise Refusal(ADGROUP_DELETED, field="adgroup_id")
    if row.campaign.deleted_at_ms is not None:
        raise Refusal(CAMPAIGN_DELETED, field="adgroup_id")


def check_revision(row: Campaign | AdGroup | Ad, expected: int | None) -> None:
    """Refuse a change of something that somebody changed after the caller had read it.

    ``expected``: the revision that the caller read; None does not ask. Raises: ``edited_meanwhile``, naming who and
    when.
    """
    if expected in (None, row.revision):
        return
    last = HistoryEntry.objects.filter(level=LEVELS[type(row)], object_id=row.id).order_by("-id").first()
    raise Refusal(
        EDITED_MEANWHILE,
        field="revision",
        who=name_of_actor("" if last is None else last.actor),
        when=day_of(row.modified_at_ms),
    )


def _campaigns(advertiser_id: int, campaign_ids: Collection[int]) -> dict[int, Campaign]:
    rows = Campaign.objects.select_for_update(no_key=True).filter(advertiser_id=advertiser_id, id__in=campaign_ids)
    return {row.id: row for row in rows.order_by("id")}
