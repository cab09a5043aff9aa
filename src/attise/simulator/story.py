"""A life in numbered turns: who comes, what they are given, what they do of it, what shops tell, and what it comes to.

Each turn is one moment at which whoever comes asks for a page, and the minutes in which they watch it:

1. the clock moves to the turn; what was done in the last one is made durable;
2. creators publish what is due; decisions are told of all that changed, and of what was counted and charged up to the
   beginning of the last turn;
3. people come, those of a longer session go on; each is given a page;
4. they watch, leave, like, follow, click: all of the turn at once (``truth.reactions``);
5. their devices send what happened, each page's together when it is over; shops tell of carts and purchases. While
   people ask and watch, what they did in the turn before is counted and charged.

A day ends with tastes that have drifted. Chance has one source, drawn on in the order of the turns: the same seed is
the same life, to the last bit.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import numpy as np

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.ingest.reported import Reported
from attise.measurement.ingest.sent import Sent
from attise.simulator.cast import Cast, due_posts, meet, plan_more, publish
from attise.simulator.rivals import Rivals
from attise.simulator.stage import Batch, Given, Report, Stage
from attise.simulator.truth.people import draw_comers, drift
from attise.simulator.truth.reactions import Draws, Moments, Reactions, react
from attise.simulator.words import COMMENTS

TURN_MS: Final = 900_000
"""A quarter of an hour: the slice in which budgets are spread."""
PAGE: Final = 20
"""Items that are asked for at once at most."""
SWIPE_MS: Final = 350
"""Between two items."""
SENT_MS: Final = 1_200
"""After the last item, until what happened is received."""
PARIS_MS: Final = HOUR_MS
"""How far Paris is ahead in winter."""
QUIT_AFTER_AD: Final = 0.02
"""How many end their session after an ad that they did not watch for two seconds."""
AGENTS: Final = ("Mozilla/5.0 (Linux; Android 14) Attise/1.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Attise/1.0")
BOT_AGENT: Final = "python-requests/2.32"
BASKET_EUROS: Final = (18, 24, 32, 45, 60)


@dataclass(slots=True)
class Lived:
    """What a life came to."""

    turns: int = 0
    feeds: int = 0
    impressions: int = 0
    paid: int = 0
    events: int = 0
    settled: int = 0
    comments: int = 0
    reports: int = 0

    def plain(self) -> dict[str, int]:
        """Return the figures."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class _Page:
    """A page under way: whose, and what was given."""

    person: int
    viewer_id: int
    asked_ms: int
    items: list[Given]


