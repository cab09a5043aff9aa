"""By what rows of a report may be told: the columns of roll-ups behind each dimension. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DAY, HOUR, COUNTRY = "stat_time_day", "stat_time_hour", "country_code"
LEVELS: Final[Mapping[str, str]] = {
    "AUCTION_ADVERTISER": "advertiser_id",
    "AUCTION_CAMPAIGN": "campaign_id",
    "AUCTION_ADGROUP": "adgroup_id",
    "AUCTION_AD": "ad_id",
}
"""Levels, the highest first, and the identifier of each."""
IDS: Final = tuple(LEVELS.values())
POST: Final = "post_id"
PLACEMENT: Final = "PLACEMENT_TIKTOK"
"""The one place where ads are shown here, as the dialect calls a feed."""
AUDIENCE: Final[Mapping[str, str]] = {
    "gender": "CASE gender WHEN 'male' THEN 'MALE' WHEN 'female' THEN 'FEMALE' ELSE 'NONE' END",
    "age": "CASE WHEN age_group = '' THEN 'NONE' ELSE age_group END",
    COUNTRY: "CASE WHEN country = '' THEN 'NONE' ELSE country END",
    "province_id": "CASE WHEN region = '' THEN '-1' ELSE region END",
    "platform": "CASE os WHEN 'android' THEN 'ANDROID' WHEN 'ios' THEN 'IPHONE' WHEN '' THEN 'UNKNOWN' ELSE 'PC' END",
    "language": "CASE WHEN language = '' THEN 'NONE' ELSE language END",
    "placement": f"'{PLACEMENT}'",
}
"""Who was reached, as expressions over the roll-ups that know it."""
TIMES: Final = (DAY, HOUR)
OF_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "BASIC": (*IDS, POST, *TIMES, COUNTRY),
    "AUDIENCE": (*IDS, POST, *TIMES, *AUDIENCE),
    "BC": ("advertiser_id", DAY, COUNTRY),
    "PLAYABLE_MATERIAL": ("playable_id", *IDS, DAY, COUNTRY),
    "CATALOG": ("catalog_id", "product_set_id", "product_id", *IDS, DAY, COUNTRY),
    "TT_SHOP": ("store_id", "product_id", "item_group_id", *IDS, *TIMES),
}
"""What each type of report may be told by. ``BC`` is of all advertisers of a Business Center."""
WITHOUT_ROWS: Final = frozenset({"PLAYABLE_MATERIAL", "CATALOG", "TT_SHOP"})
"""Reports of products that are left out here: nothing was delivered of them, so that they are always empty."""


def knows_people(name: str) -> bool:
    """Tell whether a dimension is about who was reached."""
    return name in AUDIENCE
