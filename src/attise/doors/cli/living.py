"""A house whose people are simulated, in one process and under one clock: the stage of ``simulator.stage``.

Nothing of the house is done otherwise here. What the edge decides with decides (``edge.serving``, ``edge.feed``), what
it takes events in with takes them in (``measurement.ingest``), what settle and the worker do they do (``worker``), when
the story says so instead of when a second has passed. There is no HTTP, and no thread.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attise.doors.cli.opening import forget_environment
from attise.doors.edge.changes import ChangeReader
from attise.doors.edge.changes import State as Changes
from attise.doors.edge.feed.deciding import Deciding, Shown
from attise.doors.edge.feed.opening import lists_of
from attise.doors.edge.serving.loading import Loading
from attise.doors.site.setup import Process, prepare
from attise.kernel.chance import Chance, SeededChance, SystemChance
from attise.kernel.clock import FakeClock
from attise.kernel.house import House, Mode, Settings, open_house
from attise.kernel.ids import ClockIds
from attise.kernel.means import Means
from attise.kernel.secrets import MASTER_BYTES, Secrets
from attise.measurement.ingest import reported
from attise.measurement.ingest.accept import Acceptor, Moment
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.reported import PixelFacts, Receipt
from attise.measurement.ingest.sent import Sender
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.ingest.writer import LogWriter
from attise.records import click_link
from attise.records.click_link import ClickLinks
from attise.records.conversion import Source, encode_conversion
from attise.records.feed import FeedRequest, ViewerContext, context_of
from attise.records.token import sealer_of
from attise.records.viewer import Viewer
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.simulator.stage import Batch, Given, GivenAd, Report

if TYPE_CHECKING:
    from attise.simulator.cast import Own

BEGIN_MS: Final = 1_767_571_200_000
"""Where a life by seed begins: Monday 5 January 2026, 00:00 UTC. Its figures do not depend on the day it is run."""
NODE: Final = 1
JOBS: Final = (
    "remind",
    "begin budgets",
    "end grants",
    "circles",
    "lift",
    "log comments",
    "sweep deltas",
    "sweep attempts",
    "issue invoices",
)
"""What is done of the worker's jobs when the house is kept. Snapshots are for houses that are too large for deltas."""
SETTLED_AT_ONCE: Final = 1_000
"""Events of one transaction: nobody waits for the database here."""
FRESH_S: Final = 1.5
"""How old what decisions know may be, in seconds of the story's clock; the edge's own bound is two."""


