"""One source of chance, injected: unguessable in a live house, repeatable in a sandbox or a run by seed."""

from __future__ import annotations

import hashlib
import hmac
import random
import secrets
import threading
from typing import Protocol


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