@dataclass(slots=True)
class Story:
    """A life on a stage."""

    stage: Stage
    cast: Cast
    turn_ms: int = TURN_MS
    house_ms: int = HOUR_MS
    """How often the house is kept and brands look how their campaigns stand."""
    rivals: Rivals | None = None
    """Who launches campaigns as it goes on; None: nobody does."""
    lived: Lived = field(default_factory=Lived)
    left: dict[int, int] = field(default_factory=dict)
    """Of sessions that go on: how many items are still wanted, by person."""
    sessions: Counter[int] = field(default_factory=Counter)
    seen: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How often somebody saw an ad, by person and ad."""
    told_later: list[tuple[int, int, Report]] = field(default_factory=list)
    _kept_ms: int = -1
    day: int = -1
    _shown: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The likes and comments that everybody sees of posts."""

    def live(self, until_ms: int, tell: Callable[[int], None] | None = None) -> Lived:
        """Live until a moment of the world; ``tell`` is called at each turn with its moment."""
        clock = self.stage.clock
        turn_ms = clock.world_ms()
        while turn_ms < until_ms:
            self._turn(turn_ms)
            if tell is not None:
                tell(turn_ms)
            turn_ms = max(turn_ms + self.turn_ms, clock.world_ms() - self.turn_ms)  # a machine may have slept
        self.stage.pass_to(until_ms)
        self._publish_due()
        self.lived.settled += self.stage.complete()
        return self.lived

    def _turn(self, moment_ms: int) -> None:
        """Live one turn; see the page."""
        stage = self.stage
        stage.pass_to(moment_ms)
        self.lived.settled += stage.settle()
        self._pass_time(moment_ms)
        self._publish_due()
        comers = self._comers(moment_ms)
        self.lived.turns += 1
        if not comers:
            self._tell_shops(moment_ms)
            return
        stage.follow([self.cast.viewer_ids[person] for person, _ in comers], until_ms=moment_ms + self.turn_ms)
        pages = [self._ask(person, wanted) for person, wanted in comers]
        pages = [page for page in pages if page.items]
        if pages:
            self._watch(pages)
        self._tell_shops(moment_ms)

    def _publish_due(self) -> None:
        """Have creators publish what is due; where nothing is planned any more, plan a further while."""
        now_ms = self.stage.clock.world_ms()
        if self.cast.planned and self.cast.planned[-1].at_ms < now_ms:
            plan_more(self.cast, begin_ms=now_ms)
        for one in due_posts(self.cast, now_ms=now_ms):
            publish(self.stage, self.cast, one)

    def _pass_time(self, moment_ms: int) -> None:
        """Keep house when it is due, and let tastes drift every day."""
        if moment_ms - self._kept_ms >= self.house_ms:
            self._kept_ms = moment_ms
            self.stage.keep_house()
            self._shown = dict(self.stage.shown_of(list(self.cast.works_of)))
            if self.rivals is not None:
                self.rivals.turn()
        day = moment_ms // DAY_MS
        if day != self.day:
            if self.day >= 0:
                drift(self.cast.rng, self.cast.people)
            self.day = day

    def _comers(self, moment_ms: int) -> list[tuple[int, int]]:
        """Return who asks for a page in this turn, and how many items they want at most."""
        rng, people = self.cast.rng, self.cast.people
        going_on, self.left = self.left, {}
        hour = (moment_ms + PARIS_MS) % DAY_MS / HOUR_MS
        found = list(going_on.items())
        for person in draw_comers(rng, people, hour, self.turn_ms / HOUR_MS).tolist():
            if person not in going_on:
                self.sessions[person] += 1
                found.append((person, int(rng.geometric(1.0 / people.stay[person]))))
        return found

    def _ask(self, person: int, wanted: int) -> _Page:
        stage, viewer_id = self.stage, self.cast.viewer_ids[person]
        count = min(wanted, PAGE)
        if wanted > count:
            self.left[person] = wanted - count
        asked_ms = stage.clock.world_ms()
        items = stage.ask(viewer_id, count=count, session_id=f"{person}.{self.sessions[person]}")
        self.lived.feeds += 1
        return _Page(person, viewer_id, asked_ms, items)

    def _watch(self, pages: list[_Page]) -> None:
        """Have people do what they do with their pages, and their devices tell it."""
        moments = self._moments(pages)
        draws = Draws(self.cast.size.native, self.cast.size.comments)
        made = react(self.cast.rng, self.cast.people, self.cast.works, moments, draws)
        quits = moments.is_ad & (made.watch_ms < 2_000) & (self.cast.rng.random(len(moments)) < QUIT_AFTER_AD)  # noqa: PLR2004
        told = _Told.of(made, quits)
        batches, at = [], 0
        for page in pages:
            batches.append(self._batch(page, told, at))
            at += len(page.items)
        batches.sort(key=lambda one: one.received_ms)
        self.lived.events += self.stage.tell(batches)

    def _moments(self, pages: list[_Page]) -> Moments:
        self._meet(item for page in pages for item in page.items)
        works_of, shown, seen = self.cast.works_of, self._shown, self.seen
        rows = []
        for page in pages:
            person = page.person
            for item in page.items:
                ad = item.ad
                likes, comments = shown.get(item.post_id, (0, 0))
                if ad is None:
                    rows.append((person, works_of[item.post_id], False, False, False, likes, 0, comments))
                    continue
                work = works_of[item.post_id or ad.ad_id]
                key = (person, ad.ad_id)
                rows.append((person, work, True, not ad.is_spark, ad.has_page, likes, seen[key], comments))
                seen[key] += 1
        columns = list(zip(*rows, strict=True))
        ints, bools = (0, 1, 5, 6, 7), (2, 3, 4)
        arrays = {n: np.array(columns[n], np.int64) for n in ints} | {n: np.array(columns[n], np.bool_) for n in bools}
        return Moments(*(arrays[n] for n in range(len(columns))))

    def _meet(self, items: Iterable[Given]) -> None:
        """Draw what is so of posts and ads that are not of the story: somebody else brought them into the house."""
        works_of = self.cast.works_of
        for item in items:
            shown_id = item.post_id or (0 if item.ad is None else item.ad.ad_id)
            if shown_id not in works_of:
                meet(self.cast, shown_id, post_id=item.post_id, duration_ms=item.duration_ms)

    def _batch(self, page: _Page, told: _Told, at: int) -> Batch:
        """Return what a device sends of a page; who leaves in the middle of it sends nothing of the rest."""
        now_ms, events = page.asked_ms, list[Sent]()
        for number, item in enumerate(page.items, at):
            watch_ms = told.watch_ms[number]
            now_ms += SWIPE_MS
            _tell_watched(events, item, watch_ms, now_ms)
            now_ms += watch_ms
            _tell_done(events, item, told, number, now_ms)
            self._take_part(page, item, told, number, now_ms)
            if told.quits[number]:
                self.left.pop(page.person, None)
                break
        is_bot = bool(self.cast.people.is_bot[page.person])
        return Batch(
            page.viewer_id,
            now_ms + SENT_MS,
            BOT_AGENT if is_bot else AGENTS[page.person % 2],
            f"10.{page.person >> 8 & 255}.{page.person & 255}.7",
            events,
        )

    def _take_part(self, page: _Page, item: Given, told: _Told, number: int, now_ms: int) -> None:
        """Count an item that was met, and have happen of it what no device tells: what is said, what is bought."""
        self.lived.impressions += 1
        self.lived.paid += item.ad is not None
        if told.comment[number] and item.post_id:
            self._comment(page, item)
        if told.cart[number] and item.ad is not None:
            self._shop(item, now_ms, told.delay_ms[number], buys=told.buy[number])

    def _comment(self, page: _Page, item: Given) -> None:
        text = COMMENTS[int(self.cast.rng.integers(len(COMMENTS)))]
        self.stage.comment(viewer_id=page.viewer_id, post_id=item.post_id, token=item.token, text=text)
        self.lived.comments += 1

    def _shop(self, item: Given, clicked_ms: int, delay_ms: int, *, buys: bool) -> None:
        """Have a shop tell of a cart later, and of what was bought as long after again."""
        ad = item.ad
        brand = (
            None
            if ad is None
            else next((one for one in self.cast.brands if one.advertiser_id == ad.advertiser_id), None)
        )
        if brand is None:
            return
        euros = Decimal(BASKET_EUROS[int(self.cast.rng.integers(len(BASKET_EUROS)))])
        click_id = self.stage.click_id(item.decision_id)
        for name, at_ms in (("AddToCart", clicked_ms + delay_ms), ("Purchase", clicked_ms + 2 * delay_ms)):
            if name == "AddToCart" or buys:
                reported = Reported(
                    event=name,
                    event_id=f"{item.decision_id}.{name}",
                    at_ms=at_ms,
                    value=euros,
                    currency="EUR",
                    click_id=click_id,
                    has_consent=True,
                )
                report = Report(brand.pixel_id, brand.advertiser_id, at_ms, reported)
                heapq.heappush(self.told_later, (at_ms, item.decision_id, report))

    def _tell_shops(self, moment_ms: int) -> None:
        """Tell what came due in shops by the end of the turn."""
        due = []
        while self.told_later and self.told_later[0][0] < moment_ms + self.turn_ms:
            due.append(heapq.heappop(self.told_later)[2])
        self.lived.reports += self.stage.report(due)


