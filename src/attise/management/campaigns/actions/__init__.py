"""What happens to campaigns: one module per verb, each verb one transaction."""

from attise.management.campaigns.actions.create_adgroup import create_adgroup
from attise.management.campaigns.actions.create_campaign import create_campaign
from attise.management.campaigns.actions.set_budgets import begin_scheduled_budgets, set_adgroup_budgets
from attise.management.campaigns.actions.switch_adgroups import Switched, switch_adgroups
from attise.management.campaigns.actions.switch_campaigns import switch_campaigns
from attise.management.campaigns.actions.update_adgroup import AdGroupChanges, update_adgroup
from attise.management.campaigns.actions.update_campaign import CampaignChanges, update_campaign

__all__ = [
    "AdGroupChanges",
    "CampaignChanges",
    "Switched",
    "begin_scheduled_budgets",
    "create_adgroup",
    "create_campaign",
    "set_adgroup_budgets",
    "switch_adgroups",
    "switch_campaigns",
    "update_adgroup",
    "update_campaign",
]
