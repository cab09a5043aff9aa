"""A batch of events is judged, one after the other in the order of the log: what of each counts, what costs. Pure.

``prepare`` says what must be known of the house; ``judge`` decides with it. Nothing here depends on how events were
cut into batches: the result of two batches is that of one. Whoever settles takes what is known from the database, and
whoever recounts from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from attise.kernel.limits import MINUTE_MS
from attise.measurement.attribution import keys, paces
from attise.measurement.attribution.billing import BILLED_BY, charge_of, reaches_goal
from attise.measurement.attribution.plausible import doubt_of
from attise.measurement.attribution.whose import Asked
from attise.measurement.counters.actions import StateKey
from attise.measurement.counters.folding import NEW, Act, State, Subject, Turn, hour_of, is_on, with_act
from attise.measurement.counters.signals import AT, OF_STATE, OF_TYPE, VIEWS, WIDTH
from attise.measurement.counters.tally import Tally
from attise.records.charge import Charge
from attise.records.event import RESULTS, STATES, TYPES, Doubt, Event, is_negative, key_of_decision
from attise.records.token import AdClaims, Claims

TYPE_BITS: Final = {
    name: 1 << place
    for place, name in enumerate(
        (
            *("impression", "play", "view_2s", "view_6s", "p25", "p50", "p75", "complete", "click", "loop"),
            *("like", "unlike", "save", "unsave", "follow", "unfollow", "comment", "share", "profile_visit"),
            *("sound_click", "duet", "stitch", "hide", "report", "skip"),
        )
    )
}
"""What a decision's outcome keeps of the types of its events; a new type comes at the end."""
VIEWED_BIT: Final = 1 << 40
UNWANTED_BIT: Final = 1 << 41
if TYPE_BITS.keys() != TYPES:
    raise AssertionError("every type of event has its bit")

QUARTER_MS: Final = 15 * MINUTE_MS
HIDES: Final = {"hide": False, "report": True}
"""Acts by which somebody hides an ad, and whether its advertiser with it: who reports one wants none of them."""
OF_GROUP: Final = {"impressions": 1, "clicks": 2, "views_6s": 3}
"""What an ad group's day is told of, by place in a quarter's row; at 0 is what was spent."""
NOWHERE: Final = Subject("post", 0, 0)
"""Where an event is that names a post or a creator who is not there."""
AdHour = tuple[int, int]
"""Ad and the beginning of an hour (world time)."""


class HiddenAd(NamedTuple):
    """An ad that somebody wants to see no more, or everything of its advertiser."""

    person: str
    """Pseudonym."""
    advertiser_id: int
    ad_id: int
    is_whole: bool
    """Whether it is everything of the advertiser."""
    at_ms: int
    """World time."""


class Acted(NamedTuple):
    """Where an act counts that an ad group may be there for: times are world time."""

    ad_id: int
    act: str
    """Of ``records.event.RESULTS``."""
    hour_ms: int
    """In which it counts for the ad: what is undone is taken back in the hour of the undoing, as by any counter."""
    quarter_ms: int
    """Of the act itself: what is undone is taken back where it was counted, so that no day falls below nothing."""


class Implied(NamedTuple):
    """What a decision has once because an event says so."""

    act: str
    signal: str
    """That it moves; empty: none."""
    bit: int


SHOWN: Final = Implied("impression", "impressions", TYPE_BITS["impression"])
PLAYED: Final = Implied("play", "views", TYPE_BITS["play"])
UNWANTED: Final = Implied(keys.UNWANTED, "negatives", UNWANTED_BIT)
VIEWED: Final = Implied(keys.VIEWED, "", VIEWED_BIT)


@dataclass(slots=True)
class Looked:
    """One event with what is asked about it."""

    event: Event
    subject: Subject
    doubt: str
    key: bytes
    """That it counts once by; another one where it is doubted."""
    implied: Sequence[tuple[bytes, Implied]] = ()
    """What follows from it, once a decision, each with its key."""
    state: StateKey | None = None
    buckets: Sequence[paces.Bucket] = ()
    """Where it counts toward too many."""


