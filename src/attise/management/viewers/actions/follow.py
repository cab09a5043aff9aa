"""A follow that somebody made by an act reaches the record that decisions read of them.

Whoever counts acts says who follows whom, or no more, under the viewer's pseudonym, in the order in which that came
about.
"""

from __future__ import annotations

from attise.kernel.limits import FOLLOWS
from attise.kernel.means import Means
from attise.management.accounts.queries import existing_creators
from attise.management.outbox.actions import unit, verb
from attise.management.viewers.models import Viewer
from attise.management.viewers.owned import owned_by
from attise.management.viewers.views import record_text
from attise.records.change import ChangeKind


@verb
def note_follow(means: Means, *, pseudonym: str, creator_id: int, follows: bool) -> bool:
    """Write down that a viewer follows a creator, or no more; tells whether that was news.

    Nothing where the viewer was erased or the creator is not there any more. Of more than ``FOLLOWS``, the oldest are
    forgotten. Asked twice, it does no harm.
    """
    with unit(means) as work:
        row = Viewer.objects.select_for_update(no_key=True).filter(pseudonym=pseudonym).first()
        if row is None or (creator_id in row.follows) == follows:
            return False
        if follows and not existing_creators([creator_id]):
            return False
        others = [one for one in row.follows if one != creator_id]
        row.follows = [*others, creator_id][-FOLLOWS:] if follows else others
        row.record = record_text(row, owns=owned_by(row.person_id))
        row.save(update_fields=["follows", "record"])
        work.change(ChangeKind.VIEWER_CHANGED, row.id)
    return True
