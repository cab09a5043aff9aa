"""One answer: organic posts in their order, ads at their slots, nobody twice in a row and no post twice.

What decides about ads is given as a function of slots, and may fail: then the answer is organic, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.decision import Decision
from attise.records.feed import FeedRequest
from attise.records.lookups import categories
from attise.records.token import Claims, TokenKind
from attise.serving import kernels
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


class OrganicItem(msgspec.Struct, frozen=True, gc=False):
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


class AdItem(msgspec.Struct, frozen=True, gc=False):
    """An ad at its slot."""

    place: int
    decision: Decision


Item = OrganicItem | AdItem


class FeedAnswer(msgspec.Struct, frozen=True, gc=False):
    """What a request is answered with, column by column. ``decisions`` has those of slots that stayed without too."""

    claims: Sequence[Claims | None]
    """Of each item in order, what the token of its post says; None: an ad stands there, the next of ``ads``."""
    stock_places: Sequence[int]
    """Of each item: its post in the ``PostIndex``; ``NO_PLACE`` where an ad stands."""
    post_ids: Sequence[int]
    """Of each item: its post, or that of its ad; 0: a standard ad."""
    ads: tuple[AdItem, ...]
    decisions: tuple[Decision, ...]
    fault: Exception | None = None
    """What failed in ads, if something did: counted and logged by whoever asked; the answer is organic."""
    at: Sequence[int] = ()
    """Of each item: where it was in the pool, as in ``Filled``."""
    pool: Pool | None = None
    """What posts were chosen from."""

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.claims)

    @property
    def items(self) -> tuple[Item, ...]:
        """Each item, for whoever looks at them one by one."""
        ads, posts = iter(self.ads), iter(self.organic)
        return tuple([next(ads) if claims is None else next(posts) for claims in self.claims])

    @property
    def organic(self) -> tuple[OrganicItem, ...]:
        """The posts."""
        pool, found = self.pool, []
        for place, claims in enumerate(self.claims):
            if claims is None or pool is None:
                continue
            at = self.at[place]
            score = 0.0 if at == BY_CHANCE else pool.scores.item(at)
            is_repeat = at >= pool.repeats
            found.append(OrganicItem(place, self.stock_places[place], claims, score, claims.is_exploration, is_repeat))
        return tuple(found)


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
        followed_only=request.followed_only,
    )
    # What chance draws is of anybody.
    exploration = 0.0 if request.followed_only else exploration
    slots = slots_of(request.count, stock=len(pool.places), shown=session.shown, since_ad=session.since_ad)
    decisions, fault = _decided(decide, slots)
    ads = {slot: decision for slot, decision in zip(slots, decisions, strict=False) if decision.winner is not None}
    filled = _filler()(index, Filling(request.count, request.seed, pool, _told_of(ads), seen, exploration))
    claims, post_ids = _claims(request, filled, snapshot_version), filled.post_id
    stand = [AdItem(slot, one) for slot, one in ads.items() if slot < len(claims) and filled.at[slot] == AN_AD]
    for item in stand:
        claims[item.place], post_ids[item.place] = None, _post_of(item.decision)
    return FeedAnswer(claims, filled.stock_place, post_ids, tuple(stand), decisions, fault, filled.at, pool)


def ads_only(request: FeedRequest, decide: Decide) -> FeedAnswer:
    """Return ads for as many slots as are asked for, for a host with a feed of its own: no post, no geometry."""
    slots = tuple(range(request.count))
    decisions, fault = _decided(decide, slots)
    found = [AdItem(slot, one) for slot, one in zip(slots, decisions, strict=False) if one.winner is not None]
    posts = [_post_of(item.decision) for item in found]
    many = len(found)
    return FeedAnswer((None,) * many, (NO_PLACE,) * many, posts, tuple(found), decisions, fault)


def _post_of(decision: Decision) -> int:
    """Return the post of an ad that was chosen."""
    return 0 if decision.winner is None else decision.winner.post_id


def _decided(decide: Decide, slots: tuple[int, ...]) -> tuple[tuple[Decision, ...], Exception | None]:
    if not slots:
        return (), None
    try:
        return tuple(decide(slots)), None
    except Exception as fault:  # noqa: BLE001 - whatever fails in ads, the feed goes out
        return (), fault


class Filling(msgspec.Struct, frozen=True, gc=False):
    """What one answer is filled by."""

    wanted: int
    seed: int
    pool: Pool
    ads: NDArray[np.int64]
    """int64[n, 4], in order: the slot of each ad, its post and creator, how sensitive its neighbours may be."""
    seen: Collection[int] | NDArray[np.int64]
    exploration: float


class Filled(NamedTuple):
    """Who stands at each place of an answer, in order; fewer than were asked for where posts ran out."""

    at: list[int]
    """In the pool; ``BY_CHANCE``: a new post from outside of it; ``AN_AD``."""
    stock_place: list[int]
    """In the ``PostIndex``; ``NO_PLACE`` where an ad stands."""
    post_id: list[int]
    """Here and below: nothing that means anything where an ad stands."""
    creator_id: list[int]
    duration_ms: list[int]


BY_CHANCE, AN_AD = -1, -2
NO_PLACE: Final = -1
_NO_ADS: Final = np.zeros((0, 4), np.int64)
Filler = Callable[[PostIndex, Filling], Filled]


def _filler() -> Filler:
    """Return the compiled filling once it is loaded, the plain one until then: the same answers."""
    compiled = kernels.find("attise.serving.feed.compiled")
    found: Filler = fill_plainly if compiled is None else compiled.fill
    return found


def _told_of(ads: dict[int, Decision]) -> NDArray[np.int64]:
    """Return what filling asks of ads."""
    told = [
        (slot, one.winner.post_id, one.winner.creator_id, most_beside(one.winner.inventory))
        for slot, one in ads.items()
        if one.winner is not None
    ]
    return np.array(told, np.int64) if told else _NO_ADS


def _claims(request: FeedRequest, filled: Filled, snapshot_version: int) -> list[Claims | None]:
    """Return what the tokens of posts say, of each place that is filled; of an ad's nothing that means anything."""
    return [
        *map(
            Claims,
            repeat(TokenKind.ORGANIC),
            request.ids,
            repeat(request.feed_id),
            filled.post_id,
            filled.creator_id,
            repeat(request.viewer.pseudonym),
            repeat(request.session_id),
            repeat("feed"),
            repeat(request.now_ms),
            repeat(request.wire_ms),
            filled.duration_ms,
            count(),
            repeat(snapshot_version),
            repeat(0),
            [at == BY_CHANCE for at in filled.at],
        )
    ]


