"""Reads of campaigns, ad groups and their history: plain values, with the status at the moment of asking.

``get_`` refuses with ``not_found``, ``find_`` answers None, ``list_`` gives a page. What is deleted is found by its id,
and by lists that ask for it.
"""

from attise.management.campaigns.queries.adgroups import (
    AdGroupWish,
    count_adgroups,
    find_adgroup,
    get_adgroup,
    list_adgroups,
    page_adgroups,
)
from attise.management.campaigns.queries.campaigns import (
    CampaignWish,
    find_campaign,
    get_campaign,
    list_campaigns,
    page_campaigns,
)
from attise.management.campaigns.queries.history import page_history

__all__ = [
    "AdGroupWish",
    "CampaignWish",
    "count_adgroups",
    "find_adgroup",
    "find_campaign",
    "get_adgroup",
    "get_campaign",
    "list_adgroups",
    "list_campaigns",
    "page_adgroups",
    "page_campaigns",
    "page_history",
]
