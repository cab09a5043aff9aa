"""Which of the events that were sent are taken, and as what: pure, no disk, no clock, no database.

Step 1 of *an event comes back*. Before: the door has read the body (``sent``) and found who sends it. After:
``durable`` keeps what was taken, and then the answer says so.

Each event is judged alone; a batch with one that is refused loses nothing else. The token is opened here, once: what
is kept bears its claims, and nobody after this needs a key. What receipt can doubt it writes into the record, and the
client is not told: a doubt is no refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from msgspec import UNSET, Struct

from attise.kernel.errors import NOT_FOUND, Reason
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS, EVENT_CLOCK_MS, WATCH_MS_MOST
from attise.measurement.ingest import agents, errors
from attise.measurement.ingest.agents import Agents
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.networks import Blocks, Listed
from attise.measurement.ingest.sent import Sender, Sent
from attise.records.event import TYPES, Doubt, Event, decode_event, encode_end, encode_received, key_of
from attise.records.token import LIFE_MS, ONLY_ADS, Opened, TokenFault, TokenSealer, claims_of, fault_of
from attise.records.viewer import Viewer

ACCEPTED: Final = "accepted"
DUPLICATE: Final = "duplicate"
REJECTED: Final = "rejected"
TOKEN_ALONE: Final = frozenset({"click", "skip"})
"""Types that make no sense without an item that was given."""
OF_CREATORS: Final = frozenset({"profile_visit", "follow", "unfollow"})
"""Types that a creator's profile alone may be the place of."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a batch is received."""

    wire_ms: int
    world_ms: int


class Result(Struct, frozen=True, omit_defaults=True, gc=False):
    """What is told of one event."""

    event_id: str
    status: str
    code: str = ""
    field: str = ""
    """Which of its fields the code is about."""


@dataclass(slots=True)
class Accepted:
    """What came of a batch, or of as much of it as was looked at."""

    event_ids: list[str] = field(default_factory=list)
    """Of all that were looked at, in order."""
    untaken: dict[int, Result] = field(default_factory=dict)
    """By their place, what is told of those that are not to be kept."""
    bodies: list[bytes] = field(default_factory=list)
    """The records of the others, in order: to be kept before anybody is told ``accepted``."""
    keys: set[bytes] = field(default_factory=set)
    """Of those without a doubt: a prefetched copy does not stand in the way of the one that somebody saw."""
    doubts: list[str] = field(default_factory=list)
    """Of those with one."""

    @property
    def results(self) -> list[Result]:
        """One for each event, in order."""
        untaken = self.untaken
        return [untaken.get(place) or Result(id_, ACCEPTED) for place, id_ in enumerate(self.event_ids)]

    @property
    def events(self) -> list[Event]:
        """The records that are to be kept, read again."""
        return [decode_event(body) for body in self.bodies]


@dataclass(frozen=True, slots=True)
class Lists:
    """What receipt doubts by."""

    agents: Agents
    listed: Listed
    blocks: Blocks


class _No(Exception):  # noqa: N818 - an answer, not an error
    """This event is refused, for what one of its fields says."""

    def __init__(self, reason: Reason, named: str) -> None:
        self.reason = reason
        self.named = named
        super().__init__(reason.code)


def _refuse(reason: Reason, named: str) -> NoReturn:
    raise _No(reason, named)


_GOOD: Final = ("", "")


class Acceptor:
    """Judges events. Belongs to one thread."""

    def __init__(self, tokens: TokenSealer, keys: Keys, lists: Lists) -> None:
        """Open tokens with ``tokens``; ``keys`` has what lately became durable."""
        self._tokens = tokens
        self._keys = keys
        self._lists = lists

    def accept(
        self,
        sent: Sequence[Sent],
        sender: Sender,
        viewers: Mapping[str, Viewer | None],
        moment: Moment,
        *,
        into: Accepted | None = None,
    ) -> Accepted:
        """Judge events in their order, and add to what came of those before them in the batch.

        ``viewers`` has the record of every ``viewer_id`` that a host named, None for one that is nobody's. Cost: about
        5 µs for an event with a token of its own.
        """
        made = Accepted() if into is None else into
        judging = _Judging(self._lists, sender, viewers, moment)
        judging.judge(sent, self._open(sent, moment), self._keys, made)
        made.event_ids += [item.event_id for item in sent]
        return made

    def _open(self, sent: Sequence[Sent], moment: Moment) -> dict[str, Opened | TokenFault]:
        """Return what the tokens of some events say, each opened once."""
        tokens = list({item.token: None for item in sent if item.token is not None and item.token is not UNSET})
        return dict(zip(tokens, self._tokens.open_many(tokens, now_ms=moment.wire_ms), strict=True))