@dataclass(slots=True)
class Prepared:
    """What must be known before a batch is judged."""

    looked: list[Looked] = field(default_factory=list)
    keys: dict[bytes, int] = field(default_factory=dict)
    """Every key that may be taken, and until when it is kept."""
    states: set[StateKey] = field(default_factory=set)
    decisions: set[int] = field(default_factory=set)
    """Those whose watch times matter."""
    received_ms: int = 0
    """Of the newest event (wire time)."""


@dataclass(slots=True)
class Known:
    """What is known of the house before a batch; what ``judge`` leaves in it is what is known afterwards."""

    fresh: set[bytes]
    """Keys of those prepared that nobody had taken."""
    filled: dict[str, int] | paces.Held = field(default_factory=dict)
    """What buckets hold, by the keys of their numbers."""
    states: dict[StateKey, State] = field(default_factory=dict)
    watched: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class DecisionOutcome:
    """What a batch tells of an ad's decision."""

    claims: Claims
    ad: AdClaims
    counted: int = 0
    """Types that counted, as bits; ``doubted`` those that did not."""
    doubted: int = 0
    doubt: str = ""
    """The reason of one of them: of several, the first in the alphabet, whichever came first."""
    watch_ms: int = 0
    charged_micros: int = 0
    outcome: str = ""
    """Of its charge: ``charged`` or ``free``; empty: none was asked for."""
    reason: str = ""
    acts: dict[str, int] = field(default_factory=dict)
    """How often each of ``acts.ACTS`` was counted for the first time: unlike ``counted``, nothing a second time."""
    doubts: int = 0
    """How many events were doubted."""
    watched_ms: int = 0
    """By how much the longest watching that was told grew."""
    received_at_ms: int = 0
    """World time of the newest receipt."""

    @property
    def has_grown(self) -> bool:
        """Whether the batch added anything."""
        return bool(self.acts or self.doubts or self.watched_ms or self.charged_micros or self.outcome)


@dataclass(slots=True)
class Billable:
    """One event that is paid for."""

    charge: Charge
    claims: Claims
    ad: AdClaims


