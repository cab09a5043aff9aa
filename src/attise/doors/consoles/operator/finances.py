"""The house's money: payouts that wait, what accounts hold together, papers, refunds, and whether the ledger holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, papers, telling, words
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import Visit
from attise.doors.site import formats
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import PAYOUT_NOTE_CHARACTERS
from attise.ledger import queries as books
from attise.ledger.verify import verify_ledger
from attise.management.accounts import queries as accounts
from attise.management.billing import actions as billing
from attise.management.earnings import actions, queries
from attise.management.earnings.rules import SAME_OWNER
from attise.management.earnings.views import PayoutView
from attise.management.invoices import actions as invoicing
from attise.management.invoices import queries as invoices
from attise.management.invoices.verify import first_difference

MOST, PAPERS = 100, 20
ACTS = {
    "approuver": actions.approve_payout,
    "refuser": actions.refuse_payout,
    "payer": actions.mark_paid,
    "echec": actions.fail_payout,
}


class IssuerForm(forms.Form):
    """Who invoices."""

    name = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        error_messages={"required": gettext_lazy("This field is required.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    registration = forms.CharField(label=gettext_lazy("Registration and tax numbers"), max_length=200, required=False)
    mention = forms.CharField(
        label=gettext_lazy("Mentions of the law"),
        help_text=gettext_lazy("On every invoice: taxes, terms of payment. The ledger knows no tax."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefundForm(forms.Form):
    """What is given back of a balance."""

    advertiser_id = forms.CharField(
        label=gettext_lazy("Advertiser id"),
        max_length=20,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=30,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of the transfer"),
        max_length=140,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@for_operator("GET", "POST")
def finances(visit: Visit) -> HttpResponse:
    """Show the house's money; the button recounts the whole ledger and every paper, which changes nothing."""
    return _show(visit, is_checked=visit.request.method == "POST")


@for_operator("POST")
def answer_payout(visit: Visit, payout_id: int, act: str) -> HttpResponse:
    """Approve, refuse, pay or fail a payout; what is refused is said on a page of its own."""
    note = visit.request.POST.get("note", "")[:PAYOUT_NOTE_CHARACTERS]
    said = {"reference" if act == "payer" else "note": note}
    view = ACTS[act](visit.means, visit.actor, payout_id=payout_id, **said)
    messages.success(visit.request, words.PAYOUT_STATES[view.state])
    return HttpResponseRedirect(reverse("finances"))


@for_operator("POST")
def state_issuer(visit: Visit) -> HttpResponse:
    """State who invoices."""
    form = IssuerForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, issuer_form=form, status=422)
    try:
        invoicing.state_issuer(visit.means, visit.actor, **form.cleaned_data)
    except (Refusal, Refusals) as refused:
        return _show(visit, issuer_form=form, status=telling.put_into(form, refused))
    messages.success(visit.request, _("Invoices bear this from now on."))
    return HttpResponseRedirect(reverse("finances"))


@for_operator("POST")
def refund(visit: Visit) -> HttpResponse:
    """Give an advertiser back what it has not spent."""
    form = RefundForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, refund_form=form, status=422)
    advertiser = accounts.find_advertiser(parse_id(form.cleaned_data["advertiser_id"].strip()) or 0)
    if advertiser is None:
        form.add_error("advertiser_id", _("No advertiser has this id."))
        return _show(visit, refund_form=form, status=422)
    micros = read_money(form.cleaned_data["amount"], advertiser.currency)
    if micros is None:
        form.add_error("amount", _("Type an amount, such as 500 or 500.50."))
        return _show(visit, refund_form=form, status=422)
    try:
        made = billing.refund_advertiser(
            visit.means,
            visit.actor,
            advertiser_id=advertiser.id,
            amount_micros=micros,
            said=form.cleaned_data["reference"],
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, refund_form=form, status=telling.put_into(form, refused, {"amount_micros": "amount"}))
    amount = formats.money(-made.amount_micros, made.currency, formats.language_of(get_language()))
    messages.success(
        visit.request, _("%(amount)s were returned to %(name)s.") % {"amount": amount, "name": advertiser.name}
    )
    return HttpResponseRedirect(reverse("finances"))


@for_operator("GET")
def invoice_pdf(visit: Visit, invoice_id: int) -> HttpResponse:  # noqa: ARG001 - whoever is the operator
    """Give any invoice or credit note of the house as a PDF."""
    return papers.pdf_answer(invoices.get_invoice(advertiser_id=None, invoice_id=invoice_id))


def _show(
    visit: Visit,
    *,
    is_checked: bool = False,
    issuer_form: IssuerForm | None = None,
    refund_form: RefundForm | None = None,
    status: int = 200,
) -> HttpResponse:
    issuer = invoices.find_issuer()
    stated = {} if issuer is None else {name: getattr(issuer, name) for name in IssuerForm.base_fields}
    broken = (verify_ledger().difference or first_difference()) if is_checked else None
    context = {
        "payouts": _payouts(visit, queries.list_payouts(is_open=True, limit=MOST).items),
        "totals": [
            {"total": one, "kinds": [(words.ACCOUNT_KINDS.get(kind, kind), sum_) for kind, sum_ in one.by_kind.items()]}
            for one in books.list_totals()
        ],
        "papers": papers.rows_of(invoices.list_invoices(advertiser_id=None, limit=PAPERS).items),
        "issuer": issuer,
        "issuer_form": issuer_form or IssuerForm(initial=stated),
        "refund_form": refund_form or RefundForm(),
        "checked": is_checked,
        "checked_at_ms": visit.means.clock.world_ms(),
        "broken": broken,
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "operator/finances.html", "finances", context, status=status)


def _payouts(visit: Visit, views: list[PayoutView]) -> list[dict[str, Any]]:
    """Return payouts that wait, the oldest first, with what has to be known to pay them."""
    rows = []
    for view in reversed(views):
        creator = accounts.get_creator(view.creator_id)
        rows.append(
            {
                "view": view,
                "key": str(view.id),
                "handle": creator.handle,
                "state": words.PAYOUT_STATES[view.state],
                "number": queries.open_number(visit.means, view.id) if view.state == "approved" else "",
                "held_for": [_held(reason, number) for reason, number in view.held_for],
            }
        )
    return rows


def _held(reason: str, number: str) -> str:
    if reason == SAME_OWNER:
        advertiser = accounts.find_advertiser(int(number))
        return _("The same person stands behind %(name)s, who paid.") % {
            "name": number if advertiser is None else advertiser.name
        }
    creator = accounts.find_creator(int(number))
    return _("@%(handle)s is paid on the same account.") % {"handle": number if creator is None else creator.handle}
