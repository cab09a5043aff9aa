"""Reads of campaigns, ad groups, ads and their history: plain values, with the status at the moment of asking.

``get_`` refuses with ``not_found``, ``find_`` answers None, ``list_`` gives a page. What is deleted is found by its id,
and by lists that ask for it.
"""

from attise.management.campaigns.queries.adgroups import (
    AdGroupWish,
    count_adgroups,
    find_adgroup,
    get_adgroup,
    list_adgroups,
    list_ids_of_adgroups,
    page_adgroups,
    results_of,
)
from attise.management.campaigns.queries.ads import (
    AdWish,
    ads_that_may_run,
    count_ads_to_review,
    find_ad_of_house,
    find_ads_of_house,
    get_ad,
    get_ads,
    list_ads,
    list_ids_of_ads,
    page_ads,
    page_ads_of_creator,
    page_ads_to_review,
)
from attise.management.campaigns.queries.bids import suggest_bid
from attise.management.campaigns.queries.boosts import get_boost, list_boosts
from attise.management.campaigns.queries.campaigns import (
    CampaignWish,
    find_campaign,
    get_campaign,
    list_campaigns,
    list_ids_of_campaigns,
    page_campaigns,
)
from attise.management.campaigns.queries.described import (
    Described,
    describe,
    list_by_objective,
    list_by_status,
    list_deleted,
)
from attise.management.campaigns.queries.drafts import find_draft, list_drafts
from attise.management.campaigns.queries.history import list_acts, names_of, page_history
from attise.management.campaigns.queries.lots import get_lot, page_lots, taken_posts
from attise.management.campaigns.queries.running import Running, campaigns_on, end_of_ads_on, running_on_creator
from attise.management.campaigns.queries.splits import ads_of_side, get_split, list_launched, page_splits

__all__ = [
    "AdGroupWish",
    "AdWish",
    "CampaignWish",
    "Described",
    "Running",
    "ads_of_side",
    "ads_that_may_run",
    "campaigns_on",
    "count_adgroups",
    "count_ads_to_review",
    "describe",
    "end_of_ads_on",
    "find_ad_of_house",
    "find_adgroup",
    "find_ads_of_house",
    "find_campaign",
    "find_draft",
    "get_ad",
    "get_adgroup",
    "get_ads",
    "get_boost",
    "get_campaign",
    "get_lot",
    "get_split",
    "list_acts",
    "list_adgroups",
    "list_ads",
    "list_boosts",
    "list_by_objective",
    "list_by_status",
    "list_campaigns",
    "list_deleted",
    "list_drafts",
    "list_ids_of_adgroups",
    "list_ids_of_ads",
    "list_ids_of_campaigns",
    "list_launched",
    "names_of",
    "page_adgroups",
    "page_ads",
    "page_ads_of_creator",
    "page_ads_to_review",
    "page_campaigns",
    "page_history",
    "page_lots",
    "page_splits",
    "results_of",
    "running_on_creator",
    "suggest_bid",
    "taken_posts",
]
