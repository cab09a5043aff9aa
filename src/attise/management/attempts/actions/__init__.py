"""What happens here: a failure is counted; a subject is asked to wait; a success forgives."""

from attise.management.attempts.actions.guard import Guard, Limit, forgive, record_failure, refuse_if_too_many, sweep

__all__ = ["Guard", "Limit", "forgive", "record_failure", "refuse_if_too_many", "sweep"]
