"""Split tests: two ad groups or campaigns compared by viewers whom chance gives to one side alone."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.http import StreamingHttpResponse
from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.comments import CommentAnswer, tell_comment
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId, Removed
from attise.doors.native_api.schemas.exports import FILES, WORDS, FileForm
from attise.doors.native_api.schemas.split_tests import (
    FormatPair,
    SplitDays,
    SplitResultAnswer,
    SplitStanding,
    SplitStandings,
    SplitTestAnswer,
    SplitTestDraft,
    tell_days,
    tell_result,
    tell_split,
)
from attise.doors.site.sheets import answers
from attise.doors.site.sheets.split import days_sheet, split_sheet
from attise.doors.site.split_results import OVER_MS, comments_of, days_of, result_of, results_of
from attise.kernel.errors import Refusal
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import actions, queries
from attise.management.campaigns.errors import SPLIT_NOTHING_YET
from attise.management.campaigns.owners import advertiser_of_split
from attise.management.campaigns.queries import list_launched
from attise.management.campaigns.rules.pairing import PairWish
from attise.management.campaigns.rules.splitting import SplitDraft
from attise.management.campaigns.views import SplitView
from attise.measurement.lift.splitting import Compared

group = Group("Split tests")
STANDINGS: Final = 20
Side = Annotated[Literal["first", "second"], Field(description="Whose ads.")]


@group.post("/v1/advertisers/{advertiser_id}/split-tests", gives=SplitTestAnswer, status=201, refuses=(404, 409))
def create_split_test(call: Call, advertiser_id: PathId, body: SplitTestDraft) -> SplitTestAnswer:
    """Draft a test of two ad groups, or two campaigns, of an advertiser; nobody is shown less until it is launched."""
    draft = SplitDraft(**body.model_dump())
    return tell_split(actions.create_split(call.means, call.actor, advertiser_id=advertiser_id, draft=draft))


@group.post(
    "/v1/advertisers/{advertiser_id}/split-tests/formats", gives=SplitTestAnswer, status=201, refuses=(404, 409)
)
def compare_formats(call: Call, advertiser_id: PathId, body: FormatPair) -> SplitTestAnswer:
    """Draft a test of the same video in two formats, in one transaction.

    Beside the Spark ad's group one like it is made, switched off until the test is launched, with a standard ad that
    leads where the Spark ad does. The video is one of the advertiser's library: what a creator granted is the post, and
    no copy of its file.
    """
    wish = PairWish(**body.model_dump())
    made = actions.pair_formats(call.means, call.actor, house=call.house, advertiser_id=advertiser_id, wish=wish)
    return tell_split(made)


@group.get("/v1/advertisers/{advertiser_id}/split-tests", gives=Listing[SplitTestAnswer])
def list_split_tests(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[SplitTestAnswer]:
    """List an advertiser's split tests, newest first."""
    page = queries.page_splits(advertiser_id=advertiser_id, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[SplitTestAnswer], page, tell_split)


@group.get("/v1/advertisers/{advertiser_id}/split-tests/standings", gives=SplitStandings)
def list_split_standings(call: Call, advertiser_id: PathId) -> SplitStandings:
    """List the split tests of an advertiser that run, or ended within seven days, each with its result as it stands.

    The newest first, twenty at most.
    """
    owner = get_advertiser(advertiser_id)
    found = list_launched(advertiser_id=owner.id, over_since_ms=call.now_ms - OVER_MS, limit=STANDINGS)
    results = results_of(found)
    items = [SplitStanding(split_test=tell_split(one), result=tell_result(one, results[one.id])) for one in found]
    return SplitStandings(items=items)


@group.get("/v1/split-tests/{split_id}", gives=SplitTestAnswer)
def get_split_test(call: Call, split_id: PathId) -> SplitTestAnswer:  # noqa: ARG001 - the same arguments for all
    """Get a split test."""
    return tell_split(_found(split_id))


