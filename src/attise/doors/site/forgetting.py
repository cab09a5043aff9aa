"""A viewer is forgotten, by their host or by themselves: in one transaction, by every room that keeps something."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts.actions import forget_comments
from attise.management.review.actions import forget_reports
from attise.management.viewers.actions import erase_viewer
from attise.measurement.attribution.actions import forget_people
from attise.measurement.lift.actions import forget_people as forget_compared


@verb
def forget_viewer(means: Means, *, viewer_id: int) -> None:
    """Delete a viewer's facts, key and profile, what they said under posts, and which ads touched, or might have, them.

    Raises: ``not_found``.

    What was counted stays counted, under a pseudonym that nothing leads back from any more; each edge lets go of what
    it remembers of them when it reads of it.
    """
    with unit(means):
        pseudonym = erase_viewer(means, viewer_id=viewer_id)
        forget_reports(means, viewer_id=viewer_id, pseudonym=pseudonym)
        forget_comments(means, viewer_id=viewer_id)
        forget_people([pseudonym])
        forget_compared([pseudonym])
