"""How posts spread among a story's people when there is nothing but the feed: a life of the feed alone, by a seed.

The people, works and habits of ``story``; the feed and the circles of the house, the same functions; between them
counts in an array, where a house has devices, a log and settling. No ads, no shops, no database: so a week of three
thousand people takes seconds, and several seeds a minute. What is so stays here: what leaves is where posts came, and
how good each one is, for whoever judges the judge (``proving.science.circles``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.circles import book
from attise.measurement.circles.book import Standing
from attise.measurement.circles.gate import Result
from attise.measurement.circles.moving import Move, Reason, State
from attise.measurement.circles.quality import READ, WIDTH, quality_of
from attise.records.durations import duration_group
from attise.records.feed import FeedRequest, ViewerContext
from attise.records.lookups import interests
from attise.records.snapshot.shapes import SnapshotMedia, SnapshotPost
from attise.records.totals import PostCircle, PostCounts, PostTotals
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.feed.answer import answer, sent
from attise.serving.feed.circles import NEW_IMPRESSIONS
from attise.serving.feed.posts import PostIndex, from_posts
from attise.serving.feed.quality import record_of
from attise.simulator.drawing import (
    CATEGORIES,
    CREATORS_TALENT,
    MINORS,
    UNDECLARED,
    UNKNOWN_AGE,
    UNWILLING,
    Planned,
    Size,
    named_interests,
    place_of,
    planned_posts,
)
from attise.simulator.truth.people import People, draw_comers, draw_people, drift
from attise.simulator.truth.reactions import Moments, Reactions, react
from attise.simulator.truth.tastes import draw_directions
from attise.simulator.truth.works import Works, draw_works

TURN_MS: Final = HOUR_MS // 4
BEGIN_MS: Final = 1_767_571_200_000
PAGE: Final = 20
LENGTHS: Final = (6, 7, 9, 10, 12, 14, 16, 18)
"""Seconds of clips."""
ASKED: Final = 2_000
"""Viewers who are asked what a post is worth to people."""


@dataclass(slots=True)
class Passed:
    """One post's way."""

    post_id: int
    published_at_ms: int
    quality: float
    """Hidden, as it was drawn."""
    worth: float
    """What an impression of it is worth among everybody, as the gate would measure it for ever."""
    moves: list[Move] = field(default_factory=list)
    met: int = 0
    """Organic impressions."""

    @property
    def is_judged(self) -> bool:
        """Whether a gate has said something of it."""
        return any(one.judged is not None for one in self.moves)

    def was_stopped(self, upto: int) -> bool:
        """Tell whether the gate of one of the first circles stopped it, whatever came later."""
        return any(one.reason in {Reason.FELL_SHORT, Reason.TOO_FEW} and one.to.circle <= upto for one in self.moves)


