"""What happens to campaigns, ad groups and ads: one module per verb, each verb one transaction."""

from attise.management.campaigns.actions.boost import Boosted, boost
from attise.management.campaigns.actions.create_adgroup import create_adgroup
from attise.management.campaigns.actions.create_ads import create_ads
from attise.management.campaigns.actions.create_campaign import create_campaign
from attise.management.campaigns.actions.draft import drop_draft, import_video, save_draft, send_draft
from attise.management.campaigns.actions.launch_ad import launch_ad
from attise.management.campaigns.actions.lots import announce_lot, draw_lot, drop_lot
from attise.management.campaigns.actions.say_word import say_word
from attise.management.campaigns.actions.set_budgets import begin_scheduled_budgets, set_adgroup_budgets
from attise.management.campaigns.actions.set_review import appeal, set_review
from attise.management.campaigns.actions.split_tests import (
    create_split,
    drop_split,
    end_due_splits,
    end_split,
    launch_split,
    pair_formats,
)
from attise.management.campaigns.actions.switch_adgroups import Switched, switch_adgroups
from attise.management.campaigns.actions.switch_ads import switch_ads
from attise.management.campaigns.actions.switch_campaigns import switch_campaigns
from attise.management.campaigns.actions.update_adgroup import AdGroupChanges, update_adgroup
from attise.management.campaigns.actions.update_ads import AdEdit, update_ads
from attise.management.campaigns.actions.update_campaign import CampaignChanges, update_campaign
from attise.management.campaigns.actions.wish_boost import drop_boost, launch_boost, wish_boost

__all__ = [
    "AdEdit",
    "AdGroupChanges",
    "Boosted",
    "CampaignChanges",
    "Switched",
    "announce_lot",
    "appeal",
    "begin_scheduled_budgets",
    "boost",
    "create_adgroup",
    "create_ads",
    "create_campaign",
    "create_split",
    "draw_lot",
    "drop_boost",
    "drop_draft",
    "drop_lot",
    "drop_split",
    "end_due_splits",
    "end_split",
    "import_video",
    "launch_ad",
    "launch_boost",
    "launch_split",
    "pair_formats",
    "save_draft",
    "say_word",
    "send_draft",
    "set_adgroup_budgets",
    "set_review",
    "switch_adgroups",
    "switch_ads",
    "switch_campaigns",
    "update_adgroup",
    "update_ads",
    "update_campaign",
    "wish_boost",
]
