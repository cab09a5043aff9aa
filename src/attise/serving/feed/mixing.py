"""One answer: organic posts in their order, ads at their slots, nobody twice in a row and no post twice.

What decides about ads is given as a function of slots, and may fail: then the answer is organic, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.decision import Decision
from attise.records.feed import FeedRequest
from attise.records.lookups import categories
from attise.records.token import Claims, TokenKind
from attise.serving.delivery.gates import ANY_BESIDE, SENSITIVE, most_beside
from attise.serving.feed.plan import slots_of
from attise.serving.feed.posts import PostIndex
from attise.serving.feed.ranking import Pool, draw, pool_of

EXPLORATION: Final = 0.08
"""The share of organic places set aside for new posts."""
SENSITIVITY: Final = (0, *(SENSITIVE[row.gate] for row in categories.all()))
"""How sensitive it is to stand beside a post, by the number of its category in a ``PostIndex``."""
SPARE: Final = 6
"""Posts ranked beyond those asked for: what ads show, and what would stand beside its own creator, is passed over."""
TRIES: Final = 3
"""New posts drawn for one place before it goes to the ranking."""

Decide = Callable[[tuple[int, ...]], Sequence[Decision]]
"""From slots (indexes of the answer, rising) to what was decided for each, in order."""


class OrganicItem(msgspec.Struct, frozen=True):
    """A post that stands by its own merit."""

    place: int
    """In the answer, from 0."""
    stock_place: int
    """In the ``PostIndex``: ``post(stock_place)`` is the whole post."""
    claims: Claims
    score: float
    is_exploration: bool
    is_repeat: bool
    """Whether this viewer has seen it before, as far as is remembered: everything else was seen since."""


class AdItem(msgspec.Struct, frozen=True):
    """An ad at its slot."""

    place: int
    decision: Decision


Item = OrganicItem | AdItem


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What a request is answered with. ``decisions`` has those of slots that stayed without an ad too."""

    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]
    fault: Exception | None = None
    """What failed in ads, if something did: counted and logged by whoever asked; the answer is organic."""

    @property
    def organic(self) -> tuple[OrganicItem, ...]:
        """The posts."""
        return tuple(item for item in self.items if isinstance(item, OrganicItem))

    @property
    def ads(self) -> tuple[AdItem, ...]:
        """The ads."""
        return tuple(item for item in self.items if isinstance(item, AdItem))


@dataclass(frozen=True, slots=True)
class Session:
    """How far a viewer has come in a session."""

    shown: int = 0
    """Items shown in it."""
    since_ad: int | None = None
    """Organic posts after its last ad; None: it had none."""


NEW_SESSION: Final = Session()


def mix(
    request: FeedRequest,
    index: PostIndex,
    decide: Decide,
    *,
    seen: Collection[int] | NDArray[np.int64] = (),
    session: Session = NEW_SESSION,
    snapshot_version: int = 0,
    exploration: float = EXPLORATION,
) -> FeedAnswer:
    """Return the items of a feed: posts of ``index``, and ads where ``decide`` found some.

    Args: seen: post ids, those seen longest ago first.
    Invariants: at most ``request.count`` items; no post twice, an ad's own post included; slots as in ``plan``; two
    posts of one creator stand side by side only where nothing else was left; no post beside an ad whose advertiser does
    not accept it (``gates.most_beside``). The same arguments, the same answer.
    Cost: a ranking, and about 2 µs an item.
    """
    pool = pool_of(
        index,
        request.viewer,
        seen=seen,
        count=request.count + SPARE,
        now_ms=request.now_ms,
        seed=request.seed,
    )
    slots = slots_of(request.count, stock=len(pool.places), shown=session.shown, since_ad=session.since_ad)
    decisions, fault = _decided(decide, slots)
    ads = {slot: decision for slot, decision in zip(slots, decisions, strict=False) if decision.winner is not None}
    filling = _Filling(request, index, pool, ads, seen, snapshot_version, exploration)
    return FeedAnswer(filling.items(), decisions, fault)


def ads_only(request: FeedRequest, decide: Decide) -> FeedAnswer:
    """Return ads for as many slots as are asked for, for a host with a feed of its own: no post, no geometry."""
    slots = tuple(range(request.count))
    decisions, fault = _decided(decide, slots)
    found = [AdItem(slot, one) for slot, one in zip(slots, decisions, strict=False) if one.winner is not None]
    return FeedAnswer(tuple(found), decisions, fault)


def _decided(decide: Decide, slots: tuple[int, ...]) -> tuple[tuple[Decision, ...], Exception | None]:
    if not slots:
        return (), None
    try:
        return tuple(decide(slots)), None
    except Exception as fault:  # noqa: BLE001 - whatever fails in ads, the feed goes out
        return (), fault


