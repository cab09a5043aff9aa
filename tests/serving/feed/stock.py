"""Stocks of posts, requests and decisions to tell stories of the feed with."""

from __future__ import annotations

from typing import Any

from attise.records.decision import CoarseViewer, Contender, Decision, Moment, NoAd, Versions
from attise.records.feed import FeedRequest, ViewerContext
from attise.records.snapshot.shapes import SnapshotPost
from tests.snapshot_records import MEDIA, NOON_MS, a_post_record

HOUR_MS = 3_600_000
ANYONE = ViewerContext("")


def posts(count: int, *, creators: int = 1_000, first: int = 1, **fields: Any) -> list[SnapshotPost]:
    return [
        a_post_record(
            first + number,
            **{
                "creator_id": 500_000 + number % creators,
                "published_at_ms": NOON_MS - number * HOUR_MS,
                "category": "other",
                "language": "",
                "country": "",
                "media": MEDIA,
                **fields,
            },
        )
        for number in range(count)
    ]


def a_request(count: int = 10, *, viewer: ViewerContext = ANYONE, seed: int = 7, **fields: Any) -> FeedRequest:
    values: dict[str, Any] = {
        "feed_id": 90,
        "viewer": viewer,
        "count": count,
        "now_ms": NOON_MS + HOUR_MS,
        "wire_ms": NOON_MS + HOUR_MS,
        "seed": seed,
        "ids": tuple(range(1_000, 1_000 + count)),
        **fields,
    }
    return FeedRequest(**values)


def a_contender(ad_id: int, post_id: int, creator_id: int) -> Contender:
    return Contender(
        ad_id, 30, 20, 1, post_id, creator_id, "EUR", "CPM", "REACH", 5_000_000, (0.01,) * 6, 1.0, 5e6, 0.0, 5e6,
        False, 0, -1,
    )  # fmt: skip


def a_decision(slot: int, *, post_id: int | None = None, creator_id: int = 0) -> Decision:
    viewer = CoarseViewer("", "", "", "", "", "", "", None, False, (), (), (), False)
    return Decision(
        decision_id=1_000 + slot, feed_id=90, surface="feed", session_id="", decided_at_ms=NOON_MS, wire_ms=NOON_MS,
        seed=7, viewer=viewer, moment=Moment(slot, -1, -1), versions=Versions(),
        winner=None if post_id is None else a_contender(40 + slot, post_id, creator_id), runner_up=None,
        no_ad=NoAd.NONE_ELIGIBLE if post_id is None else None, claims=None, price_ecpm=0.0, reserve_ecpm=0.0,
        attention_ecpm=0.0, ghosts=(), is_exploration=False, propensity=1.0, live=1, visited=1, scanned=1, found=1,
        dropped=(),
    )  # fmt: skip


def no_ads(slots: tuple[int, ...]) -> list[Decision]:
    return [a_decision(slot) for slot in slots]


def ads_of(*shown: tuple[int, int]) -> Any:
    """Return a decider that shows these posts (post, creator) in turn, then nothing."""

    def decide(slots: tuple[int, ...]) -> list[Decision]:
        of_slot = dict(zip(slots, shown, strict=False))
        return [
            a_decision(slot, post_id=of_slot[slot][0], creator_id=of_slot[slot][1])
            if slot in of_slot
            else a_decision(slot)
            for slot in slots
        ]

    return decide
