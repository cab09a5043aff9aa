"""A house with nothing but the tables that an edge reads, and who writes to them as management would."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg

from attise.doors.edge.changes import Follower, State
from attise.doors.edge.serving.build import build_newest
from attise.doors.edge.serving.files import Folders
from attise.doors.edge.serving.loading import Loading
from attise.kernel.clock import SystemClock
from attise.kernel.house import Mode
from attise.records.change import Change, ChangeKind
from attise.records.snapshot.deltas import DeltaKind, SnapshotDelta
from attise.records.snapshot.fold import Fold
from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.shapes import SnapshotAd, SnapshotPost, encoder
from attise.records.snapshot.writer import SnapshotWriter
from attise.records.totals import ENVELOPE, GROUP, POST, EnvelopeTotals, GroupTotals, PostTotals
from tests.doors.rig import make_house, table_statements
from tests.snapshot_records import a_creative_record, a_grant_record, a_group_record, a_post_record, an_ad_record


def an_ad(number: int, *, group: int = 1, post: int = 1, creator: int = 1, bid: int = 400_000) -> SnapshotAd:
    """An ad whose every object has an id of its own sort; its post is for ads only."""
    return an_ad_record(
        4_000 + number,
        creative=a_creative_record(4_000 + number, identity_key=6_000 + creator),
        group=a_group_record(
            3_000 + group,
            campaign_id=2_000 + group // 2,
            advertiser_id=1_000 + group // 4,
            bid_micros=bid,
            envelope_id=7_000 + group,
            balance_envelope_id=8_000 + group // 4,
        ),
        grant=a_grant_record(5_000 + post, envelope_id=0),
        post=a_post(post, creator=creator, ads_only=True),
    )


def a_post(number: int, *, creator: int = 1, **fields: Any) -> SnapshotPost:
    return a_post_record(9_000 + number, creator_id=600 + creator, **fields)


@dataclass
class Town:
    """The house, one edge's threads driven by hand, and the plain form of what they must come to."""

    folder: Path
    mode: Mode = Mode.SANDBOX
    edges: list[Edge] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house = make_house(self.folder / "house", mode=self.mode)
        self._server = os.environ.get("ATTISE_DATABASE_URL")
        if self._server is not None:
            self._make_database(self._server)
        (self.house.folder / "snapshots").mkdir()
        self.clock = SystemClock()
        self.version = self.number = 0

    @property
    def _name(self) -> str:
        return f"attise_town_{os.getpid()}"

    def _make_database(self, server: str) -> None:
        """Use a database of the named PostgreSQL server in the place of the file."""
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self._name}")
        url = urlunsplit(urlsplit(server)._replace(path=f"/{self._name}"))
        with psycopg.connect(url) as connection:
            for statement in table_statements():
                connection.execute(statement)
        self.house.settings = replace(self.house.settings, database_url=url)

    def execute(self, statement: str, *values: object) -> None:
        if self.house.settings.database_url is not None:
            with psycopg.connect(self.house.settings.database_url) as connection:
                connection.execute(statement.replace("?", "%s"), values)
            return
        with contextlib.closing(sqlite3.connect(self.house.database, timeout=30)) as connection:
            connection.execute(statement, values)
            connection.commit()

    def change(self, kind: ChangeKind, object_id: int) -> Change:
        self.version += 1
        self.execute(
            "INSERT INTO outbox_change (version, kind, object_id, at_ms, body) VALUES (?, ?, ?, 0, '{}')",
            self.version,
            kind.value,
            object_id,
        )
        self.execute("UPDATE outbox_version SET n = ? WHERE id = 1", self.version)
        return Change(self.version, kind, object_id, 0)

    def tell(self, record: SnapshotAd | SnapshotPost | None, *, gone: int = 0, is_post: bool = False) -> SnapshotDelta:
        """Write a delta of this moment: of an ad or a post, or that one is gone."""
        self.number += 1
        if record is None:
            kind = DeltaKind.POST_GONE if is_post else DeltaKind.AD_GONE
            object_id, body = gone, b""
        elif isinstance(record, SnapshotAd):
            kind, object_id, body = DeltaKind.AD, record.ad_id, encoder.encode(record)
        else:
            kind, object_id, body = DeltaKind.POST, record.post_id, encoder.encode(record)
        self.execute(
            "INSERT INTO snapshots_delta (number, version, kind, object_id, body) VALUES (?, ?, ?, ?, ?)",
            self.number,
            self.version,
            kind.value,
            object_id,
            body,
        )
        self.execute("UPDATE snapshots_position SET number = ?, version = ? WHERE id = 1", self.number, self.version)
        return SnapshotDelta(self.number, self.version, kind, object_id, body)

    def write(self, fold: Fold, *, build: bool = True) -> Fold:
        """Write what runs into a file, and make its index; returns the plain form that begins with it."""
        ads, posts = fold.ads(), fold.posts()
        folders = Folders.of(self.house)
        with SnapshotWriter(
            folders.snapshots, version=self.version, number=self.number, made_at_ms=self.clock.wire_ms()
        ) as writer:
            for post in posts.values():
                writer.add_post(post)
            for key in sorted(ads):
                writer.add_ad(ads[key])
            writer.commit()
        if build:
            self.build()
        file = SnapshotFile(writer.path)  # an ad's post is among its posts, as it is in a house
        return Fold(self.version, file.ads(), file.organic_posts())

    def build(self) -> str | None:
        folders = Folders.of(self.house)
        return build_newest(folders.snapshots, folders.models, folders.index)

    def allow(self, *envelope_ids: int, limit: int | None = None, spent: int = 0) -> None:
        """Publish totals of envelopes."""
        now = self.clock.wire_ms()
        self.execute(
            "UPDATE attribution_head SET version = version + 1, published_at_ms = ?, counted_to_ms = ?", now, now
        )
        for one in envelope_ids:
            body = msgspec.msgpack.encode(EnvelopeTotals(one, "total", 0, None, limit, spent))
            self.execute(
                "INSERT INTO attribution_totals (object_id, kind, version, body) "
                "SELECT ?, ?, version, ? FROM attribution_head WHERE id = 1 "
                "ON CONFLICT (object_id) DO UPDATE SET version = excluded.version, body = excluded.body",
                one,
                ENVELOPE,
                body,
            )

    def count(self, *rows: PostTotals | GroupTotals) -> None:
        """Publish totals of posts and ad groups."""
        now = self.clock.wire_ms()
        self.execute(
            "UPDATE attribution_head SET version = version + 1, published_at_ms = ?, counted_to_ms = ?", now, now
        )
        for row in rows:
            is_post = isinstance(row, PostTotals)
            self.execute(
                "INSERT INTO attribution_totals (object_id, kind, version, body) "
                "SELECT ?, ?, version, ? FROM attribution_head WHERE id = 1 "
                "ON CONFLICT (object_id) DO UPDATE SET version = excluded.version, body = excluded.body",
                row.post_id if is_post else row.adgroup_id,
                POST if is_post else GROUP,
                msgspec.msgpack.encode(row),
            )

    def edge(self) -> Edge:
        made = Edge(self)
        self.edges.append(made)
        return made

    def close(self) -> None:
        for edge in self.edges:
            edge.close()
        if self._server is not None:
            with psycopg.connect(self._server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {self._name} WITH (FORCE)")


class Edge:
    """The two threads of an edge, taking turns when they are told to."""

    def __init__(self, town: Town) -> None:
        self.changes = State()
        self.loading = Loading(town.house, self.changes, town.clock, node=lambda: 1)
        self.follower = Follower(
            town.house,
            self.changes,
            town.clock,
            holder="host:1",
            begin=lambda: self.loading.begin_version,
            others=self.loading.applied,
        )
        self._clock = town.clock
        self.asked: list[object] = []
        """Commands of children that were wanted; the town builds when a test says so."""
        self.loading._build.begin = self._ask

    def _ask(self, command) -> bool:
        self.asked.append(command)
        return False

    def read_stops(self) -> None:
        self.follower._turn(self._clock.monotonic_s())

    def load(self) -> None:
        self.loading._look_at_s = self.loading._posts_took_s = float("-inf")
        self.loading.turn()

    def ads(self) -> dict[int, SnapshotAd]:
        """What a decision could show: by id, the record of each live ad; it must be in one segment alone."""
        found: dict[int, SnapshotAd] = {}
        for piece in self.loading.loaded.pieces:
            for place, row in enumerate(piece.segment.ads):
                if piece.segment.is_live(place):
                    assert int(row["ad_id"]) not in found, "live in two segments"
                    found[int(row["ad_id"])] = piece.record(int(row["source"]))
        return found

    def posts(self) -> dict[int, SnapshotPost]:
        posts = self.loading.loaded.posts
        return {int(posts.post_id[place]): posts.post(place) for place in range(len(posts)) if posts.live[place]}

    def close(self) -> None:
        self.loading._build.end()
        self.loading._forget_connection()
        self.follower._forget_connections()