@dataclass(slots=True)
class Spread:
    """A life of the feed alone."""

    size: Size
    rng: Generator
    people: People
    works: Works
    planned: list[Planned]
    contexts: list[ViewerContext]
    is_widening: bool = True
    """Else everyone is shown every post from the first, as if there were no circles."""
    now_ms: int = BEGIN_MS
    plan: book.Plan = field(default_factory=book.new_plan)
    passed: dict[int, Passed] = field(default_factory=dict)
    explored: int = 0
    met: int = 0
    _published: list[SnapshotPost] = field(default_factory=list)
    _counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, WIDTH), np.int64))
    """int64[works, WIDTH]."""
    _watched_ms: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _hours: list[list[tuple[int, int]]] = field(default_factory=list)
    _standings: dict[int, Standing] = field(default_factory=dict)
    _results: list[tuple[int, Result]] = field(default_factory=list)
    _memories: dict[int, ViewerMemory] = field(default_factory=dict)
    _left: dict[int, int] = field(default_factory=dict)
    _index: PostIndex | None = None

    def live(self, until_ms: int) -> None:
        """Live until a moment of the world."""
        while self.now_ms < until_ms:
            if self.now_ms % HOUR_MS == 0:
                self._widen()
            if self.now_ms % DAY_MS == 0 and self.now_ms > BEGIN_MS:
                drift(self.rng, self.people)
            self._turn()
            self.now_ms += TURN_MS
        self._widen()
        for post_id, one in self.passed.items():
            one.met = int(self._counts[post_id - 1, 0])

    def _turn(self) -> None:
        index = self._stock()
        persons, posts = [], []
        for number, (person, wanted) in enumerate(self._comers()):
            shown = self._ask(index, person, min(wanted, PAGE), number)
            persons += [person] * len(shown)
            posts += shown
            if wanted > PAGE:
                self._left[person] = wanted - PAGE
        if posts:
            self._watch(np.array(persons, np.int64), np.array(posts, np.int64))

    def _comers(self) -> list[tuple[int, int]]:
        going_on, self._left = self._left, {}
        found = list(going_on.items())
        hour = (self.now_ms + HOUR_MS) % DAY_MS / HOUR_MS
        comers = draw_comers(self.rng, self.people, hour, TURN_MS / HOUR_MS).tolist()
        people = [one for one in comers if one not in going_on and not self.people.is_bot[one]]
        return found + [(one, int(self.rng.geometric(1.0 / self.people.stay[one]))) for one in people]

    def _ask(self, index: PostIndex, person: int, count: int, number: int) -> list[int]:
        request = FeedRequest(
            feed_id=self.now_ms + number,
            viewer=self.contexts[person],
            count=count,
            now_ms=self.now_ms,
            wire_ms=self.now_ms,
            seed=int(self.rng.integers(1 << 63)),
            ids=tuple(range(1, count + 1)),
            session_id=str(self.now_ms // DAY_MS),
        )
        memory = self._memories.get(person, NEW)
        given = answer(request, index, None, memory)
        kept = sent(request, None, memory, given)
        if kept is not None:
            self._memories[person] = kept
        posts = [claims for claims in given.claims if claims is not None]
        self.explored += sum(claims.is_exploration for claims in posts)
        self.met += len(given)
        return [claims.post_id for claims in posts]

    def _watch(self, persons: NDArray[np.int64], posts: NDArray[np.int64]) -> None:
        """Have people do what they do, and count it."""
        likes = self._counts[posts - 1, READ.index("likes")]
        made = react(self.rng, self.people, self.works, _moments(persons, posts - 1, likes))
        np.add.at(self._counts, posts - 1, counted(made, self.works.duration_s[posts - 1]))
        np.add.at(self._watched_ms, posts - 1, made.watch_ms)
        hour_ms = self.now_ms // HOUR_MS * HOUR_MS
        for post_id, many in Counter(posts.tolist()).items():
            hours = self._hours[post_id - 1]
            if hours and hours[-1][0] == hour_ms:
                hours[-1] = (hour_ms, hours[-1][1] + many)
            else:
                hours.append((hour_ms, many))

    def _widen(self) -> None:
        """Publish what is due, move posts between circles, and make the stock anew: what the worker and edges do."""
        for post_id in range(len(self._published) + 1, len(self.planned) + 1):
            if self.planned[post_id - 1].at_ms > self.now_ms:
                break
            self._published.append(_record(post_id, self.planned[post_id - 1], self.works))
        met = np.flatnonzero(self._counts[:, 0])
        for at in met.tolist():
            if at + 1 not in self._standings:
                self._standings[at + 1] = self._begin(at + 1)
        standings = [self._standings[at + 1] for at in met.tolist()]
        counts = self._counts[met].astype(np.float64)
        book.count(self.plan, standings, counts)
        if book.is_due(self.plan, self.now_ms):
            week_ms = self.now_ms - 7 * DAY_MS
            waiting = book.waiting(self.plan, standings)
            book.renew(
                self.plan,
                lambda circle: (
                    [result for at, result in self._results if at == circle][-400:] + waiting.get(circle, [])
                ),
                impressions=int(self._counts[:, 0].sum()),
                published_a_day=sum(one.published_at_ms >= week_ms for one in self._published) / 7,
                categories=book.above_by(standings, lambda one: one.category),
                now_ms=self.now_ms,
            )
        hours = {one.post_id: self._hours[one.post_id - 1] for one in standings if one.place.state == State.OPEN}
        creators = book.above_by(standings, lambda one: one.creator_id)
        befores = [one.place for one in standings]
        bases = np.array([one.base for one in standings], np.float64).reshape(-1, WIDTH)
        moves = book.go_on(self.plan, standings, counts, creators=creators, hours=hours, now_ms=self.now_ms)
        for one, before, base, row, move in zip(standings, befores, bases, counts, moves, strict=True):
            if move is None:
                continue
            self.passed[one.post_id].moves.append(move)
            if move.judged is not None and before.state == State.TESTING:
                batch = quality_of((row - base)[None], np.array([one.length]), self.plan.norms)
                self._results.append((before.circle, Result(float(batch[0][0]), float(batch[1][0]), move.judged.value)))
        self._index = None

    def _begin(self, post_id: int) -> Standing:
        planned = self.planned[post_id - 1]
        length = int(duration_group(np.array([self._published[post_id - 1].media.duration_ms]))[0])
        self.passed[post_id] = Passed(
            post_id, planned.at_ms, float(self.works.quality[planned.work]), self._worth(post_id)
        )
        return book.begin(
            post_id,
            creator_id=planned.creator + 1,
            category=CATEGORIES[planned.category],
            length=length,
            published_at_ms=planned.at_ms,
            now_ms=self.now_ms,
        )

    def _worth(self, post_id: int) -> float:
        """Return what the gate would find if everybody met a post; chance of its own, so that the life is the same."""
        rng = np.random.Generator(np.random.PCG64(post_id))
        persons = rng.integers(0, len(self.people), ASKED)
        persons = persons[~self.people.is_bot[persons]]
        works = np.full(len(persons), post_id - 1)
        made = react(rng, self.people, self.works, _moments(persons, works, np.zeros(len(persons), np.int64)))
        counts = counted(made, self.works.duration_s[works]).sum(axis=0)[None].astype(np.float64)
        length = duration_group((self.works.duration_s[works[:1]] * 1000).astype(np.int64))
        return float(quality_of(counts, length, self.plan.norms)[1][0])

    def _told(self, post_id: int) -> PostCircle | None:
        one = self._standings.get(post_id)
        return None if one is None else book.told(one.place.state, one.place.circle, one.base[0], self.plan)

    def _stock(self) -> PostIndex:
        if self._index is None:
            totals = [self._totals(one.post_id) for one in self._published]
            self._index = from_posts(self._published, now_ms=self.now_ms, record=record_of(totals))
        return self._index

    def _totals(self, post_id: int) -> PostTotals:
        told = dict(zip(READ, self._counts[post_id - 1].tolist(), strict=True))
        told.pop("views_2s")
        return PostTotals(
            post_id,
            PostCounts(**told, watch_ms=int(self._watched_ms[post_id - 1])),
            circle=self._told(post_id) if self.is_widening else _everyones(self._counts[post_id - 1, 0]),
        )


def draw_spread(size: Size, *, seed: int, is_widening: bool = True) -> Spread:
    """Draw the people and posts of a life; nothing has happened yet."""
    rng = np.random.Generator(np.random.PCG64(seed))
    directions = draw_directions(rng, len(CATEGORIES))
    people = draw_people(rng, size.viewers, directions, herding=size.herding, sessions_a_day=size.sessions_a_day)
    of_creator = rng.integers(0, len(CATEGORIES), size.creators)
    talent = (CREATORS_TALENT * rng.standard_normal(size.creators)).astype(np.float32)
    planned = planned_posts(rng, size, of_creator, len(LENGTHS), begin_ms=BEGIN_MS)
    works = draw_works(
        rng,
        directions,
        np.array([one.category for one in planned], np.int64),
        talent[[one.creator for one in planned]],
        np.array([LENGTHS[one.clip] for one in planned], np.float32),
    )
    contexts = [_context(rng, people, number) for number in range(len(people))]
    several = len(planned)
    return Spread(
        size,
        rng,
        people,
        works,
        planned,
        contexts,
        is_widening,
        _counts=np.zeros((several, WIDTH), np.int64),
        _watched_ms=np.zeros(several, np.int64),
        _hours=[[] for _ in range(several)],
    )


def counted(made: Reactions, duration_s: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return what counters take of reactions, int64[n, WIDTH], as ``story`` tells them."""
    watch_ms = made.watch_ms
    columns = {
        "impressions": np.ones(len(watch_ms)),
        "views": watch_ms >= 1_000,  # noqa: PLR2004 - swiped away before
        "views_2s": watch_ms >= 2_000,  # noqa: PLR2004
        "views_6s": watch_ms >= 6_000,  # noqa: PLR2004
        "completions": watch_ms >= 1_000 * duration_s,
        "likes": made.like,
        "comments": made.comment,
        "shares": made.share,
        "saves": made.save,
        "follows": made.follow,
        "negatives": made.hide | (watch_ms < 1_000),  # noqa: PLR2004
    }
    return np.stack([columns[name] for name in READ], axis=1).astype(np.int64)


def _moments(persons: NDArray[np.int64], works: NDArray[np.int64], likes: NDArray[np.int64]) -> Moments:
    no, none = np.zeros(len(persons), np.bool_), np.zeros(len(persons), np.int64)
    return Moments(persons, works, no, no, no, likes, none)


def _everyones(met: int) -> PostCircle:
    return PostCircle(1, 1, is_progressing=True, batch_ends=NEW_IMPRESSIONS if met < NEW_IMPRESSIONS else 0)


def _context(rng: Generator, people: People, number: int) -> ViewerContext:
    """Return what the house knows of somebody, as ``cast`` has them declare it."""
    chance = rng.random(4)
    country, language = place_of(chance[0])
    slugs = [] if chance[1] < UNDECLARED else named_interests(rng, people.favourites[number])
    may_profile = bool(chance[2] >= UNWILLING and chance[3] >= UNKNOWN_AGE + MINORS)
    named = tuple(row.wire_id for row in map(interests.find, slugs) if row is not None) if may_profile else ()
    return ViewerContext(str(number), country=country, language=language, interests=named, may_profile=may_profile)


def _record(post_id: int, planned: Planned, works: Works) -> SnapshotPost:
    media = SnapshotMedia("", "video.mp4", "video", False, "", int(1_000 * works.duration_s[planned.work]), 360, 640)
    return SnapshotPost(
        post_id=post_id,
        creator_id=planned.creator + 1,
        handle="",
        display_name="",
        country="FR",
        language="fr",
        format="video",
        of_post_id=None,
        caption="",
        visibility="public",
        ads_only=False,
        sound="",
        tags=(),
        category=CATEGORIES[planned.category],
        allow_comments=True,
        allow_duet=True,
        allow_stitch=True,
        partnership=False,
        published_at_ms=planned.at_ms,
        media=media,
    )
