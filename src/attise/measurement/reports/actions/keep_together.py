"""What ads brought promoted posts, each of them and taken together, is kept in place of what was kept before."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from attise.measurement.reports.models import PromotedTogether
from attise.measurement.reports.promoted import Course, Together


def keep_together(
    advertiser_id: int, found: Together | None, *, as_of_ms: int, courses: Sequence[tuple[int, Course]] | None = None
) -> None:
    """Keep it; ``advertiser_id``: by whose ads, 0: by all; ``courses``: by post. Cost: one statement."""
    row = PromotedTogether(
        advertiser_id=advertiser_id,
        as_of_ms=as_of_ms,
        body=None if found is None else msgspec.msgpack.encode(found),
        courses=None if courses is None else msgspec.msgpack.encode(courses),
    )
    PromotedTogether.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["advertiser_id"],
        update_fields=["as_of_ms", "body", "courses"],
    )
