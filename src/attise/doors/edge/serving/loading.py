"""The thread that keeps what decisions read: steps 12 and 13 of *an advertiser launches an ad*.

Each turn it reads deltas and totals, looks whether a newer snapshot or model is there, builds aside what changed, and
swaps. An index is made by a child process and then mapped; meanwhile what was there goes on. An outage leaves
everything as it is: what may still be decided on is for the age of changes and of totals to say, not for this thread.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.doors.edge.changes import State as Changes
from attise.doors.edge.serving.build import NO_SNAPSHOT
from attise.doors.edge.serving.children import Child, build_command
from attise.doors.edge.serving.files import Folders, is_there, keep_posts, map_index, stem_of
from attise.doors.edge.serving.loaded import Loaded, nothing
from attise.doors.edge.serving.making import Piece, find_model
from attise.doors.edge.serving.pace import Pacer
from attise.doors.edge.serving.stopping import Stopping, copy_of, stop_ads, stop_posts
from attise.doors.edge.serving.tiers import Tiers
from attise.kernel.clock import Clock
from attise.kernel.database import Connection, connect
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode
from attise.kernel.limits import POLL_MS
from attise.records.decision import Versions
from attise.records.process import count_deciding
from attise.records.snapshot.deltas import DeltaGap, read_deltas
from attise.records.snapshot.layout import SUFFIX, SnapshotUnreadable
from attise.records.snapshot.reader import SnapshotFile, find_newest
from attise.records.tables import SELECTS
from attise.records.totals import GroupTotals, PostTotals, Totals
from attise.records.totals_rows import TotalsGap, read_totals
from attise.serving import kernels
from attise.serving.delivery import holdout
from attise.serving.delivery.allowance import Allowances
from attise.serving.delivery.offers import ENVELOPES, offers_of, paced
from attise.serving.delivery.pacing.traffic import Traffic
from attise.serving.delivery.policy import LIVE, SANDBOX, Policy
from attise.serving.delivery.state import Part, State, remembered
from attise.serving.feed.posts import PostIndex, from_posts, from_snapshot
from attise.serving.feed.quality import record_of
from attise.serving.prediction.model import Model
from attise.serving.prediction.predictor import Predictor
from attise.serving.targeting.index_file import IndexUnreadable
from attise.serving.targeting.segment import Segment

log = logging.getLogger("attise.edge.serving")

SANDBOX_POLL_MS: Final = 100
LOOK_S: Final = 1.0
"""How often the folders are looked into for a newer snapshot or model."""
POSTS_LIFE_S: Final = 600.0
"""After how long the feed's stock is made anew if nothing changed: what is new grows old."""
COUNTS_LIFE_S: Final = 30.0
"""After how long it is made anew if what was counted of posts changed."""
POSTS_PAUSE: Final = 4.0
"""The feed's stock is not made anew before so many times what making it took have passed."""
AT_ONCE: Final = 500
"""Envelopes that are taken in at once: decisions wait for the money's lock for as long."""
ENDING_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Base:
    """A snapshot, and its index once that is mapped."""

    file: SnapshotFile
    piece: Piece | None

    @property
    def version(self) -> int:
        """The snapshot's."""
        return self.file.header.version

    @property
    def is_whole(self) -> bool:
        """Whether all ads of the snapshot can be found: they are indexed, or there are none."""
        return self.piece is not None or self.file.header.ads == 0


