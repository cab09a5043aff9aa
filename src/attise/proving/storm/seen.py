"""What is durable when all is over: the log from its first batch to its last, and what was counted of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from attise.kernel.house import House
from attise.measurement.attribution.queries import OutcomeView, list_outcomes
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.conversion import decode_conversion
from attise.records.decision import decode_decision
from attise.records.event import decode_event

COUNTED_BY_KEY = {"share": "shares", "click": "clicks", "view_2s": "views_2s", "complete": "completions"}
"""Types that each count once by their key, with the signal that they move."""


@dataclass
class Seen:
    """The log's entries, as far as they are compared with something."""

    events: set[str] = field(default_factory=set)
    """Names; below, of conversions."""
    conversions: set[str] = field(default_factory=set)
    decided: list[tuple[int, int]] = field(default_factory=list)
    """Ads that were chosen, each with when (wire)."""
    keys: dict[tuple[int, str], set[bytes]] = field(default_factory=lambda: defaultdict(set))
    """By post and signal, the different things that could count."""
    decisions_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By post, the decisions that any event came of: each has one impression at most."""
    entries: int = 0

    def take(self, entry: Entry) -> None:
        """Take one entry."""
        self.entries += 1
        if entry.kind == EntryKind.DECISION:
            said = decode_decision(entry.body)
            if said.winner is not None:
                self.decided.append((said.winner.ad_id, said.wire_ms))
        elif entry.kind == EntryKind.CONVERSION:
            self.conversions.add(decode_conversion(entry.body).event_id)
        elif entry.kind == EntryKind.EVENT:
            event = decode_event(entry.body)
            self.events.add(event.event_id)
            if event.claims is not None:
                self.decisions_of[event.post_id].add(event.claims.decision_id)
            signal = COUNTED_BY_KEY.get(event.type)
            if signal is not None:
                self.keys[event.post_id, signal].add(event.key)


def read_log(house: House) -> Seen:
    """Read a log from its beginning to its end. Raises: Outage."""
    seen, position = Seen(), 0
    log = SqliteLog(house.folder, may_write=False)
    try:
        while batches := log.read(position, limit=200):
            for batch in batches:
                for entry in batch.entries:
                    seen.take(entry)
            position = batches[-1].position
    finally:
        log.close()
    return seen


def outcomes() -> Iterator[OutcomeView]:
    """Yield what came of every decision that something came of."""
    after = 0
    while found := list_outcomes(after=after):
        yield from found
        after = found[-1].decision_id
