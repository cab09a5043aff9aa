"""What happens here: one unit of work, with its changes and notices; a verb that is done again when it loses."""

from attise.management.outbox.actions.unit import Unit, hold_others, unit
from attise.management.outbox.actions.verb import verb

__all__ = ["Unit", "hold_others", "unit", "verb"]
