"""What happens here: the house says who invoices, and a month of an advertiser is invoiced."""

from attise.management.invoices.actions.issue import issue_due, issue_month
from attise.management.invoices.actions.state_issuer import state_issuer

__all__ = ["issue_due", "issue_month", "state_issuer"]
