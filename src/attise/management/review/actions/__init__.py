"""What happens here: a person decides on what waits, takes an approval back, or rules on a reported post.

Each is one transaction.
"""

from attise.management.review.actions.decide import decide, withdraw
from attise.management.review.actions.rule_on_post import rule_on_post

__all__ = ["decide", "rule_on_post", "withdraw"]
