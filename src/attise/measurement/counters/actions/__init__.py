"""What happens here: a tally is added, follows are told, what is over is swept."""

from attise.measurement.counters.actions.count import StateKey, count, read_states, read_watched
from attise.measurement.counters.actions.follows import forget_followed, list_followed
from attise.measurement.counters.actions.sweep import sweep_watched

__all__ = ["StateKey", "count", "forget_followed", "list_followed", "read_states", "read_watched", "sweep_watched"]
