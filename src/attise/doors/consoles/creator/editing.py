"""The creative tool of the publish page: a video that waits is cut, its cover chosen, words and a sound put to it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import pictures, telling
from attise.doors.consoles.creator.cover_strip import places_of, strip_of
from attise.doors.consoles.creator.edit_form import EditForm, form_of, rows_of
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import NOT_FOUND, REASONS, Refusal, Refusals
from attise.management.posts import actions
from attise.management.posts import queries as posts
from attise.management.posts.editing.edits import NOTHING
from attise.management.posts.editing.sounds import SOUNDS
from attise.management.posts.views import UnpublishedView

BACK = "original"
"""The button that gives back the video as it was sent; any other keeps the edits."""
_NOT_YET = 204


@for_creator("GET", "POST")
def edit(visit: CreatorVisit, unpublished_id: int) -> HttpResponse:
    """Keep what is done to a video; or answer the page's own question, whether it is rendered."""
    from attise.doors.consoles.creator.unpublished import show

    if visit.request.method == "GET":
        one = posts.get_unpublished(unpublished_id, creator_id=visit.account.id)
        if is_waiting(one):
            return HttpResponse(status=_NOT_YET)
        return render(visit.request, "consoles/creator/parts/result.html", result_of(visit, one, ""))
    one = posts.get_unpublished(unpublished_id, creator_id=visit.account.id)
    form = EditForm(visit.request.POST)
    status = 422
    if visit.request.POST.get("act") == BACK or form.is_valid():
        is_back = visit.request.POST.get("act") == BACK
        try:
            actions.edit_video(
                visit.means,
                house=settings.HOUSE,
                creator_id=visit.account.id,
                unpublished_id=one.id,
                edits=NOTHING if is_back else form.edits(0 if one.media is None else one.media.duration_ms),
            )
        except (Refusal, Refusals) as refused:
            if isinstance(refused, Refusal) and refused.code == NOT_FOUND.code:
                raise
            form.is_valid()
            status = form.put(refused)
        else:
            said = _("The video is as you sent it.") if is_back else _("Your edits are kept; the video is being made.")
            messages.success(visit.request, said)
            return HttpResponseRedirect(reverse("unpublished", args=[one.id]))
    return show(visit, one, edit_form=form, status=status)


def is_waiting(one: UnpublishedView) -> bool:
    """Tell whether the worker still makes what is to be seen."""
    return one.editing == "waiting" or (one.media is None and not one.rendering_reason)


def result_of(visit: CreatorVisit, one: UnpublishedView, name: str) -> dict[str, Any]:
    """Return what ``parts/result.html`` takes: the video as it would be published, or that it is being made."""
    reason = REASONS.get(one.rendering_reason)
    return {
        "unpublished": one,
        "name": name or pictures.line_of(one.caption) or _("A video without a caption"),
        "player": pictures.player_of_media(visit.means, one.shown, name),
        "is_waiting": is_waiting(one),
        "is_edited": one.editing == "done",
        "failed": "" if not one.rendering_reason else _("This video could not be made with its edits."),
        "failed_why": "" if reason is None else telling.sentence(Refusal(reason)) if "%(" not in reason.message else "",
    }


def tool_of(visit: CreatorVisit, one: UnpublishedView, form: EditForm | None) -> dict[str, Any]:
    """Return what ``parts/editing.html`` takes, nothing while there is no video to edit."""
    if one.media is None:
        return {}
    form = form or form_of(one.edits, places_of(one.media.duration_ms))
    chosen = form["sound"].value() or ""
    sounds = [{"name": "", "label": pgettext("sound", "No added sound"), "url": "", "duration_ms": 0}]
    sounds += [
        {
            "name": name,
            "label": sound.name,
            "url": reverse("sound_file", args=[name]),
            "duration_ms": sound.duration_ms,
            "credit": sound.credit,
        }
        for name, sound in SOUNDS.items()
    ]
    return {
        "edit_form": form,
        "edit_errors": [
            {"field": form[name].id_for_label if name in form.fields else "", "message": told[0]}
            for name, told in form.errors.items()
        ],
        "edit_rows": rows_of(form),
        "strip": strip_of(one, one.media, form),
        "sounds": [{**sound, "checked": sound["name"] == chosen} for sound in sounds],
        "original": pictures.player_of_media(visit.means, one.media, ""),
        "duration_s": f"{one.media.duration_ms / 1_000:.3f}",
        "is_open": one.edits is not None or bool(form.errors),
        "has_edits": one.edits is not None,
    }
