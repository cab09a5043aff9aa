"""Decision processes are told what changed: what stops is complete in itself, what runs is rendered from its rows."""

from __future__ import annotations

from attise.management.campaigns.models import AdGroup, Campaign
from attise.management.outbox.actions import Unit
from attise.records.change import ChangeKind


def tell_campaign(work: Unit, row: Campaign) -> None:
    """Tell that a campaign is to be read again, or that nothing of it may be shown from now on."""
    stops = row.operation_status != "ENABLE" or row.deleted_at_ms is not None
    work.change(
        ChangeKind.CAMPAIGN_STOPPED if stops else ChangeKind.CAMPAIGN_CHANGED,
        row.id,
        advertiser_id=row.advertiser_id,
    )


def tell_adgroup(work: Unit, row: AdGroup) -> None:
    """Tell the same of an ad group."""
    stops = row.operation_status != "ENABLE" or row.deleted_at_ms is not None
    work.change(
        ChangeKind.ADGROUP_STOPPED if stops else ChangeKind.ADGROUP_CHANGED,
        row.id,
        advertiser_id=row.advertiser_id,
        campaign_id=row.campaign_id,
    )
