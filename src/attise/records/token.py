"""What an item of a feed carries and every event of it brings back: serving → viewer → measurement.

A token says, sealed, which decision an item stands on and what an event of it costs whom; so a lost record of a
decision loses no money, and no viewer reads the price or changes it. Ingest opens it once, where the event is
received; after that nobody needs a key.

::

    version (1 byte) | day of the key (4 bytes) | nonce (12) | msgpack of the claims, encrypted | tag (16)

in URL-safe base64 without padding, one spelling only. The key is that of the day (UTC, wire time) it was sealed on;
the first five bytes are bound to the rest. The nonce is a keyed hash of all that is sealed together, ended by the
token's number among them: the same claims, sealed alone, give the same token, and no two different ones ever share a
nonce. Opens on the day of its key and the day after, which covers the longest life of an event. Source: AES-256-GCM,
with the nonce made as in RFC 5297's synthetic one.
"""

from __future__ import annotations

import enum
import hashlib
import struct
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from attise.kernel.limits import DAY_MS, TOKEN_CHARACTERS, TOKEN_ENGAGEMENT_MS, TOKEN_IMPRESSION_MS, TOKEN_VIEW_MS
from attise.kernel.seal import NONCE_BYTES, TAG_BYTES, Sealer, decode_many, encode_many
from attise.kernel.secrets import Secrets

VERSION: Final = 1
_HEAD: Final = struct.Struct(">BI")
_HEAD_BYTES: Final = _HEAD.size
_SMALLEST: Final = _HEAD.size + NONCE_BYTES + TAG_BYTES
_LARGEST: Final = TOKEN_CHARACTERS * 3 // 4
_PURPOSE: Final = "token"


class TokenKind(enum.IntEnum):
    """What an item of a feed is."""

    ORGANIC = 0
    AD = 1


