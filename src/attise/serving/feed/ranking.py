"""Which posts one viewer may be shown next, the best first: candidates from short lists, then one score for all.

Cost does not grow with the stock: candidates come from lists of bounded length (by creator followed, by interest, by
language, the newest, the best of all), and a score is a sum of gathered columns; whoever is outside of a post's circle
is shown it last. Where those are all seen, the whole
lists are asked; where these are too, posts repeat, the one seen longest ago first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.feed import ViewerContext
from attise.records.lookups import interests
from attise.serving import kernels
from attise.serving.feed.circles import COUNTRY_WORTH, FOLLOW_WORTH, INTEREST_WORTH, LANGUAGE_WORTH, OUTSIDE
from attise.serving.feed.posts import (
    CATEGORIES,
    CATEGORY_OF,
    Lists,
    Once,
    Places,
    PostIndex,
    Sheet,
    code_of,
    sheet_of,
)

FRESH_WORTH: Final = 0.2
"""What being new adds, half of it after ``FRESH_MS``."""
FRESH_MS: Final = 2 * 86_400_000.0
CHANCE_WORTH: Final = 0.08
"""The width of what chance adds, so that two answers in a row are not the same."""
WIDE, FRESH, PER_INTEREST, PER_LANGUAGE, PER_CREATOR, NEW_PER_INTEREST = 96, 48, 32, 48, 3, 8
"""How much of each list is looked at first."""
INTERESTS, CREATORS = 6, 64
"""How many of a viewer's interests and followed creators one answer draws on; chance says which."""
WHOLE: Final = 1_024
NOWHERE: Final[Places] = np.zeros(0, np.int32)
_NO_SCORES: Final = np.zeros(0, np.float32)
PER_CREATOR_IN_POOL: Final = 3
"""Posts of one creator among those an answer may choose from, so that others are there to stand between them."""

_CATEGORY_OF_INTEREST: Final = {
    row.wire_id: CATEGORY_OF.get(interests.chain(row.id)[-1].slug, 0) for row in interests.all()
}


class Pool(msgspec.Struct, frozen=True, gc=False):
    """Posts to choose from: places in falling order of ``scores``; those from ``repeats`` on were seen before."""

    places: Places
    scores: NDArray[np.float32]
    repeats: int


def pool_of(
    index: PostIndex,
    viewer: ViewerContext,
    *,
    seen: Collection[int] | NDArray[np.int64],
    count: int,
    now_ms: int,
    seed: int,
    followed_only: bool = False,
) -> Pool:
    """Return ``count`` posts that this viewer may be shown, or all there are, none twice.

    Args: seen: post ids, those seen longest ago first; now_ms: world time; seed: 64 bits of chance; followed_only: of
    creators whom the viewer follows, and of nobody else.
    Invariants: only living posts; posts for followers only to followers; no seen post before an unseen one.
    Cost: about 20 µs, at any size of the stock; thrice that for a viewer who has seen the best of it.
    """
    if not len(index):
        return Pool(NOWHERE, _NO_SCORES, 0)
    seen = np.asarray(seen, np.int64)
    lists = _short_lists(index, viewer, seed)
    lists = _of_followed(lists) if followed_only else lists
    places, scores = _choose(index, lists, seen, NOWHERE, count, now_ms, seed)
    if len(places) < count and len(places) < len(index):
        lists = _whole_lists(index, viewer, seed)
        lists = _of_followed(lists) if followed_only else lists
        more, of_more = _choose(index, lists, seen, places, count - len(places), now_ms, seed)
        places, scores = np.concatenate([places, more]), np.concatenate([scores, of_more])
    repeats = len(places)
    if repeats < count:
        taken = set(places.tolist())
        again = _seen_again(index, viewer, seen, taken, count - repeats, followed_only=followed_only)
        places = np.concatenate([places, again])
        scores = np.concatenate([scores, np.zeros(len(again), np.float32)])
    return Pool(places, scores, repeats)


def _of_followed(lists: Lists) -> Lists:
    """Return lists without what is not of creators whom the viewer follows."""
    return msgspec.structs.replace(lists, sheets=())


def _seen_again(
    index: PostIndex,
    viewer: ViewerContext,
    seen: NDArray[np.int64],
    taken: set[int],
    most: int,
    *,
    followed_only: bool,
) -> Places:
    """Return posts that were seen before, those seen longest ago first."""
    found: dict[int, None] = {}
    for place in index.places_of_posts(seen):
        if len(found) == most:
            break
        is_for_all = not (followed_only or index.followers_only[place])
        is_for_viewer = is_for_all or int(index.creator_id[place]) in viewer.follows
        if is_for_viewer and place not in taken:
            found[place] = None
    return np.fromiter(found, np.int32, len(found))


