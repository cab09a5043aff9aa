"""What an ad owes its creator when it is switched on: the fixed fee of their terms, once for each advertiser."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.means import Means
from attise.management.authorizations import fees
from attise.management.authorizations.coverage import covers_of
from attise.management.campaigns.models import Ad, Switch
from attise.management.campaigns.standing import use_of


def pay_fees(means: Means, rows: Iterable[Ad]) -> None:
    """Charge the fees that ads which are on now owe, each once; last in the caller's unit.

    Raises: ``fee_not_covered``, and nothing is switched on. Cost: two queries, and those of the ledger for each fee.
    """
    uses = {use: row for row in rows if row.operation_status == Switch.ENABLE and (use := use_of(row)) is not None}
    covers = covers_of(means, uses)
    for due in fees.list_due((use.advertiser_id, cover) for use, cover in covers.items()):
        fees.charge_fee(means, due)
