"""What somebody did with a post or an ad: edge, site → measurement, as the durable log keeps it.

Made where an event is received, once: its token is opened there, its times are bounded there, and whoever reads it
later needs no key. Grows at its end only. Times are epoch milliseconds.
"""

from __future__ import annotations

import enum
import hashlib
from functools import cache
from typing import Any, Final

import msgspec

from attise.records.goals import ACTS
from attise.records.token import Claims, Item

ONCE: Final = frozenset({"impression", "play", "view_2s", "view_6s", "p25", "p50", "p75", "complete", "click"})
"""Types that a decision has once, however often and by whom they are sent."""
STATES: Final[dict[str, tuple[str, bool]]] = {
    "like": ("like", True),
    "unlike": ("like", False),
    "save": ("save", True),
    "unsave": ("save", False),
    "follow": ("follow", True),
    "unfollow": ("follow", False),
}
"""Types that put a person's state to an object on or off; the latest by ``(at_ms, event_id)`` holds, in any order."""
REPEATABLE: Final = frozenset(
    {"loop", "comment", "share", "profile_visit", "sound_click", "duet", "stitch", "hide", "report", "skip"}
)
"""Types that one person may do again and again: each has an id of its own."""
TYPES: Final = ONCE | STATES.keys() | REPEATABLE
RESULTS: Final = frozenset(ACTS.values())
"""Types that an ad group may be there for; whatever else one is there for happens on a page (``web_events``)."""
EVENT_ID_CHARACTERS: Final = 128
KEY_BYTES: Final = 16
SKIPPED_MS: Final = 1_000
"""Who skips within this time did not want it."""


class Doubt(enum.StrEnum):
    """Why an event is kept and neither counted nor billed; found at its receipt or when it is settled."""

    DECLARED_BOT = "declared_bot"
    """The agent says that it is a program."""
    LISTED_ADDRESS = "listed_address"
    """The address is on the operator's list of those where nobody watches."""
    PREFETCH = "prefetch"
    """A browser fetched ahead: nobody has seen it."""
    HIDDEN = "hidden"
    """The player had no size, or was on a page that was not shown."""
    OWN = "own"
    """The creator's or the advertiser's own people."""
    TOO_SOON = "too_soon"
    """Less time has passed since the decision than the event needs."""
    TOO_LONG = "too_long"
    """More was watched than time has passed."""
    TOO_MANY = "too_many"
    """One session, person or address block did more than people do."""
    UNKNOWN = "unknown"
    """It names a post or a creator who is not there."""


class Event(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that was accepted."""

    key: bytes
    """16 bytes that it counts once by: ``key_of``."""
    event_id: str
    """As the client named it."""
    type: str
    """One of ``TYPES``."""
    person: str
    """Pseudonym of who did it; empty for somebody without memory."""
    at_ms: int
    """World time at which it was done: as the client says, where that is within five minutes of ours; else as below."""
    received_ms: int
    """Wire time of its receipt."""
    received_at_ms: int
    """World time of its receipt."""
    post_id: int
    """0: a standard ad."""
    creator_id: int
    """0: as above, or not known where it was received."""
    watch_ms: int = -1
    """As the client says; -1: not said."""
    claims: Claims | None = None
    """Of its token; None: it came from a profile or a permalink."""
    doubt: str = ""
    """A ``Doubt`` that its receipt found; empty: none."""
    session_id: str = ""
    block: str = ""
    """Keyed hash of the network that it came from, of a day; empty: not known."""
    object_id: int = 0
    """Of a comment: its id."""
    doubt_rule: str = ""
    """What its receipt doubts it by: the rule, and the version of its list."""
    owns: tuple[int, ...] = ()
    """Creators and advertisers that the person acts for, where only the house can say whose the post is."""

    @property
    def is_paid(self) -> bool:
        """Whether an ad brought it."""
        return self.claims is not None and self.claims.ad is not None


def is_negative(type_: str, watch_ms: int) -> bool:
    """Tell whether somebody did not want what they were shown; a skip whose time was not told does not say so."""
    return type_ in {"hide", "report"} or (type_ == "skip" and 0 <= watch_ms < SKIPPED_MS)


def key_of(type_: str, event_id: str, person: str, claims: Claims | Item | None) -> bytes:
    """Return what an event counts once by, 16 bytes: its decision and type, or its person and id.

    Somebody without memory is known by the decision alone. Nobody reaches another's key: every part has its length.
    Invariants: an event has a person or a token.
    """
    if type_ in ONCE and claims is not None:
        return key_of_decision(claims.decision_id, type_)
    if person:
        parts: tuple[object, ...] = ("person", person, event_id)
    elif claims is not None:
        parts = ("nobody", claims.decision_id, event_id)
    else:
        raise AssertionError("an event of nobody and of no decision")
    hashed = _hash.copy()
    hashed.update(_encode(parts))
    return hashed.digest()


def key_of_decision(decision_id: int, what: str) -> bytes:
    """Return the key of what a decision has once, 16 bytes: the decision's id, and half of them for what it is.

    Why the id first: decisions rise with time, so that keys of one moment lie side by side wherever they are kept; keys
    that are spread at random would touch a page each. ``what`` is one of ours, never a client's.
    """
    return decision_id.to_bytes(8, "big") + _half_of(what)


def decision_of_key(key: bytes) -> int:
    """Return the decision that something with such a key belongs to. Nothing says of a key that it is of a decision."""
    return int.from_bytes(key[: KEY_BYTES // 2], "big")


@cache
def _half_of(what: str) -> bytes:
    return hashlib.blake2b(what.encode(), digest_size=8, person=b"attise/event").digest()


_hash = hashlib.blake2b(digest_size=KEY_BYTES, person=b"attise/event")
_encode = msgspec.msgpack.Encoder().encode
_DECODER = msgspec.msgpack.Decoder(Event)
_HEAD: Final = b"\xdc" + len(Event.__struct_fields__).to_bytes(2, "big")
"""What msgpack begins the array of a record with; shorter ones, as those of its parts are, have one byte for it."""
_NO_CLAIMS: Final = _encode(None)


def encode_event(event: Event) -> bytes:
    """Return the bytes of an event for the log. Cost: about 1 µs."""
    return _encode(event)


def encode_received(begin: tuple[Any, ...], claims: bytes | None, end: bytes) -> bytes:
    """Return the bytes of an event whose claims are still those of its token: the same as of its whole record.

    Args: begin: the fields before the claims, in the record's order; end: from ``encode_end``. Why: claims that nobody
    looks at are neither read nor written anew, and what many events end with is written once. Cost: half a µs.
    """
    return b"".join((_HEAD, _encode(begin)[1:], _NO_CLAIMS if claims is None else claims, end))


def encode_end(end: tuple[Any, ...]) -> bytes:
    """Return the bytes of the fields after the claims, in the record's order."""
    return _encode(end)[1:]


def decode_event(body: bytes) -> Event:
    """Return the event of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _DECODER.decode(body)
