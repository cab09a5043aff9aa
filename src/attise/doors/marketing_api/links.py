"""Absolute addresses in answers: from the public URL where it is set, else from the request's own host."""

from __future__ import annotations

from django.conf import settings

from attise.doors.marketing_api.endpoint import Call
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.limits import FILE_LINK_LIFE_MS, PREVIEW_LINK_LIFE_MS
from attise.management.posts import links
from attise.management.posts.views import FrameView, MediaView, PictureView


def absolute(call: Call, path: str) -> str:
    """Return the absolute address of a path of this house; an address that is absolute already stays as it is."""
    if not path.startswith("/"):
        return path
    public = settings.HOUSE.settings.public_url
    return public + path if public is not None else call.request.build_absolute_uri(path)


def preview_of(call: Call, media: MediaView, life_ms: int = PREVIEW_LINK_LIFE_MS) -> str:
    """Return where the file can be watched and downloaded for a while."""
    return absolute(call, links.link_video(call.means, media, life_ms))


def poster_of(call: Call, media: MediaView, life_ms: int = PREVIEW_LINK_LIFE_MS) -> str | None:
    """Return where the cover can be seen for a while, or None when there is none."""
    path = links.link_cover(call.means, media, life_ms)
    return None if path is None else absolute(call, path)


def picture_of(call: Call, media: MediaView, picture: PictureView, life_ms: int) -> str:
    """Return where a picture of a post can be seen for a while."""
    return absolute(call, links.link_picture(call.means, media, picture, life_ms))


def frame_of(call: Call, media: MediaView, frame: FrameView, life_ms: int = FILE_LINK_LIFE_MS) -> str:
    """Return where a picture from along a video can be seen for a while."""
    return absolute(call, links.link_frame(call.means, media, frame, life_ms))


def expiry_of(call: Call, life_ms: int = FILE_LINK_LIFE_MS) -> str | None:
    """Return when a link made now ends."""
    return entity_time(call.means.clock.wire_ms() + life_ms)
