"""What arrived for a viewer: what those they follow published, and what became of their comments.

Of a creator who watches too, also what people did on their posts.

The same for the page and for the API. Nobody writes these down as notices: they are read from where they happened, over
the last two weeks, so that a post with a million likes costs no more than one with ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import DAY_MS, FOLLOWS
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.management.review.queries import last_comment_rulings
from attise.measurement.counters import queries as counters
from attise.records.viewer import Viewer

SPAN_MS: Final = 14 * DAY_MS
MOST: Final = 50
POSTS_LOOKED_AT: Final = 100
"""Of a creator, the newest posts."""
LOOKED, PUBLISHED, COMMENT_HIDDEN, COMMENTED, LIKED, FOLLOWED = KINDS = (
    "looked",
    "published",
    "comment_hidden",
    "commented",
    "liked",
    "followed",
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One thing. Likes and follows are told together for an hour of world time, whose beginning ``at_ms`` is."""

    kind: str
    at_ms: int
    post_id: int
    """0: of no post."""
    handle: str
    """Whose post it is; empty where that is the reader."""
    title: str
    """The first line of the post's caption; of a comment, what was said."""
    count: int
    reason: str = ""
    """Why a comment was hidden, where the house did after reports; why an operator looked at one's consoles."""


def list_arrived(means: Means, *, viewer: Viewer | None, person_id: int | None, limit: int = MOST) -> list[Arrived]:
    """Return what arrived lately for a viewer, who may be a person of this installation, newest first.

    Cost: at most ten statements.
    """
    since_ms = means.clock.world_ms() - SPAN_MS
    found: list[Arrived] = []
    if viewer is not None:
        found += _published(viewer, since_ms, limit)
        found += _hidden(viewer, since_ms, limit)
    if person_id is not None:
        found += [
            Arrived(LOOKED, one.at_ms, 0, "", one.name, 1, one.reason)
            for one in accounts.list_looks_at(person_id, since_ms=since_ms, limit=limit)
        ]
    creator = None if person_id is None else accounts.find_creator_of_person(person_id)
    if creator is not None and creator.is_active:
        own = posts.list_posts_of_creator(creator.id, limit=POSTS_LOOKED_AT).items
        found += _on_posts(creator.id, own, since_ms, limit, viewer)
    found.sort(key=lambda one: (-one.at_ms, one.kind, one.post_id))
    return found[:limit]


def _published(viewer: Viewer, since_ms: int, limit: int) -> list[Arrived]:
    followed = counters.list_followed(viewer.pseudonym, limit=FOLLOWS)
    authors = [one.id for one in accounts.find_authors(followed).values() if one.is_active]
    page = posts.list_public_of_creators(authors, limit=limit) if authors else None
    return [
        Arrived(PUBLISHED, post.published_at_ms, post.id, post.creator_handle, _title(post), 1)
        for post in ([] if page is None else page.items)
        if post.published_at_ms >= since_ms
    ]


def _hidden(viewer: Viewer, since_ms: int, limit: int) -> list[Arrived]:
    said = [one for one in posts.list_comments_of(viewer.viewer_id, limit=limit) if one.state == "hidden"]
    shown = posts.find_posts([one.post_id for one in said])
    notes = {one: view.note for one, view in last_comment_rulings([one.id for one in said]).items()}
    return [
        Arrived(
            COMMENT_HIDDEN,
            one.at_ms,
            one.post_id,
            shown[one.post_id].creator_handle,
            one.text,
            1,
            notes.get(one.id, ""),
        )
        for one in said
        if one.at_ms >= since_ms and shown[one.post_id].is_public
    ]


def _on_posts(creator_id: int, own: list[PostView], since_ms: int, limit: int, viewer: Viewer | None) -> list[Arrived]:
    titles = {post.id: _title(post) for post in own}
    mine = None if viewer is None else viewer.viewer_id
    found = [
        Arrived(COMMENTED, one.at_ms, one.post_id, "", one.text, 1)
        for one in posts.list_comments_on(titles, since_ms=since_ms, limit=limit)
        if one.viewer_id != mine
    ]
    hours = counters.list_hours_of([*titles, creator_id], ("likes", "follows"), from_ms=since_ms)
    follows: dict[int, int] = {}
    for subject_id, hour_ms, (likes, new) in hours:
        if likes > 0 and subject_id in titles:
            found.append(Arrived(LIKED, hour_ms, subject_id, "", titles[subject_id], likes))
        follows[hour_ms] = follows.get(hour_ms, 0) + new
    found += [Arrived(FOLLOWED, hour_ms, 0, "", "", count) for hour_ms, count in follows.items() if count > 0]
    return found


def _title(post: PostView) -> str:
    return next((line.strip() for line in post.caption.splitlines() if line.strip()), "")
