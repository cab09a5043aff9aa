"""Members of the Business Center: who is there with which role, and invitations by a link to hand over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attise.doors.consoles import frame, paging, shown_once, telling, words
from attise.doors.consoles.access.forms import email_field
from attise.doors.consoles.address import absolute
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import FIELD_INVALID, N_, Refusal, Refusals
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import NAMED, Permission, Roles

INVITED = "invitation"


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = email_field()
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=list(words.ROLE_NAMES.items()), initial="campaign_operator"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "off"


@for_member(None, "GET")
def members(visit: AdvertiserVisit) -> HttpResponse:
    """List members and invitations; every member may see who administers."""
    return _show(visit, InvitationForm())


def _show(visit: AdvertiserVisit, form: InvitationForm, *, status: int = 200) -> HttpResponse:
    found = queries.list_members(visit.center_id, paging.number_of(visit.request), paging.PAGE)
    may_manage = visit.can(Permission.MANAGE_MEMBERS)
    admins = queries.list_members(visit.center_id, 1, 1, role="ADMIN").total
    fresh = shown_once.take(visit.request, visit.means, INVITED) if visit.request.method == "GET" else None
    context = {
        "members": [
            {
                "view": member,
                "initials": words.initials(member.display_name),
                "role": words.role_name(member.roles),
                "key": next((name for name, roles in NAMED.items() if roles == member.roles), ""),
                "is_me": member.person_id == visit.person.id,
                "is_only_admin": admins == 1 and member.roles == NAMED["admin"],
            }
            for member in found.items
        ],
        "invitations": [
            {"view": one, "role": words.role_name(one.roles)}
            for one in queries.list_invitations(visit.means, visit.center_id)
        ]
        if may_manage
        else [],
        "roles": [(name, words.ROLE_NAMES[name], words.ROLE_RIGHTS[name]) for name in NAMED],
        "form": form,
        "may_manage": may_manage,
        "reserved": words.reserved_for(Permission.MANAGE_MEMBERS),
        "fresh": fresh,
        "pager": paging.pager(found, {}),
    }
    return frame.page(visit, "advertiser/members.html", "members", context, status=status)


@for_member(Permission.MANAGE_MEMBERS, "POST")
def invite(visit: AdvertiserVisit) -> HttpResponse:
    """Make an invitation; its link is shown once, to be handed over."""
    form = InvitationForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, form, status=422)
    roles = NAMED[form.cleaned_data["role"]]
    try:
        view, secret = actions.invite_member(
            visit.means,
            visit.actor,
            business_center_id=visit.center_id,
            email=form.cleaned_data["email"],
            role=roles.role,
            advertiser_role=roles.advertiser_role,
            finance_role=roles.finance_role,
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, form, status=telling.put_into(form, refused))
    url = absolute(visit.request, reverse("invitation", args=[secret]))
    shown_once.keep(visit.request, visit.means, INVITED, url=url, email=view.email)
    return HttpResponseRedirect(reverse("members"))


@for_member(Permission.MANAGE_MEMBERS, "POST")
def withdraw(visit: AdvertiserVisit, invitation_id: int) -> HttpResponse:
    """Make an invitation dead."""
    actions.withdraw_invitation(visit.means, business_center_id=visit.center_id, invitation_id=invitation_id)
    messages.success(visit.request, _("Invitation withdrawn."))
    return HttpResponseRedirect(reverse("members"))


@for_member(Permission.MANAGE_MEMBERS, "POST")
def change(visit: AdvertiserVisit, person_id: int) -> HttpResponse:
    """Give a member another role."""
    roles = _named_roles(visit.request.POST.get("role", ""))
    actions.change_member(
        visit.means,
        visit.actor,
        business_center_id=visit.center_id,
        person_id=person_id,
        role=roles.role,
        advertiser_role=roles.advertiser_role,
        finance_role=roles.finance_role,
    )
    messages.success(visit.request, _("Role changed."))
    return HttpResponseRedirect(reverse("members"))


def _named_roles(name: str) -> Roles:
    if name not in NAMED:
        raise Refusal(FIELD_INVALID, field="role", rule=N_("one of the four roles"))
    return NAMED[name]


@for_member(None, "POST")
def remove(visit: AdvertiserVisit, person_id: int) -> HttpResponse:
    """End a membership: one's own, or another's when one administers."""
    from attise.doors.consoles.gate import Closed

    if person_id != visit.person.id and not visit.can(Permission.MANAGE_MEMBERS):
        raise Closed(
            _("an administrator of %(business_center)s") % {"business_center": visit.membership.business_center_name}
        )
    actions.remove_member(visit.means, visit.actor, business_center_id=visit.center_id, person_id=person_id)
    messages.success(visit.request, _("The membership is ended; the access keys it gave stop here."))
    return HttpResponseRedirect(reverse("viewer_home" if person_id == visit.person.id else "members"))
