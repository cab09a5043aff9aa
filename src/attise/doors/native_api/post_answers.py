"""A post as callers see it: its view, links that its owner may follow, and its counters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.posts import (
    COLLABORATION,
    Counter,
    Counters,
    PostAnswer,
    PostCreator,
    PostMedia,
    PostPicture,
    tell_moment,
)
from attise.kernel.clock import rfc3339
from attise.kernel.limits import FILE_LINK_LIFE_MS
from attise.management.posts.links import link_cover, link_picture, link_video
from attise.management.posts.rules import LAST_MS
from attise.management.posts.views import MediaView, PostView
from attise.measurement.circles.queries import find_circles
from attise.measurement.counters.queries import NOTHING, CountsView, list_counts

_WITHOUT_FILE = frozenset({"deleted", "removed"})


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted of a post, and how far it has come."""

    counts: CountsView = NOTHING
    circle: int | None = None


UNMEASURED: Final = Measured()


def measured(post_ids: Iterable[int]) -> dict[int, Measured]:
    """Return what was measured of posts, by id; nothing of those that nobody met. Cost: three queries."""
    wanted = list(post_ids)
    counts, circles = list_counts(wanted), find_circles(wanted)
    return {
        one: Measured(counts.get(one, NOTHING), circles[one].circle if one in circles else None)
        for one in counts.keys() | circles.keys()
    }


def tell_post(call: Call, view: PostView, known: Measured | None = None) -> PostAnswer:
    """Return a post as callers see it; whoever tells many brings what was measured. Cost: else three queries."""
    if known is None:
        known = measured([view.id]).get(view.id, UNMEASURED)
    locked = view.locked_until_ms > call.now_ms
    return PostAnswer(
        post_id=str(view.id),
        creator=PostCreator(
            creator_id=str(view.creator_id), handle=view.creator_handle, display_name=view.creator_display_name
        ),
        caption=view.caption,
        format=view.format,
        of_post_id=None if view.of_post_id is None else str(view.of_post_id),
        visibility=view.visibility,
        ads_only=view.ads_only,
        sound=view.sound,
        tags=list(view.tags),
        category=view.category or None,
        allow_comments=view.allow_comments,
        allow_duet=view.allow_duet,
        allow_stitch=view.allow_stitch,
        state=view.state,
        state_reason=view.state_reason or None,
        locked=locked,
        locked_until=tell_moment(view.locked_until_ms if locked and view.locked_until_ms <= LAST_MS else None),
        partnership=view.partnership,
        label=COLLABORATION if view.partnership else None,
        media=None if view.media is None or view.state in _WITHOUT_FILE else tell_media(call, view.media),
        counters=tell_counters(known.counts),
        circle=known.circle,
        published_at=rfc3339(view.published_at_ms),
        created_at=rfc3339(view.created_at_ms),
        modified_at=rfc3339(view.modified_at_ms),
    )


def tell_media(call: Call, view: MediaView) -> PostMedia:
    """Return a file with links that its host may follow."""
    cover = link_cover(call.means, view, FILE_LINK_LIFE_MS)
    return PostMedia(
        kind=view.kind,
        url=call.absolute(link_video(call.means, view, FILE_LINK_LIFE_MS)),
        cover_url=None if cover is None else call.absolute(cover),
        md5=view.signature_md5,
        duration_ms=view.duration_ms,
        width=view.width,
        height=view.height,
        size_bytes=view.size_bytes,
        pictures=[
            PostPicture(
                url=call.absolute(link_picture(call.means, view, picture, FILE_LINK_LIFE_MS)),
                md5=picture.signature_md5,
                width=picture.width,
                height=picture.height,
                size_bytes=picture.size_bytes,
            )
            for picture in view.pictures
        ],
    )


def tell_counters(counts: CountsView) -> Counters:
    """Return what a post earned as callers see it: each total is the sum of its parts."""
    found = {name: counts.of(name) for name in Counters.model_fields}
    told = {name: Counter(total=one.total, organic=one.organic, paid=one.paid) for name, one in found.items()}
    return Counters(**told)
