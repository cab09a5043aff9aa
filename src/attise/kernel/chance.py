"""One source of chance, injected: unguessable in a live house, repeatable in a sandbox or a run by seed."""

from __future__ import annotations

import hashlib
import hmac
import random
import secrets
import threading
from typing import Protocol

_DRAWN_AT_ONCE = 4_096


class Chance(Protocol):
    """What a room may ask of chance."""

    def token(self, size: int) -> bytes:
        """Return ``size`` random bytes, fit for what grants something."""
        ...

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        ...


class SystemChance:
    """The machine's cryptographic source."""

    def token(self, size: int) -> bytes:
        """Return ``size`` unguessable bytes."""
        return secrets.token_bytes(size)

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return random.SystemRandom().random()


class NamingChance:
    """The same source, asked for much at once: for names and seeds, of which every answer needs some. One thread's.

    Unguessable too, but it lies in memory before it is used: what grants something takes its own.
    """

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        self._drawn = b""
        self._used = 0

    def token(self, size: int) -> bytes:
        """Return the next ``size`` unguessable bytes."""
        begin = self._used
        self._used = begin + size
        if self._used > len(self._drawn):
            self._drawn, begin, self._used = secrets.token_bytes(max(size, _DRAWN_AT_ONCE)), 0, size
        return self._drawn[begin : self._used]

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return random.SystemRandom().random()


class SeededChance:
    """A repeatable source: the same seed gives the same bytes and numbers. Never for a live house."""

    def __init__(self, seed: str) -> None:
        """Start the stream that ``seed`` names."""
        self._key = hashlib.sha256(seed.encode()).digest()
        self._count = 0
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def token(self, size: int) -> bytes:
        """Return the next ``size`` bytes of the stream."""
        out = b""
        with self._lock:
            while len(out) < size:
                out += hmac.digest(self._key, self._count.to_bytes(8, "big"), "sha256")
                self._count += 1
        return out[:size]

    def uniform(self) -> float:
        """Return the next number in [0, 1)."""
        with self._lock:
            return self._random.random()
