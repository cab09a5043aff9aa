"""A viewer reports a comment; a person keeps or hides it, and whoever wrote it reads why."""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_REQUIRED, NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.campaigns.rules.choices import check_choice
from attise.management.outbox.actions import unit, verb
from attise.management.posts.actions import moderate_comment
from attise.management.posts.queries import find_comments
from attise.management.posts.rules import REASON_CHARACTERS
from attise.management.review.models import AdReport, CommentReport, CommentRuling
from attise.management.review.rules import COMMENT_RULINGS, HIDDEN
from attise.management.review.views import CommentRulingView, view_comment_ruling

log = logging.getLogger(__name__)


@verb
def report_comment(means: Means, *, post_id: int, comment_id: int, viewer_id: int) -> None:
    """Keep that a viewer reported a comment; once more changes nothing. Raises: ``not_found``, or hidden."""
    with unit(means):
        if not any(one.state == "shown" for one in find_comments(post_id, [comment_id])):
            raise Refusal(NOT_FOUND, field="comment_id")
        CommentReport.objects.get_or_create(
            comment_id=comment_id, viewer_id=viewer_id, defaults={"at_ms": means.clock.world_ms()}
        )


@verb
def rule_on_comment(
    means: Means, actor: Actor, *, post_id: int, comment_id: int, reports: int, verdict: str, note: str = ""
) -> CommentRulingView:
    """Keep a comment as it stands, or hide it, at its ``reports``.

    Raises: ``choice_unknown``, ``field_required`` for the note of *hidden*, the refusals of a text, ``not_found``.
    """
    gather = Gather()
    gather.take(check_choice, verdict, COMMENT_RULINGS, field="verdict")
    note = gather.take(clean_text, note, field="note", limit=REASON_CHARACTERS, empty=True)
    if verdict == HIDDEN and not note:
        gather.add(Refusal(FIELD_REQUIRED, field="note"))
    gather.tell()
    with unit(means):
        if not find_comments(post_id, [comment_id]):
            raise Refusal(NOT_FOUND, field="comment_id")
        if verdict == HIDDEN:
            moderate_comment(means, actor, post_id=post_id, comment_id=comment_id, is_hidden=True)
        row = CommentRuling.objects.create(
            id=means.ids.next(),
            comment_id=comment_id,
            post_id=post_id,
            reports=reports,
            verdict=verdict,
            note=note,
            reviewer=str(actor),
            origin=actor.origin,
            at_ms=means.clock.world_ms(),
        )
    log.info("reported comment %s %s by %s", comment_id, verdict, actor)
    return view_comment_ruling(row)


@verb
def forget_reports(means: Means, *, viewer_id: int, pseudonym: str) -> None:
    """Delete which comments and ads a viewer reported, who is being forgotten. Cost: two statements."""
    with unit(means):
        CommentReport.objects.filter(viewer_id=viewer_id).delete()
        AdReport.objects.filter(reporter=pseudonym).delete()
