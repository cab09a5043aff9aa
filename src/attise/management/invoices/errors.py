"""The room's refusals."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class InvoiceRefused(Refusal):
    """No paper is made as asked."""


ISSUER_MISSING = Reason(
    "invoice_issuer_missing",
    N_("It is not said yet who invoices."),
    N_("State the name and the address of the house first."),
    Kind.CONFLICT,
)
PERIOD_WRONG = Reason(
    "invoice_period_wrong",
    N_("A month is expected, such as 2026-11."),
    N_("Correct the month."),
)
PERIOD_NOT_OVER = Reason(
    "invoice_period_not_over",
    N_("This month is invoiced from %(date)s on, when its last events have settled."),
    N_("Wait until then."),
    Kind.CONFLICT,
)
PERIOD_CLOSED = Reason(
    "invoice_period_closed",
    N_("A later month is invoiced already; what was left is on its invoice."),
    N_("Read the later invoice."),
    Kind.CONFLICT,
)
NOTHING_TO_INVOICE = Reason(
    "invoice_nothing",
    N_("Nothing was charged or given back."),
    N_("No invoice is needed."),
    Kind.CONFLICT,
)
DAYS_WRONG = Reason(
    "statement_days_wrong",
    N_("A statement tells of 1 to %(limit)s days, the first one before the last."),
    N_("Correct the days."),
)