def _short_lists(index: PostIndex, viewer: ViewerContext, seed: int) -> Lists:
    """Return what is looked at first; kept, unless chance says which of a viewer's creators and interests it is of."""
    known = index.listed.find(viewer)
    if known is not None:
        return known
    once, liked = _once(index), _categories(viewer, seed)
    sheets = (
        once.first,
        *[once.first_of[number] for number in liked],
        *[once.first_new_of[number] for number in liked],
    )
    in_language = once.first_in.get(code_of(viewer.language))
    if in_language is not None:
        sheets = (*sheets, in_language)
    if len(viewer.follows) <= CREATORS and len(viewer.interests) <= INTERESTS:
        followed, _ = index.newest_of(viewer.follows, PER_CREATOR)
        return index.listed.keep(viewer, _lists(sheets, followed, viewer, liked))
    return _lists(sheets, _newest_of_some(index, viewer, seed), viewer, liked)


def _once(index: PostIndex) -> Once:
    """Return what lists are made of. Cost: a few milliseconds the first time."""
    if not index.once:
        first = _without(NOWHERE, np.concatenate([index.wide[:WIDE], index.fresh[:FRESH]]))
        whole = _without(NOWHERE, np.concatenate([index.wide, index.fresh, index.new]))
        first_of = [_without(first, places[:PER_INTEREST]) for places in index.by_category]
        new_of = [_without(first, places[:NEW_PER_INTEREST]) for places in index.new_by_category]
        first_new_of = [_without(own, new) for own, new in zip(first_of, new_of, strict=True)]
        whole_of = [_without(whole, places) for places in index.by_category]

        def sheets(lists: Iterable[Places]) -> tuple[Sheet, ...]:
            return tuple([sheet_of(index.rows, places) for places in lists])

        first_in = {code: sheet_of(index.rows, places[:PER_LANGUAGE]) for code, places in index.by_language.items()}
        of_all = sheets([first, whole])
        index.once.append(
            Once(of_all[0], sheets(first_of), sheets(first_new_of), first_in, of_all[1], sheets(whole_of))
        )
    return index.once[0]


def _without(others: Places, places: Places) -> Places:
    """Return places in their order, each once, but for those of some others."""
    _, first = np.unique(places, return_index=True)
    found = places[np.sort(first)]
    return found[~np.isin(found, others)]


def _newest_of_some(index: PostIndex, viewer: ViewerContext, seed: int) -> Places:
    """Return the newest posts of those of a viewer's creators that chance says; of all of them they are kept."""
    known = index.followed.find(viewer)
    newest, ends = known or index.followed.keep(viewer, index.newest_of(viewer.follows, PER_CREATOR))
    many = len(ends) - 1
    if many <= CREATORS:
        return newest
    begin = seed % many
    end = begin + CREATORS
    return np.concatenate([newest[ends[begin] : ends[min(end, many)]], newest[: ends[max(end - many, 0)]]])


def _whole_lists(index: PostIndex, viewer: ViewerContext, seed: int) -> Lists:
    """Return what is looked at where those are not enough."""
    once, liked = _once(index), _categories(viewer, seed)
    followed = index.whole.find(viewer)
    if followed is None:
        followed, _ = index.newest_of(viewer.follows, WHOLE)
        if len(followed) <= WHOLE:
            index.whole.keep(viewer, followed)
    return _lists((once.whole, *[once.whole_of[number] for number in liked]), followed, viewer, liked)


def _lists(sheets: tuple[Sheet, ...], followed: Places, viewer: ViewerContext, liked: tuple[int, ...]) -> Lists:
    worth = np.zeros(CATEGORIES, np.float32)
    for number in liked:
        worth[number] = INTEREST_WORTH
    return Lists(sheets, followed, worth, code_of(viewer.language), code_of(viewer.country))


def _some(of: tuple[int, ...], most: int, seed: int) -> tuple[int, ...]:
    if len(of) <= most:
        return of
    begin = seed % len(of)
    return (of[begin:] + of[:begin])[:most]


def _categories(viewer: ViewerContext, seed: int) -> tuple[int, ...]:
    """Return the categories of a viewer's interests; a profile that may not be used is empty (``context_of``)."""
    if not viewer.interests:
        return ()
    numbers = dict.fromkeys(_CATEGORY_OF_INTEREST.get(one, 0) for one in viewer.interests)
    return _some(tuple(number for number in numbers if number), INTERESTS, seed)


