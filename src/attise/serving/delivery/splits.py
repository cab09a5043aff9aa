"""Which side of a split test a viewer is shown: by keyed hash, the same for ever, one side alone.

A viewer has one number under the house's key; mixed with a test's id it is a side, as likely the one as the other, and
of one test it tells nothing of another. An ad of the other side is out before anything is asked of it: the advertiser
stands with its ads of this side. Whom a test *met* is whoever an ad of either side was found for, which no side has a
part in: those are compared. Somebody without a pseudonym cannot be told from others tomorrow, and is in no test.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.drops import Drop
from attise.serving.delivery.caps import NONE
from attise.serving.targeting.segment import tie_breaker

_SIDE: Final = np.uint64(63)
"""The bit of a mixed number that is the side."""


@lru_cache(8_192)
def number_of(pseudonym: str, salt: bytes) -> int:
    """Return a viewer's number, 1 to 2**64 - 1; 0: they are in no test. ``salt``: up to 64 bytes, secret."""
    if not pseudonym:
        return 0
    hashed = blake2b(pseudonym.encode(), digest_size=8, key=salt, person=b"split")
    return int.from_bytes(hashed.digest(), "big") or 1


def side_of(split_id: int, number: int) -> int:
    """Return the side of a test that the viewer of a number is shown: 0 or 1."""
    return int(_sides(np.array([split_id], dtype=np.int64), number)[0])


def stop_other_side(drop: NDArray[np.int16], rows: NDArray[Any], number: int) -> None:
    """Stop the ads of sides that a viewer is not shown. Args: rows: ``candidates.CANDIDATE[m]``."""
    if number and rows["split_id"].any():
        is_other = (rows["split_id"] != 0) & (_sides(rows["split_id"], number) != rows["split_side"])
        drop[is_other & (drop == NONE)] = Drop.SPLIT_TEST


def met_by(rows: NDArray[Any], number: int) -> tuple[tuple[int, int], ...]:
    """Return the tests of which an ad was found, by rising id, each with the viewer's side."""
    if not number:
        return ()
    tests = np.unique(rows["split_id"])
    tests = tests[tests != 0]
    return tuple(zip(tests.tolist(), _sides(tests, number).tolist(), strict=True))


def _sides(split_ids: NDArray[np.int64], number: int) -> NDArray[np.uint64]:
    mixed = tie_breaker((split_ids.astype(np.uint64) ^ np.uint64(number)).view(np.int64))
    found: NDArray[np.uint64] = mixed >> _SIDE
    return found
