"""What happens here: something is set for the house, every ad is stopped or let run again."""

from attise.management.policy.actions.set_policy import set_policy
from attise.management.policy.actions.stop_ads import set_ads_stopped

__all__ = ["set_ads_stopped", "set_policy"]