@dataclass(slots=True)
class Verdict:
    """What a batch comes to."""

    tally: Tally = field(default_factory=Tally)
    ad_hours: dict[AdHour, list[int]] = field(default_factory=dict)
    """By ad and hour, a number for each of ``signals.SIGNALS``."""
    quarters: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """By ad group and quarter of an hour of the decision: spent, impressions, clicks, views of six seconds."""
    acted: dict[Acted, int] = field(default_factory=dict)
    hidden: list[HiddenAd] = field(default_factory=list)
    ads: dict[int, tuple[Claims, AdClaims]] = field(default_factory=dict)
    taken: set[bytes] = field(default_factory=set)
    too_many: list[Looked] = field(default_factory=list)
    """Events that were doubted for their number alone: whether each is the first of its key is still to be asked."""
    filled: dict[str, int] = field(default_factory=dict)
    """What buckets hold now, those that changed."""
    states: dict[StateKey, State] = field(default_factory=dict)
    followed: list[tuple[str, int, bool]] = field(default_factory=list)
    watched: dict[int, int] = field(default_factory=dict)
    outcomes: dict[int, DecisionOutcome] = field(default_factory=dict)
    billable: list[Billable] = field(default_factory=list)
    duplicates: int = 0
    doubted: int = 0

    def add(self, subject: Subject, signal: str, at_ms: int, claims: Claims | None, step: int = 1) -> None:
        """Count something at its subject, and in the hour of the ad that brought it."""
        ad = None if claims is None else claims.ad
        self.tally.add(subject, signal, at_ms, is_paid=ad is not None, step=step)
        if ad is not None and claims is not None:
            self.ads.setdefault(ad.ad_id, (claims, ad))
            self.add_ad(ad.ad_id, signal, at_ms, step)
            place = OF_GROUP.get(signal)
            if place is not None:
                self.quarter_of(claims, ad)[place] += step

    def quarter_of(self, claims: Claims, ad: AdClaims) -> list[int]:
        """Return the row of an ad group's quarter of an hour."""
        row = (ad.adgroup_id, claims.decided_at_ms - claims.decided_at_ms % QUARTER_MS)
        found = self.quarters.get(row)
        if found is None:
            found = self.quarters[row] = [0, 0, 0, 0]
        return found

    def add_ad(self, ad_id: int, signal: str, at_ms: int, step: int) -> None:
        """Count something in an hour of an ad."""
        row = (ad_id, hour_of(at_ms))
        found = self.ad_hours.get(row)
        if found is None:
            found = self.ad_hours[row] = [0] * WIDTH
        found[AT[signal]] += step

    def turn(self, kind: str, turn: Turn) -> None:
        """Count what a state's turning adds or takes back."""
        self.tally.turn(kind, turn)
        if turn.credited.ad_id:
            self.add_ad(turn.credited.ad_id, OF_STATE[kind], turn.hour_ms, turn.step)
            self.note_act(turn.credited.ad_id, kind, turn.credited.at_ms, hour_ms=turn.hour_ms, step=turn.step)

    def note_act(self, ad_id: int, act: str, at_ms: int, *, hour_ms: int, step: int = 1) -> None:
        """Note what an ad group may be there for."""
        if act in RESULTS:
            place = Acted(ad_id, act, hour_ms, at_ms - at_ms % QUARTER_MS)
            self.acted[place] = self.acted.get(place, 0) + step

    def outcome_of(self, claims: Claims, ad: AdClaims) -> DecisionOutcome:
        """Return what is told of an ad's decision."""
        found = self.outcomes.get(claims.decision_id)
        if found is None:
            found = self.outcomes[claims.decision_id] = DecisionOutcome(claims, ad)
        return found


def prepare(events: Sequence[Event], asked: Asked) -> Prepared:
    """Look at each event by itself; ``asked`` has learned of them whose the posts and profiles are that they name."""
    found = Prepared()
    for event in events:
        subject = _subject_of(event, asked)
        doubt = doubt_of(event) or _doubt_about(event, subject)
        looked = Looked(event, subject, doubt, event.key)
        found.looked.append(looked)
        expires_ms = keys.expiry_of(event)
        if doubt:
            looked.key = keys.of_doubt(event.key)
            found.keys[looked.key] = expires_ms
            continue
        found.keys[event.key] = expires_ms
        claims = event.claims
        if claims is not None:
            looked.implied = _implied(event, claims)
            for key, _ in looked.implied:
                found.keys.setdefault(key, expires_ms)
            if event.watch_ms > 0:
                found.decisions.add(claims.decision_id)
        if event.type in STATES:
            looked.state = _state_key(event, looked.subject)
            found.states.add(looked.state)
        looked.buckets = paces.buckets_of(event)
    found.received_ms = max((event.received_ms for event in events), default=0)
    return found


def judge(prepared: Prepared, known: Known) -> Verdict:
    """Judge a batch, one event after the other."""
    verdict = Verdict()
    for looked in prepared.looked:
        if looked.key not in known.fresh or looked.key in verdict.taken:
            verdict.duplicates += 1
            if looked.event.claims is not None and looked.subject.id and not looked.doubt:
                # A second telling may say more: what follows is of the decision, and counts once by itself.
                _follow(verdict, looked, looked.event.claims, known, is_new=False)
        elif looked.doubt:
            verdict.taken.add(looked.key)
            note_doubt(verdict, looked)
        elif paces.fill(verdict.filled, known.filled, looked.buckets):
            verdict.too_many.append(looked)
        else:
            verdict.taken.add(looked.key)
            _count(verdict, looked, known)
    return verdict


