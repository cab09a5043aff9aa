"""The stock of the organic feed: posts as columns, and short lists of them to choose from.

Made from a snapshot's arrays, with what came after it (deltas) at the end; a new one takes the place of the old whole.
Only ``live`` is written to, when something is stopped. A place is a row's number in this index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.kept import Kept
from attise.records.durations import duration_group
from attise.records.feed import ViewerContext
from attise.records.lookups import categories
from attise.records.snapshot.shapes import SnapshotPost
from attise.serving.delivery.memory import MOST_SEEN
from attise.serving.feed.circles import LANGUAGE_WORTH, circles_of
from attise.serving.feed.quality import NO_RECORD, Record, quality_of, with_watch
from attise.serving.prediction.watch import Sketches

Places = NDArray[np.int32]

CATEGORY_OF: Final = {row.slug: number for number, row in enumerate(categories.all(), 1)}
"""Numbers of categories here; 0: none that is known."""
CATEGORIES: Final = len(CATEGORY_OF) + 1
WIDE, PER_CATEGORY, PER_LANGUAGE, FRESH, NEW, NEW_PER_CATEGORY = MOST_SEEN + 512, 256, 256, 256, 1_024, 32
"""How many posts each list holds; the widest more than a viewer is remembered to have seen, so that nothing repeats
while something unseen is there."""
LISTED: Final = 4_096
"""Viewers whose lists are kept: what they follow, half a kilobyte each."""
WHOLE_LISTED: Final = 1_024
"""Viewers of whom more is kept of what they follow, four kilobytes each at most."""
DECODED: Final = 32_768
"""Posts kept decoded, about a kilobyte each: more than all lists hold that everyone is ranked from."""
COLUMNS: Final = {
    "post_id": np.int64,
    "creator_id": np.int64,
    "published_at_ms": np.int64,
    "duration_ms": np.int32,
    "category": np.uint8,
    "language": np.uint16,
    "country": np.uint16,
    "followers_only": np.bool_,
    "version": np.int64,
}


POST_ROW: Final = np.dtype(
    [
        ("post_id", "<i8"),
        ("creator_id", "<i8"),
        ("published_at_ms", "<i8"),
        ("rank", "<f4"),
        ("wall", "<f4"),
        ("duration_ms", "<i4"),
        ("language", "<u2"),
        ("country", "<u2"),
        ("category", "<u1"),
    ],
    align=True,
)
"""What ranking and filling ask of a post, side by side: a candidate is one look at memory, not eight."""
OF_ROWS: Final = ("published_at_ms", "rank", "wall", "duration_ms", "language", "country", "category")
"""Columns of an index that are looked at in its rows alone; ids lie once more by themselves, to be searched."""


IDS, TIMES = range(2)
RANKS, WALLS = range(2)
PLACES, LANGUAGES, COUNTRIES, OF_CATEGORY = range(4)
"""Rows of what a sheet holds (``numbers``, ``worths``, ``codes``)."""
TOLD: Final = 4
"""How much is told of a sheet: its length, and where each of those begins in memory."""


class Sheet(msgspec.Struct, frozen=True, gc=False):
    """A list of n places with what ranking asks of their posts, column by column: read from end to end, not gathered.

    Made once for a stock, as long as the lists that all answers are ranked from.
    """

    numbers: NDArray[np.int64]
    """int64[2, n]"""
    worths: NDArray[np.float32]
    """float32[2, n]"""
    codes: NDArray[np.int32]
    """int32[4, n]"""
    told: NDArray[np.int64]
    """int64[1, TOLD]"""

    @property
    def places(self) -> Places:
        """The places, int32[n]."""
        found: Places = self.codes[PLACES]
        return found


def sheet_of(rows: NDArray[Any], places: Places) -> Sheet:
    """Return some places of ``POST_ROW[m]`` as a sheet."""
    some = rows[places]
    numbers = np.stack([some["post_id"], some["published_at_ms"]])
    worths = np.stack([some["rank"], some["wall"]])
    codes = np.stack([places, some["language"], some["country"], some["category"]]).astype(np.int32)
    begins = [held.ctypes.data for held in (numbers, worths, codes)]
    return Sheet(numbers, worths, codes, np.array([[len(places), *begins]], np.int64))


class Lists(msgspec.Struct, frozen=True, gc=False):
    """Candidates of one viewer, and what they are ranked by that does not change from answer to answer."""

    sheets: tuple[Sheet, ...]
    """Some posts may be there several times."""
    followed: Places
    """Of creators whom the viewer follows; some may be among the others."""
    worth: NDArray[np.float32]
    """What each category adds, float32[CATEGORIES]."""
    language: int
    country: int


class Once(msgspec.Struct, frozen=True, gc=False):
    """What viewers' lists are made of: of an index's own, everything where it stands first, and there alone.

    A post that stands twice is scored twice. What is of one category is of no other.
    """

    first: Sheet
    """Of the beginnings of the lists that everyone is ranked from."""
    first_of: tuple[Sheet, ...]
    """By category, of the beginnings of its own; likewise of what is new in it."""
    first_new_of: tuple[Sheet, ...]
    first_in: Mapping[int, Sheet]
    """By language, of the beginning of its own: all of it."""
    whole: Sheet
    """Of the same lists, whole; and by category."""
    whole_of: tuple[Sheet, ...]


def code_of(text: str) -> int:
    """Return a number for a two-letter code, of a language or a country; 0 for none."""
    return int.from_bytes(text.encode()[:2], "big") if len(text) == 2 else 0  # noqa: PLR2004 - two letters


@dataclass(frozen=True)
class PostIndex:
    """Posts by place. All arrays have one entry a post; lists hold places, the best first."""

    rows: NDArray[Any]
    """``POST_ROW[n]``"""
    post_id: NDArray[np.int64]
    creator_id: NDArray[np.int64]
    published_at_ms: NDArray[np.int64]
    duration_ms: NDArray[np.int32]
    category: NDArray[np.uint8]
    language: NDArray[np.uint16]
    country: NDArray[np.uint16]
    followers_only: NDArray[np.bool_]
    version: NDArray[np.int64]
    """Of the house, that the row stands for: a later stop beats it."""
    impressions: NDArray[np.int32]
    """Organic ones, as counted."""
    rank: NDArray[np.float32]
    """Quality with the worth of the circle: what does not depend on who asks, and when."""
    wall: NDArray[np.float32]
    """How near to a post its circle is (``circles``)."""
    live: NDArray[np.bool_]
    """The only part that is written to."""
    wide: Places
    """The best of all for everyone; where those are few, the best of smaller circles behind them."""
    fresh: Places
    """The newest for everyone, likewise."""
    new: Places
    """Posts under test in a circle, those first whose batch is the least full: exploration draws from them."""
    new_by_category: tuple[Places, ...]
    """The same ones, for whom they are meant first."""
    by_category: tuple[Places, ...]
    by_language: Mapping[int, Places]
    by_id: Places
    """All posts by rising id."""
    creators: NDArray[np.int64]
    """Of those with posts, rising."""
    creator_starts: NDArray[np.int32]
    """int32[creators + 1]: where each one's posts begin in ``creator_posts``."""
    creator_posts: Places
    """By creator, the newest first; those for followers among them."""
    decode: Callable[[int], SnapshotPost]
    decoded: dict[int, SnapshotPost]
    built_at_ms: int
    record: Record
    listed: Kept[ViewerContext, Lists] = field(init=False, default_factory=lambda: Kept(LISTED))
    """What viewers are ranked from first."""
    whole: Kept[ViewerContext, Places] = field(init=False, default_factory=lambda: Kept(WHOLE_LISTED))
    """All that those whom a viewer follows have published lately, of viewers who have seen the best of the rest."""
    once: list[Once] = field(init=False, default_factory=list)
    """What viewers' lists are made of, once it was asked for."""
    followed: Kept[ViewerContext, tuple[Places, NDArray[np.int64]]] = field(
        init=False, default_factory=lambda: Kept(LISTED)
    )
    """``newest_of`` those whom a viewer follows, where chance says which lists an answer is ranked from."""

    def __len__(self) -> int:
        return len(self.post_id)

    def post(self, place: int) -> SnapshotPost:
        """Return the whole post of a place. Cost: a payload, the first time."""
        found = self.decoded.get(place)
        if found is None:
            found = self.decode(place)
            if len(self.decoded) >= DECODED:  # the older half goes
                for known in list(islice(self.decoded, DECODED // 2)):
                    self.decoded.pop(known, None)
            self.decoded[place] = found
        return found

    def posts_at(self, places: Sequence[int]) -> list[SnapshotPost | None]:
        """Return the whole posts of some places, None of one below 0.

        Cost: a look-up each, and that of ``post`` where one was not told.
        """
        found = [*map(self.decoded.get, places)]
        if None in found:
            for number, place in enumerate(places):
                if place >= 0 and found[number] is None:
                    found[number] = self.post(place)
        return found

    def places_of_posts(self, post_ids: Iterable[int] | NDArray[np.int64]) -> list[int]:
        """Return the places of those of some posts that are there and live, in their order. Cost: a search each."""
        wanted = post_ids if isinstance(post_ids, np.ndarray) else np.fromiter(post_ids, np.int64)
        if not len(self) or not len(wanted):
            return []
        at = self.by_id[np.minimum(np.searchsorted(self.post_id, wanted, sorter=self.by_id), len(self) - 1)]
        found: list[int] = at[(self.post_id[at] == wanted) & self.live[at]].tolist()
        return found

    def newest_of(self, creator_ids: Sequence[int], most: int) -> tuple[Places, NDArray[np.int64]]:
        """Return the newest posts, ``most`` at most, of each of some creators, one creator after the other.

        Beside them, int64[creators + 1], where each one's begin and end: nowhere of somebody without posts.
        """
        ends = np.zeros(len(creator_ids) + 1, np.int64)
        if not len(self.creators) or not len(creator_ids):
            return np.zeros(0, np.int32), ends
        wanted = np.array(creator_ids, np.int64)
        at = np.minimum(np.searchsorted(self.creators, wanted), len(self.creators) - 1)
        begins = self.creator_starts[at]
        counts = np.where(self.creators[at] == wanted, np.minimum(self.creator_starts[at + 1] - begins, most), 0)
        counts.cumsum(out=ends[1:])
        return self.creator_posts[np.repeat(begins - ends[:-1], counts) + np.arange(ends[-1])], ends

    def stop_post(self, post_id: int, version: int) -> None:
        """Take a post out at once, unless a row of a later version than the stop's brought it back."""
        self.live[(self.post_id == post_id) & (self.version < version)] = False

    def stop_creator(self, creator_id: int, version: int) -> None:
        """Take a creator's posts out at once, as above."""
        self.live[(self.creator_id == creator_id) & (self.version < version)] = False


def from_snapshot(
    arrays: Mapping[str, NDArray[Any]],
    words: Sequence[str],
    *,
    version: int,
    decode: Callable[[int], SnapshotPost],
    now_ms: int,
    record: Record = NO_RECORD,
    later: Sequence[tuple[int, SnapshotPost]] = (),
    gone: Iterable[int] = (),
    sketches: Sketches | None = None,
) -> PostIndex:
    """Return the index of a snapshot's organic posts with what came after it.

    Args: arrays and words of ``records.snapshot`` (``posts.*``); version: the snapshot's; decode: from a place in the
    snapshot to its post; now_ms: world time, for what counts as new; record: organic counts; later: posts of deltas
    with their versions, one for each id; gone: ids that deltas took away; sketches: of watch times, once learned.
    Cost: about 40 ms for 100,000 posts: aside, before the swap.
    """
    kept = np.flatnonzero(arrays["posts.is_organic"])
    replaced = np.array([*gone, *(post.post_id for _, post in later)], np.int64)
    if len(replaced):
        kept = kept[~np.isin(arrays["posts.post_id"][kept], replaced)]
    of_category = np.array([CATEGORY_OF.get(word, 0) for word in words], np.uint8)
    codes = np.array([code_of(word) for word in words], np.uint16)
    columns = {
        "post_id": arrays["posts.post_id"][kept],
        "creator_id": arrays["posts.creator_id"][kept],
        "published_at_ms": arrays["posts.published_at_ms"][kept],
        "duration_ms": arrays["posts.duration_ms"][kept],
        "category": of_category[arrays["posts.category"][kept]],
        "language": codes[arrays["posts.language"][kept]],
        "country": codes[arrays["posts.country"][kept]],
        "followers_only": np.array([word == "followers" for word in words])[arrays["posts.visibility"][kept]],
        "version": np.full(len(kept), version, np.int64),
    }
    added = [(number, post) for number, post in later if post.is_organic]
    rows = [_row(number, post) for number, post in added]
    whole: dict[str, NDArray[Any]] = {
        # Of no rows numpy would make floats, and those round ids.
        name: np.concatenate([columns[name], np.array([row[name] for row in rows], kind)]).astype(kind)
        for name, kind in COLUMNS.items()
    }
    first_added = len(kept)

    def decode_place(place: int) -> SnapshotPost:
        return decode(kept.item(place)) if place < first_added else added[place - first_added][1]

    return _index(whole, decode_place, now_ms, record, sketches)


def from_posts(
    posts: Iterable[SnapshotPost], *, now_ms: int, record: Record = NO_RECORD, sketches: Sketches | None = None
) -> PostIndex:
    """Return the index of some posts, those that are not organic left out: for small stocks, tests and simulations."""
    kept = [post for post in posts if post.is_organic]
    rows = [_row(0, post) for post in kept]
    whole: dict[str, NDArray[Any]] = {
        name: np.array([row[name] for row in rows], kind) for name, kind in COLUMNS.items()
    }
    return _index(whole, kept.__getitem__, now_ms, record, sketches)


def _row(version: int, post: SnapshotPost) -> dict[str, int | bool]:
    return {
        "post_id": post.post_id,
        "creator_id": post.creator_id,
        "published_at_ms": post.published_at_ms,
        "duration_ms": post.media.duration_ms,
        "category": CATEGORY_OF.get(post.category, 0),
        "language": code_of(post.language),
        "country": code_of(post.country),
        "followers_only": post.visibility == "followers",
        "version": version,
    }


def _index(
    columns: dict[str, NDArray[Any]],
    decode: Callable[[int], SnapshotPost],
    now_ms: int,
    record: Record,
    sketches: Sketches | None,
) -> PostIndex:
    impressions, events, watch_ms = record.of(columns["post_id"])
    quality = quality_of(impressions, events, duration_group(columns["duration_ms"]))
    if sketches is not None:
        quality = with_watch(quality, impressions, watch_ms, columns["duration_ms"], sketches)
    circles = circles_of(record.circles_of(columns["post_id"]), impressions, columns["published_at_ms"], now_ms=now_ms)
    rank = quality.astype(np.float32) + circles.worth
    newest = np.lexsort((columns["post_id"], columns["published_at_ms"]))[::-1]
    best = newest[np.argsort(-rank[newest], kind="stable")]  # of equals the newer first
    open_best, open_newest = (order[~columns["followers_only"][order]] for order in (best, newest))
    tested = open_newest[circles.left[open_newest] > 0]
    tested = tested[np.argsort(-circles.left[tested], kind="stable")]
    of_creator = newest[np.argsort(columns["creator_id"][newest], kind="stable")]
    creators, starts = np.unique(columns["creator_id"][of_creator], return_index=True)
    categories_best = _best_of_each(columns["category"], open_best, PER_CATEGORY)
    categories_new = _best_of_each(columns["category"], tested, NEW_PER_CATEGORY)
    languages_best = _best_of_each(columns["language"], _first(open_best, circles.wall <= LANGUAGE_WORTH), PER_LANGUAGE)
    rows = np.empty(len(rank), POST_ROW)
    for name, column in (*columns.items(), ("rank", rank), ("wall", circles.wall)):
        if name in POST_ROW.fields:  # type: ignore[operator]  # it has fields
            rows[name] = column
    return PostIndex(
        **{name: column for name, column in columns.items() if name not in OF_ROWS},
        **{name: rows[name] for name in OF_ROWS},
        rows=rows,
        impressions=impressions.astype(np.int32),
        live=np.ones(len(rank), np.bool_),
        wide=_short(_first(open_best, circles.wall <= 0), WIDE),
        fresh=_short(_first(open_newest, circles.wall <= 0), FRESH),
        new=_short(tested, NEW),
        new_by_category=tuple(categories_new.get(number, _NOBODY) for number in range(CATEGORIES)),
        by_category=tuple(categories_best.get(number, _NOBODY) for number in range(CATEGORIES)),
        by_language={code: places for code, places in languages_best.items() if code},
        by_id=np.argsort(columns["post_id"]).astype(np.int32),
        creators=creators,
        creator_starts=np.append(starts, len(of_creator)).astype(np.int32),
        creator_posts=of_creator.astype(np.int32),
        decode=decode,
        decoded={},
        built_at_ms=now_ms,
        record=record,
    )


def _best_of_each(column: NDArray[Any], best: NDArray[np.int64], length: int) -> dict[int, Places]:
    """Return the first places of each value of a column, in the order of ``best``."""
    values = column[best]
    together = np.argsort(values, kind="stable")
    found, counts = np.unique(values[together], return_counts=True)
    ends = np.cumsum(counts)
    return {
        int(value): _short(best[together[end - count : end]], length)
        for value, count, end in zip(found, counts, ends, strict=True)
    }


def _first(order: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return an order with some of its places before all others."""
    found: NDArray[np.int64] = order[np.argsort(~which[order], kind="stable")]
    return found


_NOBODY: Final[Places] = np.zeros(0, np.int32)


def _short(order: NDArray[np.int64], length: int) -> Places:
    return order[:length].astype(np.int32)


def latest_of(
    deltas: Iterable[tuple[int, int, SnapshotPost | None]],
) -> tuple[list[tuple[int, SnapshotPost]], set[int]]:
    """Return what deltas left, as ``from_snapshot`` takes it: the later version of each post, and ids that are gone.

    Args: deltas: version, post id, and the post or None; in any order.
    """
    versions: dict[int, int] = defaultdict(lambda: -1)
    kept: dict[int, SnapshotPost | None] = {}
    for version, post_id, post in deltas:
        if version >= versions[post_id]:
            versions[post_id], kept[post_id] = version, post
    later = [(versions[post_id], post) for post_id, post in kept.items() if post is not None]
    return later, {post_id for post_id, post in kept.items() if post is None}
