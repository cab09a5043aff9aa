"""Whose a campaign, an ad group or an ad is: what a door asks that knows the object alone.

Every verb and every query of this room takes the advertiser. A credential of the whole house has none; it acts for the
owner of what it names.
"""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.management.campaigns.models import Ad, AdGroup, Campaign, Lot, SplitTest


def advertiser_of_campaign(campaign_id: int) -> int:
    """Return the advertiser of a campaign, deleted or not. Raises: ``not_found``. Cost: one query."""
    return _owner(Campaign, campaign_id, "campaign_id")


def advertiser_of_adgroup(adgroup_id: int) -> int:
    """Return the advertiser of an ad group, deleted or not. Raises: ``not_found``. Cost: one query."""
    return _owner(AdGroup, adgroup_id, "adgroup_id")


def advertiser_of_ad(ad_id: int) -> int:
    """Return the advertiser of an ad, deleted or not. Raises: ``not_found``. Cost: one query."""
    return _owner(Ad, ad_id, "ad_id")


def advertiser_of_split(split_id: int) -> int:
    """Return the advertiser of a split test. Raises: ``not_found``. Cost: one query."""
    return _owner(SplitTest, split_id, "split_id")


def advertiser_of_lot(lot_id: int) -> int:
    """Return the advertiser of a lot. Raises: ``not_found``. Cost: one query."""
    return _owner(Lot, lot_id, "lot_id")


def _owner(kind: type[Campaign | AdGroup | Ad | Lot | SplitTest], object_id: int, field: str) -> int:
    owner: int | None = kind.objects.filter(id=object_id).values_list("advertiser_id", flat=True).first()
    if owner is None:
        raise Refusal(NOT_FOUND, field=field)
    return owner
