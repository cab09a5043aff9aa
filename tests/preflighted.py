"""Posts whose video was looked over, without looking: for tests of what is made of it."""

from __future__ import annotations

from typing import Any

import msgspec

from attise.kernel.means import Means
from attise.management.posts.media.messages import SoundHeard, VideoWatched
from attise.management.posts.models import Post, Preflight, Unpublished
from attise.management.posts.preflight.looking import Seen

SOUND = SoundHeard(
    loudness_centi_lufs=-2_350,
    heard_ms=0,
    voice_ms=600,
    silent_from_ms=5_200,
    silent_ms=1_900,
    bars=[55 + 35 * (place % 4 == 0) - 55 * (24 <= place < 33) for place in range(60)],
)
VIDEO = VideoWatched(
    duration_ms=13_000,
    width=720,
    height=1_280,
    fps_milli=30_000,
    watched_ms=12_967,
    cuts_ms=[1_800, 4_300, 8_900],
    moves_ms=200,
    still_from_ms=9_000,
    still_ms=600,
    has_sound=True,
    sound=SOUND,
)


def looked_over(post_id: int, **facts: Any) -> None:
    """Write that a post's video was looked over; ``facts`` change what was seen."""
    Preflight.objects.create(post_id=post_id, tries=1, seen=seen_of(**facts))


def seen_of(**facts: Any) -> Any:
    """Return what was seen, as rows keep it."""
    video = msgspec.structs.replace(VIDEO, **facts)
    return msgspec.to_builtins(Seen(video=video, speech="absent", segments=()))


def unpublished_like(means: Means, post: Post, *, words: dict[str, str], seen: bool) -> int:
    """Keep the video of a post as one that is not published yet, and return its id; the post goes."""
    media = post.media
    Preflight.objects.filter(post_id=post.id).delete()
    post.delete()
    one = Unpublished.objects.create(
        id=means.ids.next(),
        creator_id=post.creator_id,
        media=media,
        typed=words,
        kept_at_ms=means.clock.wire_ms(),
        seen=seen_of() if seen else None,
    )
    return one.id
