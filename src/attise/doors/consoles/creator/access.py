"""Access to the creator's account: a question that came by a link, and the accesses that were given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, grants, words
from attise.doors.consoles.creator import post_requests
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Kind, Refusal
from attise.management.accounts import queries as accounts
from attise.management.authorizations import actions, queries
from attise.management.authorizations.actions.access import hash_secret
from attise.management.authorizations.views import AccessRequestView, AuthorizationView

MANY = 200
"""Account accesses that a creator may have live at once, far above what anyone grants."""


@for_creator("GET")
def requests_page(visit: CreatorVisit) -> HttpResponse:
    """List who has access to the account."""
    page = queries.list_authorizations(visit.means, creator_id=visit.account.id, kind="account", live=True, limit=MANY)
    own = queries.list_authorizations(visit.means, creator_id=visit.account.id, kind="own", live=True, limit=MANY)
    centers = {
        one.id: one
        for one in accounts.list_business_centers(
            [view.business_center_id for view in page.items if view.business_center_id]
        )
    }
    advertisers = {
        one.id: one
        for one in accounts.list_advertisers([view.advertiser_id for view in own.items if view.advertiser_id])
    }
    context = {
        "waiting": post_requests.waiting(visit),
        "rows": [_row(visit, view, centers[view.business_center_id or 0].name) for view in page.items],
        "own": [_row(visit, view, advertisers[view.advertiser_id or 0].name) for view in own.items],
        "dialog": visit.request.GET.get("dialog", ""),
    }
    return frame.page(visit, "creator/requests.html", "creator_requests", context)


def _row(visit: CreatorVisit, view: AuthorizationView, name: str) -> dict[str, Any]:
    return {
        "card": grants.card(view, visit.means.clock.world_ms()),
        "name": name,
        "permissions": [words.ACCESS_ASKED[one] for one in view.permissions],
        "holders": words.listed([holder.advertiser_name for holder in view.holders]),
    }


@for_creator("GET", "POST")
def access_request(visit: CreatorVisit, secret: str) -> HttpResponse:
    """Say who asks for what, in the creator's own session, and take the answer."""
    try:
        question = queries.get_access_request(visit.means, secret_hash=hash_secret(secret))
    except Refusal:
        raise Http404 from None
    if visit.request.method == "POST":
        answer = visit.request.POST.get("answer", "")
        act = {"accept": actions.accept_access, "refuse": actions.refuse_access}.get(answer)
        if act is None:
            return _show(visit, question, secret, status=422)
        try:
            act(visit.means, visit.actor, creator_id=visit.account.id, secret=secret)
        except Refusal as refusal:
            if refusal.reason.kind is not Kind.CONFLICT:
                raise
            question = queries.get_access_request(visit.means, request_id=question.id)
            return _show(visit, question, secret, status=409)
        said = (
            _("%(name)s now has access to your account.")
            if answer == "accept"
            else _("You refused the request of %(name)s.")
        )
        messages.success(visit.request, said % {"name": question.business_center_name})
        return HttpResponseRedirect(reverse("creator_requests"))
    return _show(visit, question, secret)


def _show(visit: CreatorVisit, question: AccessRequestView, secret: str, *, status: int = 200) -> HttpResponse:
    center = accounts.get_business_center(question.business_center_id)
    context = {
        "question": question,
        "center": center,
        "country": words.country_name(center.country),
        "secret": secret,
        "permissions": [words.ACCESS_ASKED[one] for one in question.permissions],
        "seconds_left": max((question.expires_at_ms - visit.means.clock.wire_ms()) // 1000, 0),
        "is_mine": question.creator_id == visit.account.id,
    }
    return frame.page(visit, "creator/access_request.html", "creator_requests", context, status=status)
