"""What is said under a post, newest first, with the names of who said it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from attise.doors.consoles.words import initials
from attise.kernel.actor import Actor
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.views import CommentView
from attise.management.review.queries import reported_by
from attise.management.viewers import queries as viewers
from attise.records.viewer import Viewer

SHOWN = 50


def comments_of(
    post_id: int, watcher: Viewer | None = None, *, with_hidden: bool = False, limit: int = SHOWN
) -> list[dict[str, Any]]:
    """Return the newest comments of a post with the names of who wrote them. Cost: four statements."""
    return told(posts.list_comments(post_id, with_hidden=with_hidden, limit=limit).items, watcher)


def told(comments: list[CommentView], watcher: Viewer | None = None) -> list[dict[str, Any]]:
    """Return comments as ``parts/comments.html`` takes them. Cost: three statements."""
    persons = viewers.persons_of({one.viewer_id for one in comments})
    named = {viewer_id: str(Actor("person", person_id)) for viewer_id, person_id in persons.items()}
    names = accounts.names_of_actors(set(named.values()))
    reported = set() if watcher is None else reported_by(watcher.viewer_id, [one.id for one in comments])
    found = []
    for one in comments:
        name = names.get(named.get(one.viewer_id, ""), "")
        found.append(
            {
                "name": name or _("A viewer"),
                "initials": initials(name) if name else "",
                "id": one.id,
                "is_reported": one.id in reported,
                "is_own": watcher is not None and one.viewer_id == watcher.viewer_id,
                "is_hidden": one.state == "hidden",
                "is_held": one.is_held,
                "text": one.text,
                "at_ms": one.at_ms,
            }
        )
    return found
