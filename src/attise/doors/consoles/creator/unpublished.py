"""A video that is not published yet: the advice on it, its words, and whether it is published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, pictures
from attise.doors.consoles.creator.publish import ADVICE, said
from attise.doors.consoles.creator.publish_form import PublishForm, context_of, form_of, put, typed_of
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.video_advice import told_of
from attise.doors.consoles.video_edits import EditForm
from attise.doors.consoles.video_tool import result_of, tool_of
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.management.posts import actions
from attise.management.posts import queries as posts
from attise.management.posts.views import UnpublishedView

LET_GO = "jeter"
_NOT_YET = 204


@for_creator("GET", "POST")
def unpublished(visit: CreatorVisit, unpublished_id: int) -> HttpResponse:
    """Show a video that waits with its advice; publish it, keep its words, or let it go."""
    try:
        one = posts.get_unpublished(unpublished_id, owner_id=visit.account.id)
        if visit.request.method == "GET":
            return show(visit, one, form_of(one.typed))
        return _acted(visit, one)
    except Refusal as refused:
        if refused.code != NOT_FOUND.code or refused.field != "unpublished_id":
            raise
    messages.info(visit.request, _("This video does not wait any more: it was published or let go of."))
    return HttpResponseRedirect(reverse("creator_posts"))


@for_creator("GET")
def preflight(visit: CreatorVisit, unpublished_id: int) -> HttpResponse:
    """Answer the page's own question: nothing while the video is looked over, then the advice."""
    advice = _advice(visit, posts.get_unpublished(unpublished_id, owner_id=visit.account.id))
    if advice is not None and advice["state"] == "waiting":
        return HttpResponse(status=_NOT_YET)
    return render(visit.request, "consoles/parts/video/preflight.html", {"advice": advice})


def _acted(visit: CreatorVisit, one: UnpublishedView) -> HttpResponse:
    """Do what the button said. Raises: ``not_found`` where the video went meanwhile."""
    request, act = visit.request, visit.request.POST.get("act")
    mine: dict[str, Any] = {"owner_id": visit.account.id, "unpublished_id": one.id}
    if act == LET_GO:
        actions.let_go(visit.means, house=settings.HOUSE, **mine)
        messages.success(request, _("The video is let go of. Nothing was published."))
        return HttpResponseRedirect(reverse("publish"))
    if act == ADVICE:
        actions.reword(visit.means, typed=typed_of(request.POST), **mine)
        return HttpResponseRedirect(reverse("unpublished", args=[one.id]))
    form = PublishForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            post = actions.publish_post(
                visit.means,
                visit.actor,
                house=settings.HOUSE,
                draft=form.draft(1),
                creator_id=visit.account.id,
                unpublished_id=one.id,
            )
        except (Refusal, Refusals) as refused:
            if isinstance(refused, Refusal) and refused.code == NOT_FOUND.code:
                raise
            status, _about_file = put(form, refused)
        else:
            messages.success(request, said(post))
            return HttpResponseRedirect(reverse("creator_post", args=[post.id]))
    return show(visit, one, form, status=status)


def show(
    visit: CreatorVisit,
    one: UnpublishedView,
    form: PublishForm | None = None,
    *,
    edit_form: EditForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a video that waits, with its forms as they were filled in."""
    name = pictures.line_of(one.caption) or _("A video without a caption")
    edits_url = reverse("edit_unpublished", args=[one.id])
    context = context_of(form or form_of(one.typed)) | result_of(visit, one, name, edits_url)
    context |= tool_of(visit, one, edit_form, lambda number: reverse("cover_picture", args=[one.id, number]))
    context["advice"] = _advice(visit, one)
    return frame.page(visit, "creator/unpublished.html", "creator_posts", context, status=status)


def _advice(visit: CreatorVisit, one: UnpublishedView) -> dict[str, Any] | None:
    player = pictures.player_of_media(visit.means, one.shown, "")
    return told_of(one.preflight, reverse("unpublished_preflight", args=[one.id]), player)
