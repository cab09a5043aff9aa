"""Many viewers at once, as if each had been declared alone."""

from __future__ import annotations

from typing import Any

from attise.kernel.means import Means
from attise.management.viewers.actions import create_viewer
from attise.management.viewers.models import Viewer


def people(means: Means, count: int, **facts: Any) -> None:
    """Write viewers like one that was declared with these facts, each under a pseudonym of its own."""
    made = Viewer.objects.get(id=create_viewer(means, **facts).id)
    rows = []
    for _ in range(count - 1):
        pseudonym = means.chance.token(24).hex()
        record = made.record.replace(made.pseudonym, pseudonym)
        id_ = means.ids.next()
        rows.append(Viewer(id=id_, key=made.key, pseudonym=pseudonym, record=record, created_at_ms=made.created_at_ms))
    Viewer.objects.bulk_create(rows)