def note_too_many(
    verdict: Verdict, prepared: Prepared, insert_absent: Callable[[list[tuple[bytes, int]]], set[bytes]]
) -> None:
    """Keep of what was too much that it came, once for each: ``insert_absent`` takes keys and tells the new ones."""
    if not verdict.too_many:
        return
    by_key = {keys.of_doubt(one.key): one for one in verdict.too_many}
    for key in sorted(insert_absent([(key, prepared.keys[one.key]) for key, one in by_key.items()])):
        note_doubt(verdict, by_key[key])


def note_doubt(verdict: Verdict, looked: Looked) -> None:
    """Keep that an event came and is not believed: nothing else of it counts, nothing is billed."""
    event, claims = looked.event, looked.event.claims
    verdict.doubted += 1
    at_ms = event.at_ms if claims is None else claims.decided_at_ms
    if looked.subject.id:
        verdict.add(looked.subject, "doubted", at_ms, claims)
    if claims is not None and claims.ad is not None:
        outcome = verdict.outcome_of(claims, claims.ad)
        outcome.doubted |= TYPE_BITS[event.type]
        outcome.doubts += 1
        outcome.received_at_ms = max(outcome.received_at_ms, event.received_at_ms)
        doubt = looked.doubt or Doubt.TOO_MANY.value
        outcome.doubt = min(outcome.doubt or doubt, doubt)


def _count(verdict: Verdict, looked: Looked, known: Known) -> None:
    """Count an event that is believed, and what follows from it."""
    event, subject, claims = looked.event, looked.subject, looked.event.claims
    signal = OF_TYPE.get(event.type)
    if signal is not None:
        # What may be implied by another counts in the hour of the decision, whichever of the two comes first.
        is_implied = claims is not None and event.type in {"impression", "play"}
        at_ms = claims.decided_at_ms if claims is not None and is_implied else event.at_ms
        verdict.add(subject, signal, at_ms, claims)
        if claims is not None and claims.ad is not None:
            verdict.note_act(claims.ad.ad_id, event.type, at_ms, hour_ms=hour_of(at_ms))
            if event.type in HIDES and event.person:
                ad, is_whole = claims.ad, HIDES[event.type]
                verdict.hidden.append(HiddenAd(event.person, ad.advertiser_id, ad.ad_id, is_whole, event.at_ms))
    elif looked.state is not None:
        _fold(verdict, looked, looked.state, known)
    if claims is None:
        if is_negative(event.type, event.watch_ms):
            verdict.add(subject, "negatives", event.at_ms, None)
        return
    _follow(verdict, looked, claims, known, is_new=True)


def _follow(verdict: Verdict, looked: Looked, claims: Claims, known: Known, *, is_new: bool) -> None:
    """Count what follows from an event of a decision, and note what is paid for."""
    event, subject, ad = looked.event, looked.subject, claims.ad
    counted, acts = TYPE_BITS[event.type], [event.type] if is_new else []
    billed = BILLED_BY.get(ad.billing_event, "") if ad is not None else ""
    paid_key = event.key if is_new and billed == event.type else b""
    for key, implied in looked.implied:
        if key not in known.fresh or key in verdict.taken:
            continue
        verdict.taken.add(key)
        counted |= implied.bit
        acts.append(implied.act)
        if implied.signal:
            verdict.add(subject, implied.signal, claims.decided_at_ms, claims)
        if implied is VIEWED or (implied is SHOWN and billed == "impression"):
            paid_key = key
    before_ms = verdict.watched.get(claims.decision_id, known.watched.get(claims.decision_id, 0))
    watched_ms = event.watch_ms - before_ms if event.watch_ms > before_ms else 0
    if watched_ms:
        verdict.watched[claims.decision_id] = event.watch_ms
        verdict.add(subject, "watch_ms", claims.decided_at_ms, claims, watched_ms)
    if ad is None:
        return
    outcome = verdict.outcome_of(claims, ad)
    outcome.counted |= counted
    outcome.watched_ms += watched_ms
    outcome.watch_ms = max(outcome.watch_ms, event.watch_ms)
    outcome.received_at_ms = max(outcome.received_at_ms, event.received_at_ms)
    for act in acts:
        outcome.acts[act] = outcome.acts.get(act, 0) + 1
    if paid_key:
        charge = charge_of(paid_key, claims, ad, received_ms=event.received_ms)
        verdict.billable.append(Billable(charge, claims, ad))