class Loading(threading.Thread):
    """Keeps ``loaded``; started once, ended once."""

    def __init__(
        self,
        house: House,
        changes: Changes,
        clock: Clock,
        *,
        node: Callable[[], int | None],
    ) -> None:
        """Load for ``house``; ``changes`` is told to keep what is served here free of what was stopped."""
        super().__init__(name="loading", daemon=True)
        self._house = house
        self._changes = changes
        self._clock = clock
        self._node = node
        self._folders = Folders.of(house)
        policy = LIVE if house.mode is Mode.LIVE else SANDBOX
        self._policy: Policy = replace(policy, salt=house.secrets.key(holdout.PURPOSE))
        self._period_s = (SANDBOX_POLL_MS if house.mode is Mode.SANDBOX else POLL_MS) / 1000
        self._ending = threading.Event()
        self._connection: Connection | None = None
        self.loaded: Loaded = nothing()
        """What decisions read; read the pointer once for each."""
        self.money = threading.Lock()
        """Held while allowances are written here, a moment at a time; a decision holds it while it reads and writes."""
        self.allowances: Allowances | None = None
        self.totals_version = 0
        self._group_totals: dict[int, GroupTotals] = {}
        self._post_totals: dict[int, PostTotals] = {}
        """The same one for good: tiers look at it."""
        self._are_counts_old = False
        self._has_news = True
        """Whether there are groups or budgets that pacing has not seen."""
        self._processes = 1
        self._pacer = Pacer(house.folder, clock)
        self._stopping = Stopping(self._empty)
        changes.listen(self._stopping)
        self._build = Child("making an index", clock)
        self._begin_again()
        self.turned_at_s = float("-inf")
        """When a turn last went well."""
        self.longest_turn_s = 0.0
        self._facts_to_ms = 0
        self._facts_at_s = float("-inf")

    def _begin_again(self) -> None:
        """Know nothing: what was known may be of another database."""
        self._generation = self._stopping.mark()
        self._base: Base | None = None
        self._tiers = Tiers(self._post_totals)
        self._model: Model = self.loaded.model
        self._number = 0
        self._is_gap = False
        self._look_at_s = float("-inf")
        self._posts: PostIndex = from_posts([], now_ms=0)
        self._posts_at_s = self._posts_took_s = float("-inf")
        self._are_posts_old = False
        self._changed: set[int] = set()
        self._parts: list[Part] = []
        self._is_changed = True

    def _empty(self) -> None:
        """Take from decisions what they have; called under the lock of stopping."""
        self.loaded = nothing()

    @property
    def begin_version(self) -> int | None:
        """From which version on stops are to be read; None: there is no snapshot."""
        if self._base is not None:
            return self._base.version
        newest = find_newest(self._folders.snapshots)
        return None if newest is None else newest.header.version

    @property
    def traffic(self) -> Traffic:
        """Where whoever decides counts the slots that were asked for."""
        return self._pacer.traffic

    def applied(self) -> tuple[int, int]:
        """Return up to which delta and which totals decisions have been told."""
        return self.loaded.delta, self.totals_version

    def report(self) -> dict[str, Any]:
        """Return what decisions have been told and how old it is, for whoever asks after this process's health.

        ``ok``: ads can be decided on, as far as loading goes.
        """
        loaded, now_s = self.loaded, self._clock.monotonic_s()
        age_s = now_s - self.turned_at_s
        allowances = self.allowances
        has_money = allowances is not None and allowances.is_fresh(self._clock.wire_ms())
        return {
            "ok": loaded.state is not None and loaded.is_whole and has_money,
            "snapshot": loaded.snapshot,
            "delta": loaded.delta,
            "totals": self.totals_version,
            "model": loaded.model.version,
            "ads": sum(len(piece.segment) for piece in loaded.pieces),
            "posts": len(loaded.posts),
            "is_whole": loaded.is_whole,
            "has_money": has_money,
            "has_kernels": kernels.are_ready(),
            "is_building": self._build.is_running,
            "age_ms": None if math.isinf(age_s) else round(age_s * 1000),
            "longest_turn_ms": round(self.longest_turn_s * 1000),
            "facts_age_ms": self._clock.wire_ms() - self._facts_to_ms if self._facts_to_ms else None,
        }

    def end(self) -> None:
        """Stop, and end what this thread started."""
        self._ending.set()
        self.join(timeout=ENDING_S)

    def close(self) -> None:
        """Give back what turns opened, where whoever made this takes them in their own thread."""
        self._build.end()
        self._forget_connection()

    def run(self) -> None:
        """Turn until the end."""
        while not self._ending.is_set():
            began_s = self._clock.monotonic_s()
            try:
                self.turn()
                self.turned_at_s = began_s
            except Outage as outage:
                log.debug("what may run cannot be read: %s", outage)
                self._forget_connection()
            except Exception:
                log.exception("loading failed")
                self._forget_connection()
            spent_s = self._clock.monotonic_s() - began_s
            self.longest_turn_s = max(self.longest_turn_s, spent_s)
            self._ending.wait(max(self._period_s - spent_s, 0.02))
        self.close()

    def turn(self) -> None:
        """Read, look, build and swap what there is to. Raises: Outage."""
        self.read()
        self.build()

    def read(self) -> None:
        """Read and look for what there is to, the first half of a turn. Raises: Outage."""
        if self._generation != self._stopping.mark():
            if self._base is not None:
                log.warning("what may run is read again from the newest snapshot")
            self._begin_again()
        connection = self._open()
        self._read_money(connection)
        self._read_watermark(connection)
        self._look_for_base()
        self._read_deltas(connection)

    def build(self) -> None:
        """Build and swap what there is to, the second half; asks no database."""
        if self._is_changed or self._are_posts_due() or self._pacer.is_due(has_news=self._has_news):
            self._publish()

    # Snapshots, their indexes, and models

    def _look_for_base(self) -> None:
        """Map a newer index that is there, or have it made."""
        printed = self._build.collect(fine=(0, NO_SNAPSHOT))
        now_s = self._clock.monotonic_s()
        if printed is None and now_s < self._look_at_s:
            return
        self._look_at_s = now_s + LOOK_S
        newest = max(self._folders.snapshots.glob(f"*{SUFFIX}"), default=None)
        if newest is None:
            return
        model = find_model(self._folders.models, known=self._model)
        file, base = self._open_file(newest), self._base
        if file is None:
            return
        if not self._changes.began_at <= file.header.version <= (self._changes.version or 0):
            # Of another database, or of a version that this process has not heard of yet.
            self._look_at_s = now_s
            return
        if base is not None and base.file is file and base.is_whole and model is self._model:
            return
        if base is None or file.header.ads == 0:
            self._adopt(file, model)
        if file.header.ads:
            self._bring_index(file, model)

    def _bring_index(self, file: SnapshotFile, model: Model) -> None:
        """Map the index of a snapshot if it is there, else have it made."""
        stem = stem_of(file.header, model.version)
        if is_there(self._folders.index, stem) and self._map(file, model, stem):
            return
        folders = self._folders
        if not self._build.is_running:
            keep_posts(folders.index, self._post_totals.values())
        self._build.begin(build_command(folders.snapshots, folders.models, folders.index))

    def _open_file(self, path: Path) -> SnapshotFile | None:
        """Return the newest snapshot that can be read, opened once."""
        if self._base is not None and self._base.file.path == path:
            return self._base.file
        try:
            return SnapshotFile(path)
        except SnapshotUnreadable as unreadable:
            log.warning("%s", unreadable)
            return None

    def _adopt(self, file: SnapshotFile, model: Model) -> None:
        """Begin with a snapshot without its index: its posts are shown, and deltas are read from it on."""
        self._base, self._model = Base(file, None), model
        self._number = max(self._number, file.header.number)
        self._tiers.drop_upto(file.header.number)
        self._is_gap = False
        self._is_changed = self._are_posts_old = True

    def _map(self, file: SnapshotFile, model: Model, stem: str) -> bool:
        """Map an index and let it follow the one that is served; tells whether it could be."""
        try:
            segment, table = map_index(self._folders.index, stem, model)
        except IndexUnreadable as unreadable:
            log.warning("%s", unreadable)
            return False
        header = file.header
        self._number = max(self._number, header.number)  # what this process lacks is in it
        self._tiers.drop_upto(header.number)
        segment.clear_ads(self._tiers.ads)
        self._base = Base(file, Piece(segment, table, remembered(file.ad)))
        self._model = model
        self._is_gap = False
        self._is_changed = self._are_posts_old = True
        log.info("index of snapshot %d under model %d: %d ads", header.version, model.version, len(segment))
        return True

    # Deltas

    def _read_deltas(self, connection: Connection) -> None:
        """Read what was rendered since; a gap is closed by the next snapshot, and meanwhile what is there goes on."""
        if self._is_gap or (self._base is None and self._has_snapshot()):
            return
        after_version = self._changes.began_at if self._base is None else self._base.version
        while not self._ending.is_set():
            try:
                deltas = read_deltas(connection, self._number)
            except DeltaGap as gap:
                log.warning("%s: beginning again from the next snapshot", gap)
                self._is_gap = True
                return
            if not deltas:
                return
            try:
                self._are_posts_old |= self._tiers.take(deltas, after_version=after_version)
            except msgspec.MsgspecError as error:
                raise Outage(f"a delta cannot be read ({error})") from error
            self._number = deltas[-1].number
            self._changed.update(delta.object_id for delta in deltas)
            self._is_changed = True

    def _has_snapshot(self) -> bool:
        return any(self._folders.snapshots.glob(f"*{SUFFIX}"))

    # What is served

    def _are_posts_due(self) -> bool:
        age_s = self._clock.monotonic_s() - self._posts_at_s
        pause_s = POSTS_PAUSE * self._posts_took_s
        if self._are_posts_old and age_s >= pause_s:
            return True
        life_s = max(COUNTS_LIFE_S, pause_s) if self._are_counts_old else POSTS_LIFE_S
        return age_s >= life_s

    def _publish(self) -> None:
        """Build what changed, and swap."""
        base = None if self._base is None else self._base.piece
        if self._model is not self.loaded.model:
            self._tiers.make_all_again()
        pieces = [*([] if base is None else [base]), *self._tiers.pieces(self._model)]
        if self._are_posts_due():
            self._make_posts()
        served, stops = self.loaded, copy_of(self._changes.stops)  # since the mark, none falls between the two
        for piece in pieces:
            if piece not in served.pieces:
                stop_ads(piece.segment, stops)
        if self._posts is not served.posts:
            stop_posts(self._posts, stops)
        loaded = Loaded(
            state=self._state(pieces),
            posts=self._posts,
            model=self._model,
            pieces=tuple(pieces),
            snapshot=self._base.version if self._base is not None and self._base.is_whole else 0,
            delta=self._number,
            is_whole=not self._has_snapshot() if self._base is None else self._base.is_whole,
        )
        replaced: list[tuple[Segment, Any]] = [(piece.segment, ids) for piece, ids in self._tiers.replaced()]
        if base is not None:
            replaced.append((base.segment, self._changed))

        def publish() -> None:
            self.loaded = loaded

        segments = [piece.segment for piece in pieces]
        if self._stopping.swap(self._generation, segments, self._posts, publish, replaced=replaced):
            self._changed.clear()
            self._is_changed = False
            if self._base is not None and self._base.is_whole:
                self._changes.outlived = self._base.version

    def _make_posts(self) -> None:
        """Make the feed's stock anew."""
        began_s, now_ms = self._clock.monotonic_s(), self._clock.world_ms()
        words = self._tiers.posts
        record = record_of(self._post_totals.values())
        later = [(word.version, word.post) for word in words.values() if word.post is not None]
        gone = [post_id for post_id, word in words.items() if word.post is None]
        if self._base is None:
            posts = from_posts([post for _, post in later], now_ms=now_ms, record=record)
            known = {post.post_id: version for version, post in later}
            posts.version[:] = [known[post_id] for post_id in posts.post_id.tolist()]
        else:
            file = self._base.file
            arrays = {entry.name: file.array(entry.name) for entry in file.header.arrays if "posts." in entry.name}
            posts = from_snapshot(
                arrays,
                file.words,
                version=self._base.version,
                decode=file.post,
                now_ms=now_ms,
                record=record,
                later=later,
                gone=gone,
            )
        self._posts, self._are_posts_old, self._are_counts_old = posts, False, False
        self._posts_at_s = self._clock.monotonic_s()
        self._posts_took_s = self._posts_at_s - began_s

    def _state(self, pieces: list[Piece]) -> State | None:
        """Return what delivery decides on; None before this process may spend anything."""
        allowances = self.allowances
        if allowances is None:
            return None
        self._has_news |= any(piece not in self.loaded.pieces for piece in pieces)
        if self._pacer.is_due(has_news=self._has_news):
            segments = [piece.segment for piece in pieces]
            self._pacer.turn(segments, allowances.facts_of, self._group_totals, processes=self._processes)
            self._has_news = False
        self._parts = [self._part(piece, allowances) for piece in pieces]
        share = self._model.header.explore_share
        predictor = Predictor(self._model, tuple(piece.table for piece in pieces), explore_share=share)
        versions = Versions(
            snapshot=0 if self._base is None else self._base.version,
            delta=self._number,
            stops=self._changes.version or 0,
            model=self._model.version,
            totals=self.totals_version,
            pace=self._pacer.number,
        )
        return State(tuple(self._parts), predictor, allowances, self._policy, versions)

    def _part(self, piece: Piece, allowances: Allowances) -> Part:
        """Return a piece with its offers; of what was made before, only the pace is new."""
        pace = self._pacer.pace_of(piece.segment)
        for part in self._parts:
            if part.segment is piece.segment:
                return replace(part, offers=paced(part.segment, part.offers, pace))
        self._know_envelopes(allowances, piece.segment)
        return Part(piece.segment, offers_of(piece.segment, pace, allowances, self._policy), piece.record)

    def _know_envelopes(self, allowances: Allowances, segment: Segment) -> None:
        """Give every envelope of a segment its place, a few at a time: whatever writes there holds the lock."""
        columns: list[NDArray[Any]] = [segment.groups[name] for name, _ in ENVELOPES]
        ids = np.unique(np.concatenate([*columns, segment.ads["grant_envelope_id"]]))
        for begin in range(0, len(ids), AT_ONCE):
            with self.money:
                allowances.places_of(ids[begin : begin + AT_ONCE])

    # Money

    def _read_money(self, connection: Connection) -> None:
        """Read totals and tell the allowances, some at a time."""
        node = self._node()
        if node is None:
            return
        if self.allowances is None:
            self.allowances = Allowances(node=node, started_at_ms=self._clock.wire_ms())
            self._is_changed = True
        self._processes = max(1, count_deciding(connection, now_ms=self._clock.wire_ms()))
        is_all = False
        while not is_all and not self._ending.is_set():
            try:
                totals, is_all = read_totals(connection, self.totals_version)
            except TotalsGap as gap:
                log.warning("%s: reading them from the beginning", gap)
                with self.money:
                    self.allowances.begin_again()
                self.totals_version = 0
                self._group_totals.clear()
                self._post_totals.clear()
                continue
            self._heed(self.allowances, totals)
            self._group_totals.update((row.adgroup_id, row) for row in totals.groups)
            self._post_totals.update((row.post_id, row) for row in totals.posts)
            self._are_counts_old |= bool(totals.posts)
            self.totals_version = totals.head.version

    def _read_watermark(self, connection: Connection) -> None:
        """Read up to when facts are complete, for whoever asks after the house's health."""
        now_s = self._clock.monotonic_s()
        if now_s - self._facts_at_s >= LOOK_S:
            self._facts_at_s = now_s
            rows = connection.rows(SELECTS["watermark"])
            self._facts_to_ms = int(rows[0][0]) if rows else 0

    def _heed(self, allowances: Allowances, totals: Totals) -> None:
        rows = iter(totals.envelopes)
        while True:
            some = tuple(islice(rows, AT_ONCE))
            with self.money:
                self._has_news |= allowances.heed(Totals(totals.head, some), processes=self._processes)
            if len(some) < AT_ONCE:
                return

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = connect(self._house, may_write=False)
        return self._connection

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
