"""What a split test came to is kept, in place of what was kept of it before."""

from __future__ import annotations

import msgspec

from attise.measurement.lift.kept import Kept
from attise.measurement.lift.models import SplitResult


def keep_result(split_id: int, kept: Kept) -> None:
    """Keep it; the last one who does wins. Cost: one statement."""
    row = SplitResult(
        split_id=split_id, as_of_ms=kept.as_of_ms, is_final=kept.is_final, body=msgspec.msgpack.encode(kept)
    )
    SplitResult.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["split_id"], update_fields=["as_of_ms", "is_final", "body"]
    )
