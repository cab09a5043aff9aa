"""What happens here: a person decides on what waits, takes an approval back, or rules on what was reported.

A viewer reports a comment or an ad.

Each is one transaction.
"""

from attise.management.review.actions.ads import forget_unknown, report_ad, rule_on_ad
from attise.management.review.actions.comments import forget_reports, report_comment, rule_on_comment
from attise.management.review.actions.decide import decide, withdraw
from attise.management.review.actions.rule_on_post import rule_on_post

__all__ = [
    "decide",
    "forget_reports",
    "forget_unknown",
    "report_ad",
    "report_comment",
    "rule_on_ad",
    "rule_on_comment",
    "rule_on_post",
    "withdraw",
]
