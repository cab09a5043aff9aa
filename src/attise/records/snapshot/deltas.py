"""What came after a snapshot: deltas, read from the database by number with a plain driver.

A delta is a whole ad or post as it stands, or says that it may not run any more; numbers rise by one, so that a reader
sees at once when one is missing (it is kept for two days), and then begins again from the newest file.
"""

from __future__ import annotations

import enum

import msgspec

from attise.kernel.database import Connection
from attise.kernel.errors import Outage
from attise.records.tables import SELECTS

MOST_AT_ONCE = 1_000
"""Deltas that one reading brings."""


class DeltaKind(enum.StrEnum):
    """What a delta says of its object."""

    AD = "ad"
    """The body is a ``SnapshotAd``."""
    AD_GONE = "ad_gone"
    POST = "post"
    """The body is a ``SnapshotPost`` of the organic feed."""
    POST_GONE = "post_gone"


class SnapshotDelta(msgspec.Struct, frozen=True):
    """One object as it stood at ``version``: every change of the house up to it is in it."""

    number: int
    version: int
    kind: DeltaKind
    object_id: int
    body: bytes = b""


class DeltaGap(Exception):  # noqa: N818 - an outcome: what was applied does not lead to what is there
    """The deltas do not follow on what was applied: begin again from the newest snapshot."""


def read_deltas(connection: Connection, after: int) -> list[SnapshotDelta]:
    """Return the deltas that follow on ``after``, in order, a thousand at most.

    Raises: DeltaGap when some are gone, Outage when the database is away or a newer release wrote them.
    Cost: one keyed read when nothing is new, one ranged read more when something is.
    """
    rows = connection.rows(SELECTS["snapshot_position"])
    if not rows:
        raise Outage("the position row of snapshots is missing")
    newest = int(rows[0][0])
    if newest < after:
        raise DeltaGap(f"delta {after} was applied and the newest is {newest}")
    if newest == after:
        return []
    upto = min(newest, after + MOST_AT_ONCE)
    found = [_delta(row) for row in connection.rows(SELECTS["snapshot_deltas"], after, upto)]
    if [delta.number for delta in found] != list(range(after + 1, upto + 1)):
        raise DeltaGap(f"deltas {after + 1} to {upto} are not all there")
    return found


def _delta(row: tuple[int, int, str, int, bytes]) -> SnapshotDelta:
    number, version, kind, object_id, body = row
    try:
        known = DeltaKind(kind)
    except ValueError:
        raise Outage(f"delta {number} is of a kind this release does not know") from None
    return SnapshotDelta(number, version, known, object_id, bytes(body))