def _fold(verdict: Verdict, looked: Looked, key: StateKey, known: Known) -> None:
    """Fold one more act into a person's state."""
    event, subject, claims = looked.event, looked.subject, looked.event.claims
    kind, is_turned_on = STATES[event.type]
    before = verdict.states.get(key) or known.states.get(key, NEW)
    ad = None if claims is None else claims.ad
    if ad is not None and claims is not None:
        verdict.ads.setdefault(ad.ad_id, (claims, ad))
    act = Act(
        event.at_ms,
        event.event_id,
        is_turned_on,
        ad is not None,
        *subject,
        0 if ad is None else ad.ad_id,
    )
    after, turns = with_act(before, act)
    verdict.states[key] = after
    for turn in turns:
        verdict.turn(kind, turn)
    if kind == "follow" and event.person and subject.creator_id and is_on(before) != is_on(after):
        verdict.followed.append((event.person, subject.creator_id, is_on(after)))


def _implied(event: Event, claims: Claims) -> list[tuple[bytes, Implied]]:
    """Return what an event of a decision implies, by key, in the order in which it counts."""
    decision_id, ad = claims.decision_id, claims.ad
    found = []
    if event.type != "impression":
        found.append((key_of_decision(decision_id, SHOWN.act), SHOWN))
    if event.type in VIEWS:
        found.append((key_of_decision(decision_id, PLAYED.act), PLAYED))
    if is_negative(event.type, event.watch_ms):
        found.append((key_of_decision(decision_id, UNWANTED.act), UNWANTED))
    if ad is not None and reaches_goal(ad, event.type, watch_ms=event.watch_ms, duration_ms=claims.duration_ms):
        found.append((key_of_decision(decision_id, VIEWED.act), VIEWED))
    return found


def _doubt_about(event: Event, subject: Subject) -> str:
    """Return why nothing of an event counts where it would: there is no such thing, or it is their own."""
    if not subject.id:
        return Doubt.UNKNOWN.value
    return Doubt.OWN.value if subject.creator_id in event.owns else ""


def _subject_of(event: Event, asked: Asked) -> Subject:
    """Return where an event counts: the original post, else the standard ad, else the profile; id 0: nowhere."""
    claims = event.claims
    if event.post_id:
        creator_id = (
            event.creator_id or (claims.creator_id if claims is not None else 0) or asked.creator_of(event.post_id)
        )
        if claims is None and not creator_id:
            return NOWHERE  # every post has somebody who made it: there is no such post
        return Subject("post", event.post_id, creator_id)
    if claims is not None and claims.ad is not None:
        return Subject("ad", claims.ad.ad_id, event.creator_id or claims.creator_id)
    if claims is None and not asked.is_creator(event.creator_id):
        return NOWHERE
    return Subject("profile", event.creator_id, event.creator_id)


def _state_key(event: Event, subject: Subject) -> StateKey:
    """Return whose state to what an event changes; somebody without memory is known by the decision alone."""
    kind, _ = STATES[event.type]
    person = event.person or (f"d{event.claims.decision_id}" if event.claims is not None else "")
    object_id = subject.creator_id if kind == "follow" and subject.creator_id else subject.id
    return (person, kind, object_id)
