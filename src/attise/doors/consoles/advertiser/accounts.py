"""Linked accounts: asking a creator for access by a QR code, who gave it, which advertisers use it, ending it."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, shown_once, telling, words
from attise.doors.consoles.address import absolute
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import Refusal
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import AccessRequestView, AccountView

PAGE = 50
ASKED = "access:"
"""The name under which the link of a request waits in the session of whoever made it."""
NOT_YET = 204


@for_member(Permission.READ, "GET")
def linked_accounts(visit: AdvertiserVisit) -> HttpResponse:
    """List the accounts that creators opened, and the advertiser's own."""
    found = queries.list_accounts(visit.means, business_center_id=visit.center_id, page_size=PAGE)
    own = queries.list_identities(visit.means, advertiser_id=visit.advertiser.id, identity_type="TT_USER")
    linked = {one.creator_id for one in own.items if one.is_available}
    context = {
        "rows": [_row(visit, one) for one in found.items],
        "own": [one for one in own.items if one.is_available],
        "can_link": visit.creator is not None and visit.creator.id not in linked,
        "can_ask": visit.can(Permission.REQUEST_ACCESS),
        "can_assign": visit.can(Permission.ASSIGN_ACCOUNTS),
        "reserved": words.reserved_for(Permission.REQUEST_ACCESS),
        "assign_reserved": words.reserved_for(Permission.ASSIGN_ACCOUNTS),
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "advertiser/accounts.html", "linked_accounts", context)


def _row(visit: AdvertiserVisit, one: AccountView) -> dict[str, Any]:
    names = [holder.advertiser_name for holder in one.authorization.holders]
    return {
        "view": one,
        "key": str(one.authorization.id),
        "initials": words.initials(one.display_name),
        "permissions": [words.ACCESS_OFFERED[name] for name in one.authorization.permissions],
        "holders": words.listed(names),
        "is_ours": visit.advertiser.id in one.advertiser_ids,
    }


@for_member(Permission.READ, "GET", "POST", act=Permission.REQUEST_ACCESS)
def ask(visit: AdvertiserVisit) -> HttpResponse:
    """Choose what to ask, and make the link of the question."""
    if visit.request.method == "GET":
        return _show_ask(visit, ["existing_posts"])
    wanted = visit.request.POST.getlist("permissions")
    if "new" in visit.request.POST:
        wanted.append(visit.request.POST.get("new_kind", ""))
    try:
        question, secret = actions.request_access(
            visit.means, visit.actor, business_center_id=visit.center_id, permissions=wanted
        )
    except Refusal as refusal:
        said = _("Choose at least one permission.") if not wanted else telling.sentence(refusal)
        return _show_ask(visit, wanted, said, status=telling.STATUSES[refusal.reason.kind])
    shown_once.keep(visit.request, visit.means, ASKED + str(question.id), secret=secret)
    return HttpResponseRedirect(reverse("account_request", args=[question.id]))


def _show_ask(visit: AdvertiserVisit, wanted: list[str], complaint: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "wanted": wanted,
        "asks_new": bool({"new_posts", "new_posts_ads_only"} & set(wanted)),
        "offered": words.ACCESS_OFFERED,
        "complaint": complaint,
        "can_ask": visit.can(Permission.REQUEST_ACCESS),
        "reserved": words.reserved_for(Permission.REQUEST_ACCESS),
    }
    return frame.page(visit, "advertiser/ask_account.html", "linked_accounts", context, status=status)


@for_member(Permission.READ, "GET")
def account_request(visit: AdvertiserVisit, request_id: int) -> HttpResponse:
    """Show the QR code until the creator answers, then the answer."""
    question = _own_question(visit, request_id)
    context = _state_of(visit, question)
    return frame.page(visit, "advertiser/account_request.html", "linked_accounts", context)


