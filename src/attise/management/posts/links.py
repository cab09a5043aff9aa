"""Links to a post's file and cover: made for someone who may see them, dead after their time.

A door checks who asks before it makes a link; whoever holds one can follow it until its end.
"""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.posts.store import COVER_NAME
from attise.management.posts.views import FrameView, MediaView, PictureView
from attise.records.media_link import PURPOSE, MediaLinks


def link_video(means: Means, view: MediaView, life_ms: int) -> str:
    """Return where the file is: a signed path of this house good for ``life_ms``, or the host's own address."""
    return view.source_url or _link(means, view.key, view.file_name, life_ms)


def link_cover(means: Means, view: MediaView, life_ms: int) -> str | None:
    """Return the signed path of the cover, or None when there is none; a picture is its own cover."""
    if view.has_cover:
        return _link(means, view.key, COVER_NAME, life_ms)
    return link_video(means, view, life_ms) if view.kind == "image" else None


def link_picture(means: Means, view: MediaView, picture: PictureView, life_ms: int) -> str:
    """Return where a picture of a post is: a signed path of this house, or the host's own address."""
    return view.source_url or _link(means, view.key, picture.file_name, life_ms)


def link_frame(means: Means, view: MediaView, frame: FrameView, life_ms: int) -> str:
    """Return the signed path of a picture from along the video (``actions.take_frames``)."""
    return _link(means, view.key, frame.name, life_ms)


def _link(means: Means, key: str, name: str, life_ms: int) -> str:
    expires_s = -(-(means.clock.wire_ms() + life_ms) // 1000)
    return MediaLinks(means.secrets.key(PURPOSE)).make(key, name, expires_s=expires_s)
