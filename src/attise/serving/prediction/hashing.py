"""From a feature to its slot: one hash, with the same answer in a kernel and in numpy.

A slot is the low bits of the hash and its sign the highest one: what two features that share a slot add to each other
is then zero on average. Source: Weinberger, Dasgupta, Langford, Smola, Attenberg (2009), section 2.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LEAST_SLOTS_LOG2, MOST_SLOTS_LOG2 = 10, 22
"""Between 2¹⁸ (a small house) and 2²² slots in production; smaller ones are for tests."""
DEFAULT_SLOTS_LOG2: Final = 20
A: Final = np.uint64(0x9E3779B97F4A7C15)
B: Final = np.uint64(0xC2B2AE3D27D4EB4F)
M1: Final = np.uint64(0xBF58476D1CE4E5B9)
M2: Final = np.uint64(0x94D049BB133111EB)
WHOLE: Final = (1 << 64) - 1
R30, R27, R31, R63 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(63)


def mix(space: Any, first: Any, second: Any) -> Any:
    """Return 64 well-mixed bits of a feature's space and its one or two values, all uint64 (scalars or arrays).

    Invariants: a kernel compiles this very function, so that both paths agree bit for bit.
    """
    found = first * A + second * B + space
    found = (found ^ (found >> R30)) * M1
    found = (found ^ (found >> R27)) * M2
    return found ^ (found >> R31)


def mix_one(space: int, first: int, second: int) -> int:
    """Return what ``mix`` does, of plain integers: for one hash, where arrays would cost more than the hash."""
    found = (first * int(A) + second * int(B) + space) & WHOLE
    found = ((found ^ (found >> 30)) * int(M1)) & WHOLE
    found = ((found ^ (found >> 27)) * int(M2)) & WHOLE
    return found ^ (found >> 31)


def code_of(text: str) -> int:
    """Return the number, 1 to 2³²-1, that a word of a small vocabulary is hashed by; 0 for the empty one.

    The same in every process and release, which a word's place in a snapshot is not.
    """
    return (zlib.crc32(text.encode()) or 1) if text else 0


def codes_of(words: NDArray[Any]) -> NDArray[np.uint64]:
    """Return the codes of an array of texts, uint64 of the same shape; numbers are taken to be codes already."""
    if words.dtype.kind in "iu":
        return words.astype(np.uint64)
    known, place = np.unique(words.astype(str), return_inverse=True)
    return np.array([code_of(str(word)) for word in known], dtype=np.uint64)[place.reshape(words.shape)]


def as_key(values: NDArray[Any]) -> NDArray[np.uint64]:
    """Return whole numbers of any sign as uint64 by their bits, which is how ids and buckets enter the hash."""
    return values.astype(np.int64).view(np.uint64)
