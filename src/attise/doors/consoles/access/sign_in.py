"""Signing in by e-mail and password, and signing out."""

from __future__ import annotations

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.access.forms import SignInForm
from attise.doors.consoles.access.session import landing_of, open_session
from attise.doors.consoles.address import address_of
from attise.doors.consoles.gate import NEXT, for_anyone, is_ours
from attise.doors.consoles.visit import visit_of
from attise.doors.site.means import means
from attise.kernel.errors import Refusal
from attise.management.accounts import actions as accounts


@for_anyone("GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password; whoever is wrong keeps the e-mail typed, and learns nothing about it."""
    follows = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    follows = follows if is_ours(request, follows) else ""
    here = visit_of(request)
    if request.method == "GET" and here is not None:
        return HttpResponseRedirect(follows or landing_of(here))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status, retry_after_s = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = accounts.sign_in(
                    means(),
                    email=form.cleaned_data["email"],
                    password=form.cleaned_data["password"],
                    address=address_of(request),
                )
            except Refusal as refusal:
                status = telling.put_into(form, refusal)
                retry_after_s = refusal.params.get("retry_after_s")
            else:
                visit = open_session(request, person.id)
                return HttpResponseRedirect(follows or landing_of(visit))
    context = {"form": form, "next_name": NEXT, "next": follows}
    response = render(request, "consoles/access/sign_in.html", context, status=status)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


@for_anyone("GET", "POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; a link that is merely followed ends nothing."""
    if request.method == "POST":
        auth.logout(request)
        messages.success(request, _("You are signed out."))
        return HttpResponseRedirect(reverse("sign_in"))
    return HttpResponseRedirect(reverse("viewer_home"))
