"""A creator's money: what can be paid out, what is on its way, who it came from; asked for here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, papers, pictures, telling, words
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import CreatorVisit
from attise.doors.site.earned import list_earned
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import ACCOUNT_HOLDER_CHARACTERS, ACCOUNT_NUMBER_CHARACTERS
from attise.management.accounts import queries as accounts
from attise.management.earnings import actions, queries
from attise.management.earnings.by_post import EarnedRow
from attise.management.earnings.rules import Balance
from attise.management.invoices import statements
from attise.management.invoices.rules import month_of
from attise.management.posts import queries as posts

PAYOUTS = 50
ZONE = "UTC"
"""A creator declares no zone; pages say whose days these are."""
CURRENCY = "devise"


class AccountForm(forms.Form):
    """Where the creator is paid."""

    holder = forms.CharField(
        label=gettext_lazy("Name on the account"),
        max_length=ACCOUNT_HOLDER_CHARACTERS,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=gettext_lazy("IBAN"),
        help_text=gettext_lazy("Or the account's number, where there is no IBAN. It is kept sealed."),
        max_length=ACCOUNT_NUMBER_CHARACTERS,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PayoutForm(forms.Form):
    """How much."""

    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        required=False,
        help_text=gettext_lazy("Leave it empty for all that can be paid out."),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.CharField(max_length=3, widget=forms.HiddenInput)


@for_creator("GET")
def earnings(visit: CreatorVisit) -> HttpResponse:
    """Show what the creator has in one currency; ``?devise=`` says which, where there are several."""
    return _show(visit)


@for_creator("POST")
def name_account(visit: CreatorVisit) -> HttpResponse:
    """Say where to pay."""
    form = AccountForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, account_form=form, status=422)
    try:
        actions.name_account(visit.means, visit.actor, creator_id=visit.account.id, **form.cleaned_data)
    except (Refusal, Refusals) as refused:
        return _show(visit, account_form=form, status=telling.put_into(form, refused))
    messages.success(visit.request, _("Payouts go to this account from now on."))
    return HttpResponseRedirect(reverse("creator_earnings"))


@for_creator("POST")
def ask_payout(visit: CreatorVisit) -> HttpResponse:
    """Ask for what has matured."""
    form = PayoutForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, payout_form=form, status=422)
    currency, micros = form.cleaned_data["currency"], None
    if form.cleaned_data["amount"]:
        micros = read_money(form.cleaned_data["amount"], currency) if currency in _currencies(visit) else None
        if micros is None:
            form.add_error("amount", _("Type an amount, such as 500 or 500.50."))
            return _show(visit, payout_form=form, status=422)
    try:
        view = actions.ask_payout(
            visit.means, visit.actor, creator_id=visit.account.id, currency=currency, amount_micros=micros
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, payout_form=form, status=telling.put_into(form, refused, {"amount_micros": "amount"}))
    said = _("Asked for. The operator checks it first.") if view.state == "held" else _("Asked for.")
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("creator_earnings"))


@for_creator("POST")
def withdraw_payout(visit: CreatorVisit, payout_id: int) -> HttpResponse:
    """Take back what was asked for."""
    actions.withdraw_payout(visit.means, visit.actor, creator_id=visit.account.id, payout_id=payout_id)
    messages.success(visit.request, _("Withdrawn: nothing is paid out."))
    return HttpResponseRedirect(reverse("creator_earnings"))


@for_creator("GET")
def export(visit: CreatorVisit) -> HttpResponseBase:
    """Give the statement of the days that the address asks for, as a file."""
    first, last = papers.days_asked(visit.request, visit.means.clock.world_ms(), ZONE)
    told = statements.of_creator(
        creator_id=visit.account.id, currency=currency_of(visit), first=first, last=last, timezone=ZONE
    )
    return papers.statement_answer(
        pgettext("file name", "earnings"),
        told,
        moved=_("Earned"),
        sign=1,
        form=visit.request.GET.get("format", ""),
        day=told.last,
    )


def _currencies(visit: CreatorVisit) -> list[str]:
    return queries.list_currencies(visit.account.id) or ["EUR"]


def currency_of(visit: CreatorVisit) -> str:
    """Return the currency that the address names, if the creator earned in it; else their first."""
    known, asked = _currencies(visit), visit.request.GET.get(CURRENCY, "")
    return asked if asked in known else known[0]


def _show(
    visit: CreatorVisit,
    *,
    account_form: AccountForm | None = None,
    payout_form: PayoutForm | None = None,
    status: int = 200,
) -> HttpResponse:
    currency = currency_of(visit)
    balance: Balance = queries.balance_of(visit.means, creator_id=visit.account.id, currency=currency)
    first, last = papers.days_asked(visit.request, visit.means.clock.world_ms(), ZONE)
    payouts = queries.list_payouts(creator_id=visit.account.id, limit=PAYOUTS).items
    context = {
        "balance": balance,
        "on_the_way_micros": balance.set_aside_micros + balance.asked_micros,
        "currencies": [(one, one == currency) for one in _currencies(visit)],
        "sources": sources_of(list_earned(visit.account.id, currency)),
        "period": month_of(ZONE, visit.means.clock.world_ms()),
        "payouts": [{"view": one, "state": words.PAYOUT_STATES[one.state]} for one in payouts],
        "is_open": any(one.is_open and one.currency == currency for one in payouts),
        "payout_account": queries.find_account(visit.account.id),
        "account_form": account_form or AccountForm(),
        "payout_form": payout_form or PayoutForm(initial={"currency": currency}),
        "first": first,
        "last": last,
        "zone": ZONE,
        "formats": csv_file.options(get_language() or ""),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "creator/earnings.html", "creator_earnings", context, status=status)


def sources_of(rows: Sequence[EarnedRow]) -> list[dict[str, Any]]:
    """Return who paid, by which post."""
    names = {one.id: one.name for one in accounts.list_advertisers({row.advertiser_id for row in rows} - {None})}
    shown = posts.find_posts([row.post_id for row in rows if row.post_id])
    return [
        {
            "row": row,
            "brand": names.get(row.advertiser_id or 0, ""),
            "post": shown.get(row.post_id or 0),
            "title": pictures.first_line(shown[row.post_id]) if row.post_id in shown else "",
        }
        for row in rows
    ]
