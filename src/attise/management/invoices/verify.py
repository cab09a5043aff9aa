"""Papers compared with the ledger: numbers without gaps, texts that are whole, sums that are the ledger's."""

from __future__ import annotations

import msgspec

from attise.ledger import sums
from attise.ledger.sums import Span
from attise.management.accounts.payer import payer_of
from attise.management.invoices import rules
from attise.management.invoices.models import Invoice, Series


def first_difference() -> str | None:
    """Return the first thing that is wrong with papers, or None. Cost: reads every paper, and what each tells of."""
    return _of_numbers() or next(filter(None, map(_of_paper, Invoice.objects.order_by("id").iterator())), None)


def _of_numbers() -> str | None:
    """Return the first series that has a gap, or whose last number is not the one it knows."""
    known = dict(Series.objects.values_list("name", "last_number"))
    numbers: dict[str, int] = dict.fromkeys(known, 0)
    for series, number in Invoice.objects.order_by("series", "number").values_list("series", "number"):
        if number != numbers.get(series, 0) + 1:
            return f"series {series}: {number} comes after {numbers.get(series, 0)}"
        numbers[series] = number
    for series, number in sorted(numbers.items()):
        if known.get(series) != number:
            return f"series {series}: its last paper is {number}, its row says {known.get(series)}"
    return None


def _of_paper(row: Invoice) -> str | None:
    where = f"paper {rules.text_of_number(row.series, row.number)}"
    try:
        body = rules.decode(row.body)
    except msgspec.DecodeError:
        return f"{where}: its text cannot be read"
    if rules.hash_of(row.body) != row.hash or body.total_micros != row.total_micros:
        return f"{where}: its text was changed"
    if sum(line.amount_micros for line in body.lines) != row.total_micros:
        return f"{where}: its lines are not its sum"
    before = Invoice.objects.filter(advertiser_id=row.advertiser_id, to_ms__lt=row.to_ms).order_by("-to_ms").first()
    span = Span(
        to_ms=row.to_ms,
        number=row.told_number,
        told_to_ms=0 if before is None else before.to_ms,
        told_number=0 if before is None else before.told_number,
    )
    is_credit = row.kind == Invoice.Kind.CREDIT_NOTE
    moved = sums.list_moved([payer_of(row.advertiser_id)], row.currency, span, given_back=is_credit)
    summed = sum(one.amount_micros for one in moved)
    counted = summed if is_credit else -summed
    return None if counted == row.total_micros else f"{where}: it says {row.total_micros}, the ledger {counted}"
