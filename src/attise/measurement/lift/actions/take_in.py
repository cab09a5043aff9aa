"""What was decided and done is laid to the people of each campaign with a holdout, a stretch of the log at a time.

So is whom split tests met.

Behind settling, with its own place in the log, as profiles are: whoever counts and charges never waits for this. Read
is what is settled, and of events what was counted. The place moves in the transaction that writes, so that a stretch is
taken in once, wherever anybody is killed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from django.db import transaction

from attise.kernel.parts import in_parts
from attise.ledger import storing
from attise.measurement.attribution.plausible import doubt_of
from attise.measurement.attribution.queries import counted_keys, get_mark
from attise.measurement.ingest.log import Batch, EntryKind, EventLog
from attise.measurement.lift.acts import OF_CREATOR, Met, Win, done_by, may_tell, meetings_of, wins_of
from attise.measurement.lift.models import Act, Exposure, Meeting, Place, Target
from attise.measurement.lift.queries import get_place
from attise.records.decision import Decision, decode_decision
from attise.records.event import Event, decode_event

BATCHES: Final = 50
"""Of the log, in one transaction: whoever else writes waits for a moment only."""
PARAMETERS: Final = 400
CreatorsOf = Callable[[Collection[int]], Mapping[int, int]]
"""Says whose posts are."""


class Taken(NamedTuple):
    """What one call came to."""

    wins: int
    acts: int
    is_end: bool
    """Whether all that was settled is taken in."""


class _Targets(NamedTuple):
    """Campaigns by what they show."""

    by_post: dict[int, set[int]]
    by_creator: dict[int, set[int]]


def take_in(log: EventLog, *, creators_of: CreatorsOf) -> Taken:
    """Take in one stretch of the log. Killed anywhere, run again; of two at once, one does nothing. Raises: Outage.

    Cost: two reads where nothing happened; some 6 µs an entry and three statements where no campaign has a holdout.
    """
    begin, upto = get_place(), get_mark().position
    batches = [one for one in log.read(begin, limit=BATCHES) if one.position <= upto] if begin < upto else []
    if not batches:
        return Taken(0, 0, is_end=True)
    # Read and opened before the transaction: on the embedded store nobody else writes within it.
    decisions, events = _opened(batches)
    wins, met = wins_of(decisions), meetings_of(decisions)
    with transaction.atomic():
        place = Place.objects.select_for_update(no_key=True).get(id=1)
        if place.position != begin:
            return Taken(0, 0, is_end=False)  # another was here: what was read is read again from where it ended
        _write_wins(wins)
        _write_meetings(met)
        acts = _acts_of(events, creators_of)
        storing.put(Act, acts, unique=("campaign_id", "key"), update=("at_ms",))
        place.position = batches[-1].position
        place.save(force_update=True)
    return Taken(len(wins), len(acts), is_end=len(batches) < BATCHES)


def _opened(batches: Sequence[Batch]) -> tuple[list[Decision], list[Event]]:
    """Return decisions and events; a decision that a newer release wrote is passed over."""
    decisions, events = [], []
    for batch in batches:
        for entry in batch.entries:
            if entry.kind == EntryKind.DECISION:
                try:
                    decisions.append(decode_decision(entry.body))
                except msgspec.MsgspecError:
                    continue
            elif entry.kind == EntryKind.EVENT:
                events.append(decode_event(entry.body))
    return decisions, events


def _write_wins(wins: Sequence[Win]) -> None:
    """Add wins to their people, and posts to what their campaigns show. Cost: two statements, none for none."""
    rows: dict[tuple[int, int, str], tuple[bool, int, int, int]] = {}
    for one in wins:
        key = (one.campaign_id, one.holdout_ppm, one.person)
        is_held, first, last, times = rows.get(key, (one.is_held, one.at_ms, one.at_ms, 0))
        rows[key] = (is_held, min(first, one.at_ms), max(last, one.at_ms), times + 1)
    storing.merge(
        Exposure,
        [(*key, *values) for key, values in sorted(rows.items())],
        unique=("campaign_id", "holdout_ppm", "person"),
        changes={
            "first_at_ms": "CASE WHEN {new} < {old} THEN {new} ELSE {old} END",
            "last_at_ms": "CASE WHEN {new} > {old} THEN {new} ELSE {old} END",
            "wins": "{old} + {new}",
        },
    )
    shown = {(one.campaign_id, one.post_id): one.creator_id for one in wins if one.post_id}
    targets = [(*key, creator_id) for key, creator_id in sorted(shown.items())]
    storing.put(Target, targets, unique=("campaign_id", "post_id"), update=("creator_id",))


def _write_meetings(met: Sequence[Met]) -> None:
    """Add people to the tests that met them. Cost: one statement, none for none."""
    rows: dict[tuple[int, str], tuple[int, int, int]] = {}
    for one in met:
        key = (one.split_id, one.person)
        side, first, last = rows.get(key, (one.side, one.at_ms, one.at_ms))
        rows[key] = (side, min(first, one.at_ms), max(last, one.at_ms))
    storing.merge(
        Meeting,
        [(*key, *values) for key, values in sorted(rows.items())],
        unique=("split_id", "person"),
        changes={
            "first_at_ms": "CASE WHEN {new} < {old} THEN {new} ELSE {old} END",
            "last_at_ms": "CASE WHEN {new} > {old} THEN {new} ELSE {old} END",
        },
    )


def _acts_of(events: Sequence[Event], creators_of: CreatorsOf) -> list[tuple[object, ...]]:
    """Return the rows of what the people of campaigns did, each once by campaign and key.

    Cost: one statement where no campaign has a holdout, else four and a keyed read for each act that may be one.
    """
    told = [one for one in events if may_tell(one) and not doubt_of(one)]
    targets = _targets() if told else _Targets({}, {})
    if not targets.by_post:
        return []
    unknown = {one.post_id for one in told if one.post_id and not one.creator_id}
    creators = creators_of(unknown) if unknown else {}
    meant: list[tuple[Event, set[int]]] = []
    for event in told:
        campaigns = set(targets.by_post.get(event.post_id, ()))
        if any(one.signal in OF_CREATOR for one in done_by(event)):
            campaigns |= targets.by_creator.get(event.creator_id or creators.get(event.post_id, 0), set())
        if campaigns:
            meant.append((event, campaigns))
    if not meant:
        return []
    people = _people({one for _, some in meant for one in some}, {event.person for event, _ in meant})
    meant = [
        (event, kept)
        for event, some in meant
        if (kept := {one for one in some if event.at_ms >= people.get((one, event.person), event.at_ms + 1)})
    ]
    counted = counted_keys({event.key for event, _ in meant}) if meant else set()
    rows: dict[tuple[int, bytes], tuple[object, ...]] = {}
    for event, campaigns in meant:
        if event.key not in counted:
            continue
        at_ms = min(event.at_ms, event.received_at_ms)
        for campaign_id in sorted(campaigns):
            for done in done_by(event):
                rows[campaign_id, done.key] = (
                    *(campaign_id, done.key, event.person, event.post_id, done.signal, done.step, at_ms),
                )
    return list(rows.values())


def _targets() -> _Targets:
    """Return what campaigns with a holdout show. Cost: one statement, a row for each of their posts."""
    found = _Targets({}, {})
    for campaign_id, post_id, creator_id in Target.objects.values_list("campaign_id", "post_id", "creator_id"):
        found.by_post.setdefault(post_id, set()).add(campaign_id)
        found.by_creator.setdefault(creator_id, set()).add(campaign_id)
    return found


def _people(campaigns: Collection[int], people: Collection[str]) -> dict[tuple[int, str], int]:
    """Return since when people are compared, by campaign and person, of those who are."""
    found: dict[tuple[int, str], int] = {}
    for some in in_parts(campaigns, PARAMETERS):
        for persons in in_parts(people, PARAMETERS):
            rows = Exposure.objects.filter(campaign_id__in=some, person__in=persons)
            for campaign_id, person, first in rows.values_list("campaign_id", "person", "first_at_ms"):
                key = (campaign_id, person)
                found[key] = min(first, found.get(key, first))
    return found
