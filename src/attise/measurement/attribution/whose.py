"""Whose the things are that events name without a token: asked of whoever knows, each once. No I/O of its own.

A token says whose the post is that it was sealed for. Of a permalink or a profile, the sender alone says which post or
creator it was; what there is not has nobody whom it could be counted for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from attise.records.event import Event


class Whose(NamedTuple):
    """Who knows which posts and creators there are, in whatever state: what was counted of them stays."""

    of_posts: Callable[[Iterable[int]], dict[int, int]]
    """Whose posts are, by post; without those that are not there."""
    creators: Callable[[Iterable[int]], set[int]]
    """Which of some ids are creators."""


BY_TOKENS: Final = Whose(lambda _: {}, lambda _: set())
"""Where nothing is known but what tokens say."""


class Asked:
    """What has been asked, and the answers; what was not there is asked again."""

    def __init__(self, whose: Whose) -> None:
        """Ask ``whose``."""
        self._whose = whose
        self._of_posts: dict[int, int] = {}
        self._creators: set[int] = set()

    def learn(self, events: Iterable[Event]) -> None:
        """Ask about what events name of which nobody said more where they were received. Cost: two queries at most."""
        posts, creators = self._unknown(events)
        if posts:
            self._of_posts.update(self._whose.of_posts(posts))
        if creators:
            self._creators |= self._whose.creators(creators)

    def knows_all(self, events: Iterable[Event]) -> bool:
        """Tell whether there is nothing to ask about some events."""
        return not any(self._unknown(events))

    def _unknown(self, events: Iterable[Event]) -> tuple[set[int], set[int]]:
        """Return the posts and the creators that would have to be asked about."""
        posts, creators = set(), set()
        for event in events:
            if event.claims is None:
                if not event.post_id:
                    creators.add(event.creator_id)
                elif not event.creator_id:
                    posts.add(event.post_id)
        return posts - self._of_posts.keys(), creators - self._creators - {0}

    def creator_of(self, post_id: int) -> int:
        """Return whose a post is that was learned of; 0: it is not there."""
        return self._of_posts.get(post_id, 0)

    def is_creator(self, creator_id: int) -> bool:
        """Tell whether somebody who was learned of is a creator."""
        return creator_id in self._creators
