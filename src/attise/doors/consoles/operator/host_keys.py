"""Keys of the host: named, shown once, revoked at any time. Each opens the whole native API."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attise.doors.consoles import frame, shown_once, telling
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import NAME_CHARACTERS
from attise.management.accounts import actions, queries

MADE = "host-key"


class HostKeyForm(forms.Form):
    """What a new key is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Which program holds it, so that you know what you revoke."),
        max_length=NAME_CHARACTERS,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@for_operator("GET", "POST")
def host_keys(visit: Visit) -> HttpResponse:
    """List the keys, and make one."""
    form, status = HostKeyForm(visit.request.POST if visit.request.method == "POST" else None), 200
    if visit.request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                view, text = actions.make_host_key(visit.means, visit.actor, name=form.cleaned_data["name"])
            except (Refusal, Refusals) as refused:
                status = telling.put_into(form, refused)
            else:
                shown_once.keep(visit.request, visit.means, MADE, name=view.name, key=text)
                return HttpResponseRedirect(reverse("host_keys"))
    fresh = shown_once.take(visit.request, visit.means, MADE) if visit.request.method == "GET" else None
    keys = queries.list_host_keys()
    context = {
        "live": [key for key in keys if key.revoked_at_ms is None],
        "revoked": [key for key in keys if key.revoked_at_ms is not None],
        "form": form,
        "fresh": fresh,
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "operator/host_keys.html", "host_keys", context, status=status)


@for_operator("POST")
def revoke(visit: Visit, host_key_id: int) -> HttpResponse:
    """Stop a key at once."""
    actions.revoke_host_key(visit.means, visit.actor, host_key_id=host_key_id)
    messages.success(visit.request, _("Key revoked: nothing gets in with it any more."))
    return HttpResponseRedirect(reverse("host_keys"))
