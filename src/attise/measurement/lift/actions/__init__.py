"""What lift writes: one verb, one transaction."""

from attise.measurement.lift.actions.forget import forget_people, forget_unknown
from attise.measurement.lift.actions.sweep import sweep
from attise.measurement.lift.actions.take_in import Taken, take_in

__all__ = ["Taken", "forget_people", "forget_unknown", "sweep", "take_in"]
