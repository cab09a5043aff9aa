"""Comments that viewers reported, as the page of reports takes them, with the names of who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from attise.kernel.actor import Actor
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.review.queries import page_reported_comments
from attise.management.review.rules import HIDDEN, KEPT
from attise.management.viewers import queries as viewers

SHOWN: Final = 50
RULED: Final[dict[str, Promise]] = {
    KEPT: pgettext_lazy("comment ruling", "Kept"),
    HIDDEN: pgettext_lazy("comment ruling", "Hidden"),
}


def rows_of(refused: Mapping[int, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return those that wait, the most reports first, ``SHOWN`` at most.

    Args: refused: by comment, the note as it was sent and the error of a decision that was refused.
    Cost: six statements.
    """
    waiting = page_reported_comments(limit=SHOWN).items
    under = posts.find_posts({one.comment.post_id for one in waiting})
    persons = viewers.persons_of({one.comment.viewer_id for one in waiting})
    named = {viewer_id: str(Actor("person", person_id)) for viewer_id, person_id in persons.items()}
    names = accounts.names_of_actors(set(named.values()))
    return [
        {
            "one": one,
            "post": under[one.comment.post_id],
            "who": names.get(named.get(one.comment.viewer_id, ""), "") or _("A viewer"),
            "is_hidden": one.comment.state == "hidden",
            "ruled": "" if one.ruling is None else RULED[one.ruling.verdict],
            **refused.get(one.comment.id, {}),
        }
        for one in waiting
    ]
