"""What a profile rests on: of each post that somebody watched, and each creator, their latest act of each sort. Pure.

Keeping the latest is what makes order, repetition and batches indifferent: the same acts are the same evidence, however
often and in whatever order they come. It holds up to ``MOST_MET`` posts and creators; of more, those met last are kept,
and an act on one that was let go of begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec

from attise.kernel.limits import DAY_MS
from attise.records.event import STATES, Event, is_negative

POST, CREATOR = "post", "creator"
MOST_MET: Final = 300
"""Posts and creators of one viewer: about 20 KB."""
EVIDENCE_MS: Final = 90 * DAY_MS
"""How long an act says anything; by then its weight is a hundredth."""
TOLD: Final = frozenset(
    {
        *("view_6s", "p75", "complete", "loop", "click"),
        *("comment", "share", "sound_click", "duet", "stitch", "hide", "report", "skip", "profile_visit"),
        *STATES,
    }
)
"""Types of events that say something of whoever does them."""
_OF_CREATOR: Final = frozenset({"follow", "profile_visit"})


class Deed(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """The latest act of one sort on one thing. Grows at its end only."""

    kind: str
    """A type of event; of a state (``like``, ``save``, ``follow``), its name."""
    at_ms: int
    """World time."""
    event_id: str = ""
    """Of a state alone: it decides between two acts of one moment."""
    is_on: bool = True


class Met(msgspec.Struct, frozen=True, array_like=True):
    """A post or a creator, with what was done there. Grows at its end only."""

    kind: str
    id: int
    topics: tuple[int, ...]
    """Ids of interests, as the post or creator was when the latest act was done."""
    deeds: tuple[Deed, ...]
    """One of each kind, by kind."""

    @property
    def newest_ms(self) -> int:
        """When the latest act was done."""
        return max(deed.at_ms for deed in self.deeds)


class Act(NamedTuple):
    """One act, as it is laid to the rest."""

    kind: str
    id: int
    topics: tuple[int, ...]
    deed: Deed


Evidence = dict[tuple[str, int], Met]
"""By kind and id."""


def act_of(
    event: Event,
    *,
    creator_id: int,
    topics_of_post: Callable[[int], tuple[int, ...]],
    topics_of_creator: Callable[[int], tuple[int, ...]],
) -> Act | None:
    """Return what an event says of whoever did it, or None: nothing, or of a thing that is about nothing we know.

    ``creator_id`` is whose the post is, 0 where that is not known. A creator who has not declared what they publish
    about is about what their post is about.
    """
    if event.type not in TOLD or (event.type == "skip" and not is_negative(event.type, event.watch_ms)):
        return None
    kind, is_on = STATES.get(event.type, (event.type, True))
    of, id_ = (CREATOR, creator_id) if kind in _OF_CREATOR else (POST, event.post_id)
    if not id_:
        return None
    topics = topics_of_creator(id_) if of == CREATOR else ()
    topics = topics or (topics_of_post(event.post_id) if event.post_id else ())
    if not topics:
        return None
    # A client's clock may run ahead of ours by minutes: nothing is done later than it is received.
    at_ms = min(event.at_ms, event.received_at_ms)
    return Act(of, id_, topics, Deed(kind, at_ms, event.event_id if event.type in STATES else "", is_on))


def with_acts(evidence: Evidence, acts: Iterable[Act]) -> Evidence:
    """Return the evidence with more acts. Cost: linear in the acts."""
    found = dict(evidence)
    for act in acts:
        known = found.get((act.kind, act.id))
        if known is None:
            found[act.kind, act.id] = Met(act.kind, act.id, act.topics, (act.deed,))
            continue
        deeds = {deed.kind: deed for deed in known.deeds}
        before = deeds.get(act.deed.kind)
        deeds[act.deed.kind] = act.deed if before is None else max(before, act.deed)
        topics = max((known.newest_ms, known.topics), (act.deed.at_ms, act.topics))[1]
        found[act.kind, act.id] = Met(act.kind, act.id, topics, tuple(sorted(deeds.values())))
    return found


def kept(evidence: Evidence, *, now_ms: int) -> Evidence:
    """Return what is still kept at a moment: nothing that is over, and of too much what was met last."""
    live = {}
    for key, met in evidence.items():
        deeds = tuple(deed for deed in met.deeds if now_ms < deed.at_ms + EVIDENCE_MS)
        if deeds:
            live[key] = met if len(deeds) == len(met.deeds) else Met(met.kind, met.id, met.topics, deeds)
    if len(live) <= MOST_MET:
        return live
    newest = sorted(live, key=lambda key: (live[key].newest_ms, key), reverse=True)
    return {key: live[key] for key in newest[:MOST_MET]}


def encode(evidence: Evidence) -> bytes:
    """Return the bytes of evidence; empty for none. The same evidence is the same bytes."""
    return msgspec.msgpack.encode([evidence[key] for key in sorted(evidence)]) if evidence else b""


_DECODER = msgspec.msgpack.Decoder(list[Met])


def decode(body: bytes) -> Evidence:
    """Return the evidence of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return {(met.kind, met.id): met for met in _DECODER.decode(body)} if body else {}