def fill_plainly(index: PostIndex, filling: Filling) -> Filled:
    """Return who stands where."""
    return _Filling(index, filling).filled()


class _Filling:
    """One answer in the making."""

    def __init__(self, index: PostIndex, filling: Filling) -> None:
        pool = filling.pool
        self._count = filling.wanted
        self._seed = filling.seed
        self._index = index
        self._places = pool.places.tolist()
        self._repeats = pool.repeats
        self._ads = {slot: (creator_id, most) for slot, _, creator_id, most in filling.ads.tolist()}
        self._seen = filling.seen
        self._exploration = filling.exploration
        self._creators: list[int] = index.creator_id[pool.places].tolist()
        self._posts: list[int] = index.post_id[pool.places].tolist()
        self._used = set(filling.ads[:, 1].tolist())
        self._first_free = 0
        self._most_sensitive = ANY_BESIDE

    def filled(self) -> Filled:
        found: list[tuple[int, int]] = []
        before = 0
        for place in range(self._count):
            ad = self._ads.get(place)
            if ad is not None:
                found.append((AN_AD, NO_PLACE))
                before = ad[0]
                continue
            item = self._post_at(place, before)
            if item is None and self._ads.pop(place + 1, None) is not None:
                item = self._post_at(place, before)  # nothing left may stand before that ad: then the ad does not
            if item is None:
                break
            found.append(item)
            before = int(self._index.creator_id[item[1]])
            self._used.add(int(self._index.post_id[item[1]]))
        index = self._index
        at, stock = [one for one, _ in found], [one for _, one in found]
        columns = (index.post_id, index.creator_id, index.duration_ms)
        return Filled(at, stock, *(column[stock].tolist() if stock else [] for column in columns))

    def _post_at(self, place: int, before: int) -> tuple[int, int] | None:
        """Return the post of a place, one that the ads beside it accept for a neighbour: in pool and stock."""
        after, _ = self._ads.get(place + 1, (0, ANY_BESIDE))
        self._most_sensitive = min(self._ads.get(near, (0, ANY_BESIDE))[1] for near in (place - 1, place + 1))
        return self._explored(place, before, after) or self._ranked(before, after)

    def _is_accepted(self, stock_place: int) -> bool:
        return (
            self._most_sensitive >= ANY_BESIDE or SENSITIVITY[self._index.category[stock_place]] <= self._most_sensitive
        )

    def _explored(self, place: int, before: int, after: int) -> tuple[int, int] | None:
        """Return a new post, by chance, if this place is set aside for one and one is found."""
        seed, index = self._seed, self._index
        if not len(index.new) or draw(seed, place) >= self._exploration:
            return None
        for turn in range(1, TRIES + 1):
            at = int(index.new[int(draw(seed, place + (turn << 16)) * len(index.new))])
            post_id, creator_id = int(index.post_id[at]), int(index.creator_id[at])
            known = post_id in self._used or post_id in self._seen
            if index.live[at] and not known and creator_id not in (before, after) and self._is_accepted(at):
                return BY_CHANCE, at
        return None

    def _ranked(self, before: int, after: int) -> tuple[int, int] | None:
        """Return the best post left, of another creator than its neighbours if there is one; unseen ones first."""
        posts, creators, used, count = self._posts, self._creators, self._used, len(self._posts)
        first = self._first_free
        while first < count and posts[first] in used:
            first += 1
        self._first_free = first
        if first == count:
            return None
        if self._most_sensitive < ANY_BESIDE:
            return self._accepted(before, after)
        if creators[first] not in (before, after):
            return first, self._places[first]
        for at in range(first + 1, self._repeats if first < self._repeats else count):
            if creators[at] not in (before, after) and posts[at] not in used:
                return at, self._places[at]
        return first, self._places[first]

    def _accepted(self, before: int, after: int) -> tuple[int, int] | None:
        """Return the best post left that may stand beside a careful ad; unseen ones and other creators first."""
        left = [at for at in range(self._first_free, len(self._posts)) if self._posts[at] not in self._used]
        left = [at for at in left if self._is_accepted(self._places[at])]
        if not left:
            return None
        others = [at for at in left if self._creators[at] not in (before, after)]
        best = others[0] if others else left[0]
        return best, self._places[best]
