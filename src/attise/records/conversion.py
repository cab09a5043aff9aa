"""What happened on an advertiser's page or in its shop: tag, servers → measurement, as the durable log keeps it.

Made where it is received, once: the pixel is known there, contacts are hashes, and the click's id has been opened, so
that whoever reads it later needs no key and meets no person's address. Grows at its end only. Times are epoch
milliseconds; which of them are world time is said.
"""

from __future__ import annotations

import enum
import hashlib

import msgspec


class Source(enum.StrEnum):
    """Who told."""

    BROWSER = "browser"
    """The tag on the page."""
    SERVER = "server"
    """The advertiser's own server."""


class Content(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that was looked at, put into a cart or bought. Grows at its end only."""

    id: str
    name: str = ""
    category: str = ""
    price_micros: int = -1
    """Of one, in the conversion's currency; -1: not said."""
    quantity: int = 1


class Conversion(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that a page or a server reported."""

    key: bytes
    """16 bytes that it counts once by: ``key_of``."""
    id: int
    """Of its receipt."""
    pixel_id: int
    advertiser_id: int
    event: str
    """As sent: a name of ``records.web_events``, or one of the advertiser's own."""
    event_id: str
    """As the advertiser named it; empty: not named, and counted by its receipt."""
    source: Source
    at_ms: int
    """World time at which it happened, as told and bounded at its receipt."""
    received_ms: int
    """Wire time of its receipt."""
    received_at_ms: int
    """World time of its receipt."""
    value_micros: int = -1
    """What it is worth; -1: not said."""
    currency: str = ""
    """Of the value and of the prices; empty where there are none."""
    contents: tuple[Content, ...] = ()
    click_id: str = ""
    """``ttclid`` as it was sent."""
    decision_id: int = 0
    """The decision of that click, where its id is one of ours."""
    emails: tuple[bytes, ...] = ()
    """SHA-256 of addresses; here and below, none without consent."""
    phones: tuple[bytes, ...] = ()
    external_ids: tuple[bytes, ...] = ()
    """SHA-256 of what the advertiser calls the person."""
    browser_id: bytes = b""
    """SHA-256 of what the tag calls this browser on this site."""
    page_host: str = ""
    page_path: str = ""
    """Of the page, without its query."""
    agent: str = ""
    """Keyed hash of the browser's name, of a day."""
    block: str = ""
    """Keyed hash of the network that the person came from, of a day; empty: not known."""
    has_consent: bool = False
    """Whether the person agreed to be recognized; without it the event is counted and matched with nothing."""
    is_test: bool = False
    """Sent to be looked at: not counted, not attributed."""
    doubt: str = ""
    """A ``records.event.Doubt`` that its receipt found; empty: none."""
    doubt_rule: str = ""
    """What its receipt doubts it by: the rule, and the version of its list."""


def key_of(pixel_id: int, event: str, event_id: str, *, receipt_id: int) -> bytes:
    """Return what a conversion counts once by, 16 bytes: its pixel, event and id; without an id, its receipt.

    Whether two of one key are the same is a question of time too: ``measurement.conversions``.
    """
    parts: tuple[object, ...] = ("event", pixel_id, event, event_id) if event_id else ("receipt", receipt_id)
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=16, person=b"attise/convert").digest()


_encoder = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Conversion)


def encode_conversion(conversion: Conversion) -> bytes:
    """Return the bytes of a conversion for the log."""
    return _encoder.encode(conversion)


def decode_conversion(body: bytes) -> Conversion:
    """Return the conversion of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _DECODER.decode(body)


class RefusedEvent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An event of a page that was refused where it was received: kept for a while, so that its sender finds out why.

    Nothing of it is counted, and no person is in it. Grows at its end only.
    """

    id: int
    """Of its receipt."""
    pixel_id: int
    advertiser_id: int
    event: str
    """As sent, without what cannot be shown, and cut to a name's length; likewise its id."""
    event_id: str
    source: Source
    code: str
    """Of the refusal."""
    field: str
    received_at_ms: int
    """World time."""


_REFUSED_DECODER = msgspec.msgpack.Decoder(RefusedEvent)


def encode_refused(event: RefusedEvent) -> bytes:
    """Return the bytes of a refused event for the log."""
    return _encoder.encode(event)


def decode_refused(body: bytes) -> RefusedEvent:
    """Return the refused event of some bytes. Raises: msgspec.MsgspecError."""
    return _REFUSED_DECODER.decode(body)
