"""What a story is given of a house, made of the edge's own parts: what ``Living`` and ``Beside`` have in common.

Nothing of the house is done otherwise here. What the edge decides with decides (``edge.serving``, ``edge.feed``), what
it takes events in with takes them in (``measurement.ingest``). There is no HTTP, and no thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from attise.doors.edge.changes import ChangeReader
from attise.doors.edge.changes import State as Changes
from attise.doors.edge.feed.deciding import Deciding, Shown
from attise.doors.edge.feed.memories import PURPOSE, Memories
from attise.doors.edge.feed.opening import lists_of
from attise.doors.edge.serving.loading import Loading
from attise.kernel.clock import Clock
from attise.kernel.errors import Outage, Refusal
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS
from attise.kernel.means import Means
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
from attise.serving.delivery.memory import NEW, ViewerMemory, decode_memory, encode_memory
from attise.simulator.stage import Batch, Given, GivenAd, Report

FRESH_S: Final = 1.5
"""How old what decisions know may be, in seconds; the edge's own bound is two."""
MEMORIES: Final = "life"
"""In the data folder: where what lately happened to simulated viewers is kept, away from an edge's own."""


class Staged:
    """The part of a stage that is the same in any house; whoever makes one says what time is and who settles."""

    def __init__(
        self, house: House, means: Means, *, node: int, paced_by: Clock | None = None, waits_for_disk: bool = True
    ) -> None:
        """Open what the edge of a house opens. ``waits_for_disk``: whether what is told outlives a power cut.

        ``paced_by``: by whose steady clock budgets take their turns and the feed's stock grows old; None: the house's.
        """
        self.house, self.means = house, means
        tokens = sealer_of(house.secrets)
        self._changes = Changes()
        self._reader = ChangeReader(house)
        self._changes.begin_at(self._reader.floor())
        self._loading = Loading(house, self._changes, paced_by or means.clock, node=lambda: node)
        self._deciding = Deciding(self._loading, self._changes, means.clock, tokens)
        self._followed_s = float("-inf")
        self._log = SqliteLog(house.folder, may_write=True, waits_for_disk=waits_for_disk)
        self._decisions = LogWriter(
            lambda: SqliteLog(house.folder, may_write=True, waits_for_disk=waits_for_disk), means.clock
        )
        self._keys = Keys()
        self._acceptor = Acceptor(tokens, self._keys, lists_of(house))
        self._links = ClickLinks(house.secrets.key(click_link.PURPOSE))
        self._kept: list[tuple[int, Entry]] = []
        """What was received and is not durable yet, with the world's time of its receipt."""
        self._viewers: dict[int, Viewer] = {}
        self._contexts: dict[int, tuple[int, ViewerContext]] = {}
        folder = house.folder / MEMORIES
        folder.mkdir(mode=0o700, exist_ok=True)
        self._memories: Memories[ViewerMemory] = Memories(
            folder,
            house.secrets.key(PURPOSE),
            means.clock,
            fresh=lambda: NEW,
            encode=encode_memory,
            decode=decode_memory,
        )
        self._changes.listen(self._memories)

    def close(self) -> None:
        """Give back what is open."""
        self._memories.end()
        self._loading.close()
        self._reader.close()
        self._log.close()

    # Deciding

    def follow(self, viewer_ids: Collection[int], *, until_ms: int) -> None:  # noqa: ARG002 - where time is a story's
        """Have decisions know what was changed and spent, and who asks until a moment of the world."""
        self.refresh()
        self._meet(viewer_ids)

    def refresh(self) -> None:
        """Have decisions know what was changed and spent."""
        self._read()
        self._loading.build()

    def _read(self) -> None:
        """Read what was changed and spent; decisions know it once it is built."""
        while True:
            began_s = self.means.clock.monotonic_s()
            version, changes = self._reader.read(self._changes.version or 0)
            is_all = version == self._reader.newest
            self._changes.apply(version, changes, began_s=began_s if is_all else float("-inf"))
            for change in changes:
                self._viewers.pop(change.object_id, None)
            if is_all:
                break
        self._loading.read()
        self._followed_s = began_s

    def _meet(self, viewer_ids: Collection[int]) -> None:
        """Read the records of those who are not known, all at once."""
        unknown = [one for one in viewer_ids if one not in self._viewers]
        if unknown:
            from attise.management.viewers.queries import records_of

            for viewer_id, viewer in records_of(unknown).items():
                self._know(viewer_id, viewer)

    def ask(self, viewer_id: int, *, count: int, session_id: str) -> list[Given]:
        """Return a feed, decided as the edge decides it."""
        if self.means.clock.monotonic_s() - self._followed_s > FRESH_S:
            self.refresh()
        taken = self.means.ids.take(1 + count)
        now_ms = self.means.clock.world_ms()
        request = FeedRequest(
            feed_id=taken[0],
            viewer=self._context(viewer_id, now_ms),
            count=count,
            now_ms=now_ms,
            wire_ms=self.means.clock.wire_ms(),
            seed=int.from_bytes(self.means.chance.token(8), "big"),
            ids=taken[1:],
            session_id=session_id,
        )
        held = self._memories.get(viewer_id)
        decided = self._deciding.decide(request, held.memory, with_ads=not self._deciding.why_no_ads)
        if decided.memory is not None:
            held.memory = decided.memory
            self._memories.changed(held)
        self._decisions.offer(EntryKind.DECISION, [(one.decision_id, one) for one in decided.decisions])
        return [_given(item) for item in decided.items if isinstance(item, Shown)]

    def _context(self, viewer_id: int, now_ms: int) -> ViewerContext:
        viewer = self._viewer(viewer_id)
        day = now_ms // DAY_MS
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

            found = get_record(viewer_id)
            self._know(viewer_id, found)
        return found

    def _know(self, viewer_id: int, viewer: Viewer) -> None:
        self._viewers[viewer_id] = viewer
        self._contexts.pop(viewer_id, None)

    # What happened

    def _ahead_ms(self) -> int:
        """Return how far the world is ahead of the wire."""
        return self.means.clock.world_ms() - self.means.clock.wire_ms()

    def tell(self, batches: Iterable[Batch]) -> int:
        """Take events in as the edge does, each batch at its own moment; ``settle`` makes them durable."""
        taken, ahead_ms = 0, self._ahead_ms()
        for batch in batches:
            sender = Sender(self._viewer(batch.viewer_id), batch.agent, batch.address)
            moment = Moment(batch.received_ms - ahead_ms, batch.received_ms)
            made = self._acceptor.accept(batch.events, sender, {}, moment)
            self._kept += [(batch.received_ms, Entry(EntryKind.EVENT, 0, body)) for body in made.bodies]
            self._keys.add(made.keys)
            taken += len(made.bodies)
        return taken

    def report(self, reports: Iterable[Report]) -> int:
        """Take in what shops' servers tell, as the doors do."""
        count, ahead_ms = 0, self._ahead_ms()
        for one in reports:
            receipt = Receipt(self.means.ids.next(), Source.SERVER, one.received_ms - ahead_ms, one.received_ms)
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

        with suppress(Refusal):  # a post that went meanwhile
            commenting.comment(self.means, self.house, post_id=post_id, viewer_id=viewer_id, token=token, text=text)

    def keep(self, *, received_by_ms: int) -> int:
        """Make durable what was taken in by a moment of the world, in the order of its receipt; returns how many.

        Raises: Outage, when the log refuses; what it has not taken is held, and kept by the next call.
        """
        while self._decisions.depth:
            self._decisions.turn()
            if self._decisions.is_away:
                raise Outage("event log")
        due = [one for one in self._kept if one[0] <= received_by_ms]
        if due:
            due.sort(key=lambda one: one[0])
            self._log.append([entry for _, entry in due], at_ms=self.means.clock.wire_ms())
            self._kept = [one for one in self._kept if one[0] > received_by_ms]
        return len(due)

    def shown_of(self, post_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        """Return how many likes and comments everybody sees."""
        from attise.measurement.counters.queries import list_counts

        counts = list_counts(post_ids)
        return {post_id: (view.of("likes").total, view.of("comments").total) for post_id, view in counts.items()}


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
