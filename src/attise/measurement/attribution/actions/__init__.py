"""What happens here: events are settled, totals are published."""

from attise.measurement.attribution.actions.publish_totals import publish_totals
from attise.measurement.attribution.actions.settle import Settler, Settling, find_mark

__all__ = ["Settler", "Settling", "find_mark", "publish_totals"]
