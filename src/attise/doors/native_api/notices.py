"""Notices: what creators, advertisers, Business Centers and the operator are told, and what arrived for a viewer."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor, write_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.notices import Arrivals, NoticeAnswer, tell_arrived, tell_notice
from attise.doors.site.arrived import list_arrived
from attise.doors.site.notices import in_words
from attise.management.accounts import queries as accounts
from attise.management.inbox.rules import OPERATOR, Audience
from attise.management.outbox.queries import CENTER, list_notices
from attise.management.viewers import queries as viewers

group = Group("Notices")


@group.get("/v1/creators/{creator_id}/notices", gives=Listing[NoticeAnswer])
def list_notices_of_creator(
    call: Call, creator_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[NoticeAnswer]:
    """List what a creator was told, newest first."""
    after = read_cursor(call, cursor)
    return _told(call, ("creator", accounts.get_creator(creator_id).id), after, limit)


@group.get("/v1/advertisers/{advertiser_id}/notices", gives=Listing[NoticeAnswer])
def list_notices_of_advertiser(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[NoticeAnswer]:
    """List what an advertiser was told, newest first; its Business Center has its own."""
    after = read_cursor(call, cursor)
    return _told(call, ("advertiser", accounts.get_advertiser(advertiser_id).id), after, limit)


@group.get("/v1/business-centers/{bc_id}/notices", gives=Listing[NoticeAnswer])
def list_notices_of_business_center(
    call: Call, bc_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[NoticeAnswer]:
    """List what a Business Center was told, newest first."""
    after = read_cursor(call, cursor)
    return _told(call, (CENTER, accounts.get_business_center(bc_id).id), after, limit)


@group.get("/v1/notices", gives=Listing[NoticeAnswer])
def list_notices_of_operator(
    call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[NoticeAnswer]:
    """List what the operator was told, newest first."""
    return _told(call, OPERATOR, read_cursor(call, cursor), limit)


@group.get("/v1/viewers/{viewer_id}/inbox", gives=Arrivals)
def get_viewers_inbox(call: Call, viewer_id: PathId) -> Arrivals:
    """Get what arrived for a viewer within two weeks: what those they follow published, what became of their comments.

    Of a person of this installation who is a creator, also what people did on their posts.
    """
    viewer = viewers.get_record(viewer_id)
    person = viewers.persons_of([viewer_id]).get(viewer_id)
    found = list_arrived(call.means, viewer=viewer, person_id=person)
    return Arrivals(items=[tell_arrived(one) for one in found])


def _told(call: Call, audience: Audience, after: int | None, limit: int) -> Listing[NoticeAnswer]:
    page = list_notices(*audience, after=after, limit=limit)
    told = zip(page.items, in_words(page.items), strict=True)
    return Listing[NoticeAnswer](
        items=[tell_notice(view, sentence) for view, sentence in told], next_cursor=write_cursor(call, page.after)
    )
