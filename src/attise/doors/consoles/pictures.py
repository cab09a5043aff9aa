"""Where a page finds the file and the cover of a post: links made for this reader, dead after an hour."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.kernel.limits import PREVIEW_LINK_LIFE_MS
from attise.kernel.means import Means
from attise.management.posts import links
from attise.management.posts.views import MediaView, PostView
from attise.measurement.counters.queries import CountsView, counts_of

CAPTION_SHOWN = 90
"""Characters of a caption that stand for it in a list."""


def cover_of(means: Means, post: PostView) -> str | None:
    """Return the address of the cover, or None when there is none to show."""
    if post.media is None or post.media.source_url or post.state == "deleted":
        return None
    return links.link_cover(means, post.media, PREVIEW_LINK_LIFE_MS)


def player_of(means: Means, post: PostView) -> dict[str, Any] | None:
    """Return what the player needs: the file, its kind and its cover; None when nothing can be shown.

    A file that stays on its host's server is not played here: a page of ours asks nothing of another server.
    """
    return None if post.state == "deleted" else player_of_media(means, post.media, first_line(post))


def player_of_media(means: Means, media: MediaView | None, name: str) -> dict[str, Any] | None:
    """Return the same for a file, whatever it is of."""
    if media is None or media.source_url:
        return None
    pictures = media.pictures
    return {
        "url": links.link_video(means, media, PREVIEW_LINK_LIFE_MS),
        "cover_url": links.link_cover(means, media, PREVIEW_LINK_LIFE_MS),
        "is_image": media.kind == "image",
        "pictures": [
            {
                "url": links.link_picture(means, media, picture, PREVIEW_LINK_LIFE_MS),
                "number": number,
                "alt": _("%(name)s, picture %(number)s of %(total)s")
                % {"name": name, "number": number, "total": len(pictures)},
            }
            for number, picture in enumerate(pictures, start=1)
        ],
        "duration_ms": media.duration_ms,
    }


def first_line(post: PostView) -> str:
    """Return what a list calls a post: the first line of its caption, or its format."""
    return line_of(post.caption) or str(words.FORMATS[post.format])


def line_of(caption: str) -> str:
    """Return the first line of a caption, cut where it is long; an empty text where it has none."""
    line = next((line.strip() for line in caption.splitlines() if line.strip()), "")
    return line if len(line) <= CAPTION_SHOWN else line[: CAPTION_SHOWN - 1].rstrip() + "…"


def card(means: Means, post: PostView, *, locked: bool = False) -> dict[str, Any]:
    """Return a post as ``parts/post_card.html`` takes it."""
    return {
        "handle": post.creator_handle,
        "caption": post.caption,
        "published_at": post.published_at_ms,
        "cover_url": cover_of(means, post),
        "locked": locked,
        "tags": [] if post.format == "video" else [{"tone": "", "text": words.FORMATS[post.format]}],
        "counters": counters_of(post.id),
    }


def counters_of(post_id: int) -> list[dict[str, Any]]:
    """Return what a post earned as ``parts/counters.html`` takes it. One query."""
    return counters_told(counts_of(post_id))


def counters_told(counts: CountsView) -> list[dict[str, Any]]:
    """Return counters as ``parts/counters.html`` takes them; each total is the sum of its parts."""
    return [
        {"label": label, "icon": icon, "total": one.total, "organic": one.organic, "paid": one.paid}
        for label, icon, one in (
            (_("Views"), "play", counts.of("views")),
            (_("Likes"), "heart", counts.of("likes")),
            (_("Comments"), "comment", counts.of("comments")),
            (_("Shares"), "share", counts.of("shares")),
            (_("Saves"), "save", counts.of("saves")),
            (_("Follows"), "people", counts.of("follows")),
        )
    ]
