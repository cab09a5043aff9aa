"""A forgotten password: the operator is told, and hands over a link; no mail server is needed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.access.forms import ForgottenForm, NewPasswordForm
from attise.doors.consoles.access.session import landing_of, open_session
from attise.doors.consoles.access.sign_in_link import dead_link
from attise.doors.consoles.address import address_of
from attise.doors.consoles.gate import for_anyone
from attise.doors.site.means import means
from attise.kernel.errors import Refusal, Refusals
from attise.management.accounts import actions, queries
from attise.management.accounts.errors import LINK_DEAD


@for_anyone("GET", "POST")
def forgotten(request: HttpRequest) -> HttpResponse:
    """Take the request; the answer is the same whether or not anybody has the address."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_reset(means(), email=form.cleaned_data["email"], address=address_of(request))
        except Refusal as refusal:
            status = telling.put_into(form, refusal)
        else:
            context = {"asked": True, "email": form.cleaned_data["email"]}
            return render(request, "consoles/access/forgotten.html", context)
    return render(request, "consoles/access/forgotten.html", {"form": form}, status=status)


@for_anyone("GET", "POST")
def password_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Let whoever holds the link choose a password, and sign them in with it."""
    link = queries.find_link(means(), secret)
    person = None if link is None or link.person_id is None else queries.find_person(link.person_id)
    if link is None or link.purpose != "reset" or person is None or not person.is_active:
        return dead_link(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.reset_password(means(), secret=secret, password=form.cleaned_data["password"])
        except (Refusal, Refusals) as refused:
            if any(refusal.reason is LINK_DEAD for refusal in telling.items_of(refused)):
                return dead_link(request)
            status = telling.put_into(form, refused)
        else:
            visit = open_session(request, person.id)
            messages.success(request, _("Your password is set. Other sessions were signed out."))
            return HttpResponseRedirect(landing_of(visit))
    return render(request, "consoles/access/password_link.html", {"form": form, "person": person}, status=status)
