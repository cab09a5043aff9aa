"""A post that viewers reported stays, is hidden or is removed; why is kept, and its creator is told."""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_REQUIRED, Refusal
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.campaigns.rules.choices import check_choice
from attise.management.outbox.actions import unit, verb
from attise.management.posts.actions import moderate_post
from attise.management.posts.rules import REASON_CHARACTERS
from attise.management.review.models import Ruling
from attise.management.review.rules import KEPT, RULINGS, STATES
from attise.management.review.views import RulingView, view_ruling

log = logging.getLogger(__name__)


@verb
def rule_on_post(
    means: Means, actor: Actor, *, house: House, post_id: int, reports: int, verdict: str, note: str = ""
) -> RulingView:
    """Keep, hide or remove a post at its ``reports``; one that is kept lives again if it did not.

    The creator is told of what changes, with the note: ads on a post that does not stay stop within two seconds.
    Raises: ``choice_unknown``, ``field_required`` for the note of anything but *kept*, the refusals of a text,
    ``not_found``, also for a deleted post; ``post_has_no_file``.
    """
    gather = Gather()
    gather.take(check_choice, verdict, RULINGS, field="verdict")
    note = gather.take(clean_text, note, field="note", limit=REASON_CHARACTERS, empty=True)
    if verdict != KEPT and not note:
        gather.add(Refusal(FIELD_REQUIRED, field="note"))
    gather.tell()
    with unit(means) as work:
        post = moderate_post(means, actor, house=house, post_id=post_id, state=STATES[verdict], reason=note)
        row = Ruling.objects.create(
            id=means.ids.next(),
            post_id=post_id,
            reports=reports,
            verdict=verdict,
            note=note,
            reviewer=str(actor),
            origin=actor.origin,
            at_ms=means.clock.world_ms(),
        )
        work.notice("operator", 0, "post_ruled", post_id, by=str(actor), state=post.state, reason=note)
    log.info("reported post %s %s by %s", post_id, verdict, actor)
    return view_ruling(row)