class AdClaims(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a token says of an ad: who pays how much for which event, and what else counting it needs."""

    ad_id: int
    adgroup_id: int
    campaign_id: int
    advertiser_id: int
    billing_event: str
    """``CPM``, ``CPC``, ``CPV`` or ``OCPM``."""
    price_micros: int
    """What one billable event costs: one impression, click or view. Never more than the bid for it."""
    currency: str
    envelopes: tuple[int, ...]
    """Ids of every envelope that bounds the charge, rising; a charge is taken from all of them or not at all."""
    fee_ppm: int
    """The platform's fee, in parts per million of the charge."""
    share_ppm: int
    """The creator's share, in parts per million of the charge."""
    view_goal_ms: int
    """Of ``CPV``: what must have been watched for a view to be billed."""
    click_window: str
    view_window: str
    engaged_view_window: str
    attribution_event_count: str
    pixel_id: int
    grant_id: int
    """0: a standard ad, which needs none."""
    is_spark: bool
    """Whether what it earns lands on an original post; a standard ad's counters are its own."""
    goal: str = ""
    """What its ad group is there for, in the dialect's words; empty in tokens of earlier releases."""


class Item(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The first of the claims, by which an event is judged where it is received; the rest is kept as it came.

    Whatever follows them in a token is of this release's shape or has grown from it: what is sealed by a release that
    says something else begins with another version.
    """

    kind: TokenKind
    decision_id: int
    feed_id: int
    post_id: int
    """0: a standard ad, which has no post."""
    creator_id: int
    viewer: str
    """The viewer's pseudonym; empty for somebody without memory."""
    session_id: str
    surface: str
    """``feed``, or ``ads`` of a host with a feed of its own."""
    decided_at_ms: int
    """World time."""
    sealed_at_ms: int
    """Wire time: lives and plausibility begin here."""


class Claims(Item, frozen=True, array_like=True, gc=False):
    """What a token says: its item, then the rest. Grows at its end only."""

    duration_ms: int
    """Of the video; 0 where there is none."""
    place: int
    """Of the item in its answer, from 0."""
    snapshot_version: int
    model_version: int
    is_exploration: bool
    """Whether chance, not the best estimate, chose it."""
    ad: AdClaims | None = None
    """None: organic."""


Opened = tuple[Item, bytes]
"""What a token says of its item, and all its claims as the bytes that a record of them has."""


class TokenFault(enum.StrEnum):
    """Why an event's token is worth nothing; as text, the code of the refusal."""

    MALFORMED = "token_malformed"
    """Not a token of ours in its one spelling, or of a release this one does not know."""
    FORGED = "token_invalid"
    """Sealed with no key of ours, or changed since."""
    EXPIRED = "token_expired"
    """Past the life of this type of event."""
    TYPE = "token_type"
    """No such event can come of this kind of item."""


_ENGAGEMENTS: Final = (
    *("like", "unlike", "comment", "share", "save", "unsave", "follow", "unfollow", "profile_visit"),
    *("sound_click", "duet", "stitch", "hide", "report"),
)
LIFE_MS: Final[dict[str, int]] = {
    **dict.fromkeys(("impression", "play"), TOKEN_IMPRESSION_MS),
    **dict.fromkeys(("view_2s", "view_6s", "p25", "p50", "p75", "complete", "loop", "skip"), TOKEN_VIEW_MS),
    **dict.fromkeys(("click", *_ENGAGEMENTS), TOKEN_ENGAGEMENT_MS),
}
"""By type of event, how long after sealing (wire time) a token vouches for it; no other type has a token."""
ONLY_ADS: Final = frozenset({"click"})
"""Types that only an ad's token vouches for: opening a destination, which organic items do not have."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Claims).decode
_decode_item = msgspec.msgpack.Decoder(Item).decode


class _Day:
    """What one day's tokens are sealed with."""

    __slots__ = ("head", "nonces", "open", "seal", "sealer")

    def __init__(self, day: int, key: bytes) -> None:
        self.sealer = Sealer(key, _PURPOSE)
        self.head = _HEAD.pack(VERSION, day)
        self.open = self.sealer.opener(self.head, after=_HEAD.size)
        self.seal = self.sealer.numbered(self.head, after=self.head)
        of_nonces = hashlib.blake2b(key=key, person=b"attise/nonces").digest()
        self.nonces = hashlib.blake2b(key=of_nonces, digest_size=NONCE_BYTES - 1)


class TokenSealer:
    """Seals and opens tokens. Threads may share it."""

    def __init__(self, key_of_day: Callable[[int], bytes]) -> None:
        """Ask ``key_of_day`` for the 32-byte key of a day (days since 1970, UTC, wire time)."""
        self._key_of_day = key_of_day
        self._days: dict[int, _Day] = {}

    def seal(self, claims: Claims) -> str:
        """Return the token of these claims, under the key of the day of ``sealed_at_ms``. Cost: about 4 µs."""
        return self.seal_all((claims,))[0]

    def seal_all(self, many: Sequence[Claims]) -> list[str]:
        """Return the tokens of some claims of one answer, which are sealed at one moment. Cost: 1.5 µs each."""
        if not many:
            return []
        day = self._day(many[0].sealed_at_ms // DAY_MS)
        plains = [*map(_encode, many)]
        hashed = day.nonces.copy()
        hashed.update(b"".join(plains))  # each says where it ends
        return encode_many(day.seal(hashed.digest(), plains))

    def open(self, text: str, *, now_ms: int) -> Claims | TokenFault:
        """Return what a token says, if it is ours and of today or yesterday (wire time); else why not.

        Whether it vouches for an event is asked of ``fault_of``. Cost: about 6 µs.
        """
        (plain,) = self._plain_of((text,), now_ms=now_ms)
        if isinstance(plain, TokenFault):
            return plain
        try:
            return _decode(plain)
        except msgspec.MsgspecError:  # sealed by a newer release
            return TokenFault.MALFORMED

    def open_many(self, texts: Sequence[str], *, now_ms: int) -> list[Opened | TokenFault]:
        """Return of each token what it says of its item, and all it says as bytes; else why not.

        Cost: about 3 µs each, where there are some dozens.
        """
        made: list[Opened | TokenFault] = []
        for plain in self._plain_of(texts, now_ms=now_ms):
            if isinstance(plain, TokenFault):
                made.append(plain)
                continue
            try:
                made.append((_decode_item(plain), plain))
            except msgspec.MsgspecError:  # sealed by a newer release
                made.append(TokenFault.MALFORMED)
        return made

    def _plain_of(self, texts: Sequence[str], *, now_ms: int) -> list[bytes | TokenFault]:
        """Return the claims of each token as they were sealed; else why not."""
        today = now_ms // DAY_MS
        days = {day.head: day.open for day in (self._day(today), self._day(max(today - 1, 0)))}
        made: list[bytes | TokenFault] = []
        for raw in decode_many(texts):
            if raw is None or not _SMALLEST <= len(raw) <= _LARGEST:
                made.append(TokenFault.MALFORMED)
                continue
            opened = days.get(raw[:_HEAD_BYTES])
            if opened is None:
                made.append(_fault_of_head(raw, today))
            else:
                made.append(opened(raw) or TokenFault.FORGED)
        return made

    def open_for(self, text: str, event_type: str, *, now_ms: int) -> Claims | TokenFault:
        """Return what a token says, if it vouches for such an event received at ``now_ms`` (wire time)."""
        opened = self.open(text, now_ms=now_ms)
        if isinstance(opened, TokenFault):
            return opened
        return fault_of(opened, event_type, now_ms=now_ms) or opened

    def _day(self, number: int) -> _Day:
        found = self._days.get(number)
        if found is None:
            found = _Day(number, self._key_of_day(number))
            kept = {day: ciphers for day, ciphers in self._days.items() if abs(day - number) <= 1}
            self._days = {**kept, number: found}  # swapped whole: another thread goes on with the one it has
        return found


def _fault_of_head(raw: bytes, today: int) -> TokenFault:
    """Return why a token of another version, or of neither today nor yesterday, is none."""
    version, number = _HEAD.unpack_from(raw)
    if version != VERSION:
        return TokenFault.MALFORMED
    return TokenFault.EXPIRED if number < today else TokenFault.FORGED


def claims_of(raw: bytes) -> Claims:
    """Return the claims of an opened token whole. Raises: msgspec.MsgspecError."""
    return _decode(raw)


def fault_of(claims: Item, event_type: str, *, now_ms: int) -> TokenFault | None:
    """Return why claims do not vouch for an event received at ``now_ms`` (wire time), or None when they do."""
    life_ms = LIFE_MS.get(event_type)
    if life_ms is None or (event_type in ONLY_ADS and claims.kind is not TokenKind.AD):
        return TokenFault.TYPE
    return TokenFault.EXPIRED if now_ms - claims.sealed_at_ms > life_ms else None


def sealer_of(secrets: Secrets) -> TokenSealer:
    """Return what seals and opens the tokens of a house: each day has a key of its own."""
    return TokenSealer(lambda day: secrets.key(f"{_PURPOSE}/{day}"))
