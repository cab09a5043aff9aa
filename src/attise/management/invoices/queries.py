"""Reads of papers. Whoever asks for one names the advertiser it must be of, or is the operator."""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND
from attise.kernel.paging import Page
from attise.management.invoices.errors import InvoiceRefused
from attise.management.invoices.models import Invoice, Issuer
from attise.management.invoices.views import InvoiceView, IssuerView, invoice_view, issuer_view


def find_issuer() -> IssuerView | None:
    """Return who invoices now, or None."""
    row = Issuer.objects.order_by("-id").first()
    return None if row is None else issuer_view(row)


def list_invoices(*, advertiser_id: int | None, after: int | None = None, limit: int = 50) -> Page[InvoiceView]:
    """Return the papers of an advertiser, newest first; None: of all, for the operator."""
    rows = Invoice.objects.all() if advertiser_id is None else Invoice.objects.filter(advertiser_id=advertiser_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [invoice_view(row) for row in rows.order_by("-id")[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def get_invoice(*, advertiser_id: int | None, invoice_id: int) -> InvoiceView:
    """Return a paper of an advertiser; None: of any, for the operator. Raises: ``not_found``."""
    rows = Invoice.objects.filter(id=invoice_id)
    row = (rows if advertiser_id is None else rows.filter(advertiser_id=advertiser_id)).first()
    if row is None:
        raise InvoiceRefused(NOT_FOUND, field="invoice_id")
    return invoice_view(row)
