"""It is kept that the house was brought back from a copy."""

from __future__ import annotations

from django.db import transaction

from attise.kernel.means import Means
from attise.ledger.models import Restored


def note_restored(means: Means, *, made_at_ms: int) -> int:
    """Have what comes with tokens of before this moment be free; returns the moment (wire time).

    ``made_at_ms``: when the copy was made. Twice for one copy, as when it was cut short in between, is once, at the
    later moment.
    """
    now_ms = means.clock.wire_ms()
    with transaction.atomic():
        rows = Restored.objects.filter(made_at_ms=made_at_ms)
        if not rows.update(restored_at_ms=now_ms):
            Restored.objects.create(made_at_ms=made_at_ms, restored_at_ms=now_ms)
    return now_ms
