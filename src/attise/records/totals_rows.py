"""Totals as they are read: the rows above a known version, from the database with a plain driver."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from attise.kernel.database import Connection
from attise.kernel.errors import Outage
from attise.records.tables import SELECTS
from attise.records.totals import ENVELOPE, GROUP, POST, EnvelopeTotals, GroupTotals, PostTotals, Totals, TotalsHead

MOST_AT_ONCE: Final = 2_000
"""Rows that one reading brings; more than one publication changes."""

_DECODERS: Final[dict[str, msgspec.msgpack.Decoder[Any]]] = {
    ENVELOPE: msgspec.msgpack.Decoder(EnvelopeTotals),
    GROUP: msgspec.msgpack.Decoder(GroupTotals),
    POST: msgspec.msgpack.Decoder(PostTotals),
}


class TotalsGap(Exception):  # noqa: N818 - an outcome: what was applied does not lead to what is there
    """Totals of a later version were applied than there are: the database was put back. Begin again from 0."""


def read_totals(connection: Connection, after: int) -> tuple[Totals, bool]:
    """Return the rows that changed above the version ``after``, and whether these are all.

    The head says the version that was reached. Rows that change meanwhile come with the next reading.
    Raises: TotalsGap, Outage when the database is away or a newer release wrote them.
    Cost: one keyed read when nothing is new, one range of an index more when something is.
    """
    rows = connection.rows(SELECTS["totals_head"])
    if not rows:
        raise Outage("the head row of totals is missing")
    head = TotalsHead(*map(int, rows[0]))
    if head.version < after:
        raise TotalsGap(f"totals of version {after} were applied and the newest are of {head.version}")
    if head.version == after:
        return Totals(head), True
    found = connection.rows(SELECTS["totals"], after, head.version, MOST_AT_ONCE)
    is_last = len(found) < MOST_AT_ONCE
    if not is_last:  # the last version may be cut in two: it comes whole with the next reading
        upto = found[-1][0] - 1
        found = [row for row in found if row[0] <= upto]
        head = TotalsHead(upto, head.published_at_ms, head.counted_to_ms)
    of_kind: dict[str, list[Any]] = {ENVELOPE: [], GROUP: [], POST: []}
    for version, kind, body in found:
        _take(of_kind, version, kind, body)
    return Totals(head, tuple(of_kind[ENVELOPE]), tuple(of_kind[GROUP]), tuple(of_kind[POST])), is_last


def _take(of_kind: dict[str, list[Any]], version: int, kind: str, body: bytes) -> None:
    if kind not in of_kind:
        raise Outage(f"totals of version {version} are of a kind this release does not know")
    try:
        of_kind[kind].append(_DECODERS[kind].decode(body))
    except msgspec.MsgspecError as error:
        raise Outage(f"totals of version {version} cannot be read ({error})") from error
