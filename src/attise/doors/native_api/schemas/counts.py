"""Shapes of the three counts of a post, and of what they are counted from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.lift import Estimate, Ppm, Signal


class ThreeCounts(Told):
    """One signal: total = organic + paid, and earned is a part of organic."""

    signal: Signal
    total: int
    organic: Annotated[int, Field(description="What the feed brought.")]
    paid: Annotated[int, Field(description="What ads did; of an advertiser, their own.")]
    earned: Annotated[
        Estimate | None,
        Field(
            description="Of the organic ones, those that ads brought, by who was held out; below zero where the feed "
            "lost what ads did instead. null: no campaign with a holdout says anything yet."
        ),
    ]


class PostCounts(Told):
    """One post, three counts."""

    post_id: ToldId
    advertiser_id: ToldId | None
    campaigns_with_holdout: Annotated[int, Field(description="That showed the post, and that *earned* is told by.")]
    signals: list[ThreeCounts]


class CountedRow(Told):
    """An hour of the post, or people of an arm who did the same on it in the feed since the campaign's ad won first."""

    row: Literal["hour", "viewers"]
    part: Annotated[
        Literal["organic", "paid", "shown", "held_out"], Field(description="Of an hour its part; of people their arm.")
    ]
    hour: Annotated[ToldMoment | None, Field(description="When it begins.")]
    campaign_id: ToldId | None
    holdout_ppm: Ppm | None
    viewers: Annotated[int | None, Field(description="How many people these are; each did what follows.")]
    follows: int
    profile_visits: int
    completions: int
    views: int
    likes: int
    comments: int
    shares: int
    saves: int


class CountedRows(Told):
    """What the three counts of a post are counted from; `examples/recount_post.py` counts them again."""

    post_id: ToldId
    advertiser_id: ToldId | None
    rows: list[CountedRow]
