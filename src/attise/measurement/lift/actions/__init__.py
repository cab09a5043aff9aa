"""What lift writes: one verb, one transaction."""

from attise.measurement.lift.actions.forget import forget_people, forget_unknown
from attise.measurement.lift.actions.keep import keep_result
from attise.measurement.lift.actions.sweep import sweep
from attise.measurement.lift.actions.take_in import Taken, take_in

__all__ = ["Taken", "forget_people", "forget_unknown", "keep_result", "sweep", "take_in"]
