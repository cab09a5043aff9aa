"""Identifiers that leave the process: one number, roughly in order of time, unique on every node.

``unix_ms(wire) << 22 | node(10 bits) | sequence(12 bits)``, written as a decimal string in [10**18, 2**63). An id
grants nothing: whatever grants something is random (``kernel.chance``). A node number is claimed by each process at its
start.
"""

from __future__ import annotations

import threading
from typing import Protocol

from attise.kernel.clock import Clock

NODE_BITS = 10
SEQUENCE_BITS = 12
_SEQUENCE = (1 << SEQUENCE_BITS) - 1
NODES = 1 << NODE_BITS
SMALLEST = 10**18
BOUND = 1 << 63
LONGEST = len(str(BOUND))


class IdSource(Protocol):
    """Where new identifiers come from."""

    def next(self) -> int:
        """Return a number in [10**18, 2**63) never given before."""
        ...

    def take(self, count: int) -> tuple[int, ...]:
        """Return so many of them, rising."""
        ...


class ClockIds:
    """Identifiers from wire time, a claimed node and a sequence."""

    def __init__(self, clock: Clock, node: int) -> None:
        """Use ``node`` in 0..1023, which no other live process may hold."""
        if not 0 <= node < NODES:
            raise ValueError(f"node must be in 0..{NODES - 1}")
        self._clock = clock
        self._node = node
        self._last = -1
        self._lock = threading.Lock()

    def next(self) -> int:
        """Return the next identifier; rising within this source even if the clock stands still."""
        return self._id(self._first_of(1))

    def take(self, count: int) -> tuple[int, ...]:
        """Return the next identifiers, one look at the clock for all of them."""
        first = self._first_of(count)
        if (first & _SEQUENCE) + count <= _SEQUENCE:  # of one millisecond, as nearly all are: one after the other
            begin = self._id(first)
            return tuple(range(begin, begin + count))
        return tuple([self._id(step) for step in range(first, first + count)])

    def _first_of(self, count: int) -> int:
        """Return the first of so many steps that nobody else is given."""
        with self._lock:
            step = max(self._clock.wire_ms() << SEQUENCE_BITS, self._last + 1)
            self._last = step + count - 1
        return step

    def _id(self, step: int) -> int:
        moment_ms, sequence = step >> SEQUENCE_BITS, step & _SEQUENCE
        value = (moment_ms << (NODE_BITS + SEQUENCE_BITS)) | (self._node << SEQUENCE_BITS) | sequence
        if not SMALLEST <= value < BOUND:
            raise AssertionError("the clock is outside the span of identifiers")
        return value


def parse_id(text: object) -> int | None:
    """Return the number of a decimal identifier, or None when the text cannot be one.

    Only the one spelling is taken: ASCII digits, no sign, no leading zero, below 2**63.
    """
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST or not text.isascii() or not text.isdigit():
        return None
    value = int(text)
    return value if text[0] != "0" and value < BOUND else None