@dataclass(frozen=True, slots=True)
class _Told:
    """Reactions as lists, which are read one by one."""

    watch_ms: list[int]
    like: list[bool]
    comment: list[bool]
    share: list[bool]
    save: list[bool]
    follow: list[bool]
    hide: list[bool]
    click: list[bool]
    cart: list[bool]
    buy: list[bool]
    delay_ms: list[int]
    quits: list[bool]

    @classmethod
    def of(cls, made: Reactions, quits: np.ndarray) -> _Told:
        return cls(*(getattr(made, name).tolist() for name in Reactions.__slots__), quits.tolist())


def _tell_watched(events: list[Sent], item: Given, watch_ms: int, now_ms: int) -> None:
    """Add what a player tells of one item: what it reached, with how long it was watched in the last of them.

    What a later one implies is not sent: an impression and the play of whoever stayed.
    """
    token, id_ = item.token, item.decision_id
    is_whole = item.duration_ms > 0 and watch_ms >= item.duration_ms
    if watch_ms < 2_000:  # noqa: PLR2004 - a view of two seconds
        type_ = "skip" if watch_ms < 1_000 else "play"  # noqa: PLR2004 - swiped away before anything played
        events.append(Sent(f"{id_}.{type_}", type_, now_ms, token, watch_ms=watch_ms))
        return
    reached_6s = watch_ms >= 6_000  # noqa: PLR2004 - as above
    events.append(
        Sent(f"{id_}.2s", "view_2s", now_ms + 2_000, token, watch_ms=2_000 if reached_6s or is_whole else watch_ms)
    )
    if reached_6s:
        events.append(Sent(f"{id_}.6s", "view_6s", now_ms + 6_000, token, watch_ms=6_000 if is_whole else watch_ms))
    if is_whole:
        events.append(Sent(f"{id_}.end", "complete", now_ms + item.duration_ms, token, watch_ms=watch_ms))


def _tell_done(events: list[Sent], item: Given, told: _Told, number: int, now_ms: int) -> None:
    """Add what somebody did of one item once they had watched it."""
    for type_, is_so in (
        ("like", told.like[number]),
        ("share", told.share[number]),
        ("save", told.save[number]),
        ("follow", told.follow[number]),
        ("hide", told.hide[number]),
        ("click", told.click[number]),
    ):
        if is_so:
            events.append(Sent(f"{item.decision_id}.{type_}", type_, now_ms, item.token))
