"""What ads brought promoted posts, taken together, is kept in place of what was kept before."""

from __future__ import annotations

import msgspec

from attise.measurement.reports.models import PromotedTogether
from attise.measurement.reports.promoted import Together


def keep_together(advertiser_id: int, found: Together | None, *, as_of_ms: int) -> None:
    """Keep it; ``advertiser_id``: by whose ads, 0: by all. Cost: one statement."""
    body = None if found is None else msgspec.msgpack.encode(found)
    PromotedTogether.objects.update_or_create(
        advertiser_id=advertiser_id, defaults={"as_of_ms": as_of_ms, "body": body}
    )