class _Filling:
    """One answer in the making."""

    def __init__(
        self,
        request: FeedRequest,
        index: PostIndex,
        pool: Pool,
        ads: dict[int, Decision],
        seen: Collection[int] | NDArray[np.int64],
        snapshot_version: int,
        exploration: float,
    ) -> None:
        self._request = request
        self._index = index
        self._pool = pool
        self._ads = ads
        self._seen = seen
        self._snapshot_version = snapshot_version
        self._exploration = exploration
        self._creators: list[int] = index.creator_id[pool.places].tolist()
        self._posts: list[int] = index.post_id[pool.places].tolist()
        self._used = {decision.winner.post_id for decision in ads.values() if decision.winner is not None}
        self._first_free = 0
        self._most_sensitive = ANY_BESIDE

    def items(self) -> tuple[Item, ...]:
        found: list[Item] = []
        before = 0
        for place in range(self._request.count):
            decision = self._ads.get(place)
            if decision is not None and decision.winner is not None:
                found.append(AdItem(place, decision))
                before = decision.winner.creator_id
                continue
            item = self._post_at(place, before)
            if item is None and self._ads.pop(place + 1, None) is not None:
                item = self._post_at(place, before)  # nothing left may stand before that ad: then the ad does not
            if item is None:
                break
            found.append(item)
            before = item.claims.creator_id
        return tuple(found)

    def _post_at(self, place: int, before: int) -> OrganicItem | None:
        """Return the post of a place, one that the ads beside it accept for a neighbour."""
        following = self._ads.get(place + 1)
        after = 0 if following is None or following.winner is None else following.winner.creator_id
        self._most_sensitive = min(self._most_beside(place - 1), self._most_beside(place + 1))
        return self._explored(place, before, after) or self._ranked(place, before, after)

    def _most_beside(self, place: int) -> int:
        """Return how sensitive the neighbours of a place may be: of an ad's, what its advertiser accepts."""
        decision = self._ads.get(place)
        return ANY_BESIDE if decision is None or decision.winner is None else most_beside(decision.winner.inventory)

    def _is_accepted(self, stock_place: int) -> bool:
        return (
            self._most_sensitive >= ANY_BESIDE or SENSITIVITY[self._index.category[stock_place]] <= self._most_sensitive
        )

    def _explored(self, place: int, before: int, after: int) -> OrganicItem | None:
        """Return a new post, by chance, if this place is set aside for one and one is found."""
        seed, index = self._request.seed, self._index
        if not len(index.new) or draw(seed, place) >= self._exploration:
            return None
        for turn in range(1, TRIES + 1):
            at = int(index.new[int(draw(seed, place + (turn << 16)) * len(index.new))])
            post_id, creator_id = int(index.post_id[at]), int(index.creator_id[at])
            known = post_id in self._used or post_id in self._seen
            if index.live[at] and not known and creator_id not in (before, after) and self._is_accepted(at):
                return self._item(place, at, post_id, creator_id, 0.0, is_exploration=True)
        return None

    def _ranked(self, place: int, before: int, after: int) -> OrganicItem | None:
        """Return the best post left, of another creator than its neighbours if there is one; unseen ones first."""
        posts, creators, used, count = self._posts, self._creators, self._used, len(self._posts)
        first = self._first_free
        while first < count and posts[first] in used:
            first += 1
        self._first_free = first
        if first == count:
            return None
        if self._most_sensitive < ANY_BESIDE:
            return self._accepted(place, before, after)
        if creators[first] not in (before, after):
            return self._of_pool(place, first)
        for at in range(first + 1, self._pool.repeats if first < self._pool.repeats else count):
            if creators[at] not in (before, after) and posts[at] not in used:
                return self._of_pool(place, at)
        return self._of_pool(place, first)

    def _accepted(self, place: int, before: int, after: int) -> OrganicItem | None:
        """Return the best post left that may stand beside a careful ad; unseen ones and other creators first."""
        left = [at for at in range(self._first_free, len(self._posts)) if self._posts[at] not in self._used]
        left = [at for at in left if self._is_accepted(self._pool.places[at])]
        if not left:
            return None
        others = [at for at in left if self._creators[at] not in (before, after)]
        return self._of_pool(place, others[0] if others else left[0])

    def _of_pool(self, place: int, at: int) -> OrganicItem:
        pool = self._pool
        return self._item(
            place, pool.places[at], self._posts[at], self._creators[at], pool.scores[at], is_repeat=at >= pool.repeats
        )

    def _item(
        self,
        place: int,
        stock_place: int,
        post_id: int,
        creator_id: int,
        score: float,
        *,
        is_exploration: bool = False,
        is_repeat: bool = False,
    ) -> OrganicItem:
        self._used.add(post_id)
        request = self._request
        claims = Claims(
            TokenKind.ORGANIC,
            request.ids[place],
            request.feed_id,
            post_id,
            creator_id,
            request.viewer.pseudonym,
            request.session_id,
            "feed",
            request.now_ms,
            request.wire_ms,
            int(self._index.duration_ms[stock_place]),
            place,
            self._snapshot_version,
            0,
            is_exploration,
        )
        return OrganicItem(place, stock_place, claims, score, is_exploration, is_repeat)
