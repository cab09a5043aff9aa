"""A strip of pictures from along a video, of which its cover is chosen: radio buttons, each with what is seen there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from attise.doors.consoles.creator.edit_form import OWN, EditForm
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.limits import PREVIEW_LINK_LIFE_MS
from attise.management.posts import actions, links
from attise.management.posts import queries as posts
from attise.management.posts.views import MediaView, UnpublishedView

PICTURES: Final = 8
HIGH_PX: Final = 96
_NONE: Final = 204
_KEPT_S: Final = 600
"""How long a browser may keep where a picture is; its link lives longer."""


@for_creator("GET")
def cover_picture(visit: CreatorVisit, unpublished_id: int, number: int) -> HttpResponse:
    """Lead to a picture of the strip, which is made when the first of them is asked for.

    Of a video that has fewer, or of which so many would cost too much, there is none to show: nothing would say which
    is of which moment, and the moments are chosen by their seconds.
    """
    media = posts.get_unpublished(unpublished_id, creator_id=visit.account.id).media
    if media is None or number >= PICTURES:
        raise Http404
    frames = actions.take_frames(visit.means, settings.HOUSE, media, count=PICTURES)
    if len(frames) != PICTURES:
        return HttpResponse(status=_NONE)
    response = HttpResponseRedirect(links.link_frame(visit.means, media, frames[number], PREVIEW_LINK_LIFE_MS))
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_S}"
    return response


def strip_of(one: UnpublishedView, media: MediaView, form: EditForm) -> dict[str, Any]:
    """Return what the strip of the creative tool takes: its pictures, their sides, and what is chosen."""
    chosen = str(form["cover_at"].value() or "")
    pictures = [
        {"value": value, "url": reverse("cover_picture", args=[one.id, number]), "checked": value == chosen}
        for number, value in enumerate(places_of(media.duration_ms))
    ]
    is_own = chosen == OWN or (chosen != "" and not any(one["checked"] for one in pictures))
    wide_px = HIGH_PX * media.width // max(media.height, 1)
    return {"pictures": pictures, "is_own": is_own, "own": OWN, "wide_px": wide_px, "high_px": HIGH_PX}


def places_of(duration_ms: int) -> list[str]:
    """Return the moments of the strip's pictures, in seconds as forms write them: the middle of as many equal parts."""
    return [str(Decimal((2 * number + 1) * duration_ms // (2 * PICTURES)) / 1_000) for number in range(PICTURES)]
