"""How often each act was counted, as a few bytes of a row: a byte for each, in one order, without the zeros at the end.

A batch holds no more events than a byte counts to. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attise.kernel.limits import SETTLE_EVENTS
from attise.measurement.attribution import keys
from attise.measurement.attribution.judging import TYPE_BITS

ACTS: Final = (keys.VIEWED, keys.UNWANTED, *TYPE_BITS)
"""What a decision may have: a view of the goal that is paid for, somebody who did not want it, and types of events."""
_PLACES: Final = {act: place for place, act in enumerate(ACTS)}
_MOST: Final = 0xFF
if SETTLE_EVENTS > _MOST:
    raise AssertionError("a byte counts the events of a batch")


def pack(acts: Mapping[str, int]) -> bytes:
    """Return counts by act as bytes."""
    counts = bytearray(len(ACTS))
    for act, count in acts.items():
        counts[_PLACES[act]] = count
    return bytes(counts.rstrip(b"\0"))


def unpack(packed: bytes) -> dict[str, int]:
    """Return counts by act, without those that are zero."""
    return {act: count for act, count in zip(ACTS, packed, strict=False) if count}
