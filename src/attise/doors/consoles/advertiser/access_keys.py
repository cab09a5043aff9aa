"""Access keys: what a program needs to act for advertisers, made here, shown once, withdrawn at any time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attise.doors.consoles import frame, shown_once, telling, words
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.means import Means
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import Permission
from attise.management.accounts.views import AppView, TokenView
from attise.management.outbox.actions import unit, verb

MADE = "access-key"


class KeyForm(forms.Form):
    """What a new key is called, and whom it acts for."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What it is for, so that you know what you withdraw."),
        max_length=NAME_CHARACTERS,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    advertisers = forms.MultipleChoiceField(
        label=gettext_lazy("Acts for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one advertiser.")},
    )

    def __init__(self, visit: AdvertiserVisit, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = [one for one in visit.advertisers if one.business_center_id == visit.center_id]
        self.fields["advertisers"].choices = [(str(one.id), one.name) for one in mine]
        self.initial.setdefault("advertisers", [str(visit.advertiser.id)])


@for_member(Permission.READ, "GET")
def access_keys(visit: AdvertiserVisit) -> HttpResponse:
    """List the live keys that the person may see: all of the Business Center's, or those they made."""
    return _show(visit, KeyForm(visit))


def _show(visit: AdvertiserVisit, form: KeyForm, *, status: int = 200) -> HttpResponse:
    names = {one.id: one.name for one in visit.advertisers}
    fresh = shown_once.take(visit.request, visit.means, MADE) if visit.request.method == "GET" else None
    context = {
        "keys": [
            {
                "view": token,
                "dialog": f"retirer-{token.id}",
                "advertisers": words.listed([names[one] for one in token.advertiser_ids if one in names]),
                "who": _who(visit, token),
            }
            for token in _seen(visit)
        ],
        "form": form,
        "fresh": fresh,
        "sees_all": visit.can(Permission.MANAGE_TOKENS),
        "can_make": visit.can(Permission.CONNECT_APPS),
        "reserved": words.reserved_for(Permission.CONNECT_APPS),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "advertiser/access_keys.html", "access_keys", context, status=status)


def _seen(visit: AdvertiserVisit) -> list[TokenView]:
    found = queries.list_tokens_of_business_center(visit.center_id)
    if visit.can(Permission.MANAGE_TOKENS):
        return found
    return [token for token in found if token.person_id == visit.person.id]


def _who(visit: AdvertiserVisit, token: TokenView) -> str:
    if token.person_id is None:
        return _("The operator")
    if token.person_id == visit.person.id:
        return _("You")
    person = queries.find_person(token.person_id)
    return person.display_name if person else ""


@for_member(Permission.CONNECT_APPS, "POST")
def make(visit: AdvertiserVisit) -> HttpResponse:
    """Make an app and an access key for it; both secrets are shown on the page that follows, once."""
    form = KeyForm(visit, visit.request.POST)
    if not form.is_valid():
        return _show(visit, form, status=422)
    try:
        app, secret, token, text = _make(
            visit.means,
            person_id=visit.person.id,
            name=form.cleaned_data["name"],
            advertiser_ids=[int(one) for one in form.cleaned_data["advertisers"]],
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, form, status=telling.put_into(form, refused, {"advertiser_ids": "advertisers"}))
    shown_once.keep(
        visit.request,
        visit.means,
        MADE,
        name=token.name,
        access_token=text,
        app_id=str(app.id),
        secret=secret,
        advertiser_ids=[str(one) for one in token.advertiser_ids],
    )
    return HttpResponseRedirect(reverse("access_keys"))


@verb
def _make(means: Means, *, person_id: int, name: str, advertiser_ids: list[int]) -> tuple[AppView, str, TokenView, str]:
    """Make the app and its token in one unit; each with its text."""
    with unit(means):
        app, secret = actions.create_app(means, name=name, owner_id=person_id)
        token, text = actions.issue_token(
            means, app_id=app.id, person_id=person_id, advertiser_ids=advertiser_ids, name=name
        )
    return app, secret, token, text


@for_member(Permission.READ, "POST")
def withdraw(visit: AdvertiserVisit, token_id: int) -> HttpResponse:
    """Withdraw a key that the person may see."""
    if all(token.id != token_id for token in _seen(visit)):
        raise Refusal(NOT_FOUND, field="token_id")
    actions.withdraw_token(visit.means, business_center_id=visit.center_id, token_id=token_id)
    messages.success(visit.request, _("Access key withdrawn: no program gets in with it any more."))
    return HttpResponseRedirect(reverse("access_keys"))
