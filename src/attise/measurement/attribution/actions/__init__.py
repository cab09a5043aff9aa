"""What happens here: totals are published."""

from attise.measurement.attribution.actions.publish_totals import publish_totals

__all__ = ["publish_totals"]
