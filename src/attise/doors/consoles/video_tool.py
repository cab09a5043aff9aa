"""The creative tool on a video that waits: what its page shows, for a creator's post or an advertiser's ad."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import pictures, telling
from attise.doors.consoles.cover_strip import places_of, strip_of
from attise.doors.consoles.video_edits import EditForm, form_of, rows_of
from attise.doors.consoles.visit import Visit
from attise.kernel.errors import NOT_FOUND, REASONS, Refusal, Refusals
from attise.management.posts import actions
from attise.management.posts.editing.edits import NOTHING
from attise.management.posts.editing.sounds import SOUNDS
from attise.management.posts.views import UnpublishedView

BACK = "original"
"""The button that gives back the video as it was sent; any other keeps the edits."""


def is_waiting(one: UnpublishedView) -> bool:
    """Tell whether the worker still makes what is to be seen."""
    return one.editing == "waiting" or (one.media is None and not one.rendering_reason)


def result_of(visit: Visit, one: UnpublishedView, name: str, edits_url: str) -> dict[str, Any]:
    """Return what ``parts/video/result.html`` takes: the video as it would be published, or that it is being made."""
    reason = REASONS.get(one.rendering_reason)
    return {
        "unpublished": one,
        "edits_url": edits_url,
        "name": name or pictures.line_of(one.caption) or _("A video without a caption"),
        "player": pictures.player_of_media(visit.means, one.shown, name),
        "is_waiting": is_waiting(one),
        "is_edited": one.editing == "done",
        "failed": "" if not one.rendering_reason else _("This video could not be made with its edits."),
        "failed_why": "" if reason is None else telling.sentence(Refusal(reason)) if "%(" not in reason.message else "",
    }


def is_back(visit: Visit) -> bool:
    """Tell whether the video is asked for as it was sent."""
    return visit.request.POST.get("act") == BACK


def put_edits(visit: Visit, one: UnpublishedView, form: EditForm, *, owner_id: int) -> int | None:
    """Do to a video what a form says, or give it back as it was sent; None: it is kept.

    Else what is wrong stands in the form, and the status of the answer is returned. Raises: ``not_found``.
    """
    if not is_back(visit) and not form.is_valid():
        return int(HTTPStatus.UNPROCESSABLE_ENTITY)
    length_ms = 0 if one.media is None else one.media.duration_ms
    try:
        actions.edit_video(
            visit.means,
            house=settings.HOUSE,
            owner_id=owner_id,
            unpublished_id=one.id,
            edits=NOTHING if is_back(visit) else form.edits(length_ms),
        )
    except (Refusal, Refusals) as refused:
        if isinstance(refused, Refusal) and refused.code == NOT_FOUND.code:
            raise
        form.is_valid()
        return form.put(refused)
    return None


def tool_of(visit: Visit, one: UnpublishedView, form: EditForm | None, picture: Callable[[int], str]) -> dict[str, Any]:
    """Return what ``parts/video/editing.html`` takes, nothing while there is no video to edit.

    ``picture``: the address of a picture of its strip, by its number.
    """
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
        "strip": strip_of(one.media, form, picture),
        "sounds": [{**sound, "checked": sound["name"] == chosen} for sound in sounds],
        "original": pictures.player_of_media(visit.means, one.media, ""),
        "duration_s": f"{one.media.duration_ms / 1_000:.3f}",
        "is_open": one.edits is not None or bool(form.errors),
        "has_edits": one.edits is not None,
    }
