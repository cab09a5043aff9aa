"""Whether the ledger is whole: everything counted anew from what was sealed, the first difference named.

What is sealed never changes, so it is read along its chain without holding anybody back; what is summed of it
(balances, spends) is compared as of one moment, after the batches that were sealed while the long part ran.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.ledger import storing
from attise.ledger.heads import KeptHead
from attise.ledger.verify.count import Count, Difference
from attise.ledger.verify.sealed import read_sealed
from attise.ledger.verify.sums import compare


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a recount found: how much was read, the head of each chain, and the first difference, None when all holds.

    ``heads`` are ``number:hash`` of the newest batch by currency; kept elsewhere, they show a chain that was cut and
    sewn up again, which nothing within the database can.
    """

    batches: int
    transfers: int
    charges: int
    heads: dict[str, str]
    difference: str | None


def verify_ledger(kept: Iterable[KeptHead] = ()) -> Verdict:
    """Recount everything, streaming, and compare the chains with the heads that were kept outside of the database.

    Cost: one pass over all sealed rows; memory by accounts and periods, not rows.
    """
    count = Count(kept={(head.currency, head.number): head for head in kept})
    difference = None
    try:
        read_sealed(count)
        with storing.snapshot():
            read_sealed(count)
            compare(count)
    except Difference as found:
        difference = str(found)
    heads = {currency: f"{number}:{last}" for currency, (number, last) in sorted(count.ends.items())}
    return Verdict(count.batches, count.transfers, count.charges, heads, difference)
