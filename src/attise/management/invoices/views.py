"""What this room tells others: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.invoices.models import Invoice, Issuer
from attise.management.invoices.rules import Body, decode, text_of_number


@dataclass(frozen=True, slots=True)
class IssuerView:
    """Who invoices."""

    name: str
    address: str
    registration: str
    mention: str
    stated_at_ms: int


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice or a credit note, with the whole of it."""

    id: int
    kind: str
    number: str
    advertiser_id: int
    currency: str
    period: str
    total_micros: int
    issued_at_ms: int
    body: Body


def issuer_view(row: Issuer) -> IssuerView:
    """Read an issuer off its row."""
    return IssuerView(row.name, row.address, row.registration, row.mention, row.stated_at_ms)


def invoice_view(row: Invoice) -> InvoiceView:
    """Read a paper off its row."""
    return InvoiceView(
        row.id,
        row.kind,
        text_of_number(row.series, row.number),
        row.advertiser_id,
        row.currency,
        row.period,
        row.total_micros,
        row.issued_at_ms,
        decode(row.body),
    )
