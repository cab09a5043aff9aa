"""Accepting an invitation into a Business Center, with the account one has or with a new one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import telling, words
from attise.doors.consoles.access.forms import NewcomerForm
from attise.doors.consoles.access.session import open_session
from attise.doors.consoles.access.sign_in_link import dead_link
from attise.doors.consoles.gate import NEXT, for_anyone
from attise.doors.consoles.visit import Visit, visit_of
from attise.doors.site.means import means
from attise.kernel.errors import Kind, Refusal, Refusals
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import Roles
from attise.management.accounts.views import LinkView, MemberView
from attise.management.viewers import actions as viewers


@for_anyone("GET", "POST")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Say who invites whom to what, and let the invited person join."""
    link = queries.find_link(means(), secret)
    if link is None or link.invitation is None:
        return dead_link(request)
    here = visit_of(request)
    form = NewcomerForm(request.POST if request.method == "POST" else None)
    status, complaint = 200, ""
    if request.method == "POST" and (here is not None or form.is_valid()):
        try:
            member = _join(secret, here, form)
        except (Refusal, Refusals) as refused:
            first = telling.items_of(refused)[0]
            if first.reason.code == "link_dead":
                return dead_link(request)
            if first.reason.kind is Kind.CONFLICT:
                status, complaint = telling.STATUSES[first.reason.kind], telling.sentence(first)
            else:
                status = telling.put_into(form, refused)
        else:
            if here is None:
                open_session(request, member.person_id)
            messages.success(request, _("Welcome. You are now a member."))
            return HttpResponseRedirect(reverse("ads_home"))
    elif request.method == "POST":
        status = 422
    context = {**_facts(link, here), "form": form, "complaint": complaint}
    context["sign_in_url"] = reverse("sign_in") + "?" + urlencode({NEXT: request.path})
    return render(request, "consoles/access/invitation.html", context, status=status)


def _join(secret: str, here: Visit | None, form: NewcomerForm) -> MemberView:
    if here is not None:
        return actions.accept_invitation(means(), secret=secret, person_id=here.person.id)
    member = actions.accept_invitation(
        means(),
        secret=secret,
        display_name=form.cleaned_data["display_name"],
        password=form.cleaned_data["password"],
    )
    viewers.viewer_of_person(means(), person_id=member.person_id)
    return member


def _facts(link: LinkView, here: Visit | None) -> dict[str, object]:
    """Return what the page says, and which of its three forms it takes: join, sign in, or make an account."""
    said = link.invitation or {}
    roles = Roles(said["role"], said["advertiser_role"], said["finance_role"])
    center = queries.get_business_center(said["business_center_id"])
    host = queries.find_person(said["invited_by"]) if said["invited_by"] else None
    known = queries.find_person_by_email(said["email"])
    if here is not None:
        step = "join" if known is not None and known.id == here.person.id else "other"
    else:
        step = "new" if known is None else "sign_in"
    return {
        "center": center,
        "role": words.role_name(roles),
        "email": said["email"],
        "host": host,
        "step": step,
        "person": here.person if here else None,
    }
