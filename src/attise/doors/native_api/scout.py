"""The scout: which young posts deserve a boost, and by when; and what came of what it said."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_page, write_page
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, GivenId, Limit, Listing, PathId
from attise.doors.native_api.schemas.scout import (
    Scoreboard,
    ScoutPick,
    ScoutPost,
    ScoutPostForAdvertiser,
    Verdict,
    tell_board,
    tell_for,
    tell_pick,
    tell_standing,
)
from attise.kernel.paging import NumberedPage
from attise.management.accounts.queries import get_advertiser
from attise.management.authorizations.queries import find_usable
from attise.management.posts.queries import find_posts
from attise.measurement.scout import queries
from attise.measurement.scout.views import StandingView

group = Group("Scout")


@group.get("/v1/scout", gives=Listing[ScoutPost])
def list_scouted(
    call: Call,
    verdict: Verdict | None = None,
    creator_id: GivenId | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[ScoutPost]:
    """List the public posts of the last four days, those that will grow most first; ranked every hour of world time.

    A post that is no longer public is left out, so a part may be shorter than its limit.
    """
    page = _page(call, verdict, creator_id, cursor, limit)
    return Listing[ScoutPost](items=[tell_standing(one) for one in _public(page)], next_cursor=write_page(call, page))


@group.get("/v1/advertisers/{advertiser_id}/scout", gives=Listing[ScoutPostForAdvertiser])
def list_scouted_for(
    call: Call,
    advertiser_id: PathId,
    verdict: Verdict | None = None,
    creator_id: GivenId | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[ScoutPostForAdvertiser]:
    """List the same for one advertiser: of each post, by which identity it may be boosted now."""
    get_advertiser(advertiser_id)
    page = _page(call, verdict, creator_id, cursor, limit)
    found = _public(page)
    usable = find_usable(call.means, advertiser_id=advertiser_id, post_ids=[one.post_id for one in found])
    items = [tell_for(one, usable.get(one.post_id)) for one in found]
    return Listing[ScoutPostForAdvertiser](items=items, next_cursor=write_page(call, page))


@group.get("/v1/scout/scoreboard", gives=Scoreboard)
def get_scoreboard(call: Call) -> Scoreboard:
    """Get what came of past picks, beside the last growth, the most liked, and luck: in all, and of each trial."""
    del call
    board, days = queries.get_boards()
    return tell_board(board, days, queries.find_analysis())


@group.get("/v1/scout/picks", gives=Listing[ScoutPick])
def list_picks(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[ScoutPick]:
    """List what the scout picked at each trial, the newest first and the best of each first, and what came of it.

    Once a day the scout and what people use instead pick their best fifth of the posts; two days later it is counted.
    """
    page = queries.page_picks(page=read_page(call, cursor, limit), page_size=limit)
    return Listing[ScoutPick](items=[tell_pick(one) for one in page.items], next_cursor=write_page(call, page))


def _page(
    call: Call, verdict: str | None, creator_id: int | None, cursor: str | None, limit: int
) -> NumberedPage[StandingView]:
    return queries.page_standings(
        verdicts=[] if verdict is None else [verdict],
        creator_ids=None if creator_id is None else [creator_id],
        page=read_page(call, cursor, limit),
        page_size=limit,
    )


def _public(page: NumberedPage[StandingView]) -> list[StandingView]:
    """Return those whose posts everyone may still see: a post may have been hidden since it was ranked."""
    posts = find_posts(one.post_id for one in page.items)
    return [one for one in page.items if one.post_id in posts and posts[one.post_id].is_public]
