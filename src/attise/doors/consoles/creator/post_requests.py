"""A brand asks for one post: the creator says yes, for how long and on what terms, or no."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, grants, pictures, telling
from attise.doors.consoles.creator.ad_settings import day_of
from attise.doors.consoles.creator.grant_form import SPELLED, GrantForm, chosen_days
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Kind, Refusal, Refusals
from attise.kernel.limits import DAY_MS
from attise.management.accounts import queries as accounts
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import PostRequestView
from attise.management.policy.queries import get_policy
from attise.management.posts import queries as posts

MANY = 100
"""Questions that a page shows; far above what a creator lets wait."""


def waiting(visit: CreatorVisit) -> list[dict[str, Any]]:
    """Return the questions that wait for the creator, newest first, with their posts. Cost: two queries."""
    found = queries.list_post_requests(creator_id=visit.account.id, state="pending", limit=MANY).items
    seen = posts.find_posts(one.post_id for one in found)
    return [
        {
            "request": one,
            "title": pictures.first_line(seen[one.post_id]),
            "cover_url": pictures.cover_of(visit.means, seen[one.post_id]),
        }
        for one in found
    ]


@for_creator("GET", "POST")
def post_request(visit: CreatorVisit, request_id: int) -> HttpResponse:
    """Say who asks for which post, and take the answer."""
    try:
        question = queries.get_post_request(request_id)
    except Refusal:
        raise Http404 from None
    if question.creator_id != visit.account.id:
        raise Http404
    name = {"name": question.advertiser_name}
    if question.state == "withdrawn":
        messages.info(visit.request, _("%(name)s took this request back.") % name)
        return HttpResponseRedirect(reverse("creator_requests"))
    if visit.request.method == "GET":
        return _show(visit, question, GrantForm(initial={"days": question.days}))
    return _answer(visit, question)


def _answer(visit: CreatorVisit, question: PostRequestView) -> HttpResponse:
    """Take a yes or a no."""
    name, request_id = {"name": question.advertiser_name}, question.id
    form = GrantForm(visit.request.POST)
    try:
        if visit.request.POST.get("answer") == "refuse":
            actions.refuse_request(visit.means, visit.actor, creator_id=visit.account.id, request_id=request_id)
            messages.success(visit.request, _("You refused the request of %(name)s.") % name)
            return HttpResponseRedirect(reverse("creator_requests"))
        if not form.is_valid():
            return _show(visit, question, form, status=422)
        actions.accept_request(
            visit.means,
            visit.actor,
            creator_id=visit.account.id,
            request_id=request_id,
            days=form.cleaned_data["days"],
            terms=form.terms(),
        )
    except (Refusal, Refusals) as refused:
        if isinstance(refused, Refusal) and refused.reason.kind is Kind.CONFLICT:
            return _show(visit, queries.get_post_request(request_id), form, status=409)
        return _show(visit, question, form, status=telling.put_into(form, refused, SPELLED))
    messages.success(visit.request, _("%(name)s may show your post as an ad.") % name)
    return HttpResponseRedirect(reverse("creator_post", args=[question.post_id]) + "#autorisation")


def _show(visit: CreatorVisit, question: PostRequestView, form: GrantForm, *, status: int = 200) -> HttpResponse:
    post = posts.get_post(question.post_id)
    advertiser = accounts.get_advertiser(question.advertiser_id)
    policy = get_policy()
    context = {
        "question": question,
        "advertiser": advertiser,
        "post": post,
        "name": pictures.first_line(post),
        "player": pictures.player_of(visit.means, post),
        "form": form,
        "wished": day_of(visit.means.clock.world_ms() + question.days * DAY_MS),
        "durations": grants.duration_options(
            visit.means.clock.world_ms(),
            grants.proposed_days(policy, chosen_days(form) or question.days),
            policy.grant_days,
        ),
    }
    return frame.page(visit, "creator/post_request.html", "creator_requests", context, status=status)
