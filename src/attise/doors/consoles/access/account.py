"""A person's own login: their name, the e-mail address that signs them in, their password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, telling
from attise.doors.consoles.access.forms import ChangePasswordForm, DetailsForm, EmailForm, FirstPasswordForm
from attise.doors.consoles.access.session import keep_session
from attise.doors.consoles.gate import for_person
from attise.doors.consoles.visit import Visit
from attise.doors.site.notices import shown_email
from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.accounts import actions
from attise.management.accounts.actions.passwords import hash_password, store_password
from attise.management.accounts.facts import clean_email
from attise.management.accounts.queries import list_looks_at
from attise.management.outbox.actions import unit, verb

FORMS: dict[str, type[forms.Form]] = {
    "first": FirstPasswordForm,
    "details": DetailsForm,
    "email": EmailForm,
    "password": ChangePasswordForm,
}
WHAT = "what"


@for_person("GET", "POST")
def account(visit: Visit) -> HttpResponse:
    """Show the login, and change the part whose form was sent."""
    sent = visit.request.POST.get(WHAT, "")
    shown = ("details", "email", "password") if visit.person.has_password else ("first", "details")
    bound, status = None, 200
    if visit.request.method == "POST" and sent in shown:
        bound = FORMS[sent](visit.request.POST, auto_id=f"{sent}_%s")
        status = 422
        if bound.is_valid():
            try:
                said = _DO[sent](visit, bound.cleaned_data)
            except (Refusal, Refusals) as refused:
                status = telling.put_into(bound, refused)
            else:
                messages.success(visit.request, said)
                return HttpResponseRedirect(reverse("account"))
    parts = {name: bound if bound is not None and name == sent else _blank(visit, name) for name in shown}
    return frame.page(
        visit,
        "access/account.html",
        "account",
        {"parts": parts, "looks": list_looks_at(visit.person.id)},
        status=status,
    )


def _blank(visit: Visit, name: str) -> forms.Form:
    known = {"email": shown_email(visit.person.email), "display_name": visit.person.display_name}
    return FORMS[name](initial=known, auto_id=f"{name}_%s")


def _set_first(visit: Visit, given: dict[str, Any]) -> str:
    """Give an e-mail address and a password together, both or neither."""
    gather = Gather()
    email = gather.take(clean_email, given["email"])
    encoded = gather.take(hash_password, given["password"])
    gather.tell()
    _store_first(visit.means, visit.actor, visit.person.id, email, encoded)
    keep_session(visit.request, visit.person.id)
    return _("You can now sign in with this e-mail and password.")


@verb
def _store_first(means: Means, actor: Actor, person_id: int, email: str, encoded: str) -> None:
    with unit(means):
        actions.update_person(means, person_id=person_id, email=email)
        store_password(means, actor, person_id=person_id, encoded=encoded)


def _set_details(visit: Visit, given: dict[str, Any]) -> str:
    actions.update_person(visit.means, person_id=visit.person.id, display_name=given["display_name"])
    return _("Saved.")


def _set_email(visit: Visit, given: dict[str, Any]) -> str:
    """Change what signs a person in; whoever found the browser open does not know the password."""
    try:
        actions.sign_in(
            visit.means, email=visit.person.email, password=given["current_password"], address=visit.address
        )
    except Refusal as refusal:
        raise refusal.at("current_password") from None
    actions.update_person(visit.means, person_id=visit.person.id, email=given["email"])
    return _("You now sign in with this e-mail.")


def _set_password(visit: Visit, given: dict[str, Any]) -> str:
    actions.change_password(
        visit.means,
        person_id=visit.person.id,
        current=given["current"],
        password=given["password"],
        address=visit.address,
    )
    keep_session(visit.request, visit.person.id)
    return _("Your password is changed. Other sessions were signed out.")


_DO = {"first": _set_first, "details": _set_details, "email": _set_email, "password": _set_password}
