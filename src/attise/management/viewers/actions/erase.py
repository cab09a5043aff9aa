"""A viewer is forgotten."""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.viewers.models import Viewer
from attise.records.change import ChangeKind


@verb
def erase_viewer(means: Means, *, viewer_id: int) -> None:
    """Delete a viewer's facts, record and key.

    What was counted stays counted, under a pseudonym that nothing leads back from any more. Raises: ``not_found``.
    """
    with unit(means) as work:
        deleted, _ = Viewer.objects.filter(id=viewer_id).delete()
        if not deleted:
            raise Refusal(NOT_FOUND, field="viewer_id")
        work.change(ChangeKind.VIEWER_CHANGED, viewer_id, erased=True)
