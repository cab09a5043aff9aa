"""A month of an advertiser is invoiced, once: what it was charged, and on a credit note what it was given back."""

from __future__ import annotations

from django.db.models import F

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.limits import INVOICE_AFTER_MS
from attise.kernel.means import Means
from attise.ledger import days, sums
from attise.ledger.sums import Span
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.payer import payer_of
from attise.management.accounts.views import AdvertiserView
from attise.management.invoices import errors, rules
from attise.management.invoices.errors import InvoiceRefused
from attise.management.invoices.lines import list_lines
from attise.management.invoices.models import Invoice, Series
from attise.management.invoices.queries import find_issuer
from attise.management.invoices.rules import CREDIT_NOTE, INVOICE, Body, Line, Party, check_period
from attise.management.invoices.views import InvoiceView, IssuerView, invoice_view
from attise.management.outbox.actions import Unit, unit, verb
from attise.records.lookups import currencies


@verb
def issue_month(means: Means, actor: Actor, *, advertiser_id: int, period: str) -> list[InvoiceView]:
    """Issue the papers of a month, or return those that were; an invoice, a credit note, or both.

    Two days after the month's end in the advertiser's zone, when its last events have settled. Each covers what is on
    no earlier paper. Numbers are taken last, one after the other: whoever is undone leaves no gap.
    Raises: ``not_found``, ``invoice_period_wrong``, ``invoice_period_not_over``, ``invoice_period_closed``,
    ``invoice_issuer_missing``, ``invoice_nothing``.
    """
    check_period(period)
    advertiser = accounts.get_advertiser(advertiser_id)
    begins_ms, ends_ms = rules.span_of_month(period, advertiser.timezone)
    from_ms = ends_ms + INVOICE_AFTER_MS
    if means.clock.world_ms() < from_ms:
        day = days.local_day(advertiser.timezone, from_ms)
        raise InvoiceRefused(errors.PERIOD_NOT_OVER, field="period", date=day.isoformat())
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        made = list(Invoice.objects.filter(advertiser_id=advertiser_id, period=period).order_by("id"))
        if made:
            return [invoice_view(row) for row in made]
        issuer = find_issuer()
        if issuer is None:
            raise InvoiceRefused(errors.ISSUER_MISSING)
        last = Invoice.objects.filter(advertiser_id=advertiser_id).order_by("-to_ms", "-id").first()
        if last is not None and last.to_ms >= ends_ms:
            raise InvoiceRefused(errors.PERIOD_CLOSED, field="period")
        span = Span(
            to_ms=ends_ms,
            number=sums.last_number(advertiser.currency),
            told_to_ms=0 if last is None else last.to_ms,
            told_number=0 if last is None else last.told_number,
        )
        papers = _papers(advertiser, span, begins_ms)
        if not papers:
            raise InvoiceRefused(errors.NOTHING_TO_INVOICE, field="period")
        rows = [
            _write(means, advertiser, issuer, span, period, kind, lines, refers_to) for kind, lines, refers_to in papers
        ]
        for row in rows:
            _tell(work, actor, row)
    return [invoice_view(row) for row in rows]


def issue_due(means: Means, actor: Actor, *, limit: int = 100) -> int:
    """Issue the papers of last month for advertisers that have none yet, and return for how many; the rest later.

    Nothing while nobody has stated who invoices. Called by the worker, again and again.
    """
    if find_issuer() is None:
        return 0
    now_ms = means.clock.world_ms()
    issued = 0
    for advertiser in accounts.list_all_advertisers():
        period = rules.month_of(advertiser.timezone, now_ms - INVOICE_AFTER_MS)
        begins_ms, _ = rules.span_of_month(period, advertiser.timezone)
        last_month = rules.month_of(advertiser.timezone, begins_ms - 1)
        if Invoice.objects.filter(advertiser_id=advertiser.id, to_ms__gte=begins_ms).exists():
            continue
        try:
            issue_month(means, actor, advertiser_id=advertiser.id, period=last_month)
        except Refusal:
            continue  # nothing was charged, or somebody was first
        issued += 1
        if issued >= limit:
            break
    return issued


def _papers(advertiser: AdvertiserView, span: Span, begins_ms: int) -> list[tuple[str, list[Line], tuple[str, ...]]]:
    """Return the papers that a span needs: their kind, their lines, and the invoices that they refer to."""
    key = payer_of(advertiser.id)
    found: list[tuple[str, list[Line], tuple[str, ...]]] = []
    charged = list_lines(key, advertiser.currency, span, begins_ms=begins_ms, given_back=False)
    if charged:
        found.append((INVOICE, charged, ()))
    back = list_lines(key, advertiser.currency, span, begins_ms=begins_ms, given_back=True)
    if back:
        times = sums.times_given_back(key, advertiser.currency, span)
        earlier = Invoice.objects.filter(advertiser_id=advertiser.id, kind=INVOICE).order_by("id")
        months = {rules.month_of(advertiser.timezone, at_ms) for at_ms in times}
        numbers = [invoice_view(row).number for row in earlier if row.period in months]
        found.append((CREDIT_NOTE, back, tuple(numbers)))
    return found


def _write(
    means: Means,
    advertiser: AdvertiserView,
    issuer: IssuerView,
    span: Span,
    period: str,
    kind: str,
    lines: list[Line],
    refers_to: tuple[str, ...],
) -> Invoice:
    """Write one paper, its number last."""
    now_ms = means.clock.world_ms()
    issued_on = days.local_day(advertiser.timezone, now_ms)
    total = sum(line.amount_micros for line in lines)
    series = f"{rules.SERIES[kind]}-{issued_on.year}"
    number = _next_number(series)
    body = Body(
        kind=kind,
        number=rules.text_of_number(series, number),
        period=period,
        timezone=advertiser.timezone,
        currency=advertiser.currency,
        issued_on=issued_on.isoformat(),
        issuer=Party(issuer.name, issuer.address, issuer.registration),
        mention=issuer.mention,
        advertiser=Party(
            advertiser.company,
            advertiser.address,
            country=advertiser.country,
            contact=advertiser.contact_name,
            payer=advertiser.payer_name if advertiser.payer_name != advertiser.company else "",
        ),
        lines=tuple(lines),
        total_micros=total,
        rounded_micros=rules.rounded(total, currencies.get(advertiser.currency).smallest_micros),
        refers_to=refers_to,
    )
    text, digest = rules.encode(body)
    return Invoice.objects.create(
        id=means.ids.next(),
        kind=kind,
        series=series,
        number=number,
        advertiser_id=advertiser.id,
        currency=advertiser.currency,
        period=period,
        to_ms=span.to_ms,
        told_number=span.number,
        total_micros=total,
        body=text,
        hash=digest,
        issued_at_ms=now_ms,
    )


def _next_number(series: str) -> int:
    """Return the next number of a series, whose row stays locked until the unit ends: undone, it is given again."""
    Series.objects.bulk_create([Series(name=series, last_number=0)], ignore_conflicts=True)
    Series.objects.filter(name=series).update(last_number=F("last_number") + 1)
    return int(Series.objects.values_list("last_number", flat=True).get(name=series))


def _tell(work: Unit, actor: Actor, row: Invoice) -> None:
    view = invoice_view(row)
    told = {"number": view.number, "amount_micros": view.body.rounded_micros, "currency": view.currency}
    work.notice("advertiser", row.advertiser_id, f"{row.kind}_issued", row.id, **told)
    work.notice(
        "operator", 0, f"{row.kind}_issued", row.id, by=str(actor), advertiser_id=str(row.advertiser_id), **told
    )
