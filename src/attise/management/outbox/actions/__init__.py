"""What happens here: one unit of work, with its changes and notices."""

from attise.management.outbox.actions.unit import Unit, unit

__all__ = ["Unit", "unit"]