class Living:
    """One house under one clock; made by ``living_house`` or ``open_living``."""

    def __init__(self, house: House, clock: FakeClock, means: Means, *, node: int = NODE) -> None:
        """Open what the processes of a house open."""
        from attise.doors.worker.settling import Settlement

        self.house, self.clock, self.means = house, clock, means
        tokens = sealer_of(house.secrets)
        self._changes = Changes()
        self._reader = ChangeReader(house)
        self._changes.begin_at(self._reader.floor())
        self._loading = Loading(house, self._changes, clock, node=lambda: node)
        self._deciding = Deciding(self._loading, self._changes, clock, tokens)
        self._followed_s = float("-inf")
        self._log = SqliteLog(house.folder, may_write=True)
        self._decisions = LogWriter(lambda: SqliteLog(house.folder, may_write=True), clock)
        self._keys = Keys()
        self._acceptor = Acceptor(tokens, self._keys, lists_of(house))
        self._links = ClickLinks(house.secrets.key(click_link.PURPOSE))
        self._settlement = Settlement(house, batch_events=SETTLED_AT_ONCE)
        self._kept: list[tuple[int, Entry]] = []
        self._viewers: dict[int, Viewer] = {}
        self._contexts: dict[int, tuple[int, ViewerContext]] = {}
        self._memories: dict[int, ViewerMemory] = {}

    def close(self) -> None:
        """Give back what is open."""
        self._loading.close()
        self._reader.close()
        self._log.close()

    def open_first_time(self) -> Own:
        """Open the house as its first person does, and return what is theirs in its world."""
        from attise.doors.site.opening import open_first_time
        from attise.simulator.cast import Own

        first = open_first_time(self.means, self.house.mode)
        if first is None:
            raise AssertionError("a house that a life begins in was not opened before")
        return Own(first.creator_id, first.advertiser_id)

    # Deciding

    def follow(self) -> None:
        """Have decisions know what was changed and spent."""
        from attise.management.snapshots import actions as snapshots

        while snapshots.follow(self.means, holder="story"):
            pass
        self._settlement.publish()
        while True:
            version, changes = self._reader.read(self._changes.version or 0)
            self._changes.apply(version, changes, began_s=self.clock.monotonic_s())
            for change in changes:
                self._viewers.pop(change.object_id, None)
            if version == self._reader.newest:
                break
        self._loading.turn()
        self._followed_s = self.clock.monotonic_s()

    def ask(self, viewer_id: int, *, count: int, session_id: str) -> list[Given]:
        """Return a feed, decided as the edge decides it."""
        if self.clock.monotonic_s() - self._followed_s > FRESH_S:
            self.follow()
        taken = self.means.ids.take(1 + count)
        now_ms = self.clock.world_ms()
        request = FeedRequest(
            feed_id=taken[0],
            viewer=self._context(viewer_id, now_ms),
            count=count,
            now_ms=now_ms,
            wire_ms=self.clock.wire_ms(),
            seed=int.from_bytes(self.means.chance.token(8), "big"),
            ids=taken[1:],
            session_id=session_id,
        )
        decided = self._deciding.decide(
            request, self._memories.get(viewer_id, NEW), with_ads=not self._deciding.why_no_ads
        )
        if decided.memory is not None:
            self._memories[viewer_id] = decided.memory
        self._decisions.offer(EntryKind.DECISION, [(one.decision_id, one) for one in decided.decisions])
        return [_given(item) for item in decided.items if isinstance(item, Shown)]

    def _context(self, viewer_id: int, now_ms: int) -> ViewerContext:
        viewer = self._viewer(viewer_id)
        day = now_ms // 86_400_000
        known = self._contexts.get(viewer_id)
        if known is not None and known[0] == day:
            return known[1]
        context = context_of(viewer, now_ms=now_ms)
        self._contexts[viewer_id] = (day, context)
        return context

    def _viewer(self, viewer_id: int) -> Viewer:
        found = self._viewers.get(viewer_id)
        if found is None:
            from attise.management.viewers.queries import get_record

            found = self._viewers[viewer_id] = get_record(viewer_id)
            self._contexts.pop(viewer_id, None)
        return found

    # What happened

    def tell(self, batches: Iterable[Batch]) -> int:
        """Take events in as the edge does, each batch at its own moment; ``settle`` makes them durable."""
        taken = 0
        for batch in batches:
            sender = Sender(self._viewer(batch.viewer_id), batch.agent, batch.address)
            moment = Moment(batch.received_ms, batch.received_ms + self.clock.offset_ms)
            made = self._acceptor.accept(batch.events, sender, {}, moment)
            self._kept += [(batch.received_ms, Entry(EntryKind.EVENT, 0, body)) for body in made.bodies]
            self._keys.add(made.keys)
            taken += len(made.bodies)
        return taken

    def report(self, reports: Iterable[Report]) -> int:
        """Take in what shops' servers tell, as the doors do."""
        count = 0
        for one in reports:
            receipt = Receipt(
                self.means.ids.next(), Source.SERVER, one.received_ms, one.received_ms + self.clock.offset_ms
            )
            pixel = PixelFacts(one.pixel_id, one.advertiser_id, matches_email=False, matches_phone=False)
            made = reported.receive(one.reported, pixel, receipt, decision_of=self._links.decision_of)
            self._kept.append((one.received_ms, Entry(EntryKind.CONVERSION, made.id, encode_conversion(made))))
            count += 1
        return count

    def click_id(self, decision_id: int) -> str:
        """Return what the landing page is told of a click."""
        return self._links.click_id(decision_id)

    def comment(self, *, viewer_id: int, post_id: int, token: str, text: str) -> None:
        """Write under a post, as the site does."""
        from attise.doors.site import commenting
        from attise.kernel.errors import Refusal

        with suppress(Refusal):  # a post that went meanwhile
            commenting.comment(self.means, self.house, post_id=post_id, viewer_id=viewer_id, token=token, text=text)

    def settle(self) -> int:
        """Make durable what was taken in, in the order of its receipt, and settle the log to its end."""
        self._decisions.turn()
        kept, self._kept = self._kept, []
        if kept:
            kept.sort(key=lambda one: one[0])
            self._log.append([entry for _, entry in kept], at_ms=self.clock.wire_ms())
        self._settlement.settle()
        return len(kept)

    def keep_house(self) -> None:
        """Do what processes do every now and then."""
        from attise.doors.worker.jobs import worker_jobs

        jobs = {job.name: job for job in worker_jobs(self.house)}
        for name in JOBS:
            jobs[name].run()
        self._settlement.tell_follows()
        self._settlement.tell_hidden()
        self._settlement.sweep()

    def likes_of(self, post_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many likes everybody sees."""
        from attise.measurement.counters.queries import list_counts

        return {post_id: view.of("likes").total for post_id, view in list_counts(post_ids).items()}


def _given(item: Shown) -> Given:
    ad, post = item.ad, item.post
    if ad is None:
        if post is None:
            raise AssertionError("an organic item has a post")
        return Given(item.token, item.decision_id, post.post_id, post.media.duration_ms)
    video = ad.video
    seen = GivenAd(ad.ad_id, ad.group.advertiser_id, ad.post is not None, bool(ad.creative.landing_page_url))
    duration_ms = 0 if video is None else video.duration_ms
    return Given(item.token, item.decision_id, 0 if ad.post is None else ad.post.post_id, duration_ms, seen)


@contextmanager
def living_house(seed: int, *, mode: Mode = Mode.DEMO, begin_ms: int = BEGIN_MS) -> Iterator[Living]:
    """Open a new house on the embedded store for a life by seed, and remove it in the end.

    Its keys come of the seed too: what falls by a keyed hash, as a holdout does, falls alike each time.
    """
    with tempfile.TemporaryDirectory(prefix="attise-life-") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        Secrets.write_new(data / "secrets.json", master_of(seed))
        forget_environment()
        settings = Settings(data=data)
        open_house(settings, mode=mode)
        house = prepare(settings)
        hurry()
        living = move_in(house, seed, begin_ms=begin_ms)
        try:
            yield living
        finally:
            living.close()


def master_of(seed: int) -> bytes:
    """Return the master secret of a house that lives by a seed."""
    return hashlib.blake2b(f"life/{seed}".encode(), digest_size=MASTER_BYTES).digest()


def move_in(house: House, seed: int, *, begin_ms: int) -> Living:
    """Open a house for a life by seed, with a clock, chance and ids of its own; the means of this process are its.

    Django must be set up and the schema in place.
    """
    return _opened(house, SeededChance(f"life/{seed}"), begin_ms, NODE)


def move_in_for_good(house: House, *, begin_ms: int, node: int) -> Living:
    """Open a house that is kept: what grants something is unguessable, and ids are of a node that this process holds.

    Whoever goes on afterwards installs their own means again.
    """
    return _opened(house, SystemChance(), begin_ms, node)


def _opened(house: House, chance: Chance, begin_ms: int, node: int) -> Living:
    from attise.doors.site import means

    clock = FakeClock(begin_ms)
    made = Means(clock, chance, ClockIds(clock, node), house.secrets)
    means.install(Process(house, made, clock, None))
    return Living(house, clock, made, node=node)


def hurry(*, is_over: bool = False) -> None:
    """Have the embedded store not wait for the disk, until it ``is_over``: then all of it is brought there.

    For houses that are thrown away, and for the making of one that nobody has seen yet: a power cut may take it all.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'FULL' if is_over else 'OFF'}")
            if is_over:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
