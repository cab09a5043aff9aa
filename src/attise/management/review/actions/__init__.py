"""What happens here: a person decides on what waits, or takes an approval back. Each is one transaction."""

from attise.management.review.actions.decide import decide, withdraw

__all__ = ["decide", "withdraw"]
