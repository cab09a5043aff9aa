"""One post, three counts, and what they are counted from."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import GivenId, PathId
from attise.doors.native_api.schemas.counts import CountedRow, CountedRows, PostCounts, ThreeCounts
from attise.doors.native_api.schemas.lift import Estimate
from attise.doors.native_api.schemas.posts import tell_moment
from attise.doors.site.counted import FactRow, SignalCounted, count_post, facts_of
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.measurement.lift.acts import SIGNALS

group = Group("Posts")
Reader = Annotated[GivenId | None, Field(description="Counts the ads of this advertiser alone, as they see it.")]


@group.get("/v1/posts/{post_id}/counts", gives=PostCounts, refuses=(404,))
def get_counts(call: Call, post_id: PathId, advertiser_id: Reader = None) -> PostCounts:  # noqa: ARG001 - as every one
    """Get the three counts of a post: organic, paid, and earned, which is what ads brought in the feed.

    Organic and paid are counted once each and make up what everybody sees. What was earned is a part of the organic
    count, and is known from campaigns with a holdout alone: those for whom their ad won beside those for whom it would
    have. Without `advertiser_id` all ads of the post are told of, as its creator sees them.
    """
    found = count_post(posts.get_post(post_id).id, advertiser_id=_reader(advertiser_id))
    return PostCounts(
        post_id=str(post_id),
        advertiser_id=None if advertiser_id is None else str(advertiser_id),
        campaigns_with_holdout=found.campaigns,
        signals=[_tell(one) for one in found.signals],
    )


@group.get("/v1/posts/{post_id}/counts/rows", gives=CountedRows, refuses=(404,))
def list_counted_rows(call: Call, post_id: PathId, advertiser_id: Reader = None) -> CountedRows:  # noqa: ARG001 - above
    """Get all that the three counts of a post are counted from, so that anybody may count again.

    Hours with what was counted in them, and people by what they did in the feed, without any name.
    """
    rows = facts_of(posts.get_post(post_id).id, advertiser_id=_reader(advertiser_id))
    return CountedRows(
        post_id=str(post_id),
        advertiser_id=None if advertiser_id is None else str(advertiser_id),
        rows=[_tell_row(row) for row in rows],
    )


def _reader(advertiser_id: int | None) -> int | None:
    return None if advertiser_id is None else accounts.get_advertiser(advertiser_id).id


def _tell(one: SignalCounted) -> ThreeCounts:
    earned = one.earned
    return ThreeCounts(
        signal=one.signal,
        total=one.organic + one.paid,
        organic=one.organic,
        paid=one.paid,
        earned=None if earned is None else Estimate(value=earned.count, low=earned.low, high=earned.high),
    )


def _tell_row(row: FactRow) -> CountedRow:
    counts: dict[str, Any] = dict(zip(SIGNALS, row.counts, strict=True))
    return CountedRow(
        row=row.row,
        part=row.part,
        hour=tell_moment(row.hour_ms),
        campaign_id=None if row.campaign_id is None else str(row.campaign_id),
        holdout_ppm=row.holdout_ppm,
        viewers=row.viewers,
        **counts,
    )