@group.get("/v1/split-tests/{split_id}/result", gives=SplitResultAnswer)
def get_split_result(call: Call, split_id: PathId) -> SplitResultAnswer:
    """Get what a split test came to: both sides, what they differ by with the ends of its interval, what it lacks.

    Compared are all whom the test met, whichever ads they were shown: chance alone gave them their side. Look once,
    when it is over: who stops at the first good day errs more often than 5 times in 100.
    """
    view = _found(split_id)
    return tell_result(view, result_of(call.house, view, now_ms=call.now_ms))


@group.get_file("/v1/split-tests/{split_id}/export", files=FILES)
def export_split_result(
    call: Call,
    split_id: PathId,
    format: FileForm = "csv",  # noqa: A002 - what callers say
) -> StreamingHttpResponse:
    """Export what a split test came to, as CSV, XLSX or Parquet; a draft has nothing to export."""
    view = _found(split_id)
    sheet = split_sheet(view, _told_so_far(call, view), titles=str, words=str)
    return answers.answer(sheet, WORDS[format], days=days_of(view, now_ms=call.now_ms))


@group.get("/v1/split-tests/{split_id}/days", gives=SplitDays)
def get_split_days(call: Call, split_id: PathId) -> SplitDays:
    """Get a split test day by day: both sides, each rate with the ends of its interval, as of its result."""
    view = _found(split_id)
    return tell_days(view, result_of(call.house, view, now_ms=call.now_ms))


@group.get_file("/v1/split-tests/{split_id}/days/export", files=FILES)
def export_split_days(
    call: Call,
    split_id: PathId,
    format: FileForm = "csv",  # noqa: A002 - what callers say
) -> StreamingHttpResponse:
    """Export a split test day by day, as CSV, XLSX or Parquet: a row for each day and side."""
    view = _found(split_id)
    sheet = days_sheet(view, _told_so_far(call, view), titles=str, sides=("first", "second"))
    return answers.answer(sheet, WORDS[format], days=days_of(view, now_ms=call.now_ms))


@group.get("/v1/split-tests/{split_id}/comments", gives=Listing[CommentAnswer])
def list_split_comments(
    call: Call, split_id: PathId, side: Side = "first", cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[CommentAnswer]:
    """List what viewers said on the ads of a side while the test ran, newest first; hidden comments are left out.

    They stand at the posts that the ads show. A standard ad shows none, and nobody can comment it.
    """
    after, view = read_cursor(call, cursor), _found(split_id)
    page = comments_of(view, ("first", "second").index(side), after=after, limit=limit)
    return listing(call, Listing[CommentAnswer], page, tell_comment)


@group.post("/v1/split-tests/{split_id}/launch", gives=SplitTestAnswer, refuses=(409,))
def launch_split_test(call: Call, split_id: PathId) -> SplitTestAnswer:
    """Launch a drafted test: from two seconds after the answer on each viewer is shown one side alone.

    Both sides are switched on. Each needs an ad that is approved and switched on, and neither may run in another test.
    """
    owner = advertiser_of_split(split_id)
    return tell_split(actions.launch_split(call.means, call.actor, advertiser_id=owner, split_id=split_id))


@group.post("/v1/split-tests/{split_id}/end", gives=SplitTestAnswer, refuses=(409,))
def end_split_test(call: Call, split_id: PathId) -> SplitTestAnswer:
    """End a test that runs before its time; both sides go on, to everybody."""
    owner = advertiser_of_split(split_id)
    return tell_split(actions.end_split(call.means, call.actor, advertiser_id=owner, split_id=split_id))


@group.delete("/v1/split-tests/{split_id}", gives=Removed, refuses=(409,))
def drop_split_test(call: Call, split_id: PathId) -> Removed:
    """Let go of a draft; what it would have compared stays."""
    actions.drop_split(call.means, call.actor, advertiser_id=advertiser_of_split(split_id), split_id=split_id)
    return Removed()


def _told_so_far(call: Call, view: SplitView) -> Compared:
    """Return what there is to export of a test. Raises: ``split_nothing_yet``."""
    found = result_of(call.house, view, now_ms=call.now_ms).result
    if found is None:
        raise Refusal(SPLIT_NOTHING_YET, field="split_id")
    return found


def _found(split_id: int) -> SplitView:
    return queries.get_split(advertiser_id=advertiser_of_split(split_id), split_id=split_id)
