"""How much of the same is too much: buckets that events fall into, each with what it holds. Pure.

What is beyond a bucket's measure is doubted (``too_many``), in the order of the log. Buckets are of fixed spans, so
that counting needs one number for each; they live for a little longer than what they span. Somebody whose session,
person or network is not known has none.
"""

from __future__ import annotations

from typing import Final, NamedTuple

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


class Bucket(NamedTuple):
    """Where an event counts toward too many."""

    key: bytes
    most: int


def buckets_of(event: Event) -> list[Bucket]:
    """Return the buckets of an event."""
    found = []
    claims, received_ms = event.claims, event.received_ms
    session = event.session_id or (claims.session_id if claims is not None else "") or event.person
    if session:
        found.append(Bucket(f"s{event.at_ms // 1000}/{session}".encode(), SESSION_SECOND))
        found.append(Bucket(f"m{received_ms // 60_000}/{session}".encode(), SESSION_MINUTE))
    if event.block:
        found.append(Bucket(f"b{received_ms // 60_000}/{event.block}".encode(), BLOCK_MINUTE))
    if event.type == "click" and claims is not None and claims.ad is not None:
        ad_id = claims.ad.ad_id
        if event.person:
            found.append(Bucket(f"c{received_ms // CLICK_MS}/{ad_id}/{event.person}".encode(), 1))
        if event.block:
            found.append(Bucket(f"k{received_ms // BLOCK_CLICKS_MS}/{ad_id}/{event.block}".encode(), BLOCK_CLICKS))
    return found
