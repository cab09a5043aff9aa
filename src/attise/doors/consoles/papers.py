"""Papers at the doors of consoles: as a page, as a PDF, and statements as files for spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file
from attise.doors.site.papers.words import paper_of
from attise.ledger import days
from attise.ledger.days import local_day
from attise.management.invoices import rules
from attise.management.invoices.errors import InvoiceRefused
from attise.management.invoices.rules import CREDIT_NOTE
from attise.management.invoices.statements import GrantStatement, Statement
from attise.management.invoices.views import InvoiceView

FIRST, LAST = "du", "au"
SHOWN_DAYS = 30
EARLIEST: Final = "2020-01"
"""The first month that a statement tells of: no house is older."""


def context_of(view: InvoiceView) -> dict[str, Any]:
    """Return what the page of a paper needs."""
    return {"paper": paper_of(view.body), "heads": heads(), "invoice": view}


def heads() -> dict[str, str]:
    """Return the words around the lines of a paper."""
    return {
        "paper": _("As it was issued"),
        "what": pgettext("paper", "For"),
        "count": _("Events charged"),
        "amount": _("Amount"),
        "exact": _("Exact sum"),
        "total": pgettext("paper", "Total"),
    }


def pdf_answer(view: InvoiceView) -> HttpResponse:
    """Return a paper as a file."""
    from attise.doors.site.papers.pdf import pdf_of  # it brings a font engine with it

    response = HttpResponse(
        pdf_of(paper_of(view.body), heads(), issued_at_ms=view.issued_at_ms), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{view.number}.pdf"
    )
    return response


def rows_of(papers: Iterable[InvoiceView]) -> list[dict[str, Any]]:
    """Return papers as tables show them."""
    return [
        {
            "view": one,
            "kind": pgettext("paper", "Corrective invoice")
            if one.kind == CREDIT_NOTE
            else pgettext("paper", "Invoice"),
            "month": one.body.first_day,
            "total_micros": one.body.rounded_micros,
        }
        for one in papers
    ]


def days_asked(request: HttpRequest, now_ms: int, timezone: str) -> tuple[dt.date, dt.date]:
    """Return the days that an address asks for; what is none are the last thirty, today included."""
    today = local_day(timezone, now_ms)
    first, last = _day(request.GET.get(FIRST, "")), _day(request.GET.get(LAST, ""))
    if first is None or last is None or first > last or (last - first).days > dt.timedelta(days=365).days:
        return today - dt.timedelta(days=SHOWN_DAYS - 1), today
    return first, last


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None
    return found if found is not None and dt.date(2000, 1, 1) <= found < dt.date(2199, 1, 1) else None


@dataclass(frozen=True, slots=True)
class Month:
    """A month that a statement tells of, with the first days of those beside it."""

    period: str
    first: dt.date
    last: dt.date
    before: dt.date | None
    """None where no statement tells of that month."""
    after: dt.date | None


def month_asked(period: str, now_ms: int, timezone: str) -> Month:
    """Return the month of an address. Raises: Http404 for what is none, or has not begun in that zone."""
    try:
        rules.check_period(period)
    except InvoiceRefused as refused:
        raise Http404(period) from refused
    present = rules.month_of(timezone, now_ms)
    if not EARLIEST <= period <= present:
        raise Http404(period)
    first, last = rules.days_of_month(period)
    before, after = first - days.ONE_DAY, last + days.ONE_DAY
    return Month(
        period,
        first,
        last,
        before.replace(day=1) if period > EARLIEST else None,
        after if period < present else None,
    )


def month_context(request: HttpRequest, told: Statement | GrantStatement, month: Month) -> dict[str, Any]:
    """Return what any page of a month needs: its statement, the months beside it, and the dialog of its file."""
    return {
        "told": told,
        "month": month,
        "formats": csv_file.options(get_language() or ""),
        "dialog": request.GET.get("dialog", ""),
    }


def statement_context(request: HttpRequest, told: Statement, month: Month, *, sign: int) -> dict[str, Any]:
    """Return what the page of a month's statement needs; ``sign`` as of ``statement_answer``."""
    said = movement_words()
    others = sum(one.amount_micros for one in told.movements)
    return {
        **month_context(request, told, month),
        "moved_micros": sign * told.moved_micros,
        "returned_micros": -sign * told.given_back_micros,
        "other_micros": others,
        "movements": [{"view": one, "what": said.get(one.reason, one.reason)} for one in told.movements],
    }


def grant_answer(name: str, told: GrantStatement, *, is_creators: bool, form: str) -> HttpResponseBase:
    """Return the statement of a grant as a file: what it brought its creator each day, or cost who held it."""
    header = [_("Day"), _("Events"), _("Earned") if is_creators else _("Spend"), _("Currency")]
    lines = (
        [
            one.day.isoformat(),
            str(one.events),
            _exact(one.creator_micros if is_creators else one.spent_micros, form),
            told.currency,
        ]
        for one in told.days
    )
    return csv_file.answer(name, header, lines, form=form, day=told.last)


def statement_answer(name: str, told: Statement, *, moved: str, sign: int, form: str, day: dt.date) -> HttpResponseBase:
    """Return a statement as a file: the opening, each day and each movement, the closing; exact to the micro.

    ``sign`` is −1 where events take from the balance: lines between the opening and the closing sum to what is between.
    """
    header = [_("Day"), pgettext("statement", "What"), _("Events"), _("Amount"), _("Currency"), _("Reference")]
    return csv_file.answer(name, header, _lines(told, moved, sign, form), form=form, day=day)


def _lines(told: Statement, moved: str, sign: int, form: str) -> Iterator[list[str]]:
    def line(day: str, what: str, events: str, micros: int, reference: str = "") -> list[str]:
        return [day, what, events, _exact(micros, form), told.currency, reference]

    yield line(told.first.isoformat(), _("Balance before"), "", told.opening_micros)
    for one in told.days:
        if one.moved_micros:
            yield line(one.day.isoformat(), moved, str(one.events), sign * one.moved_micros)
        if one.given_back_micros:
            yield line(one.day.isoformat(), _("Given back"), "", -sign * one.given_back_micros)
    for movement in told.movements:
        at = local_day(told.timezone, movement.at_ms).isoformat()
        yield line(
            at, movement_words().get(movement.reason, movement.reason), "", movement.amount_micros, movement.memo
        )
    yield line(told.last.isoformat(), _("Balance after"), "", told.closing_micros)


def movement_words() -> dict[str, str]:
    """Return what movements of money are called."""
    return {
        "funding": _("Funds added"),
        "refund": _("Funds returned"),
        "transfer": _("Transfer with the Business Center"),
        "payout_set_aside": pgettext("noun", "Payout"),
        "payout_came_back": _("Payout that did not arrive"),
        "invalid_traffic": _("Given back: invalid traffic"),
        "billing_error": _("Given back: billing error"),
    }


def _exact(micros: int, form: str) -> str:
    """Return an amount with all its decimals, six, as a plain number."""
    whole, rest = divmod(abs(micros), 1_000_000)
    text = f"{'-' if micros < 0 else ''}{whole}.{rest:06d}"
    return text.replace(".", ",") if form == "fr" else text
