"""What is counted of items, and what this viewer did with them: all that a feed's answer does not say.

One number for each signal, organic and paid together: the same on the post, on every ad of it, and for everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.answers import as_json
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.site.means import means
from attise.kernel.limits import FEED_ITEMS
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.counters import queries as counters
from attise.records.token import Claims, sealer_of
from attise.records.viewer import Viewer

SHOWN = ("views", "likes", "comments", "saves", "shares")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is counted: a post, or a standard ad (``creator_id`` 0)."""

    id: int
    creator_id: int


@for_anyone("POST")
@as_json
def cards(request: HttpRequest) -> HttpResponse:
    """Answer a card for each ``token``, in their order; null for one that is not this viewer's, or is over.

    A token is asked for because it shows that its item was given to this viewer: nobody reads counters by guessing.
    """
    viewer = find_watcher(request)
    sealer, now_ms = sealer_of(means().secrets), means().clock.wire_ms()
    tokens = request.POST.getlist("token")[:FEED_ITEMS]
    opened = [sealer.open(token, now_ms=now_ms) for token in tokens]
    things = [_thing_of(claims) if _is_of(claims, viewer) else None for claims in opened]
    known = cards_of([thing for thing in things if thing is not None], viewer)
    return JsonResponse({"cards": [None if thing is None else known[thing] for thing in things]})


def cards_of(things: Collection[Thing], viewer: Viewer | None) -> dict[Thing, dict[str, Any]]:
    """Return the card of each thing. Cost: five statements, whatever their number."""
    ids = {thing.id for thing in things}
    counts = counters.list_counts(ids)
    shown = {post.id: post for post in posts.list_posts(ids)}
    liked = _done(viewer, "like", ids)
    saved = _done(viewer, "save", ids)
    followed = _done(viewer, "follow", {thing.creator_id for thing in things if thing.creator_id})
    return {
        thing: {
            **{name: counts.get(thing.id, counters.NOTHING).of(name).total for name in SHOWN},
            "liked": thing.id in liked,
            "saved": thing.id in saved,
            "followed": thing.creator_id in followed,
            "url": address_of_post(shown.get(thing.id)),
        }
        for thing in things
    }


def address_of_post(post: PostView | None) -> str:
    """Return the address of a post's own page; empty where it has none: a standard ad, or a video for ads alone."""
    return "" if post is None or not post.is_public else reverse("viewer_post", args=[post.creator_handle, post.id])


def _is_of(claims: Any, viewer: Viewer | None) -> bool:
    return isinstance(claims, Claims) and viewer is not None and claims.viewer == viewer.pseudonym


def _thing_of(claims: Any) -> Thing | None:
    if claims.post_id:
        return Thing(claims.post_id, claims.creator_id)
    return None if claims.ad is None else Thing(claims.ad.ad_id, 0)


def _done(viewer: Viewer | None, kind: str, ids: Iterable[int]) -> set[int]:
    return set() if viewer is None else counters.list_on(viewer.pseudonym, kind, ids)
