"""The creative tool of the publish page: a video that waits is cut, its cover chosen, words and a sound put to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import cover_strip
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.video_edits import EditForm
from attise.doors.consoles.video_tool import is_back, is_waiting, put_edits, result_of
from attise.doors.consoles.visit import CreatorVisit
from attise.management.posts import queries as posts

_NOT_YET = 204


@for_creator("GET", "POST")
def edit(visit: CreatorVisit, unpublished_id: int) -> HttpResponse:
    """Keep what is done to a video; or answer the page's own question, whether it is rendered."""
    from attise.doors.consoles.creator.unpublished import show

    if visit.request.method == "GET":
        one = posts.get_unpublished(unpublished_id, owner_id=visit.account.id)
        if is_waiting(one):
            return HttpResponse(status=_NOT_YET)
        return render(visit.request, "consoles/parts/video/result.html", result_of(visit, one, "", visit.request.path))
    one = posts.get_unpublished(unpublished_id, owner_id=visit.account.id)
    form = EditForm(visit.request.POST)
    status = put_edits(visit, one, form, owner_id=visit.account.id)
    if status is not None:
        return show(visit, one, edit_form=form, status=status)
    said = _("The video is as you sent it.") if is_back(visit) else _("Your edits are kept; the video is being made.")
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("unpublished", args=[one.id]))


@for_creator("GET")
def cover_picture(visit: CreatorVisit, unpublished_id: int, number: int) -> HttpResponse:
    """Lead to a picture of the strip that a cover is chosen of."""
    return cover_strip.picture(
        visit.means, posts.get_unpublished(unpublished_id, owner_id=visit.account.id).media, number
    )
