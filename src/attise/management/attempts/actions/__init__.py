"""What happens here: a failure is counted; a subject is asked to wait; a success forgives."""

from attise.management.attempts.actions.guard import Guard, Limit, forgive, record_failure, refuse_if_too_many, sweep
from attise.management.attempts.actions.reserve import Reservation, give_back, reserve

__all__ = [
    "Guard",
    "Limit",
    "Reservation",
    "forgive",
    "give_back",
    "record_failure",
    "refuse_if_too_many",
    "reserve",
    "sweep",
]