class _Judging:
    """One batch under judgement."""

    def __init__(self, lists: Lists, sender: Sender, viewers: Mapping[str, Viewer | None], moment: Moment) -> None:
        self._lists = lists
        self._sender = sender
        self._own = sender.viewer
        self._viewers = viewers
        self._wire_ms = moment.wire_ms
        self._world_ms = moment.world_ms
        self._day = moment.wire_ms // DAY_MS
        self._doubted = self._doubt(sender.agent, sender.address)
        self._block = lists.blocks.name_of(sender.address, self._day) if sender.address else ""
        self._ends: dict[str, bytes] = {}
        """By session: ``_usual_end``."""

    def judge(  # noqa: C901, PLR0912 - one loop: what is split off is called for each of many events
        self, sent: Sequence[Sent], opened: Mapping[str, Opened | TokenFault], keys: Keys, made: Accepted
    ) -> None:
        """Add to ``made`` what comes of each event. ``opened`` has what the tokens say, ``keys`` what was durable."""
        wire_ms, world_ms, own, usual = self._wire_ms, self._world_ms, self._own, self._doubted[0]
        taken, bodies, ends, (young, old) = made.keys, made.bodies, self._ends, keys.generations()
        for place, item in enumerate(sent, len(made.event_ids)):
            try:
                type_ = item.type
                if type_ not in TYPES:
                    _refuse(errors.TYPE_UNKNOWN, "type")
                watch_ms = item.watch_ms
                if watch_ms is None or watch_ms is UNSET:
                    watch_ms = -1
                elif not 0 <= watch_ms <= WATCH_MS_MOST:
                    _refuse(errors.WATCH_OUT_OF_BOUNDS, "watch_ms")
                viewer = self._viewer(item) if item.viewer_id else own
                token = item.token
                if token is None or token is UNSET:
                    of_token = claims = None
                    person, post_id, creator_id = self._on_a_page(item, viewer)
                    session_id = ""
                else:
                    found = opened[token]
                    if (
                        viewer is not None
                        or isinstance(found, TokenFault)
                        or wire_ms - found[0].sealed_at_ms > LIFE_MS.get(type_, -1)
                        or type_ in ONLY_ADS
                        or item.post_id
                        or item.creator_id
                    ):
                        found = self._vouched(found, item, viewer)
                    of_token, claims = found
                    person, post_id, creator_id = of_token.viewer, of_token.post_id, of_token.creator_id
                    session_id = of_token.session_id
            except _No as no:
                made.untaken[place] = Result(item.event_id, REJECTED, no.reason.code, no.named)
                continue
            event_id, at_ms = item.event_id, item.at_ms
            key = key_of(type_, event_id, person, of_token)
            if key in taken or key in young or key in old:
                made.untaken[place] = Result(event_id, DUPLICATE)
                continue
            if item.agent or item.address or item.hidden or (viewer is not None and viewer.owns):
                doubt, end = self._own_end(item, viewer, session_id, claims, post_id, creator_id)
            else:
                doubt, end = usual, ends.get(session_id) or self._usual_end(session_id)
            if doubt:
                made.doubts.append(doubt)
            else:
                taken.add(key)
            if not -EVENT_CLOCK_MS <= at_ms - world_ms <= EVENT_CLOCK_MS:
                at_ms = world_ms
            begin = (key, event_id, type_, person, at_ms, wire_ms, world_ms, post_id, creator_id, watch_ms)
            bodies.append(encode_received(begin, claims, end))

    def _usual_end(self, session_id: str) -> bytes:
        """Return how the records of a session's events end that say nothing of their own of a device."""
        doubt, rule = self._doubted
        end = self._ends[session_id] = encode_end((doubt, session_id, self._block, 0, rule, ()))
        return end

    def _own_end(
        self,
        item: Sent,
        viewer: Viewer | None,
        session_id: str,
        claims: bytes | None,
        post_id: int,
        creator_id: int,
    ) -> tuple[str, bytes]:
        """Return the doubt about an event that says something of its device or is its own people's, and its end."""
        doubt, rule = self._doubt_of(item, viewer, claims, creator_id)
        block = self._lists.blocks.name_of(item.address, self._day) if item.address else self._block
        owns = viewer.owns if viewer is not None and claims is None and post_id else ()
        return doubt, encode_end((doubt, session_id, block, 0, rule, owns))

    def _viewer(self, item: Sent) -> Viewer | None:
        """Return whom a named viewer is; None: a host says it of the token's viewer. Raises: _No."""
        own = self._own
        if own is not None:
            if parse_id(item.viewer_id) != own.viewer_id:
                raise _No(errors.VIEWER_OF_ANOTHER, "viewer_id")
            return own
        found = self._viewers.get(str(item.viewer_id))
        if found is None:
            raise _No(NOT_FOUND, "viewer_id")
        return found

    def _vouched(self, opened: Opened | TokenFault, item: Sent, viewer: Viewer | None) -> Opened:
        """Return what the event's token says, where it vouches for the event. Raises: _No."""
        if isinstance(opened, TokenFault):
            raise _No(errors.FAULTS[opened], "token")
        of_token = opened[0]
        if viewer is not None and viewer.pseudonym != of_token.viewer:
            raise _No(errors.TOKEN_OF_ANOTHER, "token")
        fault = fault_of(of_token, item.type, now_ms=self._wire_ms)
        if fault is not None:
            raise _No(errors.FAULTS[fault], "type" if fault is TokenFault.TYPE else "token")
        if item.post_id and parse_id(item.post_id) != of_token.post_id:
            raise _No(errors.POST_MISMATCH, "post_id")
        if item.creator_id and parse_id(item.creator_id) != of_token.creator_id:
            raise _No(errors.POST_MISMATCH, "creator_id")
        return opened

    def _on_a_page(self, item: Sent, viewer: Viewer | None) -> tuple[str, int, int]:
        """Return person, post and creator of an event on a profile or a permalink. Raises: _No.

        Whose a post is, nobody is believed about: whoever settles asks the house.
        """
        if item.type in TOKEN_ALONE:
            raise _No(errors.TOKEN_REQUIRED, "token")
        if viewer is None:
            raise _No(errors.VIEWER_REQUIRED, "viewer_id")
        post_id = (parse_id(item.post_id) or 0) if item.post_id else 0
        creator_id = (parse_id(item.creator_id) or 0) if item.creator_id else 0
        if not post_id and not (creator_id and item.type in OF_CREATORS):
            raise _No(errors.OBJECT_REQUIRED, "post_id")
        return viewer.pseudonym, post_id, 0 if post_id else creator_id

    def _doubt_of(self, item: Sent, viewer: Viewer | None, claims: bytes | None, creator_id: int) -> tuple[str, str]:
        """Return the doubt about an event and the rule that found it; the first of them, for one is enough."""
        found = self._doubted
        if item.agent or item.address:
            found = self._doubt(item.agent or self._sender.agent, item.address or self._sender.address)
        if found is not _GOOD:
            return found
        if item.hidden is True:
            return Doubt.HIDDEN.value, "said"
        if viewer is not None and viewer.owns:
            ad = None if claims is None else claims_of(claims).ad
            if creator_id in viewer.owns or (ad is not None and ad.advertiser_id in viewer.owns):
                return Doubt.OWN.value, "owns"
        return _GOOD

    def _doubt(self, agent: str, address: str) -> tuple[str, str]:
        """Return what is to be doubted of whatever comes from such a device."""
        sign = self._lists.agents.sign_of(agent) if agent else ""
        if sign:
            return Doubt.DECLARED_BOT.value, f"agents/{agents.VERSION}: {sign}"
        if address and self._lists.listed.holds(address):
            return Doubt.LISTED_ADDRESS.value, "listed"
        return (Doubt.PREFETCH.value, "headers") if self._sender.is_ahead else _GOOD
