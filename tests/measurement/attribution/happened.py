"""What stories of settling begin with: a creator's post, an advertiser's ads with money, and what devices sent."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from attise.kernel.means import Means
from attise.measurement.attribution.actions import Settler
from attise.measurement.attribution.whose import Whose
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.event import TYPES, Event, encode_event, key_of
from attise.records.token import AdClaims, Claims, TokenKind
from tests.ledger.payers import EURO, an_envelope, fund

POST, CREATOR, ADVERTISER = 700, 70, 1
SPARK_AD, STANDARD_AD = 901, 902
NODE = 3
DURATION_MS = 12_000
_serial = itertools.count(1)


def decision_id(means: Means, *, node: int = NODE) -> int:
    """An id as an edge of that node would make it."""
    return means.clock.wire_ms() << 22 | node << 12 | next(_serial) % 4096


def open_budget(
    means: Means, *, limit_micros: int = 1_000 * EURO, funds_micros: int = 10_000 * EURO
) -> tuple[int, ...]:
    """Fund the advertiser and open the envelopes of a campaign and its ad group."""
    fund(means, funds_micros)
    return (
        an_envelope(means, "campaign:1", limit_micros),
        an_envelope(means, "adgroup:1", None),
    )


def ad_claims(envelopes: tuple[int, ...] = (), *, ad_id: int = SPARK_AD, **said) -> AdClaims:
    values = {
        "ad_id": ad_id,
        "adgroup_id": 800 + ad_id % 10,
        "campaign_id": 810,
        "advertiser_id": ADVERTISER,
        "billing_event": "OCPM",
        "price_micros": 12_345,
        "currency": "EUR",
        "envelopes": envelopes,
        "fee_ppm": 0,
        "share_ppm": 100_000,
        "view_goal_ms": 0,
        "click_window": "SEVEN_DAYS",
        "view_window": "ONE_DAY",
        "engaged_view_window": "OFF",
        "attribution_event_count": "EVERY",
        "pixel_id": 0,
        "grant_id": 5,
        "is_spark": ad_id == SPARK_AD,
        **said,
    }
    return AdClaims(**values)


def claims(means: Means, ad: AdClaims | None = None, **said) -> Claims:
    """What a token sealed now says; of an organic item without ``ad``."""
    has_post = ad is None or ad.is_spark
    values = {
        "kind": TokenKind.ORGANIC if ad is None else TokenKind.AD,
        "decision_id": decision_id(means),
        "feed_id": 1,
        "post_id": POST if has_post else 0,
        "creator_id": CREATOR if has_post else 0,
        "viewer": "ann",
        "session_id": "",
        "surface": "feed",
        "decided_at_ms": means.clock.world_ms(),
        "sealed_at_ms": means.clock.wire_ms(),
        "duration_ms": DURATION_MS,
        "place": 3,
        "snapshot_version": 1,
        "model_version": 1,
        "is_exploration": False,
        "ad": ad,
        **said,
    }
    return Claims(**values)


def event(means: Means, type_: str, of: Claims | None = None, *, after_s: float = 0, **said) -> Event:
    """What is received now, or a while later."""
    later_ms = round(after_s * 1000)
    event_id = said.pop("event_id", None) or f"{type_}-{next(_serial)}"
    person = said.pop("person", of.viewer if of is not None else "ann")
    values = {
        "event_id": event_id,
        "type": type_,
        "person": person,
        "at_ms": means.clock.world_ms() + later_ms,
        "received_ms": means.clock.wire_ms() + later_ms,
        "received_at_ms": means.clock.world_ms() + later_ms,
        "post_id": of.post_id if of is not None else POST,
        "creator_id": of.creator_id if of is not None else CREATOR,
        "claims": of,
        **said,
    }
    return Event(key=key_of(type_, event_id, person, of), **values)


@dataclass
class Happened:
    """A log and who settles it."""

    means: Means
    folder: Path
    creators: dict[int, int] = field(default_factory=dict)
    """Of posts, by post."""
    profiles: set[int] = field(default_factory=lambda: {CREATOR})
    results: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.log = SqliteLog(self.folder, may_write=True)
        self.settler = self.new_settler()

    def emptied(self) -> Happened:
        """Let go of what other tests left in a log that they share."""
        while self.log.prune(before_ms=1 << 62, upto=self.log.end()):
            pass
        return self

    def new_settler(self, **said: int) -> Settler:
        log = SqliteLog(self.folder, may_write=False)
        return Settler(log, whose=self.whose, results_of=self._results_of, **said)

    @property
    def whose(self) -> Whose:
        return Whose(self._creators_of, self.profiles.intersection)

    def _creators_of(self, posts: Iterable[int]) -> dict[int, int]:
        return {post: self.creators[post] for post in posts if post in self.creators}

    def _results_of(self, adgroups: Iterable[int]) -> dict[int, str]:
        return {one: self.results[one] for one in adgroups if one in self.results}

    def append(self, events: Sequence[Event], *, node: int = 0) -> None:
        entries = [Entry(EntryKind.EVENT, node, encode_event(one)) for one in events]
        self.log.append(entries, at_ms=self.means.clock.wire_ms())

    def settle(self, *events: Event) -> int:
        """Append events and settle all there is; returns how many batches that took."""
        if events:
            self.append(events)
        for number in itertools.count(1):
            done = self.settler.settle(self.means)
            if done.is_end:
                return number
        raise AssertionError

    def close(self) -> None:
        self.log.close()


def at(event_: Event, **said) -> Event:
    """The same event with other words."""
    return msgspec.structs.replace(event_, **said)


def lived(means: Means, happened: Happened, many: int = 40) -> None:
    """A little of everything, settled in several batches."""
    chance = random.Random(5)
    envelopes = open_budget(means, limit_micros=200_000)
    for number in range(many):
        ad = chance.choice([None, ad_claims(envelopes), ad_claims(envelopes, ad_id=STANDARD_AD, billing_event="CPC")])
        of = claims(means, ad, viewer=chance.choice(["ann", "bob", ""]), session_id="s" * (number % 2))
        sent = [
            event(
                means,
                chance.choice(sorted(TYPES - ({"click"} if ad is None else set()))),
                of,
                after_s=chance.random() * 15,
            )
            for _ in range(8)
        ]
        happened.append([*sent, event(means, "share", post_id=711, creator_id=0, person=f"p{number}"), sent[0]])
        means.clock.advance(seconds=0.02)
    happened.creators[711] = 71
    happened.settle()
