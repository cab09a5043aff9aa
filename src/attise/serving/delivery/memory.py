"""What is remembered of one viewer from one answer to the next: posts and ads shown, the last ad, the last hide.

Held by the edge by pseudonym; bounded; msgpack in and out. Every function returns a new memory and leaves the old one
as it was, so that an answer that fails changes nothing. Somebody without a pseudonym has no memory (None): nothing is
counted for them from one request to the next, and only what one answer alone can hold to holds for them.

An ad counts from the answer that brought it; ``forget`` takes it back when it turns out that it never was on a screen.
Times are world time.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS
from attise.records.decision import Contender, Decision

EXPOSURE: Final = np.dtype(
    [
        ("decision_id", "<i8"),
        ("ad_id", "<i8"),
        ("adgroup_id", "<i8"),
        ("campaign_id", "<i8"),
        ("advertiser_id", "<i8"),
        ("at_ms", "<i8"),
        ("keep_until_ms", "<i8"),
    ]
)
"""One ad that was shown; kept as long as any cap may ask for it."""
_ROW: Final = struct.Struct("<7q")
_AT_MS: Final = struct.Struct("<q")
_AT_MS_FROM: Final = 8 * EXPOSURE.names.index("at_ms")  # type: ignore[union-attr]  # it has names
KEEP_DAYS: Final = 7
"""The longest span of the house's caps; an ad group's own may be longer."""
MOST_EXPOSURES: Final = 1_024
"""Ads that are remembered. Somebody who is shown as many within the span of the caps is shown no more: a cap is never
passed for want of room."""
MOST_SEEN: Final = 2_048
HEARD_MS: Final = DAY_MS
"""For how long after a hide it still begins some videos without an ad (world time): later, none."""


class ViewerMemory(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One viewer's. Grows at its end only."""

    videos: int = 0
    """Items shown so far, ads among them."""
    exposures: bytes = b""
    """``EXPOSURE``, in the order they were shown."""
    seen: bytes = b""
    """Post ids (``<i8``), the latest last."""
    last_ad_video: int = -1
    """Number of the last item that was an ad; -1: there was none."""
    last_ad_ms: int = -1
    quiet_until_video: int = 0
    """No ad before the item of this number."""
    no_ads: tuple[int, ...] = ()
    no_advertisers: tuple[int, ...] = ()
    """Empty, as the one before: what a viewer hid stands in their record. Their places stay, for what was kept."""
    session_id: str = ""
    session_shown: int = 0
    """Items shown in this session."""
    session_since_ad: int = -1
    """Organic items since the session's last ad; -1: it had none."""
    quiet_since_ms: int = 0
    """World time of the hide that the videos without an ad began with; a later one begins anew."""

    @property
    def shown(self) -> NDArray[Any]:
        """The ads that were shown, ``EXPOSURE[n]``, read-only."""
        return np.frombuffer(self.exposures, dtype=EXPOSURE)

    @property
    def seen_posts(self) -> NDArray[np.int64]:
        """The posts that were shown, int64[n], those seen longest ago first, read-only."""
        return np.frombuffer(self.seen, dtype="<i8")

    @property
    def is_full(self) -> bool:
        """Whether no further ad can be remembered, as of the last ``expire``."""
        return len(self.exposures) >= MOST_EXPOSURES * EXPOSURE.itemsize


NEW: Final = ViewerMemory()
"""Of somebody who was not there before."""