@for_member(Permission.READ, "GET")
def account_request_state(visit: AdvertiserVisit, request_id: int) -> HttpResponse:
    """Answer the page's own question: nothing while nothing happened, else what the page shows instead."""
    question = _own_question(visit, request_id)
    if question.state == "pending":
        return HttpResponse(status=NOT_YET)
    context = {**_state_of(visit, question), "visit": visit}
    return render(visit.request, "consoles/advertiser/parts/account_request_state.html", context)


def _own_question(visit: AdvertiserVisit, request_id: int) -> AccessRequestView:
    """Return a question of the Business Center; another's does not exist."""
    question = queries.get_access_request(visit.means, request_id=request_id)
    if question.business_center_id != visit.center_id:
        raise Http404
    return question


def _state_of(visit: AdvertiserVisit, question: AccessRequestView) -> dict[str, Any]:
    kept = shown_once.peek(visit.request, visit.means, ASKED + str(question.id))
    if question.state != "pending":
        shown_once.drop(visit.request, ASKED + str(question.id))
    creator = None if question.creator_id is None else accounts.find_creator(question.creator_id)
    url = absolute(visit.request, reverse("access_request", args=[kept["secret"]])) if kept else ""
    return {
        "question": question,
        "permissions": [words.ACCESS_OFFERED[name] for name in question.permissions],
        "creator": creator,
        "url": url,
        "sign": _sign(url) if url else "",
        "seconds_left": max((question.expires_at_ms - visit.means.clock.wire_ms()) // 1000, 0),
        "steps": [
            _("The creator opens the camera of their phone."),
            _("They point it at this code, or open the link you send."),
            _("They check who asks, then accept."),
        ],
    }


def _sign(url: str) -> SafeString:
    """Return a link as a sign to scan, drawn here."""
    svg: str = segno.make(url, error="m").svg_inline(omitsize=True, border=0, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - made from our own link by our own drawing


@for_member(Permission.READ, "POST", act=Permission.REQUEST_ACCESS)
def renew(visit: AdvertiserVisit, request_id: int) -> HttpResponse:
    """Ask the same again under a new link."""
    before = _own_question(visit, request_id)
    question, secret = actions.request_access(
        visit.means, visit.actor, business_center_id=visit.center_id, permissions=list(before.permissions)
    )
    shown_once.drop(visit.request, ASKED + str(before.id))
    shown_once.keep(visit.request, visit.means, ASKED + str(question.id), secret=secret)
    return HttpResponseRedirect(reverse("account_request", args=[question.id]))


@for_member(Permission.READ, "POST", act=Permission.REQUEST_ACCESS)
def end(visit: AdvertiserVisit, authorization_id: int) -> HttpResponse:
    """Give an access back; the creator is told."""
    actions.end_access(visit.means, visit.actor, business_center_id=visit.center_id, authorization_id=authorization_id)
    messages.success(visit.request, _("Access ended. The creator is told."))
    return HttpResponseRedirect(reverse("linked_accounts"))


@for_member(Permission.READ, "POST", act=Permission.ASSIGN_ACCOUNTS)
def assign(visit: AdvertiserVisit, creator_id: int) -> HttpResponse:
    """Let the advertiser use an account, or take it back from them."""
    act, said = actions.assign_account, _("This advertiser can use the account.")
    if visit.request.POST.get("act") == "unassign":
        act, said = actions.unassign_account, _("This advertiser can no longer use the account.")
    act(
        visit.means,
        visit.actor,
        business_center_id=visit.center_id,
        advertiser_id=visit.advertiser.id,
        creator_id=creator_id,
    )
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("linked_accounts"))


@for_member(Permission.READ, "POST", act=Permission.ASSIGN_ACCOUNTS)
def link_own(visit: AdvertiserVisit) -> HttpResponse:
    """Link the person's own creator account: one hand holds both sides, so no question is needed."""
    if visit.creator is None:
        raise Http404
    actions.link_own_account(visit.means, visit.actor, advertiser_id=visit.advertiser.id, creator_id=visit.creator.id)
    messages.success(visit.request, _("@%(handle)s is linked.") % {"handle": visit.creator.handle})
    return HttpResponseRedirect(reverse("linked_accounts"))
