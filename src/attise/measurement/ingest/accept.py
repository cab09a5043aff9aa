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
from typing import Final

import msgspec

from attise.kernel.errors import NOT_FOUND, Reason
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS, EVENT_CLOCK_MS, WATCH_MS_MOST
from attise.measurement.ingest import agents, errors
from attise.measurement.ingest.agents import Agents
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.networks import Blocks, Listed
from attise.measurement.ingest.sent import Sender, Sent
from attise.records.event import TYPES, Doubt, Event, key_of
from attise.records.token import Claims, TokenFault, TokenSealer, fault_of
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


class Result(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What is told of one event."""

    event_id: str
    status: str
    code: str = ""
    field: str = ""
    """Which of its fields the code is about."""


@dataclass(slots=True)
class Accepted:
    """What came of a batch, or of as much of it as was looked at."""

    results: list[Result] = field(default_factory=list)
    """One for each event, in order."""
    events: list[Event] = field(default_factory=list)
    """What is to be kept before anybody is told ``accepted``."""
    keys: set[bytes] = field(default_factory=set)
    """Of those without a doubt: a prefetched copy does not stand in the way of the one that somebody saw."""


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
        15 µs for an event with a token of its own.
        """
        made = Accepted() if into is None else into
        judging = _Judging(self._tokens, self._lists, sender, viewers, moment)
        for item in sent:
            try:
                event = judging.event(item)
            except _No as no:
                made.results.append(Result(item.event_id, REJECTED, no.reason.code, no.named))
                continue
            if event.key in made.keys or event.key in self._keys:
                made.results.append(Result(item.event_id, DUPLICATE))
                continue
            if not event.doubt:
                made.keys.add(event.key)
            made.events.append(event)
            made.results.append(Result(item.event_id, ACCEPTED))
        return made


class _Judging:
    """One batch under judgement."""

    def __init__(
        self,
        tokens: TokenSealer,
        lists: Lists,
        sender: Sender,
        viewers: Mapping[str, Viewer | None],
        moment: Moment,
    ) -> None:
        self._tokens = tokens
        self._lists = lists
        self._sender = sender
        self._viewers = viewers
        self._moment = moment
        self._opened: dict[str, Claims | TokenFault] = {}
        self._day = moment.wire_ms // DAY_MS
        self._doubted = self._doubt(sender.agent, sender.address)
        self._block = lists.blocks.name_of(sender.address, self._day) if sender.address else ""

    def event(self, item: Sent) -> Event:
        """Return the record of an event. Raises: _No."""
        if item.type not in TYPES:
            raise _No(errors.TYPE_UNKNOWN, "type")
        watch_ms = item.watch_ms
        if watch_ms is None or watch_ms is msgspec.UNSET:
            watch_ms = -1
        elif not 0 <= watch_ms <= WATCH_MS_MOST:
            raise _No(errors.WATCH_OUT_OF_BOUNDS, "watch_ms")
        viewer = self._viewer(item)
        claims = self._claims(item, viewer)
        if claims is None:
            person, post_id, creator_id = self._on_a_page(item, viewer)
        else:
            person, post_id, creator_id = claims.viewer, claims.post_id, claims.creator_id
        doubt, rule = self._doubt_of(item, viewer, claims, creator_id)
        moment = self._moment
        # By place, in the order of the record's fields: it is made a million times.
        return Event(
            key_of(item.type, item.event_id, person=person, claims=claims),
            item.event_id,
            item.type,
            person,
            item.at_ms if abs(item.at_ms - moment.world_ms) <= EVENT_CLOCK_MS else moment.world_ms,
            moment.wire_ms,
            moment.world_ms,
            post_id,
            creator_id,
            watch_ms,
            claims,
            doubt,
            "" if claims is None else claims.session_id,
            self._lists.blocks.name_of(item.address, self._day) if item.address else self._block,
            0,
            rule,
            viewer.owns if claims is None and viewer is not None and post_id else (),
        )

    def _viewer(self, item: Sent) -> Viewer | None:
        """Return who is said to have done it; None: a host says it of the token's viewer. Raises: _No."""
        own = self._sender.viewer
        if not item.viewer_id:
            return own
        if own is not None:
            if parse_id(item.viewer_id) != own.viewer_id:
                raise _No(errors.VIEWER_OF_ANOTHER, "viewer_id")
            return own
        found = self._viewers.get(item.viewer_id)
        if found is None:
            raise _No(NOT_FOUND, "viewer_id")
        return found

    def _claims(self, item: Sent, viewer: Viewer | None) -> Claims | None:
        """Return what the event's token says, None when it has none. Raises: _No."""
        if item.token is None or item.token is msgspec.UNSET:
            return None
        claims = self._opened.get(item.token)
        if claims is None:
            claims = self._opened[item.token] = self._tokens.open(item.token, now_ms=self._moment.wire_ms)
        if isinstance(claims, TokenFault):
            raise _No(errors.FAULTS[claims], "token")
        if viewer is not None and viewer.pseudonym != claims.viewer:
            raise _No(errors.TOKEN_OF_ANOTHER, "token")
        fault = fault_of(claims, item.type, now_ms=self._moment.wire_ms)
        if fault is not None:
            raise _No(errors.FAULTS[fault], "type" if fault is TokenFault.TYPE else "token")
        if item.post_id and parse_id(item.post_id) != claims.post_id:
            raise _No(errors.POST_MISMATCH, "post_id")
        if item.creator_id and parse_id(item.creator_id) != claims.creator_id:
            raise _No(errors.POST_MISMATCH, "creator_id")
        return claims

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

    def _doubt_of(self, item: Sent, viewer: Viewer | None, claims: Claims | None, creator_id: int) -> tuple[str, str]:
        """Return the doubt about an event and the rule that found it; the first of them, for one is enough."""
        found = self._doubted
        if item.agent or item.address:
            found = self._doubt(item.agent or self._sender.agent, item.address or self._sender.address)
        if found is not _GOOD:
            return found
        if item.hidden is True:
            return Doubt.HIDDEN.value, "said"
        if viewer is not None and viewer.owns:
            advertiser_id = 0 if claims is None or claims.ad is None else claims.ad.advertiser_id
            if creator_id in viewer.owns or advertiser_id in viewer.owns:
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
