"""A strip of pictures from along a video, of which its cover is chosen: radio buttons, each with what is seen there."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect

from attise.doors.consoles.video_edits import OWN, EditForm
from attise.kernel.limits import PREVIEW_LINK_LIFE_MS
from attise.kernel.means import Means
from attise.management.posts import actions, links
from attise.management.posts.views import MediaView

PICTURES: Final = 8
HIGH_PX: Final = 96
_NONE: Final = 204
_KEPT_S: Final = 600
"""How long a browser may keep where a picture is; its link lives longer."""


def picture(means: Means, media: MediaView | None, number: int) -> HttpResponse:
    """Lead to a picture of the strip, which is made when the first of them is asked for.

    A video that has fewer pictures, or of which so many would cost too much, has no strip: nothing would say which
    picture is of which moment. Each is answered as empty then, which is no fault that a browser would tell of.
    """
    if media is None or number >= PICTURES:
        raise Http404
    frames = actions.take_frames(means, settings.HOUSE, media, count=PICTURES)
    if len(frames) != PICTURES:
        return HttpResponse(status=_NONE)
    response = HttpResponseRedirect(links.link_frame(means, media, frames[number], PREVIEW_LINK_LIFE_MS))
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_S}"
    return response


def strip_of(media: MediaView, form: EditForm, where: Callable[[int], str]) -> dict[str, Any]:
    """Return what the strip of the creative tool takes: its pictures, their sides, and what is chosen.

    ``where``: the address of a picture, by its number.
    """
    chosen = str(form["cover_at"].value() or "")
    pictures = [
        {"value": value, "url": where(number), "checked": value == chosen}
        for number, value in enumerate(places_of(media.duration_ms))
    ]
    is_own = chosen == OWN or (chosen != "" and not any(one["checked"] for one in pictures))
    wide_px = HIGH_PX * media.width // max(media.height, 1)
    return {"pictures": pictures, "is_own": is_own, "own": OWN, "wide_px": wide_px, "high_px": HIGH_PX}


def places_of(duration_ms: int) -> list[str]:
    """Return the moments of the strip's pictures, in seconds as forms write them: the middle of as many equal parts."""
    return [str(Decimal((2 * number + 1) * duration_ms // (2 * PICTURES)) / 1_000) for number in range(PICTURES)]
