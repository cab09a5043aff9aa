"""A creator edits a video that waits to be published: cut, cover, words, sound. Before: *hold back*.

After: the worker renders it (``render``), then looks over what came of it; or ``publish_post``, which waits for
neither.
"""

from __future__ import annotations

import msgspec

from attise.kernel.errors import Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.posts.actions.holding_back import held, remove_media
from attise.management.posts.editing.edits import NOTHING, Edits, check_edits
from attise.management.posts.errors import NEVER_EDITED, NOT_YET_EDITED
from attise.management.posts.views import UnpublishedView, view_unpublished


@verb
def edit_video(means: Means, *, house: House, owner_id: int, unpublished_id: int, edits: Edits) -> UnpublishedView:
    """Keep what is done to a video in the place of what was before; ``NOTHING`` gives back the one that was sent.

    The same edits again change nothing. Raises: ``not_found``; ``video_not_ready_to_edit`` while it has to be
    converted, ``video_not_converted`` where it cannot be; the refusals of ``check_edits``.
    """
    with unit(means):
        row = held(owner_id, unpublished_id)
        if row.media is None:
            raise Refusal(NEVER_EDITED if row.rendering_reason else NOT_YET_EDITED, field="unpublished_id")
        edits = check_edits(edits, row.media.duration_ms)
        asked = None if edits == NOTHING else msgspec.json.decode(msgspec.json.encode(edits))
        if asked != row.edits:
            before = row.edited
            row.edits, row.edited, row.rendering_tries, row.rendering_reason = asked, None, 0, ""
            row.seen, row.reason, row.tries, row.begun_at_ms = None, "", 0, 0
            row.save()
            if before is not None:
                remove_media(house, before)
    return view_unpublished(row)
