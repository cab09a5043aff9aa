"""How often each act was counted, as a few bytes of a row: msgpack of counts in one order, up to the last above zero.

A byte for each count below 128, whatever the size of a batch. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from attise.measurement.attribution import keys
from attise.measurement.attribution.judging import TYPE_BITS

ACTS: Final = (keys.VIEWED, keys.UNWANTED, *TYPE_BITS)
"""What a decision may have: a view of the goal that is paid for, somebody who did not want it, and types of events."""
_PLACES: Final = {act: place for place, act in enumerate(ACTS)}

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[int]).decode


def pack(acts: Mapping[str, int]) -> bytes:
    """Return counts by act as bytes."""
    counts = [0] * (1 + max((_PLACES[act] for act in acts), default=-1))
    for act, count in acts.items():
        counts[_PLACES[act]] = count
    return _encode(counts)


def unpack(packed: bytes) -> dict[str, int]:
    """Return counts by act, without those that are zero; of a newer release's acts nothing."""
    return {act: count for act, count in zip(ACTS, _decode(packed), strict=False) if count}
