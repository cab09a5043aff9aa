"""A viewer is forgotten."""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.viewers.models import Viewer
from attise.records.change import ChangeKind


@verb
def erase_viewer(means: Means, *, viewer_id: int) -> str:
    """Delete a viewer's facts, record and key; returns the pseudonym, for whoever forgets more of what was under it.

    What was counted stays counted, under a pseudonym that nothing leads back from any more. Raises: ``not_found``.
    """
    with unit(means) as work:
        found = Viewer.objects.filter(id=viewer_id)
        pseudonym = found.values_list("pseudonym", flat=True).first()
        deleted, _ = found.delete()
        if pseudonym is None or not deleted:
            raise Refusal(NOT_FOUND, field="viewer_id")
        work.change(ChangeKind.VIEWER_CHANGED, viewer_id, erased=True)
        return pseudonym