def _choose(
    index: PostIndex,
    lists: Lists,
    seen: NDArray[np.int64],
    taken: Places,
    count: int,
    now_ms: int,
    seed: int,
) -> tuple[Places, NDArray[np.float32]]:
    """Return the best of some lists that are living, unseen and not taken, ``count`` at most, and their scores."""
    asked = Asked(
        lists.sheets,
        lists.followed,
        seen,
        taken,
        lists.worth,
        lists.language,
        lists.country,
        now_ms,
        seed & ALL,
        count,
    )
    return _chooser()(index, asked)


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What one choice is made by."""

    sheets: tuple[Sheet, ...]
    """Candidates; some may be there several times."""
    followed: Places
    """More of them, of creators whom the viewer follows."""
    seen: NDArray[np.int64]
    taken: Places
    worth: NDArray[np.float32]
    """What each category adds, float32[CATEGORIES]."""
    language: int
    country: int
    now_ms: int
    seed: int
    wanted: int

    @property
    def places(self) -> Places:
        """All candidates, those of followed creators last."""
        return np.concatenate([*[sheet.places for sheet in self.sheets], self.followed])


Chooser = Callable[[PostIndex, Asked], tuple[Places, NDArray[np.float32]]]


def _chooser() -> Chooser:
    """Return the compiled choice once it is loaded, numpy's until then: the same posts in the same order."""
    compiled = kernels.find("attise.serving.feed.compiled")
    found: Chooser = choose_by_numpy if compiled is None else compiled.choose
    return found


def choose_by_numpy(index: PostIndex, asked: Asked) -> tuple[Places, NDArray[np.float32]]:
    """Return the best of what is asked about, and their scores; of one creator a few, unless there is nothing else."""
    scores, places = scores_of(index, asked), asked.places
    order = np.argsort(-scores, kind="stable")
    seen, taken = frozenset(asked.seen.tolist()), set(asked.taken.tolist())
    of_creator: dict[int, int] = {}
    kept: list[tuple[int, float]] = []
    put_off: list[tuple[int, float]] = []
    for place, score, post_id, creator_id in _rows(index, places[order], scores[order]):
        if len(kept) == asked.wanted:
            break
        if place in taken or post_id in seen:
            continue
        taken.add(place)
        had = of_creator.get(creator_id, 0)
        of_creator[creator_id] = had + 1
        (kept if had < PER_CREATOR_IN_POOL else put_off).append((place, score))
    kept += put_off[: asked.wanted - len(kept)]
    return np.array([place for place, _ in kept], np.int32), np.array([score for _, score in kept], np.float32)


def _rows(
    index: PostIndex, places: Places, scores: NDArray[np.float32], step: int = 64
) -> Iterator[tuple[int, float, int, int]]:
    """Yield place, score, post and creator of the living among ordered places, a few at a time."""
    for begin in range(0, len(places), step):
        some = places[begin : begin + step]
        alive = index.live[some]
        some = some[alive]
        yield from zip(
            some.tolist(),
            scores[begin : begin + step][alive].tolist(),
            index.post_id[some].tolist(),
            index.creator_id[some].tolist(),
            strict=True,
        )


def scores_of(index: PostIndex, asked: Asked) -> NDArray[np.float32]:
    """Return a score for each candidate, float32[n]: what it is worth to anyone, to this viewer, and by chance."""
    places = asked.places
    age = np.maximum((asked.now_ms - index.published_at_ms[places]).astype(np.float32), 0)
    scores = index.rank[places] + np.float32(FRESH_WORTH) / (np.float32(1) + age / np.float32(FRESH_MS))
    scores += chance_of(index.post_id[places], asked.seed) * np.float32(CHANCE_WORTH)
    near = asked.worth[index.category[places]]
    if asked.language:
        near += (index.language[places] == asked.language) * np.float32(LANGUAGE_WORTH)
    if asked.country:
        near += (index.country[places] == asked.country) * np.float32(COUNTRY_WORTH)
    near[len(places) - len(asked.followed) :] += np.float32(FOLLOW_WORTH)
    scores += near
    scores -= (near < index.wall[places]) * np.float32(OUTSIDE)
    return np.asarray(scores, np.float32)


def chance_of(ids: NDArray[np.int64], seed: int) -> NDArray[np.float32]:
    """Return a number in [0, 1) for each id, the same for the same seed. Source: the mixer of SplitMix64."""
    mixed = ids.astype(np.uint64) ^ np.uint64(seed & ALL)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return ((mixed >> np.uint64(40)).astype(np.float32)) * np.float32(2**-24)


ALL: Final = (1 << 64) - 1


def draw(seed: int, what: int) -> float:
    """Return one number in [0, 1) for a purpose by number: the scalar form of ``chance_of``."""
    mixed = (what * 0x9E3779B97F4A7C15 ^ seed) & ALL
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = ((mixed ^ (mixed >> shift)) * factor) & ALL
    return (mixed ^ (mixed >> 31)) * 2.0**-64
