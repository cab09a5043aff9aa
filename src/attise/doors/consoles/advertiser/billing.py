"""An advertiser's money: its balance and how to add to it, what each day cost, invoices, and all of it as a file."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, papers, telling
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.house import Mode
from attise.ledger.days import local_day
from attise.ledger.funding import TestCard
from attise.management.accounts.rules import Permission
from attise.management.billing import actions, queries
from attise.management.invoices import queries as invoices
from attise.management.invoices import statements
from attise.management.invoices.rules import month_of

MOVEMENTS, PAPERS = 10, 24


class FundsForm(forms.Form):
    """An amount, and a test card."""

    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        max_length=30,
    )
    card_number = forms.CharField(
        label=gettext_lazy("Number of the test card"),
        help_text=gettext_lazy("9999 0000 0000 0000 is always accepted. Never type a real one."),
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=40,
    )


@for_member(Permission.READ_BILLING, "GET")
def billing(visit: AdvertiserVisit) -> HttpResponse:
    """Show the balance, the days and the papers; ``?du=`` and ``?au=`` say which days."""
    return _show(visit, FundsForm())


@for_member(Permission.MANAGE_BILLING, "POST")
def add_funds(visit: AdvertiserVisit) -> HttpResponse:
    """Add funds by a test card, in a sandbox and a demo."""
    form, currency = FundsForm(visit.request.POST), visit.advertiser.currency
    if settings.HOUSE.mode is Mode.LIVE or not form.is_valid():
        return _show(visit, form, status=422)
    micros = read_money(form.cleaned_data["amount"], currency)
    if micros is None:
        form.add_error("amount", _("Type an amount, such as 500 or 500.50."))
        return _show(visit, form, status=422)
    try:
        made = actions.fund_advertiser(
            visit.means,
            visit.actor,
            advertiser_id=visit.advertiser.id,
            amount_micros=micros,
            provider=TestCard(),
            said=form.cleaned_data["card_number"],
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, form, status=telling.put_into(form, refused, {"amount_micros": "amount"}))
    amount = formats.money(made.amount_micros, currency, formats.language_of(get_language()))
    messages.success(visit.request, _("%(amount)s were added to the balance.") % {"amount": amount})
    return HttpResponseRedirect(reverse("billing"))


@for_member(Permission.READ_BILLING, "GET")
def export(visit: AdvertiserVisit) -> HttpResponseBase:
    """Give the statement of the days that the address asks for, as a file."""
    told = _statement(visit)
    return papers.statement_answer(
        pgettext("file name", "statement"),
        told,
        moved=_("Spend"),
        sign=-1,
        form=visit.request.GET.get("format", ""),
        day=told.last,
    )


@for_member(Permission.READ_BILLING, "GET")
def invoice(visit: AdvertiserVisit, invoice_id: int) -> HttpResponse:
    """Show an invoice or a credit note of the advertiser."""
    view = invoices.get_invoice(advertiser_id=visit.advertiser.id, invoice_id=invoice_id)
    return frame.page(visit, "advertiser/invoice.html", "billing", papers.context_of(view))


@for_member(Permission.READ_BILLING, "GET")
def invoice_pdf(visit: AdvertiserVisit, invoice_id: int) -> HttpResponse:
    """Give an invoice or a credit note of the advertiser as a PDF."""
    return papers.pdf_answer(invoices.get_invoice(advertiser_id=visit.advertiser.id, invoice_id=invoice_id))


def _statement(visit: AdvertiserVisit) -> statements.Statement:
    first, last = papers.days_asked(visit.request, visit.means.clock.world_ms(), visit.advertiser.timezone)
    return statements.of_advertiser(advertiser_id=visit.advertiser.id, first=first, last=last)


def _show(visit: AdvertiserVisit, form: FundsForm, *, status: int = 200) -> HttpResponse:
    told = _statement(visit)
    movements = queries.list_movements(advertiser_id=visit.advertiser.id, limit=MOVEMENTS).items
    said = papers.movement_words()
    context = {
        "period": month_of(visit.advertiser.timezone, visit.means.clock.world_ms()),
        "balance": queries.balance_of_advertiser(visit.means, advertiser_id=visit.advertiser.id),
        "told": told,
        "days": list(reversed(told.days)),
        "most_micros": max((day.moved_micros for day in told.days), default=0),
        "is_today": told.last >= local_day(visit.advertiser.timezone, visit.means.clock.world_ms()),
        "movements": [{"view": one, "what": said.get(one.kind, one.kind)} for one in movements],
        "papers": papers.rows_of(invoices.list_invoices(advertiser_id=visit.advertiser.id, limit=PAPERS).items),
        "form": form,
        "takes_cards": settings.HOUSE.mode is not Mode.LIVE,
        "can_fund": visit.can(Permission.MANAGE_BILLING),
        "formats": csv_file.options(get_language() or ""),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "advertiser/billing.html", "billing", context, status=status)
