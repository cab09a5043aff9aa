"""What happens here: a key is taken, its answer kept, or the key given back; old keys are swept."""

from attise.management.idempotency.actions.hold import Hold, Kept, Scope, give_back, keep_answer, take_key
from attise.management.idempotency.actions.sweep import sweep

__all__ = ["Hold", "Kept", "Scope", "give_back", "keep_answer", "sweep", "take_key"]
