"""What happens here: events are settled, totals are published, what is over is swept, people are forgotten."""

from attise.measurement.attribution.actions.forget import forget_people, forget_unknown
from attise.measurement.attribution.actions.publish_totals import publish_totals
from attise.measurement.attribution.actions.settle import Settler, Settling
from attise.measurement.attribution.actions.sweep import sweep
from attise.measurement.attribution.actions.sweep_told import sweep_told

__all__ = ["Settler", "Settling", "forget_people", "forget_unknown", "publish_totals", "sweep", "sweep_told"]
