"""What happens to conversions; each verb runs in a transaction of its caller's or its own, as it says."""

from attise.measurement.conversions.actions.forget import forget_people, list_people
from attise.measurement.conversions.actions.note_refused import note_refused
from attise.measurement.conversions.actions.settle import Settled, settle
from attise.measurement.conversions.actions.sweep import sweep, sweep_told

__all__ = ["Settled", "forget_people", "list_people", "note_refused", "settle", "sweep", "sweep_told"]
