"""How much of the same is too much: buckets that events fall into, each with what it holds. Pure.

What is beyond a bucket's measure is doubted (``too_many``), in the order of the log. Buckets are of fixed spans, so
that counting needs a count for each; they live for a little longer than what they span. Whoever settles holds them in
memory and writes down what each batch left in them, as one row. Somebody whose session,
person or network is not known has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from attise.records.event import Event

SESSION_SECOND, SESSION_MINUTE = 20, 600
"""Events of one session in a second of their own telling, and in a minute of ours: a client may send late, all at once,
and cannot make more of it by telling other times."""
BLOCK_MINUTE: Final = 3_000
"""Events from one network in a minute."""
CLICK_MS: Final = 30_000
"""One click of a person on an ad within this time."""
BLOCK_CLICKS, BLOCK_CLICKS_MS = 5, 600_000
"""Clicks on an ad from one network within ten minutes."""
LIFE_MS: Final = 900_000
"""How long a bucket is kept beyond the receipt of what fell into it (wire time): telling is within five minutes."""


FIELD_BITS: Final = 5
FIELD: Final = (1 << FIELD_BITS) - 1
"""What a second of a session is counted up to: beyond its measure it makes no difference how many more there were."""
if not SESSION_SECOND < FIELD:
    raise AssertionError("a second of a session is counted beyond its measure")
WHOLE: Final = -1
"""The place of what a number counts as a whole."""


Bucket = tuple[str, int, int]
"""Where an event counts toward too many: the key of a number, the place in it, and the most that is believed.

The place is at which bits the count stands, as 60 seconds of one session share a number; else ``WHOLE``.
"""


def buckets_of(event: Event) -> list[Bucket]:
    """Return the buckets of an event."""
    found = []
    claims, minute = event.claims, event.received_ms // 60_000
    session = event.session_id or (claims.session_id if claims is not None else "") or event.person
    if session:
        told_minute, second = divmod(event.at_ms // 1000, 60)
        found.append((f"s{told_minute}/{session}", FIELD_BITS * second, SESSION_SECOND))
        found.append((f"m{minute}/{session}", WHOLE, SESSION_MINUTE))
    if event.block:
        found.append((f"b{minute}/{event.block}", WHOLE, BLOCK_MINUTE))
    if event.type == "click" and claims is not None and claims.ad is not None:
        ad_id = claims.ad.ad_id
        if event.person:
            found.append((f"c{event.received_ms // CLICK_MS}/{ad_id}/{event.person}", WHOLE, 1))
        if event.block:
            found.append((f"k{event.received_ms // BLOCK_CLICKS_MS}/{ad_id}/{event.block}", WHOLE, BLOCK_CLICKS))
    return found


def fill(filled: dict[str, int], before: dict[str, int] | Held, buckets: Iterable[Bucket]) -> bool:
    """Count one more in each of some buckets; tells whether one of them was full.

    ``filled`` holds the numbers that changed, ``before`` all the others.
    """
    is_full = False
    for key, place, most in buckets:
        number = filled.get(key)
        if number is None:
            number = before.get(key, 0)
        if place == WHOLE:
            held, after = number, number + 1
        else:
            held = number >> place & FIELD
            after = number if held == FIELD else number + (1 << place)
        filled[key] = after
        is_full = is_full or held >= most
    return is_full


class Held:
    """What buckets hold, by the keys of their numbers, in memory: of every batch for ``LIFE_MS`` at least."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lately: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._since_ms = 0

    def get(self, key: str, default: int) -> int:
        """Return a number."""
        found = self._lately.get(key)
        return self._before.get(key, default) if found is None else found

    def turns_at(self, received_ms: int) -> bool:
        """Tell whether a batch received then (wire time) begins another part, and the one before the last goes."""
        return received_ms > self._since_ms + LIFE_MS

    def keep(self, filled: Mapping[str, int], *, received_ms: int) -> None:
        """Take in what numbers are after a batch, whose newest event was received then."""
        if self.turns_at(received_ms):
            self._before, self._lately, self._since_ms = self._lately, {}, received_ms
        self._lately.update(filled)


def time_of(received_ms: int, logged_ms: int) -> int:
    """Return when a batch is (wire time) for what buckets live by: when its newest event was received.

    Nothing is received after it was logged: what says so was received by a clock that ran ahead, and makes nothing
    live longer.
    """
    return min(received_ms, logged_ms)


def encode_filled(filled: Mapping[str, int]) -> bytes:
    """Return numbers as the bytes of a row; those of a session's seconds have more bits than an integer of a row."""
    return _encode({key: number.to_bytes(-(-number.bit_length() // 8)) for key, number in filled.items()})


def decode_filled(body: bytes) -> dict[str, int]:
    """Return the numbers of some bytes. Raises: msgspec.MsgspecError."""
    return {key: int.from_bytes(number) for key, number in _decode(body).items()}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, bytes]).decode