def answered(
    memory: ViewerMemory,
    posts: Sequence[int],
    ads: Sequence[tuple[int, Decision]] = (),
    *,
    session_id: str,
    now_ms: int,
) -> ViewerMemory:
    """Return the memory after an answer.

    Args: posts: of each item in order, ads among them; 0: it has none; ads: where each stands among the items, and what
    was decided, in order; now_ms: world time. Cost: some microseconds.
    """
    same = session_id == memory.session_id
    session_shown, since_ad = (memory.session_shown, memory.session_since_ad) if same else (0, -1)
    last_ad_video, last_ad_ms = memory.last_ad_video, memory.last_ad_ms
    exposures, many = expire(memory, now_ms=now_ms).exposures, len(posts)
    since_ad = since_ad + many if since_ad >= 0 else -1
    for place, decision in ads:
        if decision.winner is not None:
            exposures += _exposure(decision.decision_id, decision.winner, now_ms)
            last_ad_video, last_ad_ms, since_ad = memory.videos + place, now_ms, many - 1 - place
    told = posts if all(posts) else [post_id for post_id in posts if post_id]
    return ViewerMemory(
        memory.videos + many,
        exposures,
        (memory.seen + struct.pack(f"<{len(told)}q", *told))[-8 * MOST_SEEN :],
        last_ad_video,
        last_ad_ms,
        memory.quiet_until_video,
        (),
        (),
        session_id,
        session_shown + many,
        since_ad,
        memory.quiet_since_ms,
    )


def expire(memory: ViewerMemory, *, now_ms: int) -> ViewerMemory:
    """Return the memory without the ads that no cap asks for any more. Cost: a look at the oldest, as a rule."""
    exposures = memory.exposures
    if not exposures or _AT_MS.unpack_from(exposures, _AT_MS_FROM)[0] + KEEP_DAYS * DAY_MS > now_ms:
        return memory  # the oldest is kept for longer yet, and so is every other one
    shown = memory.shown
    if int(shown["keep_until_ms"].min()) > now_ms:
        return memory
    return msgspec.structs.replace(memory, exposures=_kept(shown, now_ms))


def forget(memory: ViewerMemory, decision_ids: Iterable[int]) -> ViewerMemory:
    """Return the memory without ads that never came to a screen: their tokens ran out without an impression."""
    shown = memory.shown
    left = shown[~np.isin(shown["decision_id"], np.array(list(decision_ids), dtype=np.int64))]
    return memory if len(left) == len(shown) else msgspec.structs.replace(memory, exposures=left.tobytes())


def heard(memory: ViewerMemory, hid_at_ms: int, *, quiet_videos: int, now_ms: int) -> ViewerMemory:
    """Return the memory once it is told when the viewer last hid an ad: some videos without any ad begin.

    Why by its time: the viewer's record tells every edge, whichever took the act in; each begins the stretch once, with
    the first answer after it is told. A hide of longer ago than ``HEARD_MS`` begins none.
    """
    if hid_at_ms <= memory.quiet_since_ms or hid_at_ms < now_ms - HEARD_MS:
        return memory
    quiet_until_video = max(memory.quiet_until_video, memory.videos + quiet_videos)
    return msgspec.structs.replace(memory, quiet_until_video=quiet_until_video, quiet_since_ms=hid_at_ms)


def passed_by(memory: ViewerMemory, slots: int) -> ViewerMemory:
    """Return the memory after slots of a feed that is not ours went without an ad: each is a video of the stretch."""
    if slots <= 0 or memory.quiet_until_video <= memory.videos:
        return memory
    return msgspec.structs.replace(memory, quiet_until_video=max(memory.quiet_until_video - slots, memory.videos))


_encoder = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ViewerMemory)


def encode_memory(memory: ViewerMemory) -> bytes:
    """Return the bytes of a memory."""
    return _encoder.encode(memory)


def decode_memory(body: bytes) -> ViewerMemory:
    """Return the memory of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _DECODER.decode(body)


def _kept(shown: NDArray[Any], now_ms: int) -> bytes:
    return shown[shown["keep_until_ms"] > now_ms].tobytes()


def _exposure(decision_id: int, winner: Contender, now_ms: int) -> bytes:
    keep_ms = max(KEEP_DAYS, winner.frequency_days) * DAY_MS
    return _ROW.pack(
        *(decision_id, winner.ad_id, winner.adgroup_id, winner.campaign_id, winner.advertiser_id),
        *(now_ms, now_ms + keep_ms),
    )
